package doctor_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/packager"
	"mediad/packager/doctor"
	"mediad/packager/m3u8"
)

// The show has 25 pictures a second, a key frame each second, AAC, parts of five
// pictures, and a cue every 33 pictures. Its time advances as fast as players ask.
const (
	fps      = 25
	inPart   = 5
	before   = 20 // segments made before the first request
	pumpRest = 10 * time.Millisecond
	patience = 4 * time.Millisecond // a request that takes longer is waiting
)

// show is a broadcast of the real packager, behind a server that may spoil it.
type show struct {
	t      *testing.T
	stream *packager.Stream
	live   *packager.Live
	url    string

	mu sync.Mutex
	// Guarded by mu.
	session *packager.Session
	frame   int
	audio   int
	cue     uint64
	waiting map[*http.Request]time.Time
	frozen  bool // no media comes
	fed     time.Time
	memory  map[string]any

	plan plan
	made chan struct{} // closed when the pump is to stop
}

// plan says how a show is spoilt, and what it is like otherwise.
type plan struct {
	delta, two, end, plain bool // delta updates; two variants; it ends; no low latency
	ladder                 bool // three renditions
	// slow is the least time between two parts; 0: as fast as players ask.
	slow time.Duration
	// before may answer a request itself.
	before func(s *show, w http.ResponseWriter, r *http.Request) bool
	// after changes an answer before it is compressed and sent.
	after func(s *show, a *reply)
	// trickle sends the body in pieces.
	trickle func(a *reply) bool
}

// reply is an answer on its way.
type reply struct {
	r      *http.Request
	status int
	header http.Header
	body   []byte
	kind   string // "top", "list", "part", "segment"
}

func (a *reply) ok() bool { return a.status == http.StatusOK }

func newShow(t *testing.T, p plan) *show {
	t.Helper()
	anchor := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	s := &show{t: t, waiting: map[*http.Request]time.Time{}, memory: map[string]any{}, plan: p, made: make(chan struct{})}
	s.stream = packager.NewStream(packager.Options{
		Room: "demo", Epoch: "01test", Anchor: anchor, Part: 200 * time.Millisecond, Segment: time.Second, Window: 12 * time.Second,
		Now: func() time.Time { return anchor },
	})
	s.live = packager.NewLive(nil)
	s.live.Add(s.stream)
	s.session = s.stream.Attach()
	tracks := []ingest.Track{
		{Codec: ingest.H264, RFC6381: "avc1.42c01e", Width: 640, Height: 360, FrameRate: fps,
			SPS: [][]byte{{0x67, 0x42, 0xc0, 0x1e, 0xd9, 0x00, 0xa0, 0x2f, 0xf9, 0x70, 0x11, 0x00, 0x00, 0x03, 0x00, 0x01, 0x00, 0x00, 0x03, 0x00, 0x3c, 0x0f, 0x16, 0x2e, 0x48}},
			PPS: [][]byte{{0x68, 0xcb, 0x83, 0xcb, 0x20}}},
		{Codec: ingest.AAC, RFC6381: "mp4a.40.2", SampleRate: 48000, Channels: 2, Config: []byte{0x11, 0x90}},
	}
	if p.ladder {
		tracks = append(tracks, tracks[0], tracks[0])
	}
	if err := s.session.SetTracks(tracks); err != nil {
		t.Fatal(err)
	}
	for range before * fps {
		s.shoot()
	}
	server := httptest.NewServer(s)
	s.url = server.URL + "/live/demo/index.m3u8"
	var pump sync.WaitGroup
	pump.Go(s.pump)
	t.Cleanup(func() {
		close(s.made)
		pump.Wait()
		server.Close()
	})
	return s
}

