package feed_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mediad/overlay"
	"mediad/overlay/feed"
	"mediad/overlay/store"
)

// hanging is a store that hangs in one kind of call about the room corn until it
// is freed.
type hanging struct {
	*store.Store
	call string // that hangs
	free chan struct{}

	mu   sync.Mutex
	corn map[string]bool // shows and events of corn; guarded by mu
}

// of records that a show or an event is corn's.
func (h *hanging) of(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.corn[id] = true
}

func (h *hanging) at(call, id string) {
	h.mu.Lock()
	hangs := call == h.call && h.corn[id]
	h.mu.Unlock()
	if hangs {
		<-h.free
	}
}

func (h *hanging) PictureAfter(ctx context.Context, show string, seq uint64, limit int) ([]overlay.Event, error) {
	h.at("for the picture", show)
	return h.Store.PictureAfter(ctx, show, seq, limit)
}

func (h *hanging) HostsAfter(ctx context.Context, show string, pos uint64, limit int) ([]overlay.Event, error) {
	h.at("for hosts", show)
	return h.Store.HostsAfter(ctx, show, pos, limit)
}

func (h *hanging) MakeDue(ctx context.Context, show string, now time.Time) ([]overlay.Event, error) {
	h.at("make due", show)
	return h.Store.MakeDue(ctx, show, now)
}

func (h *hanging) Landed(ctx context.Context, landed []overlay.Landed) error {
	for _, l := range landed {
		h.at("landed", l.ID)
	}
	return h.Store.Landed(ctx, landed)
}

// While the log hangs for one room, another room's cues reach its stream and its
// hosts, also those for later, and its landings are kept. What hung goes on
// afterwards, in order.
func TestOneRoomHangs(t *testing.T) {
	for _, call := range []string{"for the picture", "for hosts", "make due", "landed"} {
		t.Run(call, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				s, err := store.Open(t.Context(), store.Options{Dir: dir})
				must(t, err)
				_, err = s.CreateProduct(t.Context(), overlay.Product{SKU: "A", Title: "A", Price: 1, Currency: "CNY"}, store.Once{})
				must(t, err)
				h, sink := &hanging{Store: s, call: call, free: make(chan struct{}), corn: map[string]bool{}}, &stream{}
				f := feed.New(feed.Options{Log: h, Agenda: h, Sink: sink})
				ctx, stop := context.WithCancel(t.Context())
				done := make(chan error, 1)
				go func() { done <- f.Run(ctx) }()
				shows := map[string]string{}
				for _, room := range []string{"corn", "tea"} {
					_, err = s.EnsureRoom(t.Context(), room, room, "key-of-"+room)
					must(t, err)
					b, err := s.BeginBroadcast(t.Context(), room, time.Now())
					must(t, err)
					shows[room] = b.Show
					f.Attach(b.Show, b.Seq)
				}
				synctest.Wait()
				h.of(shows["corn"])
				tea, corn := f.Subscribe(t.Context(), "tea"), f.Subscribe(t.Context(), "corn")

				// All of it happens in corn first.
				later := map[string]overlay.CueInfo{}
				for _, room := range []string{"corn", "tea"} {
					c, err := s.Pin(t.Context(), room, "A", overlay.At{Form: overlay.AtDelay, Delay: 5 * time.Second}, store.Once{})
					must(t, err)
					later[room] = c
					h.of(later["corn"].ID)
					_, err = s.AddCue(t.Context(), room, overlay.NewCue{Kind: overlay.KindNotice, Text: "now"}, overlay.At{}, store.Once{})
					must(t, err)
				}
				time.Sleep(6 * time.Second)
				landed := map[string]bool{}
				land := func(room string) {
					for _, c := range sink.taken() {
						if c.Room == room && !landed[c.ID] {
							landed[c.ID] = true
							h.of(later["corn"].ID)
							c.Landed(overlay.Landing{PTS: 1, Epoch: "01a"})
						}
					}
					synctest.Wait()
				}
				land("corn")
				land("tea")
				if got := said(tea); got != "cue.scheduled notice product.pin landed landed landed" {
					t.Errorf("tea's host hears %q", got)
				}
				if c, err := s.GetCue(t.Context(), "tea", later["tea"].ID); err != nil || c.Landed == nil {
					t.Errorf("tea's cue: %+v, %v", c, err)
				}
				if c, err := s.GetCue(t.Context(), "corn", later["corn"].ID); err != nil || c.Landed != nil {
					t.Errorf("corn does not hang: %+v, %v", c, err)
				}
				close(h.free)
				synctest.Wait()
				land("corn")
				if c, err := s.GetCue(t.Context(), "corn", later["corn"].ID); err != nil || c.Landed == nil {
					t.Errorf("corn's cue afterwards: %+v, %v", c, err)
				}
				got := said(corn)
				if events := strings.Join(strings.Fields(strings.ReplaceAll(got, "landed", "")), " "); events != "cue.scheduled notice product.pin" || strings.Count(got, "landed") != 3 {
					t.Errorf("corn's host hears %q", got)
				}
				stop()
				must(t, <-done)
				must(t, s.Close())
			})
		})
	}
}

// said summarizes the messages of a subscriber.
func said(s *feed.Subscription) (all string) {
	for {
		select {
		case m := <-s.C:
			word := "landed"
			if m.Event != nil {
				word = string(m.Event.Kind)
			}
			if all != "" {
				all += " "
			}
			all += word
		default:
			return all
		}
	}
}
