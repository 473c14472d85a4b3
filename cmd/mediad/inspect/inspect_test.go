package inspect

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mediad/packager/check"
	"mediad/packager/m3u8"
)

const clip = "../../../packager/mpegts/testdata/clip.ts"

// origin serves a playlist whose first segment is the clip's parts one by one,
// the second the whole clip, the third missing.
func origin(t *testing.T) *httptest.Server {
	t.Helper()
	data, err := os.ReadFile(clip)
	if err != nil {
		t.Fatal(err)
	}
	date := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	m := m3u8.Media{TargetDuration: 4, Sequence: 5, PartTarget: time.Second, PartHoldBack: 3 * time.Second, Hint: "p99.ts"}
	whole := m3u8.Segment{URI: "6.ts", Date: date, Duration: 2 * time.Second}
	mux := http.NewServeMux()
	file := func(name string, body []byte) {
		mux.HandleFunc("GET /live/demo/e/main/"+name, func(w http.ResponseWriter, r *http.Request) { w.Write(body) })
	}
	parted := m3u8.Segment{URI: "7.ts", Discontinuity: true, Date: date.Add(2 * time.Second)}
	for i, part := range check.Parts(data) {
		name := fmt.Sprintf("p%d.ts", i)
		file(name, part)
		parted.Parts = append(parted.Parts, m3u8.Part{URI: name, Duration: time.Second, Independent: i == 0})
		parted.Duration += time.Second
	}
	file("6.ts", data)
	last := m3u8.Segment{URI: "8.ts", Discontinuity: true, Date: parted.Date.Add(parted.Duration), Duration: time.Second}
	m.Segments = []m3u8.Segment{whole, parted, last}
	text, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	file("index.m3u8", text)
	top, err := (&m3u8.Multivariant{Variants: []m3u8.Variant{{URI: "e/main/index.m3u8", Bandwidth: 1, Codecs: "avc1.64001f"}}}).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	mux.HandleFunc("GET /live/demo/index.m3u8", func(w http.ResponseWriter, r *http.Request) { w.Write(top) })
	mux.HandleFunc("GET /busy", func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no", http.StatusServiceUnavailable) })
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func TestInspect(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "words.ts")
	list := filepath.Join(dir, "list.m3u8")
	for path, s := range map[string]string{text: "hello\n", list: "#EXTM3U\n"} {
		if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := origin(t)
	for name, c := range map[string]struct {
		target string
		want   []string
		err    string
	}{
		"file":     {clip, []string{"program 1", "H.264", "timed ID3", "begins with"}, ""},
		"address":  {s.URL + "/live/demo/e/main/6.ts", []string{"program 1"}, ""},
		"playlist": {s.URL + "/live/demo/e/main/index.m3u8", []string{"media sequence 5", "part target 1s", "p0.ts", "IDR, discontinuity", "8.ts", "not there, discontinuity", `cue: p0.ts  PTS 907200 (10.080 s)  {"v":1,`, "12:00:02.000"}, ""},
		"room":     {s.URL + "/live/demo/index.m3u8", []string{"multivariant", "avc1.64001f", "media sequence 5"}, ""},
		"words":    {text, nil, "this is not an MPEG-TS"},
		"list":     {list, nil, "a playlist is inspected at its address"},
		"absent":   {s.URL + "/nothing.ts", nil, "is not there (404 Not Found)"},
		"busy":     {s.URL + "/busy", nil, "answers 503"},
		"no host":  {"http://", nil, "inspect: "},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			err := Write(t.Context(), &out, c.target)
			switch {
			case c.err == "" && err != nil, c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
				t.Errorf("error %v, want %q", err, c.err)
			}
			for _, want := range c.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("%q is not in:\n%s", want, &out)
				}
			}
		})
	}
}

func TestInspectIsBounded(t *testing.T) {
	m := m3u8.Media{TargetDuration: 1}
	for i := range maxFetches + 1 {
		m.Segments = append(m.Segments, m3u8.Segment{URI: fmt.Sprint(i, ".ts"), Duration: time.Second})
	}
	text, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	fetches := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".m3u8") {
			w.Write(text)
			return
		}
		fetches++
		http.NotFound(w, r)
	}))
	defer s.Close()
	var out bytes.Buffer
	if err := Write(t.Context(), &out, s.URL+"/index.m3u8"); err == nil || fetches != maxFetches {
		t.Errorf("error %v after %d fetches", err, fetches)
	}
	if _, err := atMost(strings.NewReader("12345"), 4); err == nil {
		t.Error("five bytes were read where four are the most")
	}
}
