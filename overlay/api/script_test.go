package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/cmd/mediad/importer"
	"mediad/cmd/mediad/uploads"
	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/overlay/chat"
	"mediad/overlay/clicks"
	"mediad/overlay/feed"
	"mediad/overlay/sales"
	"mediad/overlay/store"
	"mediad/overlay/store/pgtest"
	"mediad/overlay/store/storetest"
	"mediad/overlay/viewers"
	"mediad/packager/layout"
)

// streams are the streams of rooms, as small as they can be: cues land on the next half
// second, unless it is told that no frames come.
type streams struct {
	store *store.Store
	feed  *feed.Feed
	count *clicks.Counter

	mu    sync.Mutex
	live  map[string]overlay.Begin // guarded by mu; by room
	still bool                     // guarded by mu; no frames come
	cues  []overlay.Cue            // guarded by mu; all that it was given
}

func (s *streams) Cue(c overlay.Cue) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cues = append(s.cues, c)
	if b, ok := s.live[c.Room]; ok && !s.still {
		n := int64(c.Seq)
		c.Landed(overlay.Landing{PTS: overlay.FirstPTS + 45000*n, Date: overlay.DateOf(b.Anchor, overlay.FirstPTS+45000*n), Epoch: b.Epoch, Segment: 1 + c.Seq/4, Part: c.Seq})
	}
}

func (s *streams) Pulse(string, []byte) {}

func (s *streams) begin(ctx context.Context, room string) error {
	b, err := s.store.BeginBroadcast(ctx, room, time.Now())
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.live[room] = b
	s.mu.Unlock()
	s.feed.Attach(b.Show, b.Seq)
	return nil
}

func (s *streams) Status(room string) api.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.live[room]
	if !ok {
		return api.Status{}
	}
	return api.Status{Live: true, Epoch: b.Epoch, Since: b.Anchor, Viewers: 3, Ingest: &api.Ingest{Bitrate: 2_000_000, FPS: 25}, Warnings: []string{"key frames are 10 s apart"}}
}

func (s *streams) End(ctx context.Context, room string) error {
	s.mu.Lock()
	b, ok := s.live[room]
	delete(s.live, room)
	s.mu.Unlock()
	if !ok {
		return overlay.Errorf(overlay.Conflict, "the room is not live")
	}
	s.feed.Detach(b.Show)
	return s.store.EndBroadcast(ctx, b.Epoch, time.Now(), "host")
}

// server is the API over a real store, feed and HTTP.
type server struct {
	*httptest.Server
	api     *api.API
	dir     string // of the data
	store   *store.Store
	streams *streams
	vars    map[string]string
	log     *bytes.Buffer // read it once the answer is there
}

// pace is how many cues a second shows take on servers that are made now; 0: any number.
var pace int

