package store_test

import (
	"testing"

	"mediad/overlay"
	"mediad/overlay/store"
)

// A renamed room keeps its name over starts, until the configuration has
// another title than before.
func TestConfiguredTitles(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	for i, step := range []struct{ config, rename, want string }{
		{"Corn", "", "Corn"}, {"Corn", "Maize", "Maize"}, {"Corn", "", "Maize"}, {"", "", "Maize"}, {"Field", "", "Field"}, {"Field", "Barn", "Barn"}, {"Field", "", "Barn"},
	} {
		room, err := f.EnsureRoom(ctx, "corn", step.config, "corn-key")
		must(t, err)
		if step.rename != "" {
			room, err = f.ChangeRoom(ctx, "corn", store.RoomChange{Title: step.rename}, "tester")
			must(t, err)
		}
		if room.Title != step.want {
			t.Errorf("step %d: %q, want %q", i, room.Title, step.want)
		}
		f.reopen()
	}
	if _, err := f.ChangeRoom(ctx, "corn", store.RoomChange{Title: "a\u200bb", Latency: overlay.MassLatency}, "tester"); overlay.CodeOf(err) != overlay.Invalid {
		t.Errorf("a title with what cannot be seen: %v", err)
	}
	if room, err := f.RoomBySlug(ctx, "corn"); err != nil || room.Latency == overlay.MassLatency {
		t.Errorf("half of a change was kept: %+v, %v", room, err)
	}
}

// A deleted room's key opens nothing, and another room may have it at once.
func TestDeletedRoomsKey(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	if err := f.DeleteRoom(ctx, "corn", "tester"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.RoomByKey(ctx, "corn-key"); overlay.CodeOf(err) != overlay.NotFound {
		t.Errorf("its key: %v", err)
	}
	if _, err := f.EnsureRoom(ctx, "other", "Other", "corn-key"); err != nil {
		t.Errorf("another with its key: %v", err)
	}
	if _, err := f.EnsureRoom(ctx, "corn", "Corn", ""); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("the slug while it is deleted: %v", err)
	}
	if _, err := f.BeginBroadcast(ctx, "corn", f.clock.Now()); overlay.CodeOf(err) != overlay.NotFound {
		t.Errorf("a broadcast in it: %v", err)
	}
	must(t, f.SweepDeleted(ctx))
	if _, err := f.EnsureRoom(ctx, "corn", "Corn", ""); err != nil {
		t.Errorf("the slug when it is gone: %v", err)
	}
}
