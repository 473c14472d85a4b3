package store_test

import (
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// A latency class holds for broadcasts that begin after it was set. A
// broadcast on air keeps its own, over losses and restarts.
func TestLatencyHoldsFromTheNextBroadcast(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	a := f.begin()
	if a.Latency != overlay.LowLatency {
		t.Errorf("at first it is %q", a.Latency)
	}
	room, err := f.SetLatency(ctx, "corn", overlay.MassLatency, "tester")
	if err != nil || room.Latency != overlay.MassLatency {
		t.Fatalf("set: %+v, %v", room, err)
	}
	must(t, f.Interrupted(ctx, a.Epoch, f.clock.Now(), f.clock.Now().Add(time.Minute)))
	f.reopen()
	open, err := f.OpenBroadcasts(ctx)
	if err != nil || len(open) != 1 || open[0].Latency != overlay.LowLatency {
		t.Errorf("open: %+v, %v", open, err)
	}
	waiting, err := f.WaitingBroadcast(ctx, a.Epoch)
	if err != nil || waiting.Latency != overlay.LowLatency {
		t.Errorf("waiting: %q, %v", waiting.Latency, err)
	}
	if b := f.begin(); b.Epoch != a.Epoch || b.Latency != overlay.LowLatency {
		t.Errorf("resumed: %+v", b)
	}
	must(t, f.EndBroadcast(ctx, a.Epoch, f.clock.Now(), "unpublished"))
	if b := f.begin(); b.Epoch == a.Epoch || b.Latency != overlay.MassLatency {
		t.Errorf("the next one: %+v", b)
	}
	// The configuration of a room does not change its class.
	room, err = f.EnsureRoom(ctx, "corn", "New", "")
	if err != nil || room.Latency != overlay.MassLatency {
		t.Errorf("ensured: %+v, %v", room, err)
	}
}

func TestLatencyOfANewRoom(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	room, err := f.CreateRoom(ctx, store.NewRoom{Slug: "tea", Title: "Tea", Latency: overlay.BalancedLatency}, store.Once{})
	if err != nil || room.Latency != overlay.BalancedLatency {
		t.Errorf("%+v, %v", room, err)
	}
	_, err = f.CreateRoom(ctx, store.NewRoom{Slug: "rice", Title: "Rice", Latency: "fast"}, store.Once{})
	wantCode(t, err, overlay.Invalid)
	_, err = f.SetLatency(ctx, "tea", "", "tester")
	wantCode(t, err, overlay.Invalid)
	_, err = f.SetLatency(ctx, "nowhere", overlay.LowLatency, "tester")
	wantCode(t, err, overlay.NotFound)
}
