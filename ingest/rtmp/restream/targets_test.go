package restream

import (
	"bytes"
	"crypto/tls"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/cmd/mediad/site/sitetest"
	"mediad/ingest"
)

// narrow gives connections a small buffer, so that a server that reads nothing is noticed
// soon.
type narrow struct {
	net.Listener
	size int
}

func (n narrow) Accept() (net.Conn, error) {
	c, err := n.Listener.Accept()
	if err == nil {
		err = c.(*net.TCPConn).SetReadBuffer(n.size)
	}
	return c, err
}

// blackHole takes connections and reads nothing.
func blackHole(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); all.Wait() })
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = c.Close() })
		}
	})
	return "rtmp://" + l.Addr().String() + "/app"
}

// closed is an address at which nothing listens.
func closed(t *testing.T) string {
	return "rtmp://" + sitetest.FreeAddress(t) + "/app"
}

// TestTargets: of good and bad targets beside each other, the good one gets every picture, and
// of each bad one its state tells what is wrong. What waits for them is bounded.
func TestTargets(t *testing.T) {
	good := open(t, &platform{}, nil)
	slow := open(t, &platform{hold: make(chan struct{})}, func(l net.Listener) net.Listener { return narrow{l, 8 << 10} })
	defer close(slow.hold)
	var log sitetest.Buffer
	h := run(t, Options{Log: slog.New(slog.NewTextHandler(&log, nil)), Timeout: 2 * time.Second},
		Target{Name: "good", URL: good.url, Key: rightKey, Enabled: true},
		Target{Name: "slow", URL: slow.url, Key: rightKey, Enabled: true},
		Target{Name: "hole", URL: blackHole(t), Key: "key-of-hole", Enabled: true},
		Target{Name: "closed", URL: closed(t), Key: "key-of-closed", Enabled: true},
		Target{Name: "wrong", URL: good.url, Key: "wrong-key-of-a-test?sign=fedcba", Enabled: true},
		Target{Name: "ready", URL: good.url, Key: rightKey},
	)
	until(t, h, "ready", "off", is(Off))
	until(t, h, "good", "waiting", is(Waiting))
	f := begin(t, h, 80_000) // 19 Mbit/s
	stop := f.play()
	defer stop()
	until(t, h, "good", "live", is(Live))
	until(t, h, "closed", "told", func(s State) bool {
		return s.Phase == Retrying && s.Problem.Code == NotOpen && s.Next.After(time.Now().Add(-time.Second))
	})
	wrong := until(t, h, "wrong", "refused", func(s State) bool { return s.Phase == Retrying && s.Problem.Code == RefusedKey })
	if wait := wrong.Next.Sub(wrong.Since); wait < 20*time.Second {
		t.Errorf("a server that refused the key is asked again after %v", wait)
	}
	if !strings.Contains(wrong.Problem.Said, "NetStream.Publish") {
		t.Errorf("the server said %q", wrong.Problem.Said)
	}
	until(t, h, "hole", "told", func(s State) bool { return s.Phase == Retrying && s.Problem.Code == NoAnswer })
	until(t, h, "slow", "told to lose pictures, or given up", func(s State) bool {
		return s.Dropped > 0 || s.Problem != nil && s.Problem.Code == NoAnswer
	})
	stop()
	last := f.number - 1
	good.until(t, "every picture has come", func() bool { return len(good.pictures) > int(last) })
	good.every(t, 0, last)
	for _, target := range h.room("corn").list() {
		if waiting, _ := target.queue.figures(); waiting > maxBytes {
			t.Errorf("%d bytes wait for %s", waiting, target.Name)
		}
	}
	good.mu.Lock()
	if p := good.pictures; p[0].ms != 0 || p[30].ms != 1000 || p[0].offset != 66 {
		t.Errorf("the first picture is at %d ms and the 31st at %d, shown %d ms later; want 0, 1000 and 66", p[0].ms, p[30].ms, p[0].offset)
	}
	if v := good.tracks[0][0]; v.Width != 1280 || !bytes.Equal(v.SPS[0], f.tracks(1280)[0].SPS[0]) || good.sound < len(good.pictures)-1 {
		t.Errorf("%d frames of sound, tracks %+v", good.sound, good.tracks)
	}
	good.mu.Unlock()
	for _, secret := range []string{"right-key", "0123456789abcdef", "wrong-key", "fedcba", "key-of-"} {
		if strings.Contains(log.String(), secret) || strings.Contains(wrong.Problem.Said, secret) {
			t.Errorf("the key %q is told", secret)
		}
	}
}

