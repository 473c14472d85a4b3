package http2

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// rude is a client that tests control frame by frame.
type rude struct {
	t testing.TB
	net.Conn
	*http2.Framer
	block  bytes.Buffer
	fields *hpack.Encoder
}

func newRude(t testing.TB, s *site, settings ...http2.Setting) *rude {
	t.Helper()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(s.URL, "https") {
		conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}})
	}
	t.Cleanup(func() { conn.Close() })
	c := &rude{t: t, Conn: conn, Framer: http2.NewFramer(conn, conn)}
	c.AllowIllegalWrites = true
	c.Framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	c.fields = hpack.NewEncoder(&c.block)
	if _, err := io.WriteString(conn, http2.ClientPreface); err != nil {
		t.Fatal(err)
	}
	if err := c.WriteSettings(settings...); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *rude) head(pairs ...string) []byte {
	c.block.Reset()
	for i := 0; i < len(pairs); i += 2 {
		_ = c.fields.WriteField(hpack.HeaderField{Name: pairs[i], Value: pairs[i+1]})
	}
	return c.block.Bytes()
}

var get = []string{":method", "GET", ":scheme", "https", ":authority", "localhost", ":path", "/"}

func (c *rude) ask(id uint32, ends bool, pairs ...string) error {
	return c.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: c.head(pairs...), EndStream: ends, EndHeaders: true})
}

// until reads up to the first frame that f accepts; an error is that of the
// connection.
func (c *rude) until(f func(http2.Frame) bool) error {
	c.SetReadDeadline(time.Now().Add(20 * time.Second))
	for {
		frame, err := c.ReadFrame()
		if err != nil {
			return err
		}
		if f(frame) {
			return nil
		}
	}
}

// ends tells how the server ends the connection.
func (c *rude) ends() string {
	why := ""
	err := c.until(func(f http2.Frame) bool {
		g, ok := f.(*http2.GoAwayFrame)
		if ok {
			why = g.ErrCode.String()
		}
		return ok
	})
	if err != nil {
		return err.Error()
	}
	return why
}

// The server never exceeds the windows, which a client opens in odd steps, changes
// meanwhile, and makes negative. Everything arrives, on many streams at once.
func TestWindows(t *testing.T) {
	const streams, size = 20, 40_000
	all := noise(size)
	both(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(all) }), func(t *testing.T, s *site) {
		c := newRude(t, s, http2.Setting{ID: http2.SettingInitialWindowSize, Val: 200})
		windows, got, ended := map[uint32]int{}, map[uint32][]byte{}, 0
		whole, initial, steps := 65535, 200, []int{1, 7, 300, 16385, 5000}
		var sent []int // initial windows whose ack is to come
		for i := range streams {
			id := uint32(2*i + 1)
			windows[id] = initial
			if err := c.ask(id, true, get...); err != nil {
				t.Fatal(err)
			}
		}
		for n := 0; ended < streams; n++ {
			err := c.until(func(f http2.Frame) bool {
				if s, ok := f.(*http2.SettingsFrame); ok && s.IsAck() && len(sent) > 0 {
					for id := range windows { // what was sent before it keeps to the former windows
						windows[id] += sent[0] - initial
					}
					initial, sent = sent[0], sent[1:]
					return true
				}
				d, ok := f.(*http2.DataFrame)
				if !ok {
					return false
				}
				data := d.Data()
				got[d.StreamID] = append(got[d.StreamID], data...)
				// A window may be negative since the settings changed; an empty frame needs none.
				windows[d.StreamID] -= len(data)
				if windows[d.StreamID] < 0 && len(data) > 0 {
					t.Fatalf("stream %d: %d beyond its window", d.StreamID, -windows[d.StreamID])
				}
				if whole -= len(data); whole < 0 {
					t.Fatal("beyond the window of the connection")
				}
				if d.StreamEnded() {
					ended++
				}
				return true
			})
			if err != nil {
				t.Fatal(err)
			}
			if n%30 == 29 && n < 300 { // all windows get larger, or much smaller: some become negative
				size := []int{2, 200}[n/30%2]
				sent = append(sent, size)
				c.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: uint32(size)})
			}
			for i := range streams {
				id, step := uint32(2*i+1), steps[(n+i)%len(steps)]
				if windows[id] < 1 && len(got[id]) < size {
					step = max(step, 1-windows[id]) // many small frames would be a flood
					windows[id] += step
					c.WriteWindowUpdate(id, uint32(step))
				}
			}
			if whole < 40_000 {
				step := steps[n%len(steps)]
				whole += step
				c.WriteWindowUpdate(0, uint32(step))
			}
		}
		for id, b := range got {
			if !bytes.Equal(b, all) {
				t.Errorf("stream %d: %d bytes, and not the same", id, len(b))
			}
		}
	})
}

