package chat

import (
	"fmt"
	"net/netip"
	"runtime"
	"sync"
	"testing"
	"time"

	"mediad/overlay"
)

// BenchmarkFanOut tells 20,000 listeners in one process of a comment, and waits until all
// have it; the pause between two wakes is left out. In turns with it comes the plain way: a channel for
// each listener, with room for one frame. The ratio is what one tape costs of that.
func BenchmarkFanOut(b *testing.B) {
	const many = 20_000
	var mem runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&mem)
	before := mem.HeapAlloc
	h := New(Options{Store: newRows(), NewID: nextID()})
	var heard, ended sync.WaitGroup
	listeners := make([]*Listener, many)
	for i := range listeners {
		l, err := h.Listen(b.Context(), show, "")
		if err != nil {
			b.Fatal(err)
		}
		l.Greeting, listeners[i] = nil, l // they are written, and gone
	}
	runtime.GC()
	runtime.ReadMemStats(&mem)
	perListener := float64(mem.HeapAlloc-before) / many
	stop := make(chan struct{})
	for _, l := range listeners {
		ended.Go(func() {
			for {
				text, wake, _ := l.Hear()
				if len(text) > 0 {
					heard.Done()
					continue
				}
				select {
				case <-wake:
				case <-stop:
					l.Close()
					return
				}
			}
		})
	}
	c, err := h.at(b.Context(), show)
	if err != nil {
		b.Fatal(err)
	}
	plain := make([]chan []byte, many)
	for i := range plain {
		plain[i] = make(chan []byte, 1)
		ended.Go(func() {
			for {
				select {
				case <-plain[i]:
					heard.Done()
				case <-stop:
					return
				}
			}
		})
	}
	var ours, theirs time.Duration
	card := overlay.Comment{Name: "Corn town", Text: "It is sweet.", Host: true} // a host is never left out
	for i := range b.N {
		card.ID = fmt.Sprintf("01KC%022d", i)
		heard.Add(many)
		begun := time.Now()
		c.viewers.mu.Lock()
		c.viewers.timer = true // so that only the next line wakes, without the pause
		c.viewers.mu.Unlock()
		h.tell(c, []overlay.Comment{card})
		c.viewers.later()
		heard.Wait()
		ours += time.Since(begun)
		heard.Add(many)
		begun = time.Now()
		text := frame("comment", card.ID, card.Card())
		for _, to := range plain {
			to <- text
		}
		heard.Wait()
		theirs += time.Since(begun)
	}
	close(stop)
	ended.Wait()
	b.ReportMetric(float64(ours.Nanoseconds())/float64(b.N)/many, "ns/listener")
	b.ReportMetric(float64(theirs.Nanoseconds())/float64(b.N)/many, "plain-ns/listener")
	b.ReportMetric(float64(ours)/float64(theirs), "ratio")
	b.ReportMetric(perListener, "B/listener")
}

// TestTwentyThousandListen: 20,000 listeners in one process hear the host and each other,
// every one of them all that was told, in order.
func TestTwentyThousandListen(t *testing.T) {
	const many, words = 20_000, 5
	h := New(Options{Store: newRows(), NewID: nextID(), Listeners: many})
	var all sync.WaitGroup
	results := make(chan int, many)
	for range many {
		l, err := h.Listen(t.Context(), show, "")
		must(t, err)
		all.Go(func() {
			defer l.Close()
			n := 0
			for n < words {
				text, wake, ok := l.Hear()
				if !ok {
					break
				}
				if n += len(idsIn(string(text))); len(text) > 0 {
					continue
				}
				select {
				case <-wake:
				case <-t.Context().Done():
					return
				}
			}
			results <- n
		})
	}
	if _, err := h.Listen(t.Context(), show, ""); overlay.CodeOf(err) != overlay.Unavailable {
		t.Errorf("one too many: %v", err)
	}
	for i := range words {
		_, err := h.Post(t.Context(), show, said(i), netip.Addr{})
		must(t, err)
	}
	all.Wait()
	close(results)
	heard := 0
	for n := range results {
		if heard++; n != words {
			t.Fatalf("a listener heard %d of %d", n, words)
		}
	}
	if heard != many || h.Stats().Listeners != 0 {
		t.Errorf("%d heard; %+v", heard, h.Stats())
	}
}
