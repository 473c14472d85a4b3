package keep_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"mediad/cmd/mediad/keep"
	"mediad/overlay"
	"mediad/storage"
)

// hanging is a store in which deletions of the rooms called corn… hang until free is
// closed.
type hanging struct {
	keep.Objects
	free chan struct{}
}

func (h hanging) Delete(ctx context.Context, key string) error {
	if strings.HasPrefix(key, "live/corn") {
		<-h.free
	}
	return h.Objects.Delete(ctx, key)
}

// While the store hangs for some rooms, more than are deleted at once, the shows of
// another are deleted, also one that is marked later. The hosts of the first are told,
// and their shows are deleted when the store answers.
func TestDeletionHangsForSomeRooms(t *testing.T) {
	d, err := storage.OpenDir(t.TempDir())
	must(t, err)
	defer d.Close()
	h := newHouse(t, d)
	ctx := t.Context()
	mark := func(room string) overlay.Begin {
		t.Helper()
		_, err := h.store.EnsureRoom(ctx, room, room, room+"-key")
		must(t, err)
		b := h.showIn(room, 3)
		_, err = h.store.BeginDeletion(ctx, b.Show, "tester")
		must(t, err)
		return b
	}
	stuck := hanging{d, make(chan struct{})}
	s := keep.NewSweeper(keep.Options{
		Rows: h.store, Archive: h.archive, Objects: stuck, Every: 10 * time.Millisecond, Stalled: 200 * time.Millisecond, Log: slog.New(slog.DiscardHandler),
	})
	var corn []overlay.Begin
	for i := range 3 {
		corn = append(corn, mark(fmt.Sprintf("corn%d", i)))
	}
	tea := mark("tea")
	run, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- s.Run(run) }()
	defer func() { stop(); must(t, <-done) }()
	gone := func(room string, b overlay.Begin) {
		t.Helper()
		for end := time.Now().Add(20 * time.Second); len(h.keys("live/"+room+"/"+b.Epoch)) > 0; time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s waits for others", room)
			}
		}
	}
	gone("tea", tea)
	gone("tea", mark("tea"))
	for _, b := range corn {
		if p, ok := s.Progress(b.Show); !ok || p.Waits == nil || errors.Is(p.Waits, context.Canceled) {
			t.Errorf("the host is told %+v, %t", p, ok)
		}
	}
	close(stuck.free)
	for i, b := range corn {
		gone(fmt.Sprintf("corn%d", i), b)
	}
}
