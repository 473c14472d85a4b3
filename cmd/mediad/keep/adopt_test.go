package keep_test

import (
	"os"
	"path/filepath"
	"testing"

	"mediad/cmd/mediad/keep"
	"mediad/overlay"
	"mediad/overlay/store"
	"mediad/packager/archive"
)

// TestAdopt: recordings that the database does not know, as after a restore, become
// shows again, with or without their journals. Those of unknown rooms stay orphans.
func TestAdopt(t *testing.T) {
	everywhere(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		first, second := h.show(5), h.show(4)
		must(t, os.Remove(filepath.Join(h.spool(), "corn", second.Epoch+".journal")))
		h.put("live/rice/01aaaaaaaaaaaaaaaaaaaaaaaa/main/1.ts", "another shop's")
		old, err := store.Open(ctx, store.Options{Dir: t.TempDir(), Now: h.clock})
		must(t, err)
		defer old.Close()
		_, err = old.EnsureRoom(ctx, "corn", "Corn", "corn-key")
		must(t, err)
		o := keep.SurveyOptions{Rows: old, Objects: h.objects, Dir: h.spool(), Alone: true}
		s, err := keep.Look(ctx, o)
		must(t, err)
		done, err := s.Adopt(ctx)
		must(t, err)
		if len(done) != 2 {
			t.Errorf("adopted %q", done)
		}
		s, err = keep.Look(ctx, o)
		must(t, err)
		if _, err := s.Repair(ctx, keep.RepairOptions{}); err != nil {
			t.Fatal(err)
		}
		s, err = keep.Look(ctx, o)
		must(t, err)
		if len(s.Findings) != 1 || s.Findings[0].Room != "rice" {
			t.Errorf("found %v", s.Findings)
		}
		again, err := s.Adopt(ctx)
		if err != nil || len(again) != 0 {
			t.Errorf("adopted twice: %q, %v", again, err)
		}
		shows, err := old.ListShows(ctx, "corn", "", 10)
		must(t, err)
		if len(shows) != 2 || shows[0].State != overlay.ShowEnded || shows[0].Started.Before(shows[1].Started) {
			t.Errorf("shows %+v", shows)
		}
		for epoch, n := range map[string]int{first.Epoch: 5, second.Epoch: 4} {
			j, err := archive.OpenJournals(h.spool()).Read(archive.Epoch{Room: "corn", Epoch: epoch})
			must(t, err)
			if j == nil || len(j.Records) != n || !j.Done {
				t.Errorf("%s: %+v", epoch, j)
			}
		}
		// The room's numbers continue after it.
		b, err := old.BeginBroadcast(ctx, "corn", h.now)
		must(t, err)
		if b.Numbers.MSN < second.Numbers.MSN+4 {
			t.Errorf("the next broadcast begins with %d", b.Numbers.MSN)
		}
	})
}
