package keep_test

import (
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// Everything that is stored of a deleted room is deleted, even if the store
// failed in between. Then its slug is free, and nothing of it is found.
func TestRoomGoesWithAllOfIt(t *testing.T) {
	everywhere(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		first, second := h.show(3), h.show(2)
		must(t, h.store.AddClicks(ctx, []overlay.Click{{ID: h.store.NewID(), Show: first.Show, Product: "gone"}}))
		must(t, h.store.DeleteRoom(ctx, "corn", "tester"))
		if _, err := h.store.CreateRoom(ctx, store.NewRoom{Slug: "corn"}, store.Once{}); overlay.CodeOf(err) != overlay.Conflict {
			t.Errorf("the slug is taken until all is gone: %v", err)
		}
		broken := &faulty{Objects: h.objects, left: 2}
		if err := h.sweeper(broken, 720*time.Hour).Sweep(ctx); err == nil {
			t.Error("a store that failed was not told of")
		}
		if _, err := h.store.GetShow(ctx, first.Show); err != nil {
			t.Errorf("the show's row went before its objects: %v", err)
		}
		must(t, h.sweeper(h.objects, 720*time.Hour).Sweep(ctx))
		if left := h.keys("live/corn/"); len(left) > 0 {
			t.Errorf("left of the room: %v", left)
		}
		for _, show := range []string{first.Show, second.Show} {
			if _, err := h.store.GetShow(ctx, show); overlay.CodeOf(err) != overlay.NotFound {
				t.Errorf("show %s: %v", show, err)
			}
			events, err := h.store.After(ctx, show, 0, 10)
			if err != nil || len(events) > 0 {
				t.Errorf("%d events are left, %v", len(events), err)
			}
		}
		if found := h.look().Findings; len(found) > 0 {
			t.Errorf("found %v", found)
		}
		room, err := h.store.CreateRoom(ctx, store.NewRoom{Slug: "corn", Title: "Again"}, store.Once{})
		if err != nil || room.Title != "Again" {
			t.Errorf("%+v, %v", room, err)
		}
	})
}