// shoot makes one picture with its sound. It is called by newShow or under mu.
func (s *show) shoot() {
	if s.frame%33 == 0 && s.frame > 0 {
		s.cue++
		n := strconv.FormatUint(s.cue, 10)
		s.stream.Cue(packager.Cue{
			ID: "cue-" + n, Class: "mediad.cue",
			Attrs: []m3u8.Attr{{Name: "X-MEDIAD-KIND", Value: "custom"}, {Name: "X-MEDIAD-SEQ", Value: n}},
			Event: []byte(`{"v":1,"kind":"custom","seq":` + n + `}`), State: []byte(`{"v":1,"kind":"state","seq":` + n + `,"pinned":[]}`),
		})
	}
	at := int64(s.frame) * 90000 / fps
	for int64(s.audio)*1024*90000/48000 <= at {
		pts := int64(s.audio) * 1024 * 90000 / 48000
		s.write(ingest.Unit{Track: 1, DTS: pts, PTS: pts, NALs: [][]byte{bytes.Repeat([]byte{0x21}, 160)}})
		s.audio++
	}
	nal := append([]byte{0x41}, bytes.Repeat([]byte{byte(s.frame)}, 900)...)
	key := s.frame%fps == 0
	if key {
		nal[0] = 0x65
	}
	s.write(ingest.Unit{DTS: at, PTS: at, Key: key, NALs: [][]byte{nal}})
	if s.plan.ladder {
		for track := range 2 {
			s.write(ingest.Unit{Track: 2 + track, DTS: at, PTS: at, Key: key, NALs: [][]byte{nal[:len(nal)/(2+track)]}})
		}
	}
	s.frame++
}

func (s *show) write(u ingest.Unit) {
	if err := s.session.WriteUnit(u); err != nil {
		s.t.Error(err)
	}
}

// pump makes a part whenever somebody waits for one.
func (s *show) pump() {
	clock := time.NewTicker(pumpRest)
	defer clock.Stop()
	for {
		select {
		case <-s.made:
			return
		case <-clock.C:
		}
		s.mu.Lock()
		asked := s.plan.plain && time.Since(s.fed) > 200*time.Millisecond
		for _, since := range s.waiting {
			asked = asked || !s.plan.plain && time.Since(since) > patience
		}
		switch ending := s.plan.end && s.frame > (before+6)*fps; {
		case !asked || s.frozen || time.Since(s.fed) < s.plan.slow:
		case ending:
			s.stream.End()
		default:
			s.fed = time.Now()
			for range inPart {
				s.shoot()
			}
		}
		s.mu.Unlock()
	}
}

func (s *show) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.waiting[r] = time.Now()
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.waiting, r)
		s.mu.Unlock()
	}()
	if s.plan.before != nil && s.plan.before(s, w, r) {
		return
	}
	inner := r.Clone(r.Context())
	inner.Header.Del("Accept-Encoding")
	inner.URL.Path = strings.Replace(inner.URL.Path, "/alt/", "/main/", 1)
	got := httptest.NewRecorder()
	s.live.ServeHTTP(got, inner)
	a := &reply{r: r, status: got.Code, header: got.Result().Header, body: got.Body.Bytes(), kind: kindOf(r.URL.Path)}
	s.dress(a)
	if s.plan.after != nil {
		s.mu.Lock()
		s.plan.after(s, a)
		s.mu.Unlock()
	}
	s.send(w, a)
}

func kindOf(path string) string {
	switch name := path[strings.LastIndexByte(path, '/')+1:]; {
	case strings.Count(path, "/") == 3:
		return "top"
	case name == "index.m3u8":
		return "list"
	case strings.HasPrefix(name, "p"):
		return "part"
	}
	return "segment"
}

