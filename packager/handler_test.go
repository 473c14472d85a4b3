package packager

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mediad/packager/layout"
)

// objects is a store in memory, for what is older than the window.
type objects map[string]string

func (o objects) Open(_ context.Context, key string) (io.ReadCloser, int64, error) {
	v, ok := o[key]
	if !ok {
		return nil, 0, fs.ErrNotExist
	}
	return io.NopCloser(strings.NewReader(v)), int64(len(v)), nil
}

func (o objects) OpenAt(ctx context.Context, key string, offset, length int64) (io.ReadCloser, int64, error) {
	body, size, err := o.Open(ctx, key)
	switch {
	case err != nil:
		return nil, 0, err
	case offset >= size:
		return nil, 0, ErrBeyond
	case length < 0:
		length = size
	}
	return io.NopCloser(io.NewSectionReader(strings.NewReader(o[key]), offset, min(length, size-offset))), size, errors.Join(err, body.Close())
}

const mediaURL = "/live/demo/01test/main/"

// onAir gives a Live with a stream that has some segments and an open one with
// at least a part.
func onAir(t testing.TB) (*Live, *studio) {
	s := newStudio(t, Options{State: state(1)})
	s.send(shot{fps: 30, gop: 60, frames: 260})
	l := NewLive(objects{"live/demo/01old/main/7.ts": "old segment", "live/demo/01old/vod.m3u8": "#EXTM3U\n", "live/demo/../vod.m3u8": "above", "live//01old/vod.m3u8": "beside"})
	l.Add(s.stream)
	return l, s
}

func ask(l *Live, method, url string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, url, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	l.ServeHTTP(w, r)
	return w
}

func TestHandlerAnswers(t *testing.T) {
	l, s := onAir(t)
	w := s.stream.snapshot()
	last := strconv.FormatUint(w.lastMSN(), 10)
	msn := func(n uint64) string { return strconv.FormatUint(w.lastMSN()+n, 10) }
	list := mediaURL + "index.m3u8"
	for _, c := range []struct {
		method, url string
		status      int
		cache       string
	}{
		{"GET", "/live/demo/index.m3u8", 200, "max-age=1"},
		{"GET", "/live/nowhere/index.m3u8", 404, "max-age=1"},
		{"GET", list, 200, "max-age=1"},
		{"HEAD", list, 200, "max-age=1"},
		{"POST", list, 405, "no-store"},
		{"OPTIONS", list, 204, ""},
		{"GET", list + "?_HLS_msn=" + last, 200, "max-age=1, s-maxage=12"},
		{"GET", list + "?_HLS_msn=1&_HLS_part=0", 200, "max-age=1, s-maxage=12"},
		{"GET", list + "?_HLS_part=0&_HLS_msn=" + msn(1) + "&other=1", 200, "max-age=1, s-maxage=12"},
		{"GET", list + "?_HLS_part=1", 400, "no-store"},
		{"GET", list + "?_HLS_msn=x", 400, "no-store"},
		{"GET", list + "?_HLS_msn=-1", 400, "no-store"},
		{"GET", list + "?_HLS_msn=", 400, "no-store"},
		{"GET", list + "?_HLS_msn=99999999999999999999", 400, "no-store"},
		{"GET", list + "?_HLS_msn=" + last + "&_HLS_part=1.5", 400, "no-store"},
		{"GET", list + "?_HLS_msn=" + msn(3), 400, "no-store"},
		{"GET", list + "?_HLS_msn=" + msn(1) + "&_HLS_part=99", 400, "no-store"},
		{"GET", list + "?%zz&a;b&x=%zz", 200, "max-age=1"},
		{"GET", list + "?utm=1;2&_HLS_part=1", 400, "no-store"},
		{"GET", mediaURL + last + ".ts", 200, immutable},
		{"GET", mediaURL + "p1.ts", 200, immutable},
		{"GET", mediaURL + "p01.ts", 404, "max-age=1"},
		{"GET", mediaURL + "p999999.ts", 404, "no-store"}, // these may yet come:
		{"GET", mediaURL + "999999.ts", 404, "no-store"},  // nobody may keep that they are not there
		{"GET", mediaURL + "0.ts", 404, "max-age=1"},
		{"GET", mediaURL + "p0.ts", 404, "max-age=1"},
		{"GET", mediaURL + "x.ts", 404, "max-age=1"},
		{"GET", mediaURL + "..%2fx.ts", 404, "max-age=1"},
		{"GET", "/live/demo/01test/other/index.m3u8", 404, "max-age=1"},
		{"GET", "/live/other/01test/main/index.m3u8", 404, "max-age=1"},
		{"GET", "/live/", 404, "max-age=1"},
		{"GET", "/live", 404, "max-age=1"},
		{"GET", "/live//demo/index.m3u8", 404, "max-age=1"},
		{"GET", "/live//01old/vod.m3u8", 404, "max-age=1"},
		{"GET", "/live/demo/../vod.m3u8", 404, "max-age=1"},
		{"GET", "/live/demo/%2e%2e/vod.m3u8", 404, "max-age=1"},
		{"GET", "/live/demo/01old/main/7.ts", 200, immutable},
		{"GET", "/live/demo/01old/main/p7.ts", 404, "max-age=1"},
		{"GET", "/live/demo/01old/main/8.ts", 404, "max-age=1"},
		{"HEAD", "/live/demo/01old/main/7.ts", 200, immutable},
		{"GET", "/live/demo/01old/vod.m3u8", 200, "max-age=1"},
	} {
		got := ask(l, c.method, c.url)
		if got.Code != c.status || got.Header().Get("Cache-Control") != c.cache {
			t.Errorf("%s %s: %d %q, want %d %q: %s", c.method, c.url, got.Code, got.Header().Get("Cache-Control"), c.status, c.cache, got.Body)
		}
		if got.Header().Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(got.Header().Get("Access-Control-Expose-Headers"), "Age") {
			t.Errorf("%s %s: no CORS", c.method, c.url)
		}
		if strings.Contains(c.url, "/main/index.m3u8") && c.status < 405 && c.method == "GET" && strings.Contains(c.url, "01test/main") && got.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s %s: Vary %q", c.method, c.url, got.Header().Get("Vary"))
		}
		if c.method == "HEAD" && got.Body.Len() > 0 && got.Code >= 400 {
			t.Errorf("%s %s has a body", c.method, c.url)
		}
	}
}