// TestStopAndStart: a stopped target is left at once, also one that takes nothing; a started
// one begins with a key frame, at 0.
func TestStopAndStart(t *testing.T) {
	good := open(t, &platform{}, nil)
	h := run(t, Options{}, Target{Name: "good", URL: good.url, Key: rightKey}, Target{Name: "hole", URL: blackHole(t), Key: "k", Enabled: true})
	f := begin(t, h, 2000)
	defer f.play()()
	until(t, h, "hole", "connecting", is(Connecting))
	h.Stop("corn", "hole")
	until(t, h, "hole", "off", is(Off))
	for round := 1; round <= 2; round++ {
		h.Start("corn", "good")
		until(t, h, "good", "live", is(Live))
		good.until(t, "pictures come", func() bool { return len(good.pictures) > 10 })
		h.Stop("corn", "good")
		until(t, h, "good", "off", is(Off))
		good.until(t, "the server was told", func() bool { return len(good.ended) == round && good.ended[round-1] == ingest.Unpublished })
		if s := h.States("corn")[0]; s.Dropped > 0 {
			t.Errorf("round %d: %d pictures before the first key frame count as lost", round, s.Dropped)
		}
		good.mu.Lock()
		if first := good.pictures[0]; first.ms != 0 || first.number%30 != 0 {
			t.Errorf("round %d begins with picture %+v", round, first)
		}
		good.pictures = nil
		good.mu.Unlock()
	}
	if h.Start("corn", "none") || h.Stop("leek", "good") {
		t.Error("a target that is not there was switched")
	}
}

// TestPublisherComesAndGoes: a connection lasts over a lost publisher and over a take-over,
// on one time line, with new parameters where they changed; an unpublish ends it.
func TestPublisherComesAndGoes(t *testing.T) {
	good := open(t, &platform{}, nil)
	h := run(t, Options{}, Target{Name: "good", URL: good.url, Key: rightKey, Enabled: true})
	f := begin(t, h, 500)
	send := func(n int) {
		for range n {
			f.picture()
		}
		want := f.number - 1
		good.until(t, "what was sent has come", func() bool {
			return len(good.pictures) > 0 && good.pictures[len(good.pictures)-1].number == want
		})
	}
	until(t, h, "good", "connecting", func(s State) bool { return s.Phase == Connecting || s.Phase == Live })
	for i := range 3 {
		send(10)
		switch old := f.feed; i {
		case 0:
			old.Close(true) // and comes back
			f.feed = h.Open("corn")
			f.feed.SetTracks(f.tracks(1280))
		case 1:
			f.feed = h.Open("corn")
			old.Close(true) // it was taken over, and ends late
			f.feed.SetTracks(f.tracks(640))
		}
		f.clock -= 5_000_000 // each publisher has a clock of its own
		f.number = uint32(i+1) * 30
	}
	f.feed.Close(false)
	until(t, h, "good", "waiting", is(Waiting))
	good.until(t, "the server was told", func() bool { return len(good.ended) == 1 })
	good.mu.Lock()
	defer good.mu.Unlock()
	if good.publish != 1 || good.ended[0] != ingest.Unpublished || len(good.pictures) != 30 {
		t.Errorf("%d publishes that ended as %v, %d pictures", good.publish, good.ended, len(good.pictures))
	}
	for i, s := range good.pictures[1:] {
		if step := s.ms - good.pictures[i].ms; step < 1 || step > 5000 {
			t.Errorf("a step of %d ms before picture %d", step, s.number)
		}
	}
	if w := good.tracks[len(good.tracks)-1][0].Width; w != 640 {
		t.Errorf("the last width is %d", w)
	}
}

