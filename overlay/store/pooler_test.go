package store_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"mediad/overlay/store"
)

// TestPostgresPooler: behind a pgbouncer that hands connections on after each
// transaction, a start and a move are refused in words. With pool_mode = session all is
// as without it, the claim too.
func TestPostgresPooler(t *testing.T) {
	f := newFixture(t)
	f.begin()
	name := strings.TrimPrefix(mustURL(t, f.url).Path, "/")
	must(t, f.Close())
	pooler := func(t *testing.T, mode string) string {
		t.Helper()
		ctx, stop := context.WithCancel(context.Background())
		address, wait, err := store.PostgresServer().Pooler(ctx, name, mode)
		t.Cleanup(func() {
			stop()
			if wait != nil {
				_ = wait() // it was told to end
			}
		})
		must(t, err)
		return address
	}
	direct := f.url
	for mode, words := range map[string]string{"transaction": "pool_mode = session", "statement": "transaction blocks not allowed"} {
		t.Run(mode, func(t *testing.T) {
			address := pooler(t, mode)
			for _, current := range []bool{false, true} {
				o := f.options()
				o.URL, o.Current, o.Patience = address, current, 300*time.Millisecond
				if s, err := store.Open(t.Context(), o); err == nil {
					must(t, s.Close())
					t.Error("opened")
				} else if !strings.Contains(err.Error(), words) {
					t.Errorf("refused with %v", err)
				}
			}
			_, err := store.Move(t.Context(), store.MoveOptions{Dir: t.TempDir(), URL: address, Patience: 300 * time.Millisecond})
			if err == nil || !strings.Contains(err.Error(), words) {
				t.Errorf("a move: %v", err)
			}
		})
	}
	t.Run("session", func(t *testing.T) {
		f.url = pooler(t, "session")
		f.open()
		t.Cleanup(func() {
			must(t, f.Close())
			f.url = direct
			f.open()
		})
		conn, _ := watched(t, f)
		for range 3 {
			f.pin(0)
			_, err := conn.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
			must(t, err)
		}
		until(t, conn, `EXISTS (SELECT 1 FROM pg_locks WHERE granted AND `+isClaim+`)`) // else it is free for whoever comes
		o := f.options()
		o.URL, o.Patience, o.Log = direct, 300*time.Millisecond, slog.New(slog.DiscardHandler)
		if _, err := store.Open(t.Context(), o); !errors.Is(err, store.ErrInUse) {
			t.Errorf("a second server: %v", err)
		}
	})
}