// The multivariant playlist says what its one variant is, and nothing that would
// take more than that variant. All addresses are relative: it stays with one host.
func TestHandlerMultivariant(t *testing.T) {
	l, _ := onAir(t)
	text := ask(l, "GET", "/live/demo/index.m3u8").Body.String()
	for _, want := range []string{"\n01test/main/index.m3u8", `CODECS="avc1.42c01e,mp4a.40.2"`, "RESOLUTION=640x360", "BANDWIDTH=", "AVERAGE-BANDWIDTH="} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	for line := range strings.Lines(text) {
		tag, _, _ := strings.Cut(strings.TrimSpace(line), ":")
		if strings.HasPrefix(tag, "#") && tag != "#EXTM3U" && tag != "#EXT-X-VERSION" && tag != "#EXT-X-STREAM-INF" {
			t.Errorf("%s in\n%s", tag, text)
		}
	}
	if strings.Contains(text, "VIDEO-RANGE") {
		t.Errorf("a range of brightness in\n%s", text)
	}
	media := ask(l, "GET", mediaURL+"index.m3u8").Body.String()
	for _, m := range regexp.MustCompile(`(?m)^[^#\n].*|URI="[^"]*"`).FindAllString(media, -1) {
		if strings.Contains(m, "/") {
			t.Errorf("%s is not beside its playlist", m)
		}
	}
}