// A peer that floods is disconnected. It never costs more handlers than its
// allowed streams, nor more than some MiB of memory.
func TestFloods(t *testing.T) {
	var busy, most atomic.Int64
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n := busy.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer busy.Add(-1)
		if r.URL.Path == "/" {
			<-r.Context().Done()
			time.Sleep(5 * time.Millisecond) // it does not notice at once
		}
	})
	quick := append(get[:len(get)-1:len(get)-1], "/quick")
	id := uint32(1)
	next := func() uint32 { id += 2; return id }
	for name, flood := range map[string]struct {
		send func(c *rude) error
		want string
	}{
		"resets": {func(c *rude) error {
			n := next()
			return errors.Join(c.ask(n, true, get...), c.WriteRSTStream(n, http2.ErrCodeCancel))
		}, "ENHANCE_YOUR_CALM"},
		"resets by us": {func(c *rude) error {
			n := next()
			return errors.Join(c.ask(n, true, get...), c.WriteWindowUpdate(n, 1<<31-1))
		}, "ENHANCE_YOUR_CALM"},
		"requests that are none": {func(c *rude) error { return c.ask(next(), true, ":method", "GET", ":path", "x") }, "ENHANCE_YOUR_CALM"},
		"too many requests":      {func(c *rude) error { return c.ask(next(), true, get...) }, "ENHANCE_YOUR_CALM"},
		"pings":                  {func(c *rude) error { return c.WritePing(false, [8]byte{1}) }, "ENHANCE_YOUR_CALM"},
		"answers to pings":       {func(c *rude) error { return c.WritePing(true, [8]byte{1}) }, "ENHANCE_YOUR_CALM"},
		"settings": {func(c *rude) error {
			return c.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1})
		}, "ENHANCE_YOUR_CALM"},
		"long settings":  {func(c *rude) error { return c.WriteSettings(make([]http2.Setting, 100)...) }, "ENHANCE_YOUR_CALM"},
		"priorities":     {func(c *rude) error { return c.WritePriority(next(), http2.PriorityParam{Weight: 1}) }, "ENHANCE_YOUR_CALM"},
		"unknown frames": {func(c *rude) error { return c.WriteRawFrame(0xbe, 0, 0, nil) }, "ENHANCE_YOUR_CALM"},
		"windows":        {func(c *rude) error { return c.WriteWindowUpdate(0, 1) }, "ENHANCE_YOUR_CALM"},
		"empty bodies": {func(c *rude) error {
			n := next()
			err := c.ask(n, false, get...)
			for range 100 {
				err = errors.Join(err, c.WriteData(n, false, nil))
			}
			return err
		}, "ENHANCE_YOUR_CALM"},
		"bodies for nobody": {func(c *rude) error {
			n := next()
			err := c.ask(n, true, quick...)
			for range 100 {
				err = errors.Join(err, c.WriteData(n, false, []byte("x")))
			}
			return err
		}, "ENHANCE_YOUR_CALM"},
		"continuations": {func(c *rude) error {
			n := next()
			err := c.WriteHeaders(http2.HeadersFrameParam{StreamID: n, BlockFragment: c.head(get...), EndStream: true})
			for range 200 {
				err = errors.Join(err, c.WriteContinuation(n, false, c.head("x", strings.Repeat("y", 500))))
			}
			return err
		}, "PROTOCOL_ERROR"},
		"empty continuations": {func(c *rude) error {
			n := next()
			err := c.WriteHeaders(http2.HeadersFrameParam{StreamID: n, BlockFragment: c.head(get...), EndStream: true})
			for range 100_000 {
				err = errors.Join(err, c.WriteContinuation(n, false, nil))
				if err != nil {
					break
				}
			}
			return err
		}, "PROTOCOL_ERROR"},
		"a packed bomb": {func(c *rude) error {
			n, name := next(), strings.Repeat("n", 3000)
			pairs := append([]string{}, get...)
			for range 4000 { // a byte each, but for the first
				pairs = append(pairs, name, "v")
			}
			block := c.head(pairs...)
			err := c.WriteHeaders(http2.HeadersFrameParam{StreamID: n, BlockFragment: block[:min(len(block), 8000)], EndStream: true, EndHeaders: len(block) <= 8000})
			return err
		}, ""},
	} {
		both(t, h, func(t *testing.T, s *site) {
			t.Run(name, func(t *testing.T) {
				id = 1
				for busy.Load() > 0 { // of the flood before
					time.Sleep(time.Millisecond)
				}
				most.Store(0)
				c := newRude(t, s)
				before := memory()
				ended := make(chan string, 1)
				go func() { ended <- c.ends() }()
				var why string
				for n := 0; why == "" && n < 200_000; n++ {
					if c.send(flood.send) != nil {
						why = <-ended
					}
					if flood.want == "" && n == 1000 {
						break
					}
					select {
					case why = <-ended:
					default:
					}
				}
				// The end may come as a reset, if the socket had unread bytes.
				lost := strings.Contains(why, "reset") || strings.Contains(why, "EOF") || strings.Contains(why, "broken") || strings.Contains(why, "closed")
				if flood.want != "" && !strings.Contains(why, flood.want) && !lost {
					t.Errorf("it ends by %q", why)
				}
				if n := most.Load(); n > 100+slack {
					t.Errorf("%d handlers at once", n)
				}
				if more := memory() - before; more > 8<<20 {
					t.Errorf("%d KiB more in memory", more>>10)
				}
			})
		})
	}
}

