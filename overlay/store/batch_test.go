package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/overlay"
)

func openTest(t testing.TB) *Store {
	t.Helper()
	s, err := Open(context.Background(), Options{Dir: t.TempDir(), URL: NewURL(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// mark writes a row by which an action can be found.
func mark(name string) func(*tx) error {
	return func(t *tx) error {
		t.changed = true
		_, err := t.ExecContext(context.Background(), `INSERT INTO audit(id, actor, action, object, at) VALUES (?,'','','',0)`, name)
		return err
	}
}

func marked(t testing.TB, s *Store) map[string]bool {
	t.Helper()
	list, err := collect(context.Background(), s.reader, func(row scanner) (id string, err error) {
		err = row.Scan(&id)
		return id, err
	}, `SELECT id FROM audit`)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, id := range list {
		all[id] = true
	}
	return all
}

// hold begins a batch whose first action waits for release, so that later
// actions queue behind it.
func hold(t *testing.T, s *Store, first func(*tx) error) (release func() error) {
	t.Helper()
	begun, free, answer := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		answer <- s.write(context.Background(), func(t *tx) error {
			close(begun)
			<-free
			return first(t)
		})
	}()
	<-begun
	return func() error {
		close(free)
		return <-answer
	}
}

// queued waits until n actions wait.
func queued(t *testing.T, s *Store, n int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); s.Stats().Waiting != n; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d actions wait, want %d", s.Stats().Waiting, n)
		}
	}
}

func TestOnlyWhatSucceededIsKept(t *testing.T) {
	s := openTest(t)
	refusal := errors.New("refused")
	var wg sync.WaitGroup
	for i := range 600 {
		wg.Go(func() {
			name := fmt.Sprint(i)
			err := s.write(t.Context(), func(t *tx) error {
				if err := mark(name)(t); err != nil {
					return err
				}
				switch i % 6 {
				case 1:
					return refusal
				case 2:
					panic("as a bug would")
				case 3:
					_, err := t.ExecContext(context.Background(), `INSERT INTO unknown_table VALUES (1)`)
					return err
				}
				return nil
			})
			switch i % 6 {
			case 1:
				if !errors.Is(err, refusal) {
					t.Errorf("action %d: got %v", i, err)
				}
			case 2:
				if err == nil || !strings.Contains(err.Error(), "as a bug would") || !strings.Contains(err.Error(), "batch_test.go") {
					t.Errorf("action %d: got %v", i, err)
				}
			case 3:
				if err == nil || !strings.Contains(err.Error(), "no such table") && !strings.Contains(err.Error(), `"unknown_table" does not exist`) {
					t.Errorf("action %d: got %v", i, err)
				}
			default:
				if err != nil {
					t.Errorf("action %d: %v", i, err)
				}
				if !marked(t, s)[name] {
					t.Errorf("action %d was answered before readers see it", i)
				}
			}
		})
	}
	wg.Wait()
	kept := marked(t, s)
	for i := range 600 {
		if want := i%6 == 0 || i%6 > 3; kept[fmt.Sprint(i)] != want {
			t.Errorf("action %d: kept %v, want %v", i, !want, want)
		}
	}
	if st := s.Stats(); st.Actions != 300 || st.Commits >= 600 || st.Failed != 0 || st.Waiting != 0 {
		t.Errorf("counted %+v", st)
	}
}

// Actions that queued during one transaction go into the next one together,
// and readers are woken once for them.
func TestWaitingActionsShareACommit(t *testing.T) {
	s := openTest(t)
	before := s.Stats()
	release := hold(t, s, func(*tx) error { time.Sleep(2 * batchTime); return nil })
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			if err := s.write(t.Context(), mark(fmt.Sprint(i))); err != nil {
				t.Error(err)
			}
		})
	}
	queued(t, s, 50)
	woken := s.Changed()
	if err := release(); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	select {
	case <-woken:
	default:
		t.Error("readers were not woken")
	}
	st := s.Stats()
	// The first action had used up the time of its batch. On a slow machine,
	// fifty inserts may need more than one batch, but not many.
	if commits := st.Commits - before.Commits; commits < 2 || commits > 10 {
		t.Errorf("51 actions took %d commits", commits)
	}
}