// Every playlist comes in gzip for those who take it, and varies by that.
func TestHandlerCompresses(t *testing.T) {
	l, _ := onAir(t)
	for _, url := range []string{"/live/demo/index.m3u8", mediaURL + "index.m3u8", "/live/demo/dvr/index.m3u8", "/live/demo/01test/dvr.m3u8", "/live/demo/01old/vod.m3u8"} {
		plain := ask(l, "GET", url)
		zipped := ask(l, "GET", url, "Accept-Encoding", "br, gzip;q=0.5")
		z, err := gzip.NewReader(zipped.Body)
		if err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		text, err := io.ReadAll(z)
		if err != nil || plain.Code != 200 || !bytes.Equal(text, plain.Body.Bytes()) {
			t.Errorf("%s: %d, unzipped text differs: %v", url, plain.Code, err)
		}
		if zipped.Header().Get("ETag") == plain.Header().Get("ETag") || zipped.Header().Get("Vary") != "Accept-Encoding" || plain.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: the encodings must have ETags of their own, and Vary", url)
		}
		if got := ask(l, "GET", url, "If-None-Match", plain.Header().Get("ETag")); got.Code != 304 || got.Body.Len() != 0 || got.Header().Get("Vary") == "" {
			t.Errorf("%s, known ETag: %d %v", url, got.Code, got.Header())
		}
		if got := ask(l, "HEAD", url); got.Header().Get("Content-Length") != strconv.Itoa(len(text)) {
			t.Errorf("HEAD %s: %v", url, got.Header())
		}
	}
	for _, url := range []string{"/live/nowhere/index.m3u8", "/live/demo/01gone/main/index.m3u8", "/live/nowhere/dvr/index.m3u8", "/live/demo/01gone/dvr.m3u8", "/live/demo/01gone/vod.m3u8"} {
		if got := ask(l, "GET", url); got.Code != 404 || got.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: %d %v", url, got.Code, got.Header())
		}
	}
}

func TestAcceptsGzip(t *testing.T) {
	for _, c := range []struct {
		lines []string
		want  bool
	}{
		{nil, false},
		{[]string{""}, false},
		{[]string{"gzip"}, true},
		{[]string{"deflate,GZip ;q=1"}, true},
		{[]string{"br, gzip; q=0.001"}, true},
		{[]string{"br", "identity;q=0.5, gzip"}, true},
		{[]string{"br", "deflate"}, false},
		{[]string{"gzip;q=0"}, false},
		{[]string{"gzip; q=0.0"}, false},
		{[]string{"gzip;Q=0.000, br"}, false},
		{[]string{"gzipped, x-gzip;q=1"}, false},
		{[]string{"identity;q=1, *;q=0"}, false}, // Chrome's own HLS, which fails where gzip comes all the same
	} {
		if got := AcceptsGzip(c.lines); got != c.want {
			t.Errorf("%q: %t", c.lines, got)
		}
	}
}

func TestHandlerRanges(t *testing.T) {
	l, s := onAir(t)
	seg := s.stream.snapshot().segments[1]
	var all bytes.Buffer
	newBody(seg.parts).WriteTo(&all)
	url := mediaURL + layout.SegmentFile(seg.msn)
	if got := ask(l, "GET", url); !bytes.Equal(got.Body.Bytes(), all.Bytes()) || got.Header().Get("Accept-Ranges") != "bytes" {
		t.Error("the whole segment differs")
	}
	edge := len(seg.parts[0].data)
	got := ask(l, "GET", url, "Range", "bytes="+strconv.Itoa(edge-100)+"-"+strconv.Itoa(edge+99))
	if got.Code != 206 || !bytes.Equal(got.Body.Bytes(), all.Bytes()[edge-100:edge+100]) {
		t.Errorf("range over two parts: %d, %d bytes", got.Code, got.Body.Len())
	}
	if got := ask(l, "GET", url, "Range", "bytes=188-9007199254740991"); got.Code != 206 || got.Body.Len() != all.Len()-188 {
		t.Errorf("open range: %d, %d bytes", got.Code, got.Body.Len())
	}
	if got := ask(l, "GET", "/live/demo/01old/main/7.ts", "Range", "bytes=4-6"); got.Code != 206 || got.Body.String() != "seg" {
		t.Errorf("range of a stored segment: %d %q", got.Code, got.Body)
	}
	if got := ask(l, "GET", url, "Range", "bytes=99999999-"); got.Code != 416 {
		t.Errorf("range beyond the end: %d", got.Code)
	}
}

