package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"mediad/overlay"
	"mediad/overlay/store"
)

func TestRoomKeys(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	room, err := f.RoomByKey(ctx, "corn-key")
	must(t, err)
	if room.Slug != "corn" || room.Title != "Corn" {
		t.Errorf("got %+v", room)
	}
	_, err = f.RoomByKey(ctx, "corn-kez")
	wantCode(t, err, overlay.NotFound)
	_, err = f.EnsureRoom(ctx, "rice", "", "corn-key")
	wantCode(t, err, overlay.Conflict)

	// An empty key is generated once and kept; a given one replaces it.
	_, err = f.EnsureRoom(ctx, "rice", "", "")
	must(t, err)
	key, err := f.RevealKey(ctx, "rice", "tester")
	must(t, err)
	if len(key) < 20 {
		t.Errorf("generated key %q is short", key)
	}
	_, err = f.EnsureRoom(ctx, "rice", "Rice", "")
	must(t, err)
	f.reopen()
	room, err = f.RoomByKey(ctx, key)
	must(t, err)
	if room.Slug != "rice" || room.Title != "Rice" {
		t.Errorf("got %+v", room)
	}
	_, err = f.EnsureRoom(ctx, "rice", "", "rice-key")
	must(t, err)
	_, err = f.RoomByKey(ctx, key)
	wantCode(t, err, overlay.NotFound)
	if key, err = f.RevealKey(ctx, "rice", "tester"); err != nil || key != "rice-key" {
		t.Errorf("revealed %q, %v", key, err)
	}
}

func TestRotateKey(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	once := store.Once{Key: "k", Body: [32]byte{1}}
	key, err := f.RotateKey(ctx, "corn", "tester", once)
	must(t, err)
	if len(key) < 20 || key == "corn-key" {
		t.Errorf("the new key is %q", key)
	}
	_, err = f.RoomByKey(ctx, "corn-key")
	wantCode(t, err, overlay.NotFound)
	f.reopen()
	room, err := f.RoomByKey(ctx, key)
	if err != nil || room.Slug != "corn" {
		t.Errorf("found %+v, %v", room, err)
	}
	if again, err := f.RotateKey(ctx, "corn", "tester", once); err != nil || again != key {
		t.Errorf("repeated: %q, %v", again, err)
	}
	if other, err := f.RotateKey(ctx, "corn", "tester", store.Once{}); err != nil || other == key {
		t.Errorf("rotated again: %q, %v", other, err)
	}
	_, err = f.RotateKey(ctx, "nowhere", "tester", store.Once{})
	wantCode(t, err, overlay.NotFound)

	var audited int
	must(t, store.Rows(f.Store).QueryRow(`SELECT count(*) FROM audit WHERE actor = 'tester' AND action = 'stream_key.rotate' AND object = 'corn'`).Scan(&audited))
	if audited != 2 {
		t.Errorf("noted %d times", audited)
	}
}

func TestNoKeyAndNoTokenInTheDatabase(t *testing.T) {
	f := newFixture(t)
	token, err := f.EnsureAdminToken(t.Context(), "", true)
	must(t, err)
	f.reopen() // checkpoints the WAL into the database
	for _, name := range []string{"mediad.db", "mediad.db-wal"} {
		text, err := os.ReadFile(filepath.Join(f.dir, name))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte("corn-key")) || bytes.Contains(text, []byte(token)) {
			t.Errorf("%s has a key or token in clear", name)
		}
	}
}

func TestAdminToken(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	first, err := f.EnsureAdminToken(ctx, "", true)
	must(t, err)
	again, err := f.EnsureAdminToken(ctx, "", true)
	must(t, err)
	if first == "" || again != "" {
		t.Fatalf("generated %q, then %q", first, again)
	}
	who, err := f.CheckToken(ctx, first)
	if err != nil || !who.Everywhere(overlay.Operate) || who.Name != "generated" {
		t.Errorf("got %+v %v", who, err)
	}
	_, err = f.CheckToken(ctx, "guess")
	wantCode(t, err, overlay.Unauthorized)

	// A token from the configuration is valid as long as it is there, and
	// replaces the generated one.
	if made, err := f.EnsureAdminToken(ctx, "mine", true); err != nil || made != "" {
		t.Fatalf("got %q, %v", made, err)
	}
	_, err = f.CheckToken(ctx, "mine")
	must(t, err)
	_, err = f.CheckToken(ctx, first)
	wantCode(t, err, overlay.Unauthorized)
	second, err := f.EnsureAdminToken(ctx, "", true)
	if err != nil || second == "" || second == first {
		t.Fatalf("got %q, %v", second, err)
	}
	_, err = f.CheckToken(ctx, "mine")
	wantCode(t, err, overlay.Unauthorized)
	_, err = f.CheckToken(ctx, second)
	must(t, err)
}

func TestCreateRoom(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	once := store.Once{Key: "k", Body: [32]byte{1}}
	a, err := f.CreateRoom(ctx, store.NewRoom{Slug: "tea", Title: "Tea"}, once)
	must(t, err)
	b, err := f.CreateRoom(ctx, store.NewRoom{Slug: "tea", Title: "Tea"}, once)
	if err != nil || !reflect.DeepEqual(a, b) {
		t.Errorf("repeated: %+v, %v", b, err)
	}
	_, err = f.CreateRoom(ctx, store.NewRoom{Slug: "tea", Title: "Tea"}, store.Once{})
	wantCode(t, err, overlay.Conflict)
	_, err = f.CreateRoom(ctx, store.NewRoom{Slug: "Tea!", Title: "Tea"}, store.Once{})
	wantCode(t, err, overlay.Invalid)
	list, err := f.ListRooms(ctx, overlay.Everything(), "corn", 10)
	if err != nil || len(list) != 1 || list[0].Slug != "tea" {
		t.Errorf("listed %+v, %v", list, err)
	}
}

// Names tell tokens apart. If nobody could see a generated token, none is
// generated.
func TestCreateToken(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	if made, err := f.EnsureAdminToken(ctx, "", false); err != nil || made != "" {
		t.Fatalf("made %q for nobody: %v", made, err)
	}
	if owned, err := f.HasOwner(ctx); err != nil || owned {
		t.Fatalf("has an owner: %v %v", owned, err)
	}
	_, token, err := f.CreateToken(ctx, overlay.Token{Name: "mine", Role: overlay.Owner}, "tester")
	must(t, err)
	if who, err := f.CheckToken(ctx, token); err != nil || who.Name != "mine" || !who.Everywhere(overlay.Operate) || len(token) < overlay.MinSecret {
		t.Errorf("got %+v %v", who, err)
	}
	for _, taken := range []string{"mine", "config", "generated"} {
		_, _, err = f.CreateToken(ctx, overlay.Token{Name: taken, Role: overlay.Owner}, "tester")
		wantCode(t, err, overlay.Conflict)
	}
	if made, err := f.EnsureAdminToken(ctx, "", true); err != nil || made != "" {
		t.Errorf("another is made at a start: %q, %v", made, err)
	}
}

// Short keys of former versions are reported and stay valid.
func TestShortKeys(t *testing.T) {
	f := newFixture(t)
	_, err := f.EnsureRoom(t.Context(), "rice", "", "0123456789abcdef")
	must(t, err)
	short, err := f.ShortKeys(t.Context())
	if err != nil || len(short) != 1 || short[0] != "corn" {
		t.Errorf("got %q, %v", short, err)
	}
	_, err = f.RoomByKey(t.Context(), "corn-key")
	must(t, err)
}
