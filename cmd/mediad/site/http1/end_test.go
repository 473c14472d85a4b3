package http1_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"mediad/cmd/mediad/site/http1"
)

// A client that does not read is disconnected at the handler's deadline.
func TestUnreadAnswersAreCutOff(t *testing.T) {
	ended := make(chan error, 1)
	s := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rc := http.NewResponseController(w)
		if err := rc.SetWriteDeadline(time.Now()); err != nil {
			t.Error(err)
		}
		var err error
		for err == nil {
			_, err = w.Write(make([]byte, 1<<20))
		}
		ended <- err
	}))
	p := s.dial(t)
	p.say("GET /live/greedy HTTP/1.1\r\nHost: x\r\n\r\n")
	if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("writing ended with %v", err)
	}
	if _, err := io.Copy(io.Discard, p.in); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the connection stays open")
	}
}

// A connection that is idle, or sends a head very slowly, is closed after a
// while.
func TestTheSlowAreClosed(t *testing.T) {
	for name, dribble := range map[string]string{"silent": "", "dribbling": "GET /live/a HTTP/1.1\r\nX: "} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, http.HandlerFunc(echo), func(o *http1.Options) { o.Idle = time.Second })
			p := s.dial(t)
			p.say(live)
			p.hear("GET")
			p.say(dribble)
			begun, ended := time.Now(), make(chan struct{})
			go func() {
				defer close(ended)
				if !p.closed() {
					t.Error("is still there")
				}
			}()
			for {
				select {
				case <-ended:
					if took := time.Since(begun); took < 9*time.Second {
						t.Errorf("closed after %v already", took)
					}
					return
				case <-time.After(200 * time.Millisecond):
					if dribble != "" {
						io.WriteString(p.Conn, "x")
					}
				}
			}
		})
	}
}

// A waiting handler notices that the peer has left, and is not ended by another
// request of the peer.
func TestDepartureIsNoticed(t *testing.T) {
	t.Parallel()
	waits, gone := make(chan struct{}), make(chan string)
	s := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" || r.URL.Path == "/live/" {
			return
		}
		waits <- struct{}{}
		<-r.Context().Done()
		gone <- r.URL.Path
	}))
	stays, ahead, leaves := s.dial(t), s.dial(t), s.dial(t)
	for _, path := range []string{"/live/", "/"} { // the connection was given back before
		leaves.say("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n")
		leaves.hear("GET")
	}
	for path, p := range map[string]*peer{"stays": stays, "ahead": ahead, "leaves": leaves} {
		p.say("GET /live/" + path + " HTTP/1.1\r\nHost: x\r\n\r\n")
		<-waits
	}
	ahead.say(live)
	leaves.Close()
	if path := <-gone; path != "/live/leaves" {
		t.Errorf("%s is taken for gone", path)
	}
	select {
	case path := <-gone:
		t.Errorf("%s is taken for gone", path)
	case <-time.After(5 * time.Second):
	}
	go func() { // when the server is closed
		for range gone {
		}
	}()
}

// A drain answers waiting requests, tells their clients to close, and closes
// idle connections. At its end all connections are closed.
func TestShutdown(t *testing.T) {
	asked, free := make(chan struct{}, 1), make(chan struct{})
	s := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/live/wait":
			asked <- struct{}{}
			<-free
		case "/live/never":
			asked <- struct{}{}
			<-r.Context().Done()
		}
		io.WriteString(w, "answered")
	}))
	still, half, waits, never := s.dial(t), s.dial(t), s.dial(t), s.dial(t)
	for _, p := range []*peer{still, half} {
		p.say(live)
		p.hear("GET")
	}
	half.say(live[:20])
	time.Sleep(100 * time.Millisecond)
	waits.say("GET /live/wait HTTP/1.1\r\nHost: x\r\n\r\n")
	<-asked
	never.say("GET /live/never HTTP/1.1\r\nHost: x\r\n\r\n")
	<-asked
	ctx, cancel := context.WithCancel(t.Context())
	down := make(chan struct{})
	go func() {
		s.players.Shutdown(ctx)
		close(down)
	}()
	if !still.closed() || !half.closed() {
		t.Error("who asks for nothing stays")
	}
	late := s.dial(t)
	s.answered()
	late.say(live)
	late.hear("GET")
	if by := s.answered(); !slices.Equal(by, []string{"net/http"}) {
		t.Errorf("one more is answered by %v", by)
	}
	close(free)
	if r, body := waits.hear("GET"); !r.Close || body != "answered" || !waits.closed() {
		t.Errorf("who waited got %q, close %t", body, r.Close)
	}
	select {
	case <-down:
		t.Fatal("one is left")
	case <-time.After(50 * time.Millisecond):
	}
	cancel()
	<-down
	if !never.closed() {
		t.Error("who waits for ever is not cut off")
	}
}