// The forms of ranges that players use, from the window and from the store.
func TestHandlerRangeForms(t *testing.T) {
	l, s := onAir(t)
	seg := s.stream.snapshot().segments[1]
	var live bytes.Buffer
	newBody(seg.parts).WriteTo(&live)
	for url, all := range map[string][]byte{mediaURL + layout.SegmentFile(seg.msn): live.Bytes(), "/live/demo/01old/main/7.ts": []byte("old segment")} {
		n := len(all)
		for form, want := range map[string][]byte{
			"bytes=0-3":                all[:4],
			"bytes=4-9007199254740991": all[4:],
			"bytes=4-":                 all[4:],
			"bytes=-4":                 all[n-4:],
			"bytes=-9007199254740991":  all,

			"bytes=0-99999999999999999999": all,
			"bytes=-99999999999999999999":  all,
			"bytes=-0, 0-3,":               all[:4],
		} {
			got := ask(l, "GET", url, "Range", form)
			if got.Code != 206 || !bytes.Equal(got.Body.Bytes(), want) || got.Header().Get("Cache-Control") != immutable || got.Header().Get("Accept-Ranges") != "bytes" {
				t.Errorf("%s %s: %d, %d bytes, %v", url, form, got.Code, got.Body.Len(), got.Header())
			}
		}
		got := ask(l, "GET", url, "Range", "bytes=0-1,4-5")
		if got.Code != 206 || !strings.HasPrefix(got.Header().Get("Content-Type"), "multipart/byteranges") || !bytes.Contains(got.Body.Bytes(), all[4:6]) {
			t.Errorf("%s two ranges: %d %s", url, got.Code, got.Header().Get("Content-Type"))
		}
		for _, form := range []string{"bytes=9007199254740991-", "bytes=99999999999999999999-", "bytes=-0", "bytes=-0, 9007199254740991-"} {
			got := ask(l, "GET", url, "Range", form)
			if got.Code != 416 || got.Header().Get("Content-Range") != "bytes */"+strconv.Itoa(n) || got.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s: %d %v", url, form, got.Code, got.Header())
			}
		}
		// What is no range is ignored.
		for _, form := range []string{"items=0-1", "bytes", "bytes=", "bytes=,", "bytes=abc", "bytes=-", "bytes=1", "bytes=+1-2", "bytes=3-1", "bytes=0-1,x", "bytes=1-2-3", "bytes=0x1-"} {
			got := ask(l, "GET", url, "Range", form)
			if got.Code != 200 || !bytes.Equal(got.Body.Bytes(), all) || got.Header().Get("Cache-Control") != immutable || got.Header().Get("Content-Length") != strconv.Itoa(n) {
				t.Errorf("%s %s: %d, %d bytes, %v", url, form, got.Code, got.Body.Len(), got.Header())
			}
		}
		if got := ask(l, "HEAD", url, "Range", "bytes=0-3"); got.Code != 200 || got.Body.Len() > 0 || got.Header().Get("Content-Length") != strconv.Itoa(n) {
			t.Errorf("HEAD %s: %d %v", url, got.Code, got.Header())
		}
		tag := ask(l, "GET", url).Header().Get("ETag")
		if got = ask(l, "GET", url, "If-None-Match", `"x", W/`+tag); tag == "" || got.Code != 304 || got.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s with its own tag %s: %d", url, tag, got.Code)
		}
	}
	tag := ask(l, "GET", "/live/demo/index.m3u8").Header().Get("ETag")
	if got := ask(l, "GET", "/live/demo/index.m3u8", "If-None-Match", tag); tag == "" || got.Code != 304 {
		t.Errorf("multivariant with its own tag %s: %d", tag, got.Code)
	}
}

// Shared caches keep answers to blocking requests, but for those that end with a
// segment: VHS would be held there.
func TestHandlerBlockingLifetime(t *testing.T) {
	_, s := onAir(t)
	w := s.stream.snapshot()
	if got := w.forAll(); len(w.open.parts) == 0 || got != "max-age=1, s-maxage=12" {
		t.Errorf("within a segment: %q", got)
	}
	closed := &window{segments: w.segments, target: w.target}
	if got := closed.forAll(); got != "max-age=1" {
		t.Errorf("at the end of a segment: %q", got)
	}
}

