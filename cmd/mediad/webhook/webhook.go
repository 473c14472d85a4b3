// Package webhook asks another server about each publisher whose key is right (Standard
// Webhooks 1.0). It fails closed: without an answer nobody may publish. An answer is valid
// for ten seconds, and at most 1024 answers are kept.
package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"mediad/ingest"
	"mediad/overlay"
)

const (
	timeout    = 2 * time.Second
	mostAnswer = 4 << 10 // bytes of an answer that are read
	mostParams = 32      // parameters of a stream key that are passed on
)

// Hook asks one address about publishers. It may be used by many goroutines.
type Hook struct {
	url    string // this and the next fields are only read
	key    []byte
	agent  string
	client *http.Client
	log    *slog.Logger
	now    func() time.Time

	mu      sync.Mutex
	answers answers // guarded by mu
}

// Options say where to ask, and how.
type Options struct {
	URL       string // http or https; it may hold a secret, and is never logged
	Key       []byte // signs each request (HMAC-SHA256)
	UserAgent string
	Log       *slog.Logger
}

// New makes a hook. It asks nothing yet.
func New(o Options) *Hook {
	return &Hook{
		url: o.URL, key: o.Key, agent: o.UserAgent, log: o.Log, now: time.Now,
		client: &http.Client{
			Transport: http.DefaultTransport.(*http.Transport).Clone(),
			// A redirect must not decide who may publish.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// questionBody is the body of the request. The stream key is not part of it.
type questionBody struct {
	Type     string              `json:"type"` // "publish"
	Room     string              `json:"room"`
	Protocol string              `json:"protocol"`
	Address  string              `json:"address"`
	Encoder  string              `json:"encoder"`
	Query    map[string][]string `json:"query"` // what stood behind the key's "?"
}

// Permit asks whether a publisher may go on air in a room; nil: it may. It waits two
// seconds at most. Every error wraps ingest.ErrRefused and has words for the encoder:
// the answer was no, or there was no answer.
func (w *Hook) Permit(ctx context.Context, room string, r ingest.Request) error {
	q := question{room, r.Protocol, r.Encoder, r.Query, r.Remote.Addr()}
	w.mu.Lock()
	a, known := w.answers.get(q, w.now())
	w.mu.Unlock()
	if !known {
		var err error
		if a, err = w.ask(ctx, room, r); err != nil {
			if ctx.Err() == nil { // else the encoder has gone
				w.log.Error("publish webhook gave no answer; the publisher is refused", "room", room, "remote", r.Remote, "err", err)
			}
			return fmt.Errorf("%w: the server that decides who may publish does not answer; try again", ingest.ErrRefused)
		}
		w.mu.Lock()
		w.answers.keep(q, a, w.now())
		w.mu.Unlock()
	}
	switch {
	case a.yes:
		return nil
	case a.reason == "":
		return fmt.Errorf("%w: you may not publish in this room now", ingest.ErrRefused)
	}
	return fmt.Errorf("%w: %s", ingest.ErrRefused, a.reason)
}

// ask sends the question. An error means that there is no answer.
func (w *Hook) ask(ctx context.Context, room string, r ingest.Request) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	body, err := json.Marshal(questionBody{
		Type: "publish", Room: room, Protocol: r.Protocol, Address: r.Remote.Addr().String(),
		Encoder: r.Encoder, Query: queryParams(r.Query),
	})
	if err != nil {
		return answer{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, bytes.NewReader(body))
	if err != nil {
		return answer{}, hideURL(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", w.agent)
	id, at := "msg_"+rand.Text(), strconv.FormatInt(w.now().Unix(), 10)
	req.Header.Set("webhook-id", id)
	req.Header.Set("webhook-timestamp", at)
	req.Header.Set("webhook-signature", signature(w.key, id, at, body))
	res, err := w.client.Do(req)
	if err != nil {
		return answer{}, hideURL(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, mostAnswer))
	switch code := res.StatusCode; {
	case code/100 == 2:
		return answer{yes: true}, nil
	case code/100 != 4 || code == http.StatusRequestTimeout || code == http.StatusTooManyRequests:
		return answer{}, fmt.Errorf("answer %s", res.Status)
	case err != nil:
		return answer{}, fmt.Errorf("read answer: %w", hideURL(err))
	}
	var said struct {
		Reason string `json:"reason"`
	}
	_ = json.Unmarshal(text, &said) // a refusal may come without a reason
	return answer{reason: sentence(said.Reason)}, nil
}

// signature gives the symmetric signature of Standard Webhooks 1.0.
func signature(key []byte, id, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.", id, timestamp)
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// queryParams reads the parameters after a key; unreadable ones are left out.
func queryParams(query string) map[string][]string {
	if strings.Count(query, "&") >= mostParams {
		return map[string][]string{}
	}
	params, _ := url.ParseQuery(query)
	return params
}

// hideURL removes the address from an error, since it may hold a secret.
func hideURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// sentence bounds another server's words for encoders, logs and pages.
func sentence(s string) string {
	const most = 200 // bytes
	s = overlay.Plain(strings.Join(strings.Fields(s), " "), most)
	return strings.ToValidUTF8(s[:min(most, len(s))], "")
}