func (c *rude) send(f func(*rude) error) error {
	c.SetWriteDeadline(time.Now().Add(20 * time.Second))
	return f(c)
}

func memory() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// Bodies that nobody reads take a bounded number of bytes, however many send them.
func TestUnreadBodies(t *testing.T) {
	came, free := make(chan struct{}, 1000), make(chan struct{})
	s := newSite(t, false, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		came <- struct{}{}
		<-free
		n, _ := io.Copy(io.Discard, r.Body)
		fmt.Fprint(w, n)
	}))
	const conns = 100 // of two windows each: three times the bound
	var refused atomic.Int64
	post := append([]string{":method", "POST"}, get[2:]...)
	var all sync.WaitGroup
	for range conns {
		c := newRude(t, s)
		for id := uint32(1); id <= 3; id += 2 {
			if err := c.ask(id, false, post...); err != nil {
				t.Fatal(err)
			}
			<-came
			for range 3 {
				if err := c.WriteData(id, false, make([]byte, 16<<10)); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := c.WritePing(false, [8]byte{7}); err != nil { // answered when all of that is read
			t.Fatal(err)
		}
		pinged := make(chan struct{})
		all.Go(func() {
			err := c.until(func(f http2.Frame) bool {
				if r, ok := f.(*http2.RSTStreamFrame); ok && r.ErrCode == http2.ErrCodeEnhanceYourCalm {
					refused.Add(1)
				}
				return f.Header().Type == http2.FramePing
			})
			if err != nil {
				t.Error(err)
			}
			close(pinged)
		})
		<-pinged
	}
	s.s.stock.mu.Lock()
	held := s.s.stock.all
	s.s.stock.mu.Unlock()
	if held > stockOwn || held < stockOwn/2 || refused.Load() == 0 {
		t.Errorf("%d bytes are held, %d streams are refused", held, refused.Load())
	}
	close(free)
	s.CloseClientConnections()
	all.Wait()
	for {
		s.s.stock.mu.Lock()
		held = s.s.stock.all
		s.s.stock.mu.Unlock()
		if held == 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// A head that is longer than a frame continues in other frames.
func TestLongHeads(t *testing.T) {
	want := strings.Repeat("long", 10_000)
	both(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Long", want)
		w.Header().Set("X-Bad", "a\nb")
		w.Header().Set("Connection", "close")
		fmt.Fprint(w, "body")
	}), func(t *testing.T, s *site) {
		r, err := s.client.Get(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		if text, err := io.ReadAll(r.Body); err != nil || string(text) != "body" || r.Header.Get("X-Long") != want || len(r.Header) != 4 {
			t.Errorf("%v, %q, %d headers", err, text, len(r.Header))
		}
	})
}