func TestFailedCommitIsEverybodys(t *testing.T) {
	s := openTest(t)
	refusal := errors.New("refused")
	var all []*action
	for _, do := range []func(*tx) error{
		func(t *tx) error {
			// Checked at the commit: the show does not exist.
			_, err := t.ExecContext(context.Background(), `PRAGMA defer_foreign_keys = on;
				INSERT INTO pin(id, show, product, pinned_at) VALUES ('c', 'none', 'none', 0)`)
			return err
		},
		mark("a"),
		func(*tx) error { return refusal },
		mark("b"),
	} {
		a := &action{do: do, lead: make(chan struct{}), answer: make(chan error, 1)}
		if _, err := s.queue.join(a, 0); err != nil {
			t.Fatal(err)
		}
		all = append(all, a)
	}
	woken := s.Changed()
	s.commitBatch(s.queue.next)
	s.queue.pass()
	first := <-all[0].answer
	if first == nil || !strings.Contains(first.Error(), "commit") {
		t.Fatalf("got %v", first)
	}
	for i, want := range []error{first, refusal, first} {
		if err := <-all[i+1].answer; !errors.Is(err, want) {
			t.Errorf("action %d heard %v, want %v", i+1, err, want)
		}
	}
	select {
	case <-woken:
		t.Error("readers were woken by what was rolled back")
	default:
	}
	if kept := marked(t, s); len(kept) != 0 {
		t.Errorf("kept %v", kept)
	}
	if err := s.write(t.Context(), mark("after")); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// SQLite may roll a transaction back by itself. Then no later action may write
// outside of one.
func TestLostTransaction(t *testing.T) {
	s := openTest(t)
	release := hold(t, s, func(t *tx) error {
		if err := mark("lost")(t); err != nil {
			return err
		}
		_, err := t.ExecContext(context.Background(), `ROLLBACK`)
		return err
	})
	answer := make(chan error)
	go func() { answer <- s.write(context.Background(), mark("next")) }()
	queued(t, s, 1)
	if err := release(); !errors.Is(err, errLost) {
		t.Errorf("got %v", err)
	}
	if err := <-answer; err != nil {
		t.Errorf("the next: %v", err)
	}
	if kept := marked(t, s); len(kept) != 1 || !kept["next"] {
		t.Errorf("kept %v", kept)
	}
}

func TestCancelledAction(t *testing.T) {
	s := openTest(t)
	ctx, cancel := context.WithCancel(t.Context())
	// The action that has begun: its result counts, and its statements are not
	// interrupted.
	begun := make(chan error, 1)
	started := make(chan struct{})
	free := make(chan struct{})
	go func() {
		begun <- s.write(ctx, func(t *tx) error {
			close(started)
			<-free
			_, err := t.ExecContext(ctx, `INSERT INTO audit(id, actor, action, object, at) VALUES ('begun','','','',0)`)
			return err
		})
	}()
	<-started
	waits := make(chan error, 1)
	go func() { waits <- s.write(ctx, mark("waits")) }()
	queued(t, s, 1)
	cancel()
	if err := <-waits; !errors.Is(err, context.Canceled) {
		t.Errorf("the one that waited: %v", err)
	}
	queued(t, s, 0)
	close(free)
	if err := <-begun; err != nil {
		t.Errorf("the one that had begun: %v", err)
	}
	if err := s.write(ctx, mark("late")); !errors.Is(err, context.Canceled) {
		t.Errorf("a late one: %v", err)
	}
	if kept := marked(t, s); len(kept) != 1 || !kept["begun"] {
		t.Errorf("kept %v", kept)
	}
}

// An action that was told to lead and is taken back passes the lead on.
func TestLeaderThatLeaves(t *testing.T) {
	var q queue
	one, two := &action{lead: make(chan struct{})}, &action{lead: make(chan struct{})}
	first := &action{lead: make(chan struct{})}
	for i, a := range []*action{first, one, two} {
		leads, err := q.join(a, 0)
		if err != nil || leads != (i == 0) {
			t.Fatalf("joined %d: leads %v, %v", i, leads, err)
		}
	}
	if a, _ := q.next(); a != first || q.leave(first) {
		t.Error("what has begun cannot leave")
	}
	q.pass()
	<-one.lead
	if !q.leave(one) {
		t.Error("could not leave")
	}
	<-two.lead
	if !q.leave(two) {
		t.Error("could not leave")
	}
	if leads, _ := q.join(first, 0); !leads {
		t.Error("nobody leads")
	}
}

func TestWaitingIsBounded(t *testing.T) {
	s := openTest(t)
	release := hold(t, s, mark("first"))
	var wg sync.WaitGroup
	for i := range maxWaiting {
		wg.Go(func() {
			if err := s.write(context.Background(), mark(fmt.Sprint(i))); err != nil {
				t.Error(err)
			}
		})
	}
	queued(t, s, maxWaiting)
	if err := s.write(t.Context(), mark("too many")); overlay.CodeOf(err) != overlay.Unavailable {
		t.Errorf("got %v", err)
	}
	wg.Go(func() {
		if err := s.note(context.Background(), mark("the server's own")); err != nil {
			t.Error(err)
		}
	})
	queued(t, s, maxWaiting+1)
	if err := release(); err != nil {
		t.Error(err)
	}
	wg.Wait()
	if kept := marked(t, s); len(kept) != maxWaiting+2 || kept["too many"] {
		t.Errorf("kept %d", len(kept))
	}
}

// Durability depends on these two settings.
func TestWriterIsDurable(t *testing.T) {
	s := openTest(t)
	var mode string
	var sync int
	if err := s.writer.QueryRow(`PRAGMA journal_mode`).Scan(&mode); err != nil || mode != "wal" {
		t.Errorf("journal mode %q, %v", mode, err)
	}
	if err := s.writer.QueryRow(`PRAGMA synchronous`).Scan(&sync); err != nil || sync != 2 {
		t.Errorf("synchronous %d, %v", sync, err)
	}
}

// An action that joins behind runs when nothing else waits, in a transaction of
// its own: actions of hosts that come later go first.
func TestHostsGoBeforeWhatIsBehind(t *testing.T) {
	s := openTest(t)
	ctx := t.Context()
	var mu sync.Mutex
	var order []string
	did := func(name string) func(*tx) error {
		return func(t *tx) error {
			mu.Lock()
			order = append(order, name)
			mu.Unlock()
			return mark(name)(t)
		}
	}
	release := hold(t, s, did("first"))
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			err := s.behind(ctx, func(t *tx) error { return errors.Join(did(t.s.newID())(t), errors.ErrUnsupported) })
			if !errors.Is(err, errors.ErrUnsupported) {
				t.Errorf("one that fails: %v", err)
			}
		})
	}
	all.Go(func() {
		if err := s.behind(ctx, did("clicks")); err != nil {
			t.Error(err)
		}
	})
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		s.queue.mu.Lock()
		n := len(s.queue.behind)
		s.queue.mu.Unlock()
		if n == 4 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d wait behind", n)
		}
	}
	for i := range 5 {
		all.Go(func() {
			if err := s.write(ctx, did(fmt.Sprint("host ", i))); err != nil {
				t.Error(err)
			}
		})
	}
	queued(t, s, 5)
	// An action that gives up while it waits behind is not carried out.
	given, giveUp := context.WithCancel(ctx)
	left := make(chan error, 1)
	go func() { left <- s.behind(given, did("left")) }()
	giveUp()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
	all.Wait()
	for i, name := range order {
		if (i > 0 && i < 6) != strings.HasPrefix(name, "host ") {
			t.Fatalf("order %q", order)
		}
	}
	got := marked(t, s)
	if !got["clicks"] || got["left"] || len(got) != 7 {
		t.Errorf("kept %v", got)
	}
	// The writer is free again.
	if err := s.behind(ctx, mark("later")); err != nil {
		t.Error(err)
	}
	if err := s.write(ctx, mark("last")); err != nil {
		t.Error(err)
	}
}
