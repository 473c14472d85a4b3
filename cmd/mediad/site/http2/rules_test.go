package http2

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/http2"
)

// A breach of RFC 9113 ends its stream or the connection, with the error code
// that the RFC names. Frames that are only unusual do not.
func TestRules(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "POST" {
			if _, err := io.ReadAll(r.Body); err != nil {
				return
			}
		}
		io.WriteString(w, "fine")
	})
	post := append([]string{":method", "POST"}, get[2:]...)
	with := func(base []string, more ...string) []string { return append(base[:len(base):len(base)], more...) }
	s := newSite(t, true, h)
	for name, c := range map[string]struct {
		send func(c *rude) error
		want string
	}{
		"a request":              {func(c *rude) error { return c.ask(1, true, get...) }, "200"},
		"no method":              {func(c *rude) error { return c.ask(1, true, get[2:]...) }, "stream PROTOCOL_ERROR"},
		"no path":                {func(c *rude) error { return c.ask(1, true, get[:6]...) }, "stream PROTOCOL_ERROR"},
		"two methods":            {func(c *rude) error { return c.ask(1, true, with(get, ":method", "GET")...) }, "stream PROTOCOL_ERROR"},
		"an odd pseudo header":   {func(c *rude) error { return c.ask(1, true, with(get, ":x", "y")...) }, "stream PROTOCOL_ERROR"},
		"a pseudo header behind": {func(c *rude) error { return c.ask(1, true, append([]string{"a", "b"}, get...)...) }, "stream PROTOCOL_ERROR"},
		"an upper-case name":     {func(c *rude) error { return c.ask(1, true, with(get, "X-Y", "z")...) }, "stream PROTOCOL_ERROR"},
		"a line break":           {func(c *rude) error { return c.ask(1, true, with(get, "x", "a\r\nb: c")...) }, "stream PROTOCOL_ERROR"},
		"Connection":             {func(c *rude) error { return c.ask(1, true, with(get, "connection", "close")...) }, "stream PROTOCOL_ERROR"},
		"Transfer-Encoding":      {func(c *rude) error { return c.ask(1, true, with(get, "transfer-encoding", "chunked")...) }, "stream PROTOCOL_ERROR"},
		"TE that is no trailers": {func(c *rude) error { return c.ask(1, true, with(get, "te", "gzip")...) }, "stream PROTOCOL_ERROR"},
		"TE: trailers":           {func(c *rude) error { return c.ask(1, true, with(get, "te", "trailers")...) }, "200"},
		"CONNECT":                {func(c *rude) error { return c.ask(1, true, ":method", "CONNECT", ":authority", "x:1") }, "405"},
		"an odd path":            {func(c *rude) error { return c.ask(1, true, with(get[:6], ":path", "/%zz")...) }, "400"},
		"an odd host": {func(c *rude) error {
			return c.ask(1, true, with(append([]string{}, get[:4]...), ":authority", "a b", ":path", "/")...)
		}, "400"},
		"two lengths": {func(c *rude) error {
			return c.ask(1, false, with(post, "content-length", "1", "content-length", "2")...)
		}, "stream PROTOCOL_ERROR"},
		"a length that is none": {func(c *rude) error { return c.ask(1, false, with(post, "content-length", "+1")...) }, "stream PROTOCOL_ERROR"},
		"a length without body": {func(c *rude) error { return c.ask(1, true, with(post, "content-length", "1")...) }, "stream PROTOCOL_ERROR"},
		"too many headers": {func(c *rude) error {
			return c.ask(1, true, with(get, "x", strings.Repeat("y", 9<<10), "x", strings.Repeat("z", 9<<10))...)
		}, "431"},
		"a body too long": {func(c *rude) error {
			return errors.Join(c.ask(1, false, with(post, "content-length", "1")...), c.WriteData(1, true, []byte("12")))
		}, "stream PROTOCOL_ERROR"},
		"a body too short": {func(c *rude) error {
			return errors.Join(c.ask(1, false, with(post, "content-length", "3")...), c.WriteData(1, true, []byte("12")))
		}, "stream PROTOCOL_ERROR"},
		"a body": {func(c *rude) error {
			return errors.Join(c.ask(1, false, with(post, "content-length", "2")...), c.WriteData(1, true, []byte("12")))
		}, "200"},
		"a padded body": {func(c *rude) error {
			return errors.Join(c.ask(1, false, post...), c.WriteDataPadded(1, true, []byte("12"), make([]byte, 200)))
		}, "200"},
		"trailers":                {func(c *rude) error { return errors.Join(c.ask(1, false, post...), c.ask(1, true, "x", "y")) }, "200"},
		"trailers without an end": {func(c *rude) error { return errors.Join(c.ask(1, false, post...), c.ask(1, false, "x", "y")) }, "stream PROTOCOL_ERROR"},
		"a body behind the end":   {func(c *rude) error { return errors.Join(c.ask(1, true, post...), c.WriteData(1, true, []byte("x"))) }, "200, or stream STREAM_CLOSED"},
		"more than the window": {func(c *rude) error {
			err := c.ask(1, false, append([]string{":method", "PUT"}, get[2:]...)...)
			for range 9 {
				err = errors.Join(err, c.WriteData(1, false, make([]byte, 16<<10)))
			}
			return err
		}, "FLOW_CONTROL_ERROR, or stream FLOW_CONTROL_ERROR, or stream STREAM_CLOSED, or 200"},
		"an even stream":        {func(c *rude) error { return c.ask(2, true, get...) }, "PROTOCOL_ERROR"},
		"a stream from before":  {func(c *rude) error { return errors.Join(c.ask(5, true, get...), c.ask(3, true, get...)) }, "200, or PROTOCOL_ERROR"},
		"a body for no stream":  {func(c *rude) error { return c.WriteData(1, true, []byte("x")) }, "PROTOCOL_ERROR"},
		"a reset of no stream":  {func(c *rude) error { return c.WriteRSTStream(1, http2.ErrCodeCancel) }, "PROTOCOL_ERROR"},
		"a window of no stream": {func(c *rude) error { return c.WriteWindowUpdate(1, 1) }, "PROTOCOL_ERROR"},
		"a window of nothing":   {func(c *rude) error { return c.WriteWindowUpdate(0, 0) }, "PROTOCOL_ERROR"},
		"a window too large":    {func(c *rude) error { return c.WriteWindowUpdate(0, 1<<31-1) }, "FLOW_CONTROL_ERROR"},
		"an odd setting": {func(c *rude) error {
			return c.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1 << 31})
		}, "FLOW_CONTROL_ERROR"},
		"settings twice": {func(c *rude) error {
			return errors.Join(c.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1}, http2.Setting{ID: http2.SettingInitialWindowSize, Val: 100}), c.ask(1, true, get...))
		}, "200"},
		"a push": {func(c *rude) error {
			return c.WritePushPromise(http2.PushPromiseParam{StreamID: 1, PromiseID: 2, BlockFragment: c.head(get...), EndHeaders: true})
		}, "PROTOCOL_ERROR"},
		"a frame too large": {func(c *rude) error {
			return errors.Join(c.ask(1, false, post...), c.WriteData(1, true, make([]byte, 17<<10)))
		}, "FRAME_SIZE_ERROR"},
		"headers that do not unpack": {func(c *rude) error {
			return c.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: []byte{0xff, 0xff, 0xff}, EndStream: true, EndHeaders: true})
		}, "COMPRESSION_ERROR"},
		"something within a head": {func(c *rude) error {
			return errors.Join(c.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: c.head(get...), EndStream: true}), c.WritePing(false, [8]byte{}))
		}, "PROTOCOL_ERROR"},
	} {
		t.Run(name, func(t *testing.T) {
			client := newRude(t, s)
			if err := c.send(client); err != nil {
				t.Fatal(err)
			}
			got := ""
			err := client.until(func(f http2.Frame) bool {
				switch f := f.(type) {
				case *http2.MetaHeadersFrame:
					got = f.PseudoValue("status")
				case *http2.RSTStreamFrame:
					got = "stream " + f.ErrCode.String()
				case *http2.GoAwayFrame:
					got = f.ErrCode.String()
				}
				return got != ""
			})
			if err != nil {
				got = err.Error()
			}
			found := false
			for want := range strings.SplitSeq(c.want, ", or ") {
				found = found || got == want
			}
			if !found {
				t.Errorf("%q, want %s", got, c.want)
			}
			if strings.HasPrefix(got, "stream") || len(got) == 3 { // the connection lives
				if err := errors.Join(client.ask(101, true, get...), client.until(func(f http2.Frame) bool {
					h, ok := f.(*http2.MetaHeadersFrame)
					return ok && h.StreamID == 101
				})); err != nil && c.want == got {
					t.Errorf("afterwards: %v", err)
				}
			}
		})
	}
}
