package restream

import (
	"net"
	"os"
	"runtime"
	"testing"
	"time"
)

// TestOutage: a platform that reads nothing for a while (MEDIAD_RESTREAM_OUTAGE; make restream
// takes ten minutes) costs no more memory than its queue, and gets the broadcast again as soon
// as it reads. The other target has every picture.
func TestOutage(t *testing.T) {
	outage := 3 * time.Second
	if text := os.Getenv("MEDIAD_RESTREAM_OUTAGE"); text != "" {
		var err error
		if outage, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	}
	good := open(t, &platform{}, nil)
	bad := open(t, &platform{hold: make(chan struct{})}, func(l net.Listener) net.Listener { return narrow{l, 256 << 10} })
	h := run(t, Options{}, Target{Name: "good", URL: good.url, Key: rightKey, Enabled: true}, Target{Name: "bad", URL: bad.url, Key: rightKey, Enabled: true})
	f := begin(t, h, 80_000) // 19 Mbit/s
	stop := f.play()
	defer stop()
	until(t, h, "bad", "live", is(Live))
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, most, waited := heap(), uint64(0), 0
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(outage); ; {
		select {
		case <-tick.C:
			for _, target := range h.room("corn").list() {
				bytes, _ := target.queue.figures()
				waited = max(waited, bytes)
			}
			most = max(most, heap())
			continue
		case <-end:
		}
		break
	}
	if waited > maxBytes {
		t.Errorf("%d bytes waited", waited)
	}
	// Beside the queue: what is being written, and what test and server hold of each connection.
	if grown := int64(most) - int64(before); grown > 3*maxBytes {
		t.Errorf("%d bytes more are in use", grown)
	}
	close(bad.hold)
	bad.mu.Lock()
	had := len(bad.pictures)
	bad.mu.Unlock()
	h.Start("corn", "bad") // does not wait for the next try
	bad.until(t, "pictures come again", func() bool { return len(bad.pictures) > had+60 })
	until(t, h, "bad", "live", is(Live))
	stop()
	last := f.number - 1
	good.until(t, "every picture has come", func() bool { return len(good.pictures) > int(last) })
	good.every(t, 0, last)
	t.Logf("%v: at most %d bytes waited, %d bytes more in use, %+v", outage, waited, int64(most)-int64(before), h.States("corn")[1])
}
