package store_test

import (
	"testing"

	"mediad/overlay"
	"mediad/overlay/store"
)

// A key is known once it was looked up, until it is changed or its room is deleted.
func TestKnownKeys(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	known := func(key, want string) {
		t.Helper()
		if got := f.KnownKey(key); got != want {
			t.Errorf("%q is known as that of %q, want %q", key, got, want)
		}
	}
	lookUp := func(key string) {
		t.Helper()
		_, err := f.RoomByKey(ctx, key)
		must(t, err)
	}
	known("corn-key", "")
	lookUp("corn-key")
	known("corn-key", "corn")
	known("corn-kez", "")
	key, err := f.RotateKey(ctx, "corn", "tester", store.Once{})
	must(t, err)
	known("corn-key", "")
	_, err = f.RoomByKey(ctx, "corn-key")
	wantCode(t, err, overlay.NotFound)
	known("corn-key", "")
	lookUp(key)
	known(key, "corn")
	_, err = f.EnsureRoom(ctx, "corn", "", "another-key")
	must(t, err)
	known(key, "")
	lookUp("another-key")
	must(t, f.DeleteRoom(ctx, "corn", "tester"))
	known("another-key", "")
}
