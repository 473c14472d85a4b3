package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/overlay"
	"mediad/overlay/store"
)

// kindPaid is a kind that no version of this program knows.
const kindPaid overlay.Kind = "order.paid"

// told gives the events of a show that hosts get and the picture does not.
func (f *fixture) told(show string) (list []string) {
	f.t.Helper()
	events, err := f.HostsAfter(context.Background(), show, 0, 10000)
	must(f.t, err)
	for _, e := range events {
		if e.Audience == overlay.ForHosts {
			list = append(list, string(e.Payload))
		}
	}
	return list
}

// TestHostsAreToldOfTheSchedule: hosts are told of each scheduled cue, and of each
// cancelled one, whatever cancelled it. None of these events has a number in the
// picture.
func TestHostsAreToldOfTheSchedule(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	b := f.begin()
	delay := overlay.At{Form: overlay.AtDelay, Delay: time.Minute}
	pin, err := f.Pin(ctx, "corn", "SKU-0", delay, store.Once{Key: "k"})
	must(t, err)
	_, err = f.Pin(ctx, "corn", "SKU-0", delay, store.Once{Key: "k"}) // repeated: told once
	must(t, err)
	must(t, f.CancelCue(ctx, "corn", pin.ID))
	must(t, f.CancelCue(ctx, "corn", pin.ID))
	vain, err := f.Unpin(ctx, "corn", "SKU-1", delay)
	must(t, err)
	notice, err := f.AddCue(ctx, "corn", overlay.NewCue{Kind: overlay.KindNotice, Text: "soon"}, overlay.At{Form: overlay.AtPTS, PTS: overlay.FirstPTS + 90*90_000}, store.Once{})
	must(t, err)
	custom, err := f.AddCue(ctx, "corn", overlay.NewCue{Kind: overlay.KindCustom, Data: json.RawMessage(`{"a":1}`)}, overlay.At{Form: overlay.AtDelay, Delay: time.Hour}, store.Once{})
	must(t, err)
	now := f.pin(2)
	if now.Seq != 2 {
		t.Errorf("the pin behind all of it has seq %d, want 2", now.Seq)
	}
	_, err = f.makeDue(f.clock.Add(time.Minute)) // the unpin finds no pin
	must(t, err)
	must(t, f.EndBroadcast(ctx, b.Epoch, f.clock.Now(), "test"))
	_, err = f.EndShow(ctx, "corn")
	must(t, err)

	type event struct {
		Kind   overlay.Kind
		Cue    *overlay.Scheduled
		Cues   []string
		Reason string
	}
	card := overlay.PinCard(f.products[0])
	minute := b.Anchor.Add(time.Minute)
	want := []event{
		{Kind: "cue.scheduled", Cue: &overlay.Scheduled{ID: pin.ID, Kind: "product.pin", Due: minute, Product: &card}},
		{Kind: "cue.cancelled", Cues: []string{pin.ID}, Reason: "taken back"},
		{Kind: "cue.scheduled", Cue: &overlay.Scheduled{ID: vain.ID, Kind: "product.unpin", Due: minute, Product: &overlay.Card{ID: f.products[1].ID}}},
		{Kind: "cue.scheduled", Cue: &overlay.Scheduled{ID: notice.ID, Kind: "notice", Due: b.Anchor.Add(90 * time.Second), Text: "soon"}},
		{Kind: "cue.scheduled", Cue: &overlay.Scheduled{ID: custom.ID, Kind: "custom", Due: b.Anchor.Add(time.Hour), Data: json.RawMessage(`{"a":1}`)}},
		{Kind: "cue.cancelled", Cues: []string{vain.ID}, Reason: "the product is not pinned"},
		{Kind: "cue.cancelled", Cues: []string{notice.ID}, Reason: "the broadcast ended before"},
		{Kind: "cue.cancelled", Cues: []string{custom.ID}, Reason: "the show ended before"},
	}
	var got []event
	for _, text := range f.told(b.Show) {
		var e event
		must(t, json.Unmarshal([]byte(text), &e))
		got = append(got, e)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("hosts are told (-want +got):\n%s", diff)
	}
	if got := kinds(f.events(b.Show)); got != "show.start product.pin show.pause show.end" {
		t.Errorf("for the picture are %s", got)
	}
}