// Who waits with the tag of what he has gets the new text, not a 304 for the old one.
func TestHandlerHoldsConditionalRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := onAir(t)
		w := s.stream.snapshot()
		now := ask(l, "GET", mediaURL+"index.m3u8").Header().Get("ETag")
		url := mediaURL + "index.m3u8?x=1&_HLS_part=" + strconv.Itoa(len(w.open.parts)) + "&_HLS_msn=" + strconv.FormatUint(w.lastMSN()+1, 10)
		answer := make(chan *httptest.ResponseRecorder, 1)
		go func() { answer <- ask(l, "GET", url, "If-None-Match", now) }()
		synctest.Wait()
		select {
		case got := <-answer:
			t.Fatalf("answered at once: %d", got.Code)
		default:
		}
		s.send(shot{fps: 30, gop: 60, frames: 20, from: 8667})
		got := <-answer
		if got.Code != 200 || got.Header().Get("ETag") == now {
			t.Errorf("%d, tag %s", got.Code, got.Header().Get("ETag"))
		}
		if got = ask(l, "GET", url, "If-None-Match", got.Header().Get("ETag")); got.Code != 304 || got.Header().Get("Vary") == "" || got.Header().Get("Cache-Control") == "" {
			t.Errorf("what he has by now: %d %v", got.Code, got.Header())
		}
	})
}

// blocked asks in a goroutine of the bubble.
func blocked(l *Live, url string) chan *httptest.ResponseRecorder {
	c := make(chan *httptest.ResponseRecorder, 1)
	go func() { c <- ask(l, "GET", url) }()
	return c
}

func TestHandlerBlocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := onAir(t)
		w := s.stream.snapshot()
		next := strconv.FormatUint(w.lastMSN()+1, 10)
		parts := len(w.open.parts)
		list := mediaURL + "index.m3u8?_HLS_msn=" + next
		part := blocked(l, list+"&_HLS_part="+strconv.Itoa(parts))
		beyond := blocked(l, list+"&_HLS_part="+strconv.Itoa(parts+5)) // the segment closes before it has so many
		whole := blocked(l, list)
		hint := blocked(l, mediaURL+layout.PartFile(w.nextPart))
		top := ask(l, "GET", "/live/demo/index.m3u8?preview=1").Body.String()
		if !strings.Contains(top, "/index.m3u8?preview=1\n") {
			t.Errorf("a preview's list:\n%s", top)
		}
		preview := blocked(l, list+"&_HLS_part="+strconv.Itoa(parts)+"&preview=1") // a host's: no viewer
		synctest.Wait()
		for name, c := range map[string]chan *httptest.ResponseRecorder{"preview": preview, "part": part, "beyond": beyond, "segment": whole, "hint": hint} {
			select {
			case got := <-c:
				t.Errorf("%s was answered at once: %d %s", name, got.Code, got.Body)
			default:
			}
		}
		s.send(shot{fps: 30, gop: 60, frames: 20, from: 8667})
		if n := s.stream.Viewers(); n != 3 { // those who wait for a playlist
			t.Errorf("%d viewers", n)
		}
		synctest.Wait()
		if got := <-part; got.Header().Get("Cache-Control") != "max-age=1, s-maxage=12" || got.Code != 200 || !strings.Contains(got.Body.String(), layout.PartFile(w.nextPart)+`"`) {
			t.Errorf("part: %d\n%s", got.Code, got.Body)
		}
		if got := <-preview; got.Code != 200 {
			t.Errorf("preview: %d", got.Code)
		}
		if got := <-hint; got.Code != 200 || got.Body.Len() == 0 {
			t.Errorf("hint: %d", got.Code)
		}
		s.send(shot{fps: 30, gop: 60, frames: 90, from: 9334})
		synctest.Wait()
		if got := <-whole; got.Code != 200 || !strings.Contains(got.Body.String(), "\n"+next+".ts") {
			t.Errorf("segment: %d", got.Code)
		}
		if got := <-beyond; got.Code != 200 {
			t.Errorf("beyond: %d", got.Code)
		}
	})
}

func TestHandlerDoesNotBlockForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := onAir(t)
		w := s.stream.snapshot()
		url := mediaURL + "index.m3u8?_HLS_msn=" + strconv.FormatUint(w.lastMSN()+1, 10)
		start := time.Now()
		if got := <-blocked(l, url); got.Code != 503 || got.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("nobody publishes: %d", got.Code)
		}
		if held := time.Since(start); held != 6*time.Second {
			t.Errorf("held for %v, want three target durations", held)
		}
		// Who leaves is not kept.
		ctx, leave := context.WithCancel(t.Context())
		left := make(chan struct{})
		go func() {
			l.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, url, nil))
			close(left)
		}()
		synctest.Wait()
		leave()
		<-left
		// A shutdown and the end release all.
		c, h := blocked(l, url), blocked(l, mediaURL+layout.PartFile(w.nextPart+50))
		synctest.Wait()
		s.stream.Suspend()
		if got := <-c; got.Code != 503 && got.Code != 200 {
			t.Errorf("shutdown: %d", got.Code)
		}
		<-h
		s.stream.End()
		got := ask(l, "GET", mediaURL+"index.m3u8?_HLS_msn=77777&_HLS_part=bad")
		if got.Code != 200 || !strings.Contains(got.Body.String(), "#EXT-X-ENDLIST") || strings.Contains(got.Body.String(), "PRELOAD-HINT") {
			t.Errorf("after the end: %d\n%s", got.Code, got.Body)
		}
		l.Remove(s.stream)
		if got := ask(l, "GET", "/live/demo/index.m3u8"); got.Code != 404 {
			t.Errorf("after the end the room is %d", got.Code)
		}
		if got := ask(l, "GET", mediaURL+"p1.ts"); got.Code != 200 {
			t.Errorf("after the end a part is %d", got.Code)
		}
		time.Sleep(3 * time.Minute) // in the bubble's time
		if got := ask(l, "GET", mediaURL+"p1.ts"); got.Code != 404 {
			t.Errorf("long after the end a part is %d", got.Code)
		}
	})
}

// A playlist without a whole segment is an empty one to players: the first
// request waits.
func TestHandlerWaitsForTheFirstSegment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, Options{})
		l := NewLive(nil)
		l.Add(s.stream)
		first, media := blocked(l, "/live/demo/index.m3u8"), blocked(l, mediaURL+"index.m3u8")
		s.send(shot{fps: 30, gop: 60, frames: 50})
		time.Sleep(longestWait - sharing - time.Millisecond) // in the bubble's time
		synctest.Wait()
		select {
		case <-first:
			t.Error("answered before the first segment")
		case <-media:
			t.Error("answered before the first segment")
		default:
		}
		s.send(shot{fps: 30, gop: 60, frames: 20, from: 1667})
		if got := <-first; got.Code != 200 {
			t.Errorf("multivariant: %d", got.Code)
		}
		if got := <-media; got.Code != 200 {
			t.Errorf("media: %d", got.Code)
		}
	})
}

// Who waits for a first segment that does not come is told so before players give
// up, and a shutdown tells him at once.
func TestHandlerGivesUpOnTheFirstSegment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, Options{})
		l := NewLive(nil)
		l.Add(s.stream)
		begun := time.Now()
		if got := <-blocked(l, mediaURL+"index.m3u8"); got.Code != 503 || time.Since(begun) != longestWait {
			t.Errorf("%d after %v, want 503 after %v", got.Code, time.Since(begun), longestWait)
		}
		begun = time.Now()
		waits := blocked(l, "/live/demo/index.m3u8")
		synctest.Wait()
		s.stream.Suspend()
		if got := <-waits; got.Code != 503 || time.Since(begun) != 0 {
			t.Errorf("at a shutdown: %d after %v", got.Code, time.Since(begun))
		}
	})
}
