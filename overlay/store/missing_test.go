package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestMissingDatabase: if files that belong to a database exist and the database
// does not, the start is refused and changes nothing. With Anew it makes an empty
// database.
func TestMissingDatabase(t *testing.T) {
	for name, left := range map[string]string{
		"a count of commits": "mediad.commits", "a log": "mediad.db-wal", "a journal": filepath.Join("spool", "corn", "01a.journal"),
	} {
		for how, cut := range map[string]bool{"gone": false, "emptied": true} {
			t.Run(name+", "+how, func(t *testing.T) {
				o := store.Options{Dir: t.TempDir()}
				o.Traces = []string{filepath.Join(o.Dir, "spool", "*", "*.journal")}
				file := filepath.Join(o.Dir, left)
				must(t, os.MkdirAll(filepath.Dir(file), 0o755))
				must(t, os.WriteFile(file, []byte("00000000000000000007\n"), 0o600))
				if cut {
					must(t, os.WriteFile(filepath.Join(o.Dir, "mediad.db"), nil, 0o600))
				}
				_, err := store.Open(t.Context(), o)
				if err == nil {
					t.Fatal("an empty shop came up in silence")
				}
				for _, want := range []string{"mediad.db is missing", file, "backup", "--begin-anew"} {
					if !strings.Contains(err.Error(), want) {
						t.Errorf("the refusal lacks %q: %v", want, err)
					}
				}
				if _, err := os.Stat(filepath.Join(o.Dir, "secret.key")); err == nil {
					t.Error("a secret was made all the same")
				}
				o.Anew = true
				s, err := store.Open(t.Context(), o)
				must(t, err)
				must(t, s.Close())
				o.Anew = false
				s, err = store.Open(t.Context(), o)
				must(t, err)
				must(t, s.Close())
			})
		}
	}
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), Traces: []string{"/nowhere/*"}})
	must(t, err) // nothing is missing in an empty directory
	must(t, s.Close())
}

// TestMissingSecret: a secret that is missing, or belongs to another
// database, is refused while the database needs it. With Anew there are new
// keys.
func TestMissingSecret(t *testing.T) {
	for name, spoil := range map[string]func(file string) error{
		"gone":      os.Remove,
		"another's": func(file string) error { return os.WriteFile(file, []byte(strings.Repeat("ab", 32)+"\n"), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			ctx := t.Context()
			token, err := f.EnsureAdminToken(ctx, "", true)
			must(t, err)
			must(t, f.Close())
			file := filepath.Join(f.dir, "secret.key")
			kept, err := os.ReadFile(file)
			must(t, err)
			must(t, spoil(file))

			o := f.options()
			_, err = store.Open(ctx, o)
			if err == nil || !strings.Contains(err.Error(), "secret.key is") || !strings.Contains(err.Error(), "--begin-anew") {
				t.Fatalf("refused with %v", err)
			}
			if _, err := os.Stat(file); name == "gone" && err == nil {
				t.Error("another was made all the same")
			}
			// Commands work without it, and make none.
			o.Current = true
			s, err := store.Open(ctx, o)
			must(t, err)
			must(t, s.Close())

			o.Current, o.Anew = false, true
			s, err = store.Open(ctx, o)
			must(t, err)
			key, err := s.RevealKey(ctx, "corn", "tester")
			if err != nil || key == "" || key == "corn-key" {
				t.Errorf("the room's key is %q, %v", key, err)
			}
			if room, err := s.RoomByKey(ctx, key); err != nil || room.Slug != "corn" {
				t.Errorf("it opens %+v, %v", room, err)
			}
			_, err = s.RoomByKey(ctx, "corn-key")
			wantCode(t, err, overlay.NotFound)
			_, err = s.CheckToken(ctx, token)
			wantCode(t, err, overlay.Unauthorized)
			if again, err := s.EnsureAdminToken(ctx, "", true); err != nil || again == "" || again == token {
				t.Errorf("the next token is %q, %v", again, err)
			}
			must(t, s.Close())
			// Once is enough, and the former secret does not work any more.
			o.Anew = false
			s, err = store.Open(ctx, o)
			must(t, err)
			must(t, s.Close())
			now, err := os.ReadFile(file)
			must(t, err)
			must(t, os.WriteFile(file, kept, 0o600))
			if _, err := store.Open(ctx, o); err == nil {
				t.Error("the former secret still fits")
			}
			must(t, os.WriteFile(file, now, 0o600))
			f.open()
		})
	}
}
