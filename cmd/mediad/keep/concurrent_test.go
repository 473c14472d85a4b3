package keep_test

import (
	"context"
	"strings"
	"testing"

	"mediad/cmd/mediad/keep"
	"mediad/overlay"
	"mediad/packager/archive"
	"mediad/packager/layout"
)

// interrupted lets a test act in the middle of an operation on a store.
type interrupted struct {
	keep.Objects
	read     func(key string) // after an object was read
	deleting func(key string) // before it is deleted
}

func (i *interrupted) Read(ctx context.Context, key string) ([]byte, string, error) {
	body, etag, err := i.Objects.Read(ctx, key)
	if i.read != nil {
		i.read(key)
	}
	return body, etag, err
}

func (i *interrupted) Delete(ctx context.Context, key string) error {
	if i.deleting != nil {
		i.deleting(key)
	}
	return i.Objects.Delete(ctx, key)
}

func (i *interrupted) DeleteIf(ctx context.Context, key, etag string) error {
	if i.deleting != nil {
		i.deleting(key)
	}
	return i.Objects.DeleteIf(ctx, key, etag)
}

// lists tells whether the room's stable playlist belongs to a broadcast on air.
func (h *house) lists(b overlay.Begin) bool {
	h.t.Helper()
	text, _, err := h.objects.Read(h.t.Context(), layout.TopOf("corn").Key())
	must(h.t, err)
	return strings.Contains(string(text), "\n"+b.Epoch+"/") && !strings.Contains(string(text), "ENDLIST")
}

// end takes a broadcast off the air.
func (h *house) end(b overlay.Begin, s *archive.Recorder) {
	h.t.Helper()
	s.End()
	must(h.t, h.archive.Flush(h.t.Context()))
	must(h.t, h.store.EndBroadcast(h.t.Context(), b.Epoch, h.now, "host"))
}

// TestRepairWhileABroadcastBegins: a broadcast that begins after the survey keeps the
// stable playlist, even if it takes it in the middle of the repair. A reader of
// the repaired files always finds one.
func TestRepairWhileABroadcastBegins(t *testing.T) {
	everywhere(t, func(t *testing.T, h *house) {
		for _, when := range []string{"after the look", "in the midst"} {
			old := h.show(3)
			h.delete(layout.Of("corn", old.Epoch).Segment(old.Numbers.MSN + 1).Key())
			var live overlay.Begin
			var stream *archive.Recorder
			begin := func() {
				if stream == nil {
					live, stream = h.air(2)
				}
			}
			objects := h.objects
			h.objects = &interrupted{Objects: objects, read: func(key string) {
				if when == "in the midst" && key == layout.TopOf("corn").Key() {
					begin()
				}
			}, deleting: func(key string) { t.Errorf("%s: %s is away for a moment", when, key) }}
			s := h.look()
			h.objects = objects
			if when == "after the look" {
				begin()
			}
			left, err := s.Repair(t.Context(), keep.RepairOptions{})
			must(t, err)
			if left != 0 || stream == nil || !h.lists(live) {
				t.Errorf("%s: %d left, the stable playlist is not the new broadcast's", when, left)
			}
			h.end(live, stream)
			if got := h.look().Findings; len(got) != 0 {
				t.Errorf("%s: left %v", when, got)
			}
		}
	})
}

// TestRepairOfTheDoomed: nothing is made again for a show that is marked for
// deletion after the survey.
func TestRepairOfTheDoomed(t *testing.T) {
	everywhere(t, func(t *testing.T, h *house) {
		b := h.show(3)
		h.delete(layout.Of("corn", b.Epoch).Recording().Key())
		s := h.look()
		_, err := h.store.BeginDeletion(t.Context(), b.Show, "tester")
		must(t, err)
		must(t, h.sweeper(h.objects, 0).Sweep(t.Context()))
		left, err := s.Repair(t.Context(), keep.RepairOptions{})
		must(t, err)
		if found := h.keys(""); left != 1 || len(found) != 0 {
			t.Errorf("%d left, put anew: %v", left, found)
		}
	})
}

// TestUnlistWhileABroadcastBegins: a broadcast that takes the stable playlist in the
// middle of a deletion keeps it, and the deletion ends later.
func TestUnlistWhileABroadcastBegins(t *testing.T) {
	everywhere(t, func(t *testing.T, h *house) {
		old := h.show(3)
		_, err := h.store.BeginDeletion(t.Context(), old.Show, "tester")
		must(t, err)
		var live overlay.Begin
		var stream *archive.Recorder
		s := h.sweeper(&interrupted{Objects: h.objects, deleting: func(key string) {
			if key == layout.TopOf("corn").Key() && stream == nil {
				live, stream = h.air(2)
			}
		}}, 0)
		if err := s.Sweep(t.Context()); err == nil {
			t.Error("the playlist of the new broadcast counts for the old one's")
		}
		if stream == nil || !h.lists(live) {
			t.Error("the stable playlist is not the new broadcast's")
		}
		must(t, s.Sweep(t.Context()))
		if left := h.keys("live/corn/" + old.Epoch); len(left) != 0 || !h.lists(live) {
			t.Errorf("left of the old show: %v", left)
		}
	})
}
