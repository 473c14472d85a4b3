package webhook

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/ingest"
)

func testKey(t *testing.T) []byte {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// The test vector of the Standard Webhooks libraries.
func TestSignature(t *testing.T) {
	got := signature(testKey(t), "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// asked is a webhook, its server, and the requests that came.
type asked struct {
	*Hook
	now time.Time
	log bytes.Buffer

	mu       sync.Mutex
	requests []string // guarded by mu
}

func ask(t *testing.T, answer http.HandlerFunc) *asked {
	t.Helper()
	a := &asked{now: time.Unix(1700000000, 0)}
	key := testKey(t)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		id, at := r.Header.Get("webhook-id"), r.Header.Get("webhook-timestamp")
		if got := r.Header.Get("webhook-signature"); r.Method != http.MethodPost || id == "" || !strings.HasPrefix(at, "17000000") || got != signature(key, id, at, body) {
			t.Errorf("%s, signed %q", r.Method, got)
		}
		a.mu.Lock()
		a.requests = append(a.requests, string(body))
		a.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	a.Hook = New(Options{URL: s.URL + "/?token=hidden", Key: key, Log: slog.New(slog.NewTextHandler(&a.log, nil))})
	a.Hook.now = func() time.Time { return a.now }
	return a
}

// times tells how many requests came.
func (a *asked) times() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.requests)
}

func request(query string) ingest.Request {
	return ingest.Request{Key: "k3y", Query: query, Protocol: "rtmps", Remote: netip.MustParseAddrPort("192.0.2.7:4000"), Encoder: "OBS"}
}

func TestWebhookAsks(t *testing.T) {
	a := ask(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	if err := a.Permit(t.Context(), "corn", request("user=7&user=8&pass=a%20b")); err != nil {
		t.Fatal(err)
	}
	var got any
	if err := json.Unmarshal([]byte(a.requests[0]), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"type": "publish", "room": "corn", "protocol": "rtmps", "address": "192.0.2.7", "encoder": "OBS",
		"query": map[string]any{"user": []any{"7", "8"}, "pass": []any{"a b"}}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestWebhookAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string // "": the publisher is let on
		kept   bool
	}{
		"yes":           {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "whatever") }, "", true},
		"no":            {status(403, ""), "refused: you may not publish in this room now", true},
		"no, as a page": {status(404, "<html>"), "refused: you may not publish in this room now", true},
		"no, in words":  {status(403, `{"reason":" Not\ntonight. "}`), "refused: Not tonight.", true},
		"no, at length": {status(403, `{"reason":"`+strings.Repeat("é", 200)+`"}`), "refused: " + strings.Repeat("é", 100), true},
		"trouble":       {status(500, `{"reason":"stack trace"}`), "refused: the server that decides who may publish does not answer; try again", false},
		"busy":          {status(429, ""), "refused: the server that decides who may publish does not answer; try again", false},
		"elsewhere":     {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/x", http.StatusFound) }, "refused: the server that decides who may publish does not answer; try again", false},
		"hangs up":      {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "refused: the server that decides who may publish does not answer; try again", false},
	} {
		t.Run(name, func(t *testing.T) {
			a := ask(t, c.answer)
			for range 2 {
				err := a.Permit(t.Context(), "corn", request(""))
				if c.want == "" && err == nil {
					continue
				}
				if err == nil || err.Error() != c.want || !errors.Is(err, ingest.ErrRefused) {
					t.Errorf("%v, want %s", err, c.want)
				}
			}
			if n := a.times(); (n == 1) != c.kept {
				t.Errorf("asked %d times", n)
			}
			if strings.Contains(a.log.String(), "hidden") || (a.log.Len() > 0) == c.kept {
				t.Errorf("the log: %s", &a.log)
			}
		})
	}
}

func status(code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		fmt.Fprint(w, body)
	}
}

func TestWebhookDoesNotAnswerInTime(t *testing.T) {
	done := make(chan struct{})
	a := ask(t, func(http.ResponseWriter, *http.Request) { <-done })
	defer close(done)
	begun := time.Now()
	if err := a.Permit(t.Context(), "corn", request("")); !errors.Is(err, ingest.ErrRefused) {
		t.Errorf("%v", err)
	}
	if d := time.Since(begun); d > 10*time.Second {
		t.Errorf("it took %v", d)
	}
}

func TestWebhookRemembersWhatItAsked(t *testing.T) {
	a := ask(t, status(204, ""))
	elsewhere := request("")
	elsewhere.Remote = netip.MustParseAddrPort("192.0.2.8:1")
	for i, q := range []struct {
		room string
		r    ingest.Request
		wait time.Duration
		n    int // asked so far
	}{
		{"corn", request(""), 0, 1}, {"corn", request(""), 0, 1}, {"tea", request(""), 0, 2}, {"corn", elsewhere, 0, 3},
		{"corn", request("a=b"), 0, 4}, {"corn", request(""), answerFor - time.Second, 4}, {"corn", request(""), time.Second, 5},
	} {
		a.now = a.now.Add(q.wait)
		err := a.Permit(t.Context(), q.room, q.r)
		if n := a.times(); err != nil || n != q.n {
			t.Errorf("question %d: asked %d times, %v", i, n, err)
		}
	}
}

func TestAnswersAreBounded(t *testing.T) {
	var a answers
	now := time.Unix(1e9, 0)
	for i := range 3 * maxAnswers {
		a.keep(question{room: fmt.Sprint(i)}, answer{yes: true}, now.Add(time.Duration(i)*time.Second))
	}
	if len(a.kept) > maxAnswers {
		t.Errorf("%d are kept", len(a.kept))
	}
	last := question{room: fmt.Sprint(3*maxAnswers - 1)}
	if x, ok := a.get(last, now.Add(3*maxAnswers*time.Second)); !ok || !x.yes {
		t.Error("the latest is forgotten")
	}
}
