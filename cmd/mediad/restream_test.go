package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/cmd/mediad/site/sitetest"
)

// pushed is a target as the API tells of it.
type pushed struct {
	Name, Server, State string
	Bytes, Dropped      int64
	Problem             struct{ Code, Text, Said string }
}

// TestRestream: a broadcast goes to another server, beside targets that are of no use, and
// shows nothing of them: its parts come as ever. Hosts start and stop targets; a reload brings
// others; a rehearsal goes nowhere; and no key is told.
func TestRestream(t *testing.T) {
	other := startServer(t, func(*config.Config) {})
	hole, err := net.Listen("tcp", "127.0.0.1:0") // whose backlog takes connections
	if err != nil {
		t.Fatal(err)
	}
	defer hole.Close()
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(other.key+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	at := "rtmp://" + other.rtmp.Addr().String() + "/live"
	target := func(name, url, more string) string { return fmt.Sprintf(`{"name":%q,"url":%q,%s}`, name, url, more) }
	good := target("good", at, fmt.Sprintf(`"key_file":%q,"enabled":true`, key))
	wrong := target("wrong", at, `"key_env":"WRONG_STREAM_KEY","enabled":true`)
	bad := strings.Join([]string{
		wrong,
		target("hole", "rtmp://"+hole.Addr().String()+"/app", `"key_env":"WRONG_STREAM_KEY","enabled":true`),
		target("closed", "rtmp://"+sitetest.FreeAddress(t)+"/app", `"key_env":"WRONG_STREAM_KEY","enabled":true`),
	}, ",")
	c := newChild(t, map[string]any{"kind": "none"}, []string{"WRONG_STREAM_KEY=wrong-key-for-tests-only"}, "tea", "milk")
	plain, err := os.ReadFile(c.config)
	if err != nil {
		t.Fatal(err)
	}
	write := func(targets string) {
		t.Helper()
		text := strings.Replace(string(plain), `"slug":"tea"`, `"push":[`+targets+`],"slug":"tea"`, 1)
		if err := os.WriteFile(c.config, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(good + "," + bad)
	c.start()
	defer c.stop(syscall.SIGTERM)
	states := func() map[string]pushed {
		var room struct{ Push []pushed }
		c.call(http.MethodGet, "/api/v1/rooms/tea", "", &room)
		out := map[string]pushed{}
		for _, p := range room.Push {
			out[p.Name] = p
		}
		return out
	}
	arrives := func() bool {
		s := other.broadcasts.Status("demo")
		return s.Live && s.Ingest != nil && s.Ingest.Width > 0
	}

	// A rehearsal is private.
	var show struct{ ID string }
	if status := c.call(http.MethodPost, "/api/v1/shows", `{"room":"tea","title":"Dry run","rehearsal":true}`, &show); status != http.StatusCreated {
		t.Fatalf("plan: %d", status)
	}
	off := c.air("tea")
	eventually(t, "the rehearsal is on air", 30*time.Second, func() bool {
		var room struct{ Ingest *struct{ FPS float64 } }
		c.call(http.MethodGet, "/api/v1/rooms/tea", "", &room)
		return room.Ingest != nil && room.Ingest.FPS > 0
	})
	if s := states(); s["good"].State != "waiting" || s["good"].Bytes > 0 || s["closed"].State != "waiting" {
		t.Errorf("in a rehearsal: %+v", s)
	}
	off()
	c.call(http.MethodPost, "/api/v1/rooms/tea/end", "", nil)

	heard := c.hear("tea", "push")
	c.airing("tea")
	eventually(t, "the other server has the broadcast", 20*time.Second, arrives)
	eventually(t, "each target tells how it is", 20*time.Second, func() bool {
		s := states()
		return s["good"].State == "live" && s["good"].Bytes > 0 && s["wrong"].Problem.Code == "refused_key" &&
			s["closed"].Problem.Code == "not_open" && s["hole"].Problem.Code == "no_answer"
	})
	if s := states(); s["good"].Dropped > 0 || s["good"].Server != "127.0.0.1" {
		t.Errorf("the good one: %+v", s["good"])
	}
	c.evenParts("tea")
	var told struct {
		Details []struct {
			Code  string
			Value float64
		} `json:"warning_details"`
	}
	c.call(http.MethodGet, "/api/v1/rooms/tea", "", &told)
	warned := false
	for _, w := range told.Details {
		warned = warned || w.Code == "restreaming" && w.Value >= 1 && w.Value <= 3 // the good one is none of them
	}
	if !warned {
		t.Errorf("the room warns of %+v", told.Details)
	}
	if live, retrying := c.metric(`mediad_push_live{room="tea",target="good"}`), c.metric(`mediad_push_retrying{room="tea",target="wrong"}`); live != 1 || retrying != 1 {
		t.Errorf("metrics: live %v, retrying %v", live, retrying)
	}

	// Stop and start.
	if status := c.call(http.MethodPost, "/api/v1/rooms/tea/push/good/stop", "", nil); status != http.StatusOK {
		t.Fatalf("stop: %d", status)
	}
	eventually(t, "the other server hears the end", 5*time.Second, func() bool { return !other.broadcasts.Status("demo").Live })
	var started pushed
	if status := c.call(http.MethodPost, "/api/v1/rooms/tea/push/good/start", "", &started); status != http.StatusOK || started.Name != "good" || started.State == "off" {
		t.Fatalf("start: %d %+v", status, started)
	}
	eventually(t, "the other server has it again", 10*time.Second, arrives)
	for _, path := range []string{"tea/push/none/start", "milk/push/good/stop", "none/push/good/start"} {
		if status := c.call(http.MethodPost, "/api/v1/rooms/"+path, "", nil); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}

	// A reload changes targets, and the connection of one that stays goes on.
	since := other.broadcasts.Status("demo").Ingest.Since
	write(good + "," + target("more", at, `"key_env":"WRONG_STREAM_KEY"`))
	if err := c.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the targets are others", 10*time.Second, func() bool {
		s := states()
		return len(s) == 2 && s["more"].State == "off" && s["good"].State == "live"
	})
	if s := other.broadcasts.Status("demo"); s.Ingest == nil || s.Ingest.Since != since {
		t.Error("the reload broke the connection of a target that stayed")
	}
	if !c.onAir("tea") || strings.Contains(c.log.String(), "needs a restart: rooms") {
		t.Error("the reload ended the broadcast, or asks for a restart")
	}
	for what, text := range map[string]string{"log": c.log.String(), "events": heard()} {
		if !strings.Contains(text, "refused") || strings.Contains(text, other.key) || strings.Contains(text, "wrong-key") {
			t.Errorf("the %s: %s", what, text)
		}
	}
}

// evenParts fails unless the parts of a room on air are as long as they should be, with
// nothing missing between them.
func (c *child) evenParts(room string) {
	c.t.Helper()
	_, _, top := c.asked("/live/"+room+"/index.m3u8", "")
	name := regexp.MustCompile(`(?m)^[^#\s]+$`).FindString(top)
	_, _, list := c.asked("/live/"+room+"/"+name, "")
	parts := regexp.MustCompile(`EXT-X-PART:DURATION=([0-9.]+)`).FindAllStringSubmatch(list, -1)
	if len(parts) < 4 || strings.Contains(list, "GAP") || strings.Contains(list, "DISCONTINUITY\n") {
		c.t.Errorf("the broadcast is not whole:\n%s", list)
	}
	for _, p := range parts {
		if !strings.HasPrefix(p[1], "0.5") && !strings.HasPrefix(p[1], "0.4") {
			c.t.Errorf("a part of %s s:\n%s", p[1], list)
		}
	}
}

// hear collects what hosts hear of one kind of event, until it is asked.
func (c *child) hear(room, kind string) (heard func() string) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, "http://"+c.http+"/api/v1/rooms/"+room+"/events", nil)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer a-token-of-some-length")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	var text sitetest.Buffer
	done := make(chan struct{})
	go func() {
		defer close(done)
		mine := false
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			if kindOf, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				mine = kindOf == kind
			} else if mine {
				fmt.Fprintln(&text, lines.Text())
			}
		}
	}()
	return func() string {
		_ = answer.Body.Close()
		<-done
		return text.String()
	}
}
