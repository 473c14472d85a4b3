package keep_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"mediad/cmd/mediad/keep"
	"mediad/packager/archive"
	"mediad/storage"
)

// liar stands in front of a store and changes its lists.
type liar struct {
	keep.Objects
	list func(found []storage.Info, after string) []storage.Info
}

func (l liar) List(ctx context.Context, prefix, after string, limit int) ([]storage.Info, error) {
	found, err := l.Objects.List(ctx, prefix, after, limit)
	return l.list(found, after), err
}

// lies are wrong lists, as broken stores, proxies and caches give them.
var lies = map[string]func([]storage.Info, string) []storage.Info{
	"cut short":    func(f []storage.Info, _ string) []storage.Info { return f[:len(f)/2] },
	"one left out": func(f []storage.Info, _ string) []storage.Info { return without(f, "/main/3.ts") },
	"nothing":      func([]storage.Info, string) []storage.Info { return nil },
	"no replay":    func(f []storage.Info, _ string) []storage.Info { return without(f, "/vod.m3u8") },
	"a circle": func(f []storage.Info, _ string) []storage.Info {
		for len(f) > 0 && len(f) < storage.MaxList {
			f = append(f, f...)
		}
		return f[:min(len(f), storage.MaxList)]
	},
	"backwards": func(f []storage.Info, _ string) []storage.Info {
		f = slices.Clone(f)
		slices.Reverse(f)
		return f
	},
}

func without(found []storage.Info, suffix string) []storage.Info {
	return slices.DeleteFunc(slices.Clone(found), func(i storage.Info) bool { return strings.HasSuffix(i.Key, suffix) })
}

// TestListThatLies: no wrong list makes a survey report an existing object as
// missing, or a repair mark it as a gap. The command ends with a clear error.
func TestListThatLies(t *testing.T) {
	for name, lie := range lies {
		t.Run(name, func(t *testing.T) {
			everywhere(t, func(t *testing.T, h *house) {
				b := h.show(5)
				before, err := archive.OpenJournals(h.spool()).Replay(archive.Epoch{Room: "corn", Epoch: b.Epoch})
				must(t, err)
				s, err := keep.Look(t.Context(), keep.SurveyOptions{Rows: h.store, Objects: liar{h.objects, lie}, Dir: h.spool()})
				if !errors.Is(err, storage.ErrListing) {
					t.Fatalf("found %v, %v", s, err)
				}
				after, err := archive.OpenJournals(h.spool()).Replay(archive.Epoch{Room: "corn", Epoch: b.Epoch})
				must(t, err)
				if string(after) != string(before) {
					t.Errorf("the journal was changed:\n%s", after)
				}
				if s := h.look(); len(s.Findings) != 0 {
					t.Errorf("found %v", s.Findings)
				}
			})
		})
	}
}

// TestDeletionByListThatLies: an object that a list leaves out is deleted with
// its show all the same, or the deletion is tried again. No unknown object stays.
func TestDeletionByListThatLies(t *testing.T) {
	for name, lie := range lies {
		t.Run(name, func(t *testing.T) {
			everywhere(t, func(t *testing.T, h *house) {
				b := h.show(5)
				h.pass(48 * time.Hour)
				err := h.sweeper(liar{h.objects, lie}, time.Hour).Sweep(t.Context())
				if err != nil && !errors.Is(err, storage.ErrListing) {
					t.Fatal(err)
				}
				if err != nil {
					if show, err := h.store.GetShow(t.Context(), b.Show); err != nil || !show.Deleted.IsZero() {
						t.Errorf("it counts as deleted: %+v, %v", show, err)
					}
					must(t, h.sweeper(h.objects, time.Hour).Sweep(t.Context()))
				}
				if left := h.keys("live/"); len(left) != 0 {
					t.Errorf("left: %q", left)
				}
			})
		})
	}
}
