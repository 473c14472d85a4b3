package store_test

import (
	"testing"

	"mediad/overlay"
	"mediad/overlay/store"
)

// listsOfOthers are the methods that give what the actor sees, of all organisations: how
// many rows they give.
var listsOfOthers = map[string]func(t *testing.T, a store.Acting) (int, error){
	"ListRooms": func(t *testing.T, a store.Acting) (int, error) {
		all, err := a.ListRooms(t.Context(), overlay.Read, "", "", "", 10)
		return len(all), err
	},
	"FindShows": func(t *testing.T, a store.Acting) (int, error) {
		all, err := a.FindShows(t.Context(), store.Shows{In: overlay.Everything()}, "", 10)
		return len(all), err
	},
	"Orgs": func(t *testing.T, a store.Acting) (n int, err error) {
		all, err := a.Orgs(t.Context(), "", 10)
		for _, o := range all {
			if o.ID == overlay.HomeOrg {
				n++
			}
		}
		return n, err
	},
}