// TestDelay: what is delayed waits in memory, and its rest is sent after the publisher's end.
func TestDelay(t *testing.T) {
	good := open(t, &platform{}, nil)
	h := run(t, Options{}, Target{Name: "good", URL: good.url, Key: rightKey, Enabled: true, Delay: 2 * time.Second})
	f := begin(t, h, 500)
	until(t, h, "good", "live", is(Live))
	began := time.Now()
	for range 30 {
		f.picture()
	}
	f.feed.Close(false)
	good.until(t, "pictures come", func() bool { return len(good.pictures) > 0 })
	if early := time.Since(began); early < 2*time.Second {
		t.Errorf("they came after %v", early)
	}
	until(t, h, "good", "waiting", is(Waiting))
	good.until(t, "the server was told", func() bool { return len(good.ended) == 1 })
	good.every(t, 0, 29)
}

// TestRTMPS: a certificate must be trusted.
func TestRTMPS(t *testing.T) {
	secret, roots := sitetest.TLS(t)
	good := open(t, &platform{}, func(l net.Listener) net.Listener { return tls.NewListener(l, secret) })
	target := Target{Name: "good", URL: strings.NewReplacer("rtmp:", "rtmps:", "127.0.0.1", "localhost").Replace(good.url), Key: rightKey, Enabled: true}
	h := run(t, Options{TLS: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}, target)
	f := begin(t, h, 500)
	defer f.play()()
	good.until(t, "pictures come", func() bool { return len(good.pictures) > 10 })
	doubtful := run(t, Options{}, target)
	doubtful.Open("corn")
	until(t, doubtful, "good", "refused for its certificate", func(s State) bool { return s.Phase == Retrying && s.Problem.Code == Certificate })
}

// TestSet: what stays the same goes on, also when others come, change and go.
func TestSet(t *testing.T) {
	good, other := open(t, &platform{}, nil), open(t, &platform{}, nil)
	one := Target{Name: "one", URL: good.url, Key: rightKey, Enabled: true}
	two := Target{Name: "two", URL: other.url, Key: rightKey, Enabled: true}
	h := run(t, Options{}, one)
	f := begin(t, h, 500)
	defer f.play()()
	until(t, h, "one", "live", is(Live))
	h.Set(map[string][]Target{"corn": {two, one}, "leek": {two}})
	until(t, h, "two", "live", is(Live))
	h.Set(map[string][]Target{"corn": {one}})
	other.until(t, "the one that went was told", func() bool { return len(other.ended) == 1 && other.ended[0] == ingest.Unpublished })
	before := len(h.States("corn"))
	good.mu.Lock()
	had := len(good.pictures)
	good.mu.Unlock()
	good.until(t, "the one that stayed goes on", func() bool { return len(good.pictures) > had+10 })
	if good.publish != 1 || before != 1 || len(h.States("leek")) != 0 {
		t.Errorf("%d publishes, %d targets, %d in the other room", good.publish, before, len(h.States("leek")))
	}
}

// TestServerHangsUp: a connection that ends is made again.
func TestServerHangsUp(t *testing.T) {
	good := open(t, &platform{}, nil)
	h := run(t, Options{}, Target{Name: "good", URL: good.url, Key: rightKey, Enabled: true})
	f := begin(t, h, 500)
	defer f.play()()
	good.until(t, "pictures come", func() bool { return len(good.pictures) > 10 })
	good.mu.Lock()
	good.kick(ingest.ErrClosing)
	good.mu.Unlock()
	until(t, h, "good", "to be tried again", func(s State) bool { return s.Phase == Retrying && s.Problem != nil })
	good.until(t, "it comes back", func() bool { return good.publish == 2 && len(good.pictures) > 0 })
}
