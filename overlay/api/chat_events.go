package api

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"mediad/overlay"
	"mediad/overlay/chat"
)

// mostChatStreams is how many listen to chats over HTTP/2 at once: the requests that it
// answers at the same time are bounded, and players need them, too.
const mostChatStreams = 8192

// fullError is a refusal that may not hold in a few seconds.
type fullError struct{ error }

func (f fullError) Unwrap() error { return f.error }

func (a *API) chatEvents(h huma.API) {
	register(a, h, huma.Operation{OperationID: "chat-events", Method: http.MethodGet, Path: "/c/{show}/chat/events", Tags: []string{"chat"}, Errors: []int{404, 422, 503},
		Summary: "Listen to the chat of a show (server-sent events)",
		Description: "First come `state` (`{open, slow, names}`) and `pinned` (a comment, or null). Then `comment` (a comment; its id is the event's), `change` (a comment whole, as with more likes, or answered), " +
			"`gone` (`{ids}`: take them away), `pinned` and `state`. `more` (`{comments}`) counts what was left out in the last second, where more is written than anybody can read. " +
			"Last-Event-ID (or ?after=) resumes behind a comment: what was said since comes again, and `gone` names what was taken away; after `missed`, more was said than comes again, and the page has it. " +
			"503: too many listen already; ask for the page of the chat every few seconds."}, a.listenToChat)
}

func (a *API) listenToChat(ctx context.Context, in *struct {
	Show        string `path:"show"`
	LastEventID string `header:"Last-Event-ID"`
	After       string `query:"after" doc:"As Last-Event-ID"`
}) (*huma.StreamResponse, error) {
	after := in.LastEventID
	if after == "" {
		after = in.After
	}
	l, err := a.o.Chat.Listen(ctx, in.Show, after)
	if err != nil {
		if overlay.CodeOf(err) == overlay.Unavailable {
			return nil, fullError{err}
		}
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer l.Close()
		r, w := humago.Unwrap(hc)
		if r.ProtoMajor > 1 {
			defer a.chatStreams.Add(-1)
			if a.chatStreams.Add(1) > mostChatStreams {
				w.Header().Set("Retry-After", "10")
				writeProblem(w, a.problem(hc.Context(), overlay.Errorf(overlay.Unavailable, "too many listen to this chat; ask for its page every few seconds")))
				return
			}
		}
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("X-Accel-Buffering", "no") // proxies that would collect it
		if r.Method == http.MethodHead {
			return
		}
		if line := takeOver(w, r); line != nil {
			defer line.Close()
			a.hear(hc.Context(), lineWriter{line}, l)
			return
		}
		a.hear(hc.Context(), chatWriter{w, http.NewResponseController(w)}, l)
	}}, nil
}

// hear writes what a listener hears, until one of the two has gone.
func (a *API) hear(ctx context.Context, w interface{ write(text []byte) bool }, l *chat.Listener) {
	beat := time.NewTicker(a.o.Beat)
	defer beat.Stop()
	text, wake, ok := l.Greeting, (<-chan struct{})(nil), true
	for ok && (len(text) == 0 || w.write(text)) {
		if text, wake, ok = l.Hear(); !ok || len(text) > 0 {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-beat.C:
			text = beatText
		}
	}
}

// beatText keeps a connection open. It never changes.
var beatText = []byte(": beat\n\n")

// takeOver takes the connection of a listener over from net/http, and writes the head of the answer, whose end is that
// of the connection; nil: it cannot be taken over, as over HTTP/2. net/http has a goroutine beside each handler
// that watches the peer, and a buffer for the answer: of 20,000 listeners most of the memory. So a listener who
// has left is found out by the next beat.
func takeOver(w http.ResponseWriter, r *http.Request) net.Conn {
	if r.ProtoMajor != 1 {
		return nil
	}
	line, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil
	}
	h := w.Header()
	h.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	h.Set("Connection", "close")
	head := bytes.NewBufferString("HTTP/1.1 200 OK\r\n")
	_ = h.Write(head) // into memory
	head.WriteString("\r\n")
	if !(lineWriter{line}).write(head.Bytes()) {
		line.Close()
	}
	return line
}

// lineWriter writes to a listener whose connection was taken over.
type lineWriter struct{ net.Conn }

func (l lineWriter) write(text []byte) bool {
	if l.SetWriteDeadline(time.Now().Add(writeWithin)) != nil {
		return false
	}
	_, err := l.Write(text)
	return err == nil
}

// chatWriter writes to a listener, for a bounded time.
type chatWriter struct {
	w  http.ResponseWriter
	rc *http.ResponseController
}

func (w chatWriter) write(text []byte) bool {
	if w.rc.SetWriteDeadline(time.Now().Add(writeWithin)) != nil {
		return false
	}
	if _, err := w.w.Write(text); err != nil {
		return false
	}
	// Over HTTP/2 a deadline ends the answer also while nothing is written.
	return w.rc.Flush() == nil && w.rc.SetWriteDeadline(time.Time{}) == nil
}