// dress gives the show the properties of its plan.
func (s *show) dress(a *reply) {
	if !a.ok() {
		return
	}
	text := string(a.body)
	switch {
	case s.plan.two && a.kind == "top":
		text = strings.TrimRight(text, "\n") + "\n" + strings.ReplaceAll(text[strings.Index(text, "#EXT-X-STREAM-INF"):], "/main/", "/alt/")
	case s.plan.two && a.kind == "list" && !strings.Contains(text, "#EXT-X-ENDLIST"):
		other := "../alt/index.m3u8"
		if strings.Contains(a.r.URL.Path, "/alt/") {
			other = "../main/index.m3u8"
		}
		m, err := m3u8.Parse(a.body)
		if err != nil {
			break
		}
		msn, part := m.Sequence+uint64(len(m.Segments)), len(m.Open.Parts)-1
		if part < 0 {
			msn, part = msn-1, len(m.Segments[len(m.Segments)-1].Parts)-1
		}
		text += fmt.Sprintf("#EXT-X-RENDITION-REPORT:URI=%q,LAST-MSN=%d,LAST-PART=%d\n", other, msn, part)
	case s.plan.delta && a.kind == "list":
		text = strings.Replace(text, "#EXT-X-SERVER-CONTROL:", "#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL=6,CAN-SKIP-DATERANGES=YES,", 1)
		if word := a.r.URL.Query().Get("_HLS_skip"); word != "" && !strings.Contains(text, "#EXT-X-ENDLIST") {
			text = skipping(text, 6, word == "v2")
		}
	case s.plan.plain && a.kind == "list":
		var out []string
		for _, line := range strings.Split(text, "\n") {
			if !strings.HasPrefix(line, "#EXT-X-PART") && !strings.HasPrefix(line, "#EXT-X-PRELOAD") && !strings.HasPrefix(line, "#EXT-X-SERVER-CONTROL") {
				out = append(out, line)
			}
		}
		text = strings.Join(out, "\n")
		if at := strings.LastIndex(text, ".ts\n"); at >= 0 && !strings.Contains(text, "#EXT-X-ENDLIST") {
			text = text[:at+4]
		}
	}
	a.body = []byte(text)
}

// skipping makes a delta update of a full playlist, with or without the date
// ranges beside the segments that it leaves out.
func skipping(text string, keep int, ranges bool) string {
	n := strings.Count(text, "#EXTINF") - keep
	if n < 1 {
		return text
	}
	head, rest := text[:strings.Index(text, "#EXT-X-PROGRAM-DATE-TIME")], text
	for range n {
		_, rest, _ = strings.Cut(rest, ".ts\n")
	}
	head = strings.Replace(head, "#EXT-X-VERSION:6", "#EXT-X-VERSION:10", 1)
	skip := fmt.Sprintf("#EXT-X-SKIP:SKIPPED-SEGMENTS=%d", n)
	if ranges {
		return head + skip + ",RECENTLY-REMOVED-DATERANGES=\"\"\n" + rest
	}
	skipped := text[len(head) : len(text)-len(rest)]
	return head + skip + "\n" + strings.Join(regexp.MustCompile(`#EXT-X-DATERANGE[^\n]*\n`).FindAllString(skipped, -1), "") + rest
}

func (s *show) send(w http.ResponseWriter, a *reply) {
	h := w.Header()
	for name, v := range a.header {
		h[name] = v
	}
	body := a.body
	if a.kind == "top" {
		h.Set("Vary", "Accept-Encoding")
	}
	if strings.Contains(a.r.Header.Get("Accept-Encoding"), "gzip") && a.ok() && (a.kind == "list" || a.kind == "top" || h.Get("Content-Encoding") == "gzip") && h.Get("X-Plain") == "" {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write(body)
		z.Close()
		body = b.Bytes()
		h.Set("Content-Encoding", "gzip")
		if tag := h.Get("ETag"); tag != "" && h.Get("X-One-Tag") == "" {
			h.Set("ETag", strings.TrimSuffix(tag, `"`)+`.gz"`)
		}
	}
	if a.status != http.StatusNoContent && a.status != http.StatusNotModified {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(a.status)
	if s.plan.trickle != nil && s.plan.trickle(a) {
		w.Write(body[:188])
		w.(http.Flusher).Flush()
		time.Sleep(300 * time.Millisecond)
		body = body[188:]
	}
	w.Write(body)
}

// examine lets the doctor follow the show.
func (s *show) examine(o doctor.Options) *doctor.Report {
	s.t.Helper()
	o.URL, o.CDN = s.url, true
	if o.Versions == 0 {
		o.Versions = 34
	}
	if o.For == 0 {
		o.For = 20 * time.Second
	}
	d, err := doctor.New(o)
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := d.Run(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}
