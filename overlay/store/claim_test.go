package store_test

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"mediad/overlay"
	"mediad/overlay/store"
)

const (
	claimKey = `hashtextextended('mediad server public', 0)`
	isClaim  = `locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
	endClaim = `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE granted AND ` + isClaim
)

// watched runs a store's watch over its claim. end waits until another has the database.
func watched(t *testing.T, f *fixture) (conn *pgx.Conn, end func() error) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), f.url)
	must(t, err)
	ctx, stop := context.WithCancel(t.Context())
	taken := make(chan struct{})
	var lost error
	over := make(chan struct{})
	go func() {
		lost = f.Watch(ctx, func() { close(taken) })
		close(over)
	}()
	t.Cleanup(func() {
		stop()
		<-over
		must(t, conn.Close(context.Background()))
	})
	return conn, func() error {
		<-taken
		stop()
		<-over
		return lost
	}
}

// until waits for a condition that the database computes.
func until(t *testing.T, conn *pgx.Conn, condition string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		var is bool
		must(t, conn.QueryRow(t.Context(), `SELECT `+condition).Scan(&is))
		if is {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", condition)
		}
	}
}

// TestPostgresClaimsAgain: the connection of the claim ends, alone or with all others,
// and the database stays this server's.
func TestPostgresClaimsAgain(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	f.begin()
	conn, _ := watched(t, f)
	for _, cut := range []string{endClaim, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`} {
		var former int
		must(t, conn.QueryRow(ctx, `SELECT pid FROM pg_locks WHERE granted AND `+isClaim).Scan(&former))
		_, err := conn.Exec(ctx, cut)
		must(t, err)
		f.pin(0)
		until(t, conn, `EXISTS (SELECT 1 FROM pg_locks WHERE granted AND pid <> `+strconv.Itoa(former)+` AND `+isClaim+`)`)
		o := f.options()
		o.Patience, o.Log = 300*time.Millisecond, slog.New(slog.DiscardHandler)
		if other, err := store.Open(ctx, o); !errors.Is(err, store.ErrInUse) {
			if err == nil {
				must(t, other.Close())
			}
			t.Fatalf("a second server: %v", err)
		}
		must(t, f.Ready(ctx))
	}
}

// TestPostgresStillHasTheFormer: PostgreSQL has not noticed that the former connection
// of the claim is gone. It is this server's own, and no reason to end.
func TestPostgresStillHasTheFormer(t *testing.T) {
	f := newFixture(t)
	f.begin()
	conn, _ := watched(t, f)
	var former int
	must(t, conn.QueryRow(t.Context(), `SELECT pid FROM pg_locks WHERE granted AND `+isClaim).Scan(&former))
	must(t, syscall.Kill(former, syscall.SIGSTOP))
	t.Cleanup(func() { _ = syscall.Kill(former, syscall.SIGCONT) })
	// The watch finds that nothing answers, and connects anew.
	until(t, conn, `EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> `+strconv.Itoa(former)+` AND application_name LIKE 'mediad server%')`)
	must(t, syscall.Kill(former, syscall.SIGCONT))
	until(t, conn, `EXISTS (SELECT 1 FROM pg_locks WHERE granted AND pid <> `+strconv.Itoa(former)+` AND `+isClaim+`)`)
	f.pin(0)
}

// TestPostgresTaken: a server that lost its database to another one writes nothing
// more, and ends.
func TestPostgresTaken(t *testing.T) {
	for name, take := range map[string]func(*testing.T, *fixture, *pgx.Conn){
		"an action finds it": func(t *testing.T, f *fixture, conn *pgx.Conn) {
			_, err := conn.Exec(t.Context(), `UPDATE note SET value = 'another' WHERE name = 'server'`)
			must(t, err)
			_, err = f.Pin(t.Context(), "corn", f.products[1].ID, overlay.At{}, store.Once{})
			wantCode(t, err, overlay.Unavailable)
		},
		"another has it": func(t *testing.T, f *fixture, conn *pgx.Conn) {
			other, err := pgx.Connect(t.Context(), f.url)
			must(t, err)
			has := make(chan error, 1)
			go func() {
				_, err := other.Exec(context.Background(), `SELECT pg_advisory_lock(`+claimKey+`)`)
				has <- err
			}()
			t.Cleanup(func() { must(t, errors.Join(<-has, other.Close(context.Background()))) })
			until(t, conn, `EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND `+isClaim+`)`)
		},
		"another had it": func(t *testing.T, f *fixture, conn *pgx.Conn) {
			_, err := conn.Exec(t.Context(), `UPDATE note SET value = 'another' WHERE name = 'server'`)
			must(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			ctx := t.Context()
			f.begin()
			f.pin(0)
			conn, end := watched(t, f)
			take(t, f, conn)
			if name != "an action finds it" { // then the claim is as it was
				_, err := conn.Exec(ctx, endClaim)
				must(t, err)
			}
			if err := end(); !errors.Is(err, store.ErrInUse) {
				t.Fatalf("the watch ended with %v", err)
			}
			before := len(f.events(f.show()))
			_, err := f.Pin(ctx, "corn", f.products[1].ID, overlay.At{}, store.Once{})
			wantCode(t, err, overlay.Unavailable)
			if !strings.Contains(err.Error(), "another server has taken over the database") {
				t.Errorf("refused with %v", err)
			}
			_, err = f.BeginBroadcast(ctx, "corn", f.clock.Now())
			wantCode(t, err, overlay.Unavailable)
			if err := f.Ready(ctx); !errors.Is(err, store.ErrInUse) {
				t.Errorf("ready: %v", err)
			}
			if after := len(f.events(f.show())); after != before {
				t.Errorf("%d events became %d", before, after)
			}
		})
	}
}
