package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"mediad/overlay"
)

// witnessFile stands beside the database and counts its commits, as the database
// does itself. A database that has fewer is older than its data directory: a
// backup was put back. Copies of the database leave the file where it is.
const witnessFile = "mediad.commits"

// witness writes that file. It belongs to whoever leads the queue.
type witness struct {
	file *os.File // nil: there is none, as for a command beside a server
	seen int64    // what it says
	text []byte

	commits int64 // of the database; 0: they are not counted
}

// openWitness opens the file, and makes it where it is missing; there is false then.
func openWitness(path string) (w witness, there bool, err error) {
	text, err := os.ReadFile(path)
	if err == nil {
		w.seen, err = strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		there = err == nil // what a loss of power left is as good as nothing
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, strconv.ErrSyntax) {
		return w, false, fmt.Errorf("read the count of commits: %w", err)
	}
	w.file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return w, there, nil // a server must start on a full disk; the next start makes it
	}
	if err != nil {
		return w, false, fmt.Errorf("open the count of commits: %w", err)
	}
	return w, there, nil
}

// note writes a count. It is not synced: after a loss of power the database may
// be newer than its witness, and never seems older for it. A disk that does not
// take it costs no more than that.
func (w *witness) note(commits int64) {
	if commits == 0 {
		return
	}
	w.commits = commits
	if w.file == nil {
		return
	}
	w.seen = commits
	w.text = fmt.Appendf(w.text[:0], "%020d\n", commits)
	_, _ = w.file.WriteAt(w.text, 0)
}

func (w *witness) close() error {
	if w.file == nil {
		return nil
	}
	return w.file.Close()
}

// count counts a transaction that changes anything, in itself. 0: it is not counted.
func (w *witness) count(ctx context.Context, conn *sql.Conn) (commits int64, err error) {
	if w.commits == 0 {
		return 0, nil // by a command beside a server, or before the count begins
	}
	// The number is known: a data directory has one server.
	if _, err := conn.ExecContext(ctx, `UPDATE note SET value = ? WHERE name = 'commits'`, w.commits+1); err != nil {
		return 0, fmt.Errorf("count the commit: %w", err)
	}
	return w.commits + 1, nil
}

// Restored tells of a database that was put back to an earlier state.
type Restored struct {
	// Since is when the database was written last before it was put back.
	Since time.Time
	// Lost is how many commits are missing; 0: nobody knows, for the file that
	// counts them is gone too, as on a new machine.
	Lost int64
}

// Restored gives what Open found; nil: the database is the one that was here.
func (s *Store) Restored() *Restored { return s.restored }

// What a second can bring of events and revisions of products at the very most,
// and of segments and breaks of a broadcast. What goes on after a restore goes on
// above all that viewers, caches and logs may have seen since the copy was made.
const (
	mostEvents   = 10_000
	mostSegments = 2
)

// testify compares the database with its witness. Where it is older, open shows
// go on above every number that may have been given since.
func (s *Store) testify(ctx context.Context, dir string) error {
	w, there, err := openWitness(filepath.Join(dir, witnessFile))
	if err != nil {
		return err
	}
	s.witness = w
	var commits int64
	err = s.writer.QueryRowContext(ctx, `SELECT value FROM note WHERE name = 'commits'`).Scan(&commits)
	counted := err == nil
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read the count of commits: %w", err)
	}
	switch {
	case counted && there && w.seen <= commits:
		s.witness.commits = commits
		return nil
	case !counted && !there: // new, or of a version that did not count
	default:
		s.restored = &Restored{}
		if there {
			s.restored.Lost = w.seen - commits
		}
	}
	if _, err := s.writer.ExecContext(ctx, `INSERT INTO note(name, value) VALUES ('commits', '1') ON CONFLICT DO NOTHING`); err != nil {
		return fmt.Errorf("begin to count commits: %w", err)
	}
	if s.restored == nil {
		s.witness.note(1)
		return nil
	}
	// Its commit makes this database the measure.
	s.witness.commits = max(commits, 1)
	return s.note(ctx, func(t *tx) error { return t.goAbove(ctx, s.restored) })
}

// goAbove lifts the numbers of what is open. Shows on air get an event with it,
// whose state brings players to what holds now: what they saw since is unknown here.
func (t *tx) goAbove(ctx context.Context, r *Restored) error {
	var last sql.NullInt64
	err := t.QueryRowContext(ctx, `SELECT max(at) FROM (SELECT max(at) AS at FROM event UNION ALL SELECT max(updated_at) FROM product
		UNION ALL SELECT max(reserved_at) FROM broadcast UNION ALL SELECT max(created_at) FROM show UNION ALL SELECT max(created_at) FROM room)`).Scan(&last)
	if err != nil {
		return fmt.Errorf("find the last change: %w", err)
	}
	r.Since = moment(last)
	seconds := int64(max(t.now.Sub(r.Since), 0)/time.Second) + 1
	for _, lift := range []struct {
		query string
		by    int64
	}{
		{`UPDATE show SET seq = seq + ? WHERE state <> 'ended'`, seconds * mostEvents},
		{`UPDATE room SET msn = msn + ?`, seconds * mostSegments},
		{`UPDATE broadcast SET discontinuity = discontinuity + ? WHERE ended_at IS NULL`, seconds},
	} {
		if _, err := t.ExecContext(ctx, lift.query, lift.by); err != nil {
			return fmt.Errorf("go on above what was lost: %w", err)
		}
	}
	_, err = t.ExecContext(ctx, `INSERT INTO note(name, value) SELECT 'revisions', coalesce(max(rev), 0) + ? FROM product WHERE true
		ON CONFLICT (name) DO UPDATE SET value = max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER))`, seconds*mostEvents)
	if err != nil {
		return fmt.Errorf("go on above what was lost: %w", err)
	}
	live, err := collect(ctx, t, scanShow, selectShow+`WHERE s.state = 'live' ORDER BY s.id`)
	if err != nil {
		return fmt.Errorf("find shows on air: %w", err)
	}
	for _, show := range live {
		if _, err := t.append(ctx, show, draft{kind: overlay.KindShowStart}); err != nil {
			return err
		}
	}
	return nil
}

// nextRev gives the revision after one: caches keep what a revision says for
// ever, also one that a restore made unknown.
func (t *tx) nextRev(ctx context.Context, rev int64) (int64, error) {
	var floor int64
	err := t.QueryRowContext(ctx, `SELECT CAST(value AS INTEGER) FROM note WHERE name = 'revisions'`).Scan(&floor)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("find the next revision: %w", err)
	}
	return max(rev, floor+1), nil
}