func newServer(t testing.TB, landing time.Duration, change ...func(*api.Options)) *server {
	t.Helper()
	ctx := context.Background()
	dir := t.TempDir()
	rows := store.Options{Dir: dir, Log: slog.New(slog.DiscardHandler), Pace: pace}
	if database != nil {
		rows.URL = database(t)
	} else {
		storetest.Fresh(t, dir)
	}
	st, err := store.Open(ctx, rows)
	must(t, err)
	token, err := st.EnsureAdminToken(ctx, "", true)
	must(t, err)
	_, err = st.EnsureRoom(ctx, "corn", "Corn town", "corn-key")
	must(t, err)
	all := &streams{store: st, live: map[string]overlay.Begin{}}
	all.feed = feed.New(feed.Options{Log: st, Agenda: st, Sink: all})
	run, stop := context.WithCancel(ctx)
	var logged bytes.Buffer
	log := slog.New(slog.NewTextHandler(&logged, nil))
	imports := importer.New(importer.Options{Store: st, Dir: filepath.Join(dir, "imports"), Log: slog.New(slog.DiscardHandler)})
	done := make(chan error, 5)
	sold := sales.New(sales.Options{Store: st})
	go func() { done <- sold.Run(run) }()
	audience := viewers.New(viewers.Options{Store: st, Orders: sold.Orders})
	go func() { done <- audience.Run(run) }()
	go func() { done <- all.feed.Run(run) }()
	go func() { done <- imports.Run(run) }()
	talk := chat.New(chat.Options{Store: st, NewID: st.NewID, Log: slog.New(slog.DiscardHandler)})
	go func() { done <- talk.Run(run) }()
	mux := http.NewServeMux()
	all.count = clicks.New(clicks.Options{Store: st, NewID: st.NewID, Log: log})
	o := api.Options{Store: st, Feed: all.feed, Clicks: all.count, Viewers: audience, Sales: sold, Chat: talk, Broadcasts: all, Version: "test", Media: mediaStore{}, Imports: imports, Addresses: layout.Site(""), Publishing: api.Publishing{Port: "1935", SecurePort: "1936"}, Beat: 20 * time.Millisecond, Landing: landing, Logger: log,
		KeyFixed: func(room string) bool { return room == "corn" }, RoomFixed: func(room string) bool { return room == "corn" }}
	o.Images = uploads.New(uploads.Options{Rows: st, Objects: pictureDir(t, dir), Log: slog.New(slog.DiscardHandler)})
	for _, c := range change {
		c(&o)
	}
	made := api.New(o)
	s := &server{Server: httptest.NewServer(made.Register(mux).Before(mux)), api: made, dir: dir, store: st, streams: all, log: &logged, vars: map[string]string{
		"token":  token,
		"past":   time.Now().Add(-time.Minute).UTC().Format(time.RFC3339),
		"soon":   time.Now().Add(time.Hour).UTC().Format(time.RFC3339),
		"months": time.Now().Add(300 * 24 * time.Hour).UTC().Format(time.RFC3339),
		"large":  strings.Repeat("x", 70_000),
		"1801":   strings.Repeat("x", 1793),
	}}
	t.Cleanup(func() {
		stop()
		must(t, errors.Join(<-done, <-done, <-done, <-done, <-done))
		s.Server.Close()
		must(t, st.Close())
	})
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestScripts plays testdata/*.txt: requests, and what is expected of their
// answers. Steps are parted by a line of dashes. A step is a comment (#), a
// command (!begin ROOM, !end ROOM, !keep clicks, !sweep), or
//
//	METHOD PATH
//	Header: value
//	{"a":"body"}
//	> STATUS
//	Header: value
//	{"a":"body"}
//
// {{name}} in an expectation takes the value when it is seen first and must be
// the same afterwards; in a request it is replaced. A header "-" must be
// missing. A JSON body must have at least what is expected, {"a":"-"} says that
// a is missing, "*" takes anything; any other body must contain the text.
func TestScripts(t *testing.T) { runScripts(t) }

// TestScriptsOnPostgres: the whole API answers alike with either database.
func TestScriptsOnPostgres(t *testing.T) { onPostgres(t, runScripts) }

// onPostgres runs a test whose servers use PostgreSQL.
func onPostgres(t *testing.T, test func(*testing.T)) {
	t.Helper()
	pg, err := pgtest.Start()
	must(t, err)
	defer func() { must(t, pg.Stop()) }()
	database = func(t testing.TB) string {
		name, err := pg.Create(context.Background(), "")
		must(t, err)
		return pg.URL(name)
	}
	defer func() { database = nil }()
	test(t)
}

// database gives the address of an empty PostgreSQL; nil: servers use SQLite. Tests
// of this package run one after the other.
var database func(testing.TB) string

func runScripts(t *testing.T) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	must(t, err)
	if len(files) == 0 {
		t.Fatal("no scripts")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			must(t, err)
			s := newServer(t, time.Minute)
			line := 1
			for _, step := range regexp.MustCompile(`(?m)^-+\n`).Split(string(text), -1) {
				if err := s.step(t.Context(), step); err != nil {
					t.Fatalf("%s:%d: %v", file, line, err)
				}
				line += strings.Count(step, "\n") + 1
			}
		})
	}
}

func (s *server) step(ctx context.Context, step string) error {
	var lines []string
	for line := range strings.Lines(step) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	if command, ok := strings.CutPrefix(lines[0], "!"); ok {
		name, room, _ := strings.Cut(command, " ")
		switch name {
		case "begin":
			return s.streams.begin(ctx, room)
		case "end": // !end ROOM
			return s.streams.End(ctx, room)
		case "sweep":
			return s.store.SweepDeleted(ctx)
		case "keep": // !keep clicks
			return s.streams.count.Flush(ctx)
		}
		return fmt.Errorf("no command %q", command)
	}
	var i int
	for i = range lines {
		if strings.HasPrefix(lines[i], ">") {
			break
		}
	}
	res, body, err := s.ask(ctx, lines[:i])
	if err != nil {
		return err
	}
	return s.expect(lines[i:], res, body)
}

func (s *server) ask(ctx context.Context, lines []string) (*http.Response, []byte, error) {
	for i := range lines {
		for name, value := range s.vars {
			lines[i] = strings.ReplaceAll(lines[i], "{{"+name+"}}", value)
		}
	}
	method, path, _ := strings.Cut(lines[0], " ")
	header, body := split(lines[1:])
	req, err := http.NewRequestWithContext(ctx, method, s.URL+path, strings.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, h := range header {
		req.Header.Set(h[0], h[1])
		if h[0] == "Host" {
			req.Host = h[1]
		}
	}
	res, err := s.transport().RoundTrip(req) // follows no redirect
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return res, text, err
}

func (s *server) transport() http.RoundTripper { return s.Client().Transport }

func split(lines []string) (header [][2]string, body string) {
	for i, line := range lines {
		name, value, ok := strings.Cut(line, ": ")
		if !ok || strings.ContainsAny(name, "{[ ") {
			return header, strings.Join(lines[i:], "\n")
		}
		header = append(header, [2]string{name, value})
	}
	return header, ""
}

func (s *server) expect(lines []string, res *http.Response, body []byte) error {
	if want := strings.TrimSpace(strings.TrimPrefix(lines[0], ">")); want != strconv.Itoa(res.StatusCode) {
		return fmt.Errorf("status %d, want %s: %s", res.StatusCode, want, body)
	}
	header, text := split(lines[1:])
	for _, h := range header {
		got := strings.Join(res.Header.Values(h[0]), ", ")
		if h[1] == "-" && got == "" {
			continue
		}
		if err := s.match(h[0], h[1], got); err != nil {
			return err
		}
	}
	if !strings.HasPrefix(text, "{") {
		if !bytes.Contains(body, []byte(text)) {
			return fmt.Errorf("body lacks %q: %s", text, body)
		}
		return nil
	}
	var want, got any
	if err := json.Unmarshal([]byte(text), &want); err != nil {
		return fmt.Errorf("expectation: %w", err)
	}
	if err := json.Unmarshal(body, &got); err != nil {
		return fmt.Errorf("body %s: %w", body, err)
	}
	if err := s.compare("body", want, got); err != nil {
		return fmt.Errorf("%w\nin %s", err, body)
	}
	return nil
}

func (s *server) compare(at string, want, got any) error {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			return fmt.Errorf("%s: is %v, want an object", at, got)
		}
		for name, w := range want {
			g, there := object[name]
			if w == "-" && !there {
				continue
			}
			if w == "-" || !there {
				return fmt.Errorf("%s.%s: is there: %v", at, name, there)
			}
			if err := s.compare(at+"."+name, w, g); err != nil {
				return err
			}
		}
		return nil
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return fmt.Errorf("%s: is %v, want %d entries", at, got, len(want))
		}
		for i := range want {
			if err := s.compare(fmt.Sprintf("%s[%d]", at, i), want[i], list[i]); err != nil {
				return err
			}
		}
		return nil
	case string:
		return s.match(at, want, fmt.Sprint(got))
	}
	if want != got {
		return fmt.Errorf("%s: is %v, want %v", at, got, want)
	}
	return nil
}

// match compares a text with a pattern of words, {{variables}} and "*".
func (s *server) match(at, want, got string) error {
	var fresh []string
	pattern := regexp.QuoteMeta(want)
	pattern = regexp.MustCompile(`\\\{\\\{(\w+)\\\}\\\}`).ReplaceAllStringFunc(pattern, func(m string) string {
		name := strings.Trim(m, `\{}`)
		if value, ok := s.vars[name]; ok {
			return regexp.QuoteMeta(value)
		}
		fresh = append(fresh, name)
		return `([\w-]+)`
	})
	pattern = strings.ReplaceAll(pattern, `\*`, `.*`)
	m := regexp.MustCompile(`(?s)^` + pattern + `$`).FindStringSubmatch(got)
	if m == nil {
		return fmt.Errorf("%s: is %q, want %q", at, got, want)
	}
	for i, name := range fresh {
		s.vars[name] = m[i+1]
	}
	return nil
}