// One action may cancel any number of cues: hosts hear of all, in events of a
// bounded size.
func TestManyCancelled(t *testing.T) {
	f := newFixture(t)
	want := map[string]bool{}
	for range overlay.MaxCancelled + 1 {
		c, err := f.Pin(t.Context(), "corn", "SKU-0", overlay.At{Form: overlay.AtDelay, Delay: time.Hour}, store.Once{})
		must(t, err)
		want[c.ID] = true
	}
	show := f.show()
	_, err := f.EndShow(t.Context(), "corn")
	must(t, err)
	told := f.told(show)
	if n := len(told); n != overlay.MaxCancelled+3 {
		t.Fatalf("%d events for hosts", n)
	}
	for _, text := range told[overlay.MaxCancelled+1:] {
		var e overlay.Cancelled
		must(t, json.Unmarshal([]byte(text), &e))
		if len(e.Cues) > overlay.MaxCancelled || len(text) > 64<<10 {
			t.Errorf("one event has %d cues, %d bytes", len(e.Cues), len(text))
		}
		for _, id := range e.Cues {
			delete(want, id)
		}
	}
	if len(want) > 0 {
		t.Errorf("hosts do not hear of %d", len(want))
	}
}

// A cue may have a moment of the broadcast on air and wait in the next show, if
// the host has ended this one.
func TestCancelledInTheNextShow(t *testing.T) {
	f := newFixture(t)
	b := f.begin()
	_, err := f.EndShow(t.Context(), "corn")
	must(t, err)
	c, err := f.Pin(t.Context(), "corn", "SKU-0", overlay.At{Form: overlay.AtPTS, PTS: overlay.FirstPTS + 90_000}, store.Once{})
	must(t, err)
	must(t, f.EndBroadcast(t.Context(), b.Epoch, f.clock.Now(), "test"))
	if told := f.told(c.Show); c.Show == b.Show || len(told) != 2 || !strings.Contains(told[1], c.ID) {
		t.Errorf("hosts are told %q", told)
	}
}

// TestPrivateEvents: an event that only the server's own code may read is in the
// log, even after the end of the show, and nowhere else.
func TestPrivateEvents(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	b := f.begin()
	f.pin(0)
	_, err := f.Append(ctx, b.Show, kindPaid)
	must(t, err)
	f.pin(1)
	_, err = f.EndShow(ctx, "corn")
	must(t, err)
	late, err := f.Append(ctx, b.Show, kindPaid)
	must(t, err)
	if late.Audience != overlay.Private || late.Pos != 6 || late.Seq != 0 || late.State != nil {
		t.Errorf("appended %+v", late)
	}
	log, err := f.After(ctx, b.Show, 0, 100)
	must(t, err)
	if got := kinds(log); got != "show.start product.pin order.paid product.pin show.end order.paid" {
		t.Errorf("the log has %s", got)
	}
	hosts, err := f.HostsAfter(ctx, b.Show, 2, 100)
	must(t, err)
	if got := kinds(hosts); got != "product.pin show.end" {
		t.Errorf("hosts get %s", got)
	}
	for pos, want := range map[uint64]string{0: "show.end product.pin", 5: "product.pin product.pin"} {
		if back, err := f.HostsBefore(ctx, b.Show, pos, 2); err != nil || kinds(back) != want {
			t.Errorf("hosts who go back from %d get %s, %v", pos, kinds(back), err)
		}
	}
	// Nothing for the picture follows the end of a show.
	if _, err := f.Append(ctx, b.Show, overlay.KindNotice); err == nil {
		t.Error("an ended show took an event for the picture")
	}

	// A deleted room loses the whole log of its shows, for all audiences.
	must(t, f.EndBroadcast(ctx, b.Epoch, f.clock.Now(), "test"))
	must(t, f.DeleteRoom(ctx, "corn", "tester"))
	must(t, f.EndDeletion(ctx, b.Show))
	must(t, f.SweepDeleted(ctx))
	if left, err := f.After(ctx, b.Show, 0, 100); err != nil || len(left) > 0 {
		t.Errorf("%s are left, %v", kinds(left), err)
	}
	if _, err := f.GetShow(ctx, b.Show); overlay.CodeOf(err) != overlay.NotFound {
		t.Errorf("the show is left: %v", err)
	}
}

// A resumed broadcast begins after the last event that landed in it, whatever
// other events are in the log.
func TestResumeAmongOtherEvents(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	b := f.begin()
	pin := f.pin(0)
	must(t, f.Landed(ctx, []overlay.Landed{{ID: pin.ID, Landing: overlay.Landing{PTS: 945000, Date: f.clock.Now(), Epoch: b.Epoch, Segment: 1, Part: 1}}}))
	for range 3 {
		_, err := f.Append(ctx, b.Show, kindPaid)
		must(t, err)
	}
	f.pin(1) // has not landed
	_, err := f.Pin(ctx, "corn", "SKU-2", overlay.At{Form: overlay.AtDelay, Delay: time.Hour}, store.Once{})
	must(t, err)
	f.reopen()
	again := f.begin()
	if again.Epoch != b.Epoch || again.Seq != 2 || cmp.Diff([]string{"SKU-0"}, pinnedIn(t, again.State)) != "" {
		t.Errorf("goes on behind %d with %s", again.Seq, again.State)
	}
	missed, err := f.PictureAfter(ctx, b.Show, again.Seq, 100)
	must(t, err)
	if len(missed) != 1 || missed[0].Seq != 3 || missed[0].Pos != 6 {
		t.Errorf("the stream still has to get %+v", missed)
	}
}

