package packager

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// TestRequestTable is the whole of RFC 8216bis 6.2.5 for requests that are
// answered at once, and what senders make of it. Those that wait are in
// TestHandlerBlocks.
func TestRequestTable(t *testing.T) {
	low, s := onAir(t)
	mass := newStudio(t, Options{SegmentsOnly: true})
	mass.send(shot{fps: 30, gop: 60, frames: 260})
	plain := NewLive(nil)
	plain.Add(mass.stream)
	w := s.stream.snapshot()
	n := func(d int) string { return strconv.Itoa(int(w.lastMSN()) + d) }
	inLast := strconv.Itoa(len(w.segments[len(w.segments)-1].parts))
	long := strings.Repeat("a=b&", 16<<10)
	for _, c := range []struct {
		query  string
		status int
		mass   int // in a list without parts; 0: the same
	}{
		{"", 200, 0},
		{"_HLS_msn=" + n(0), 200, 0},
		{"_HLS_msn=0", 200, 0}, // older than the window
		{"_HLS_msn=0&_HLS_part=99", 200, 0},
		{"_HLS_msn=" + n(0) + "&_HLS_part=0", 200, 0},
		{"_HLS_msn=" + n(0) + "&_HLS_part=" + inLast, 200, 0}, // part 0 of the next
		{"_HLS_msn=" + n(1) + "&_HLS_part=0", 200, 503},
		{"_HLS_part=0&_HLS_msn=" + n(1), 200, 503},
		{"_HLS_part=0", 400, 0},
		{"_HLS_part", 400, 0},
		{"_HLS_part=0&_HLS_skip=YES", 400, 0},
		{"_HLS_msn", 400, 0},
		{"_HLS_msn=", 400, 0},
		{"_HLS_msn=&_HLS_part=", 400, 0},
		{"_HLS_msn=" + n(0) + "&_HLS_part=", 400, 0},
		{"_HLS_msn=abc", 400, 0},
		{"_HLS_msn=-1", 400, 0},
		{"_HLS_msn=+1", 400, 0},
		{"_HLS_msn=1.0", 400, 0},
		{"_HLS_msn=1e1", 400, 0},
		{"_HLS_msn=0x1", 400, 0},
		{"_HLS_msn=%31", 200, 0},
		{"%5FHLS_msn=1", 200, 0},
		{"%5fHLS_part=1", 400, 0},
		{"_HLS_msn=1%", 400, 0},
		{"_HLS_msn=%zz", 400, 0},
		{"_HLS_msn=1%00", 400, 0},
		{"_HLS_msn=1%0d%0aSet-Cookie:%20a=b", 400, 0},
		{"_HLS_msn=1;_HLS_part=0", 400, 0},
		{"_HLS_msn=1&_HLS_msn=99999", 200, 0}, // the first counts
		{"_HLS_msn=99999&_HLS_msn=1", 400, 0},
		{"_HLS_msn=" + n(3), 400, 0},
		{"_HLS_msn=" + n(1) + "&_HLS_part=99", 400, 503}, // no parts, so no limit for them
		{"_HLS_msn=9223372036854775807", 400, 0},
		{"_HLS_msn=9223372036854775808", 400, 0},
		{"_HLS_msn=18446744073709551616", 400, 0},
		{"_HLS_msn=" + strings.Repeat("9", 5000), 400, 0},
		{"_HLS_msn=" + n(0) + "&_HLS_part=" + strings.Repeat("9", 5000), 400, 0},
		{"_HLS_msn=" + n(1) + "&_HLS_part=9223372036854775807", 400, 503},
		{"_HLS_skip=YES", 200, 0}, // not offered: ignored
		{"_HLS_skip=%ff", 200, 0},
		{"_HLS_push=1&_HLS_x=%zz&token=%zz&=&&", 200, 0},
		{"_hls_msn=abc", 200, 0},
		{"x_HLS_part=1", 200, 0},
		{long, 200, 0},
		{long + "_HLS_part=1", 400, 0},
	} {
		if c.mass == 0 {
			c.mass = c.status
		}
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			if got := query(low, method, c.query); got.Code != c.status {
				t.Errorf("%s ?%.80s: %d, want %d: %.200s", method, c.query, got.Code, c.status, got.Body)
			}
			if c.mass == 503 {
				continue // it waits for the whole segment
			}
			if got := query(plain, method, c.query); got.Code != c.mass {
				t.Errorf("%s ?%.80s without parts: %d, want %d: %.200s", method, c.query, got.Code, c.mass, got.Body)
			}
		}
		if got := query(low, http.MethodOptions, c.query); got.Code != 204 || got.Body.Len() != 0 {
			t.Errorf("OPTIONS ?%.80s: %d", c.query, got.Code)
		}
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, "BREW"} {
			if got := query(low, method, c.query); got.Code != 405 || got.Header().Get("Allow") == "" {
				t.Errorf("%s ?%.80s: %d", method, c.query, got.Code)
			}
		}
	}
	// After ENDLIST every directive is ignored.
	s.stream.End()
	for _, q := range []string{"_HLS_part=1", "_HLS_msn=abc", "_HLS_msn=99999&_HLS_part=1&_HLS_skip=v2"} {
		if got := query(low, http.MethodGet, q); got.Code != 200 || !strings.Contains(got.Body.String(), "#EXT-X-ENDLIST") {
			t.Errorf("after the end, ?%s: %d", q, got.Code)
		}
	}
}

// query asks for the playlist with a raw query, as a server would hand it on.
func query(l *Live, method, raw string) *httptest.ResponseRecorder {
	r := &http.Request{Method: method, Header: http.Header{}, URL: &url.URL{Path: mediaURL + "index.m3u8", RawQuery: raw}}
	w := httptest.NewRecorder()
	l.ServeHTTP(w, r)
	return w
}

// Whatever stands in a query, the answer is one that the table knows, and no
// part of it comes back in a header.
func FuzzDirectives(f *testing.F) {
	for _, q := range []string{"_HLS_msn=3&_HLS_part=1&_HLS_skip=v2", "_HLS_part=1", "%5FHLS_msn=%31", "_HLS_msn=1%0d%0aX:y", "a;b&%zz=&_HLS_msn=-1"} {
		f.Add(q)
	}
	win := &window{segments: []*segment{{msn: 7, parts: []*part{{}}}}, target: 180000, partTarget: 45000, skipUntil: 12 * 90000}
	f.Fuzz(func(t *testing.T, raw string) {
		d, err := parseDirectives(raw)
		if err == nil {
			err = d.check(win)
		}
		if err == nil && d.blocking && d.msn <= 7 && !d.satisfied(win) && d.part == 0 {
			t.Errorf("%q is not satisfied by a list up to 7: %+v", raw, d)
		}
		if d.skip >= skips || d.part < 0 {
			t.Errorf("%q: %+v", raw, d)
		}
	})
}
