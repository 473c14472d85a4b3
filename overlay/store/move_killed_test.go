package store_test

import (
	"errors"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"mediad/overlay/store"
)

// TestPostgresMoveKilled: a move that is killed in its middle, each way, leaves the
// source as it was, and a target that is refused in words. The next move brings all
// rows over, with the same hashes there and back.
func TestPostgresMoveKilled(t *testing.T) {
	dir, b, clock := versionBefore(t)
	ctx := t.Context()
	url := store.NewURL(t)
	conn, err := pgx.Connect(ctx, url)
	must(t, err)
	defer conn.Close(ctx)
	kill := func(what, lock string) {
		t.Helper()
		_, err := conn.Exec(ctx, `BEGIN; LOCK TABLE click IN `+lock+` MODE`) // the move waits there
		must(t, err)
		cmd, _ := store.Child(t, what, dir, url)
		must(t, cmd.Start())
		until(t, conn, `EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'click'::regclass)`)
		must(t, cmd.Process.Kill())
		var exit *exec.ExitError
		if err := cmd.Wait(); !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Fatalf("%s ended by itself: %v", what, err)
		}
		_, err = conn.Exec(ctx, `COMMIT`)
		must(t, err)
		until(t, conn, `NOT EXISTS (SELECT 1 FROM pg_locks WHERE `+isClaim+`)`)
	}
	tell := func(address string) string {
		t.Helper()
		s, err := store.Open(ctx, store.Options{Dir: dir, URL: address, Now: clock.Now})
		must(t, err)
		if s.Restored() != nil {
			t.Errorf("taken for a copy: %+v", s.Restored())
		}
		text := story(t, s, b)
		must(t, s.Close())
		return text
	}
	refused := func(address string, words ...string) {
		t.Helper()
		_, err := store.Open(ctx, store.Options{Dir: dir, URL: address, Now: clock.Now})
		for _, w := range words {
			if err == nil || !strings.Contains(err.Error(), w) {
				t.Errorf("a start with the target: %v", err)
			}
		}
	}
	move := func(toPostgres bool) (tables []store.MovedTable) {
		t.Helper()
		m, err := store.Move(ctx, store.MoveOptions{Dir: dir, URL: url, ToPostgres: toPostgres, Patience: 10 * time.Second})
		must(t, err)
		return slices.DeleteFunc(m.Tables, func(t store.MovedTable) bool { return t.Name == "note" }) // it says which database is in use
	}
	first := tell("")

	kill("move to postgres", "SHARE")
	refused(url, "is empty", "mediad store move --to postgres")
	if diff := cmp.Diff(first, tell("")); diff != "" {
		t.Errorf("SQLite is changed:\n%s", diff)
	}
	there := move(true)
	if diff := cmp.Diff(first, tell(url)); diff != "" {
		t.Errorf("moved to PostgreSQL:\n%s", diff)
	}

	kill("move to sqlite", "ACCESS EXCLUSIVE")
	refused("", "mediad.db is missing", "mediad store move --to sqlite")
	if diff := cmp.Diff(first, tell(url)); diff != "" {
		t.Errorf("PostgreSQL is changed:\n%s", diff)
	}
	back := move(false)
	if diff := cmp.Diff(there, back); diff != "" || len(there) != 74 {
		t.Errorf("%d tables, back:\n%s", len(there), diff)
	}
	if diff := cmp.Diff(first, tell("")); diff != "" {
		t.Errorf("moved back:\n%s", diff)
	}
}

// TestPostgresMoveLosesItsClaim: if the connection breaks that keeps servers out, nothing
// is moved: a server may have changed the source meanwhile.
func TestPostgresMoveLosesItsClaim(t *testing.T) {
	dir, _, clock := versionBefore(t)
	ctx := t.Context()
	s, err := store.Open(ctx, store.Options{Dir: dir, Now: clock.Now})
	must(t, err)
	must(t, s.Close())
	url := store.NewURL(t)
	conn, err := pgx.Connect(ctx, url)
	must(t, err)
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, `BEGIN; LOCK TABLE click IN SHARE MODE`)
	must(t, err)
	moved := make(chan error, 1)
	go func() {
		_, err := store.Move(ctx, store.MoveOptions{Dir: dir, URL: url, ToPostgres: true})
		moved <- err
	}()
	until(t, conn, `EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'click'::regclass)`)
	_, err = conn.Exec(ctx, endClaim)
	must(t, err)
	_, err = conn.Exec(ctx, `COMMIT`)
	must(t, err)
	if err := <-moved; err == nil || !strings.Contains(err.Error(), "nothing was moved") {
		t.Errorf("moved without a claim: %v", err)
	}
	until(t, conn, `NOT EXISTS (SELECT 1 FROM room)`)
}
