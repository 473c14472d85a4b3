package store

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
)

// If an action goes on after a statement that failed, nothing of it is kept, and its
// caller gets an error.
func TestPostgresGivesUpBrokenActions(t *testing.T) {
	s := openTest(t)
	err := s.write(t.Context(), func(t *tx) error {
		_, _ = t.ExecContext(t.ctx, `INSERT INTO unknown_table VALUES (1)`)
		return nil
	})
	if !errors.Is(err, errGivenUp) {
		t.Errorf("got %v", err)
	}
	if err := s.write(t.Context(), func(t *tx) error {
		_, err := t.ExecContext(t.ctx, `COMMIT`)
		return errors.Join(err, mark("outside")(t))
	}); err == nil {
		t.Error("an action that ended its transaction succeeded")
	}
	if err := s.write(t.Context(), mark("after")); err != nil {
		t.Error(err)
	}
}

// If COMMIT is not answered, the error does not claim that nothing was saved.
func TestPostgresCommitWithoutAnswer(t *testing.T) {
	s := openTest(t)
	tried := 0
	err := s.write(t.Context(), func(t *tx) error {
		tried++
		// A trigger at the commit ends the connection.
		_, err := t.ExecContext(t.ctx, `CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'`)
		if err == nil {
			_, err = t.ExecContext(t.ctx, `CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON audit DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cut()`)
		}
		return errors.Join(err, mark("lost")(t))
	})
	if overlay.CodeOf(err) != overlay.Unavailable || !strings.Contains(err.Error(), "is not known") || tried != 1 {
		t.Errorf("tried %d times: %v", tried, err)
	}
	if err := s.write(t.Context(), mark("after")); err != nil {
		t.Error(err)
	}
}

// An action that always conflicts succeeds when it runs alone.
func TestPostgresConflictsEnd(t *testing.T) {
	s := openTest(t)
	tried := 0
	err := s.write(t.Context(), func(t *tx) error {
		tried++
		var mode string
		if err := t.QueryRowContext(t.ctx, `SELECT mode FROM pg_locks WHERE relation = 'turn'::regclass AND pid = pg_backend_pid()`).Scan(&mode); err != nil {
			return err
		}
		if mode == "ExclusiveLock" {
			return mark("alone")(t)
		}
		// As if another had been first.
		_, err := t.ExecContext(t.ctx, `DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$`)
		return err
	})
	if err != nil || tried != concurrentTries+1 || s.Stats().Retried != concurrentTries || !marked(t, s)["alone"] {
		t.Errorf("tried %d times: %v", tried, err)
	}
}

func TestPostgresLanes(t *testing.T) {
	l := &lanes{free: 2}
	ctx, giveUp := context.WithCancel(t.Context())
	enter := func(limit int, behind bool) chan error {
		done := make(chan error, 1)
		go func() { done <- l.enter(ctx, limit, behind) }()
		return done
	}
	until := func(what string, is func() bool) {
		t.Helper()
		for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
			l.mu.Lock()
			ok := is()
			l.mu.Unlock()
			if ok {
				return
			}
			if time.Now().After(deadline) {
				t.Fatal(what)
			}
		}
	}
	for range 2 {
		if err := <-enter(1, false); err != nil {
			t.Fatal(err)
		}
	}
	swept := enter(0, true)
	until("nobody waits behind", func() bool { return len(l.behind) == 1 })
	host := enter(1, false)
	until("nobody waits", func() bool { return len(l.waiting) == 1 })
	if err := <-enter(1, false); overlay.CodeOf(err) != overlay.Unavailable {
		t.Errorf("one too many: %v", err)
	}
	l.leave(false)
	if err := <-host; err != nil || l.waits() != 0 {
		t.Errorf("the host: %v", err)
	}
	select {
	case <-swept:
		t.Error("what is behind went before a host")
	default:
	}
	l.leave(false)
	if err := <-swept; err != nil {
		t.Error(err)
	}
	// One sweep at a time, and hosts have the other lanes.
	second := enter(0, true)
	until("the second is not behind", func() bool { return len(l.behind) == 1 })
	l.leave(false)
	select {
	case <-second:
		t.Error("two sweeps at once")
	case <-time.After(10 * time.Millisecond):
	}
	giveUp()
	if err := <-second; !errors.Is(err, context.Canceled) {
		t.Errorf("one that gave up: %v", err)
	}
	l.leave(true)
	until("a lane is lost", func() bool { return l.free == 2 && !l.swept && len(l.behind)+len(l.waiting) == 0 })
}