// FuzzAudiences does random actions in random order, among them a restore of the
// database. The end of the fixture reads every log for every reader.
func FuzzAudiences(f *testing.F) { fuzzAudiences(f, 4) }

// FuzzAudiencesPostgres is the same with PostgreSQL.
func FuzzAudiencesPostgres(f *testing.F) { fuzzAudiences(f, 1) }

func fuzzAudiences(f *testing.F, seeds uint64) {
	for seed := range seeds {
		actions := make([]byte, 60)
		rnd := rand.New(rand.NewPCG(seed, 2))
		for i := range actions {
			actions[i] = byte(rnd.IntN(256))
		}
		f.Add(actions)
	}
	f.Add([]byte("schedule, cancel, pay, end"))
	f.Fuzz(func(t *testing.T, actions []byte) {
		f := newFixture(t)
		ctx := context.Background()
		var last string // a cue
		seen := map[string]uint64{}
		for i, a := range actions[:min(len(actions), 80)] {
			product := f.products[int(a>>4)%5].ID
			at := overlay.At{}
			if a&8 != 0 {
				at = overlay.At{Form: overlay.AtDelay, Delay: time.Duration(1+a>>5) * time.Second}
			}
			var c overlay.CueInfo
			var err error
			switch a % 11 {
			case 0, 1:
				c, err = f.Pin(ctx, "corn", product, at, store.Once{})
			case 2:
				c, err = f.Unpin(ctx, "corn", product, at)
			case 3:
				c, err = f.AddCue(ctx, "corn", overlay.NewCue{Kind: overlay.KindNotice, Text: fmt.Sprint(i)}, at, store.Once{})
			case 4:
				price := int64(a)
				_, err = f.UpdateProduct(ctx, product, overlay.ProductChange{Price: &price})
			case 5:
				_, err = f.makeDue(f.clock.Add(time.Second))
			case 6:
				_, err = f.BeginBroadcast(ctx, "corn", f.clock.Now())
			case 7:
				open, e := f.OpenBroadcasts(ctx)
				if err = e; err == nil && len(open) > 0 {
					err = f.EndBroadcast(ctx, open[0].Epoch, f.clock.Now(), "test")
				}
			case 8:
				if last != "" {
					err = f.CancelCue(ctx, "corn", last)
				}
			case 9:
				heads, e := f.Heads(ctx)
				if err = e; err == nil && len(heads) > 0 {
					_, err = f.Append(ctx, heads[int(a>>4)%len(heads)].Show, []overlay.Kind{kindPaid, overlay.KindCueCancelled}[a>>7])
				}
			case 10:
				switch a >> 4 {
				case 0, 1, 2:
					_, err = f.EndShow(ctx, "corn")
				case 3:
					f.putBack(t)
				default:
					f.reopen()
				}
			}
			switch code := overlay.CodeOf(err); code {
			case "", overlay.NotFound, overlay.Conflict, overlay.Gone:
			default:
				t.Fatalf("action %d: %v", a, err)
			}
			if c.ID != "" {
				last = c.ID
			}
			// No number is used twice.
			heads, err := f.Heads(ctx)
			must(t, err)
			for _, h := range heads {
				if h.Seq < seen["seq"+h.Show] || h.Pos < seen["pos"+h.Show] {
					t.Fatalf("show %s steps back to %d and %d", h.Show, h.Pos, h.Seq)
				}
				seen["seq"+h.Show], seen["pos"+h.Show] = h.Seq, h.Pos
			}
		}
	})
}

// putBack makes a copy of the database, lets the shop go on, and puts the copy
// back.
func (f *fixture) putBack(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	var back func()
	if f.url != "" {
		must(t, f.Close())
		earlier := store.CopyOf(t, strings.TrimPrefix(mustURL(t, f.url).Path, "/"))
		back = func() { f.url = earlier }
		f.open()
	} else {
		copied, err := store.Backup(ctx, store.BackupOptions{Dir: f.dir, Target: filepath.Join(t.TempDir(), "shop.db")})
		must(t, err)
		back = func() { putBack(t, copied.Database, f.dir) }
	}
	f.pin(0)
	show := f.show()
	last, err := f.Append(ctx, show, kindPaid)
	must(t, err)
	must(t, f.Close())
	back()
	f.open()
	f.lifted = true
	if e, err := f.GetShow(ctx, show); err == nil && e.Pos <= last.Pos {
		t.Fatalf("the log goes on behind %d, and hosts have %d", e.Pos, last.Pos)
	} else if code := overlay.CodeOf(err); code != "" && code != overlay.NotFound { // the copy may be older than the show
		t.Fatal(err)
	}
}
