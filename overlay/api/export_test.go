package api

import (
	"context"
	"sync/atomic"

	"mediad/overlay"
)

// Rights gives the action that each operation of the table asks for.
func Rights() map[string]overlay.Action {
	all := map[string]overlay.Action{}
	for name, r := range rights() {
		all[name] = r.do
	}
	return all
}

// CountRooms counts how often an API reads a room for viewers from its store.
func CountRooms(a *API) *atomic.Int64 {
	c := &countedRooms{forViewers: a.viewers}
	a.viewers = c
	return &c.reads
}

type countedRooms struct {
	forViewers
	reads atomic.Int64
}

func (c *countedRooms) RoomBySlug(ctx context.Context, slug string) (overlay.Room, error) {
	c.reads.Add(1)
	return c.forViewers.RoomBySlug(ctx, slug)
}
