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

// witnessFile is a file beside the database that has the number of commits, as
// the database has itself. If the database has a smaller number, it is older than
// its data directory: a copy was put back. Copying the database leaves the file
// where it is. Copies that the server makes are marked as well; see markCopy.
const witnessFile = "mediad.commits"

// The number is written to the database and the file (a stamp) with the first
// commit of a process, with a commit that comes at least stampEvery after the last
// stamp, and at an orderly end. Commits in between cost nothing. A copy is
// recognized if there was a stamp after it was made. If a process was killed, a
// copy of the files from after its last stamp is taken for the database itself; it
// lacks less than stampEvery of changes.
const stampEvery = time.Second

// witness counts commits and writes stamps. The caller that leads the queue
// owns it.
type witness struct {
	file *os.File // nil: there is none; a command beside a server has none
	seen int64    // the number in it
	text []byte

	commits int64     // in the database; 0: they are not counted
	stamped int64     // the number of the last stamp
	at      time.Time // when this process wrote the last stamp
}

// openWitness opens the file, and makes it if it is missing; there is false then.
func openWitness(path string) (w witness, there bool, err error) {
	text, err := os.ReadFile(path)
	if err == nil {
		w.seen, err = strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		there = err == nil // a file that a power failure damaged counts as missing
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, strconv.ErrSyntax) {
		return w, false, fmt.Errorf("read the count of commits: %w", err)
	}
	w.file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return w, there, nil // a server must start on a full disk; the next start makes the file
	}
	if err != nil {
		return w, false, fmt.Errorf("open the count of commits: %w", err)
	}
	return w, there, nil
}

// begin starts to count from a number of commits.
func (w *witness) begin(commits int64) { w.commits, w.stamped = commits, commits }

// stamp writes the number of commits, with the present one, into a transaction
// that changes something, if the last stamp is old enough.
func (w *witness) stamp(ctx context.Context, conn *sql.Conn) (stamped bool, err error) {
	if w.commits == 0 || time.Since(w.at) < stampEvery {
		return false, nil // 0: a command beside a server, or the count has not begun
	}
	// The number in memory is right, since a data directory has one server.
	if _, err := conn.ExecContext(ctx, setCommits, w.commits+1); err != nil {
		return false, fmt.Errorf("count the commits: %w", err)
	}
	return true, nil
}

const setCommits = `UPDATE note SET value = ? WHERE name = 'commits'`

// committed counts a commit.
func (w *witness) committed(stamped bool) {
	if w.commits == 0 {
		return
	}
	w.commits++
	if !stamped {
		return
	}
	w.stamped, w.at = w.commits, time.Now()
	w.say()
}

// say writes the file. It is not synced: after a power failure the file may have a
// smaller number than the database, which does no harm. A write that fails does no
// more harm than that.
func (w *witness) say() {
	if w.file == nil {
		return
	}
	w.seen = w.stamped
	w.text = fmt.Appendf(w.text[:0], "%020d\n", w.stamped)
	_, _ = w.file.WriteAt(w.text, 0)
}

// end writes a stamp if there were commits since the last one, and closes the
// file. A stamp that fails is no error here: the next start writes one.
func (w *witness) end(db *sql.DB) error {
	if w.commits != w.stamped {
		if _, err := db.Exec(setCommits, w.commits+1); err == nil {
			w.committed(true)
		}
	}
	if w.file == nil {
		return nil
	}
	err := w.file.Close()
	w.file = nil
	return err
}

// copyMark is the note that makes a database a copy.
const copyMark = "copy"

// markCopy marks a database as a copy, until a server starts with it. A
// schema without the table note is left alone.
func markCopy(ctx context.Context, db *sql.DB, at time.Time) error {
	var notes int
	err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'note'`).Scan(&notes)
	if err == nil && notes > 0 {
		_, err = db.ExecContext(ctx, `INSERT INTO note(name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, copyMark, at.UTC().Format(time.RFC3339))
	}
	return err
}

// Restored describes a database that was put back to an earlier state.
type Restored struct {
	// Since is the time of the last change in the copy that was put back.
	Since time.Time
	// Lost is about how many commits are missing; 0: not known, since the file
	// with their number is gone too, as on a new machine.
	Lost int64
}

// Restored gives what Open found; nil: no older copy of the database was put
// back.
func (s *Store) Restored() *Restored { return s.restored }

// The most events and revisions of products that a second can bring, and the most
// segments and discontinuities of a broadcast. After a restore, numbers go on
// above all that viewers, caches and logs may have seen since the copy was made.
const (
	mostEvents   = 10_000
	mostSegments = 2
)

// compareCommits compares the database with its witness. If the database is older,
// open shows go on above every number that may have been used since.
func (s *Store) compareCommits(ctx context.Context, dir string) error {
	w, there, err := openWitness(filepath.Join(dir, witnessFile))
	if err != nil {
		return err
	}
	s.witness = w
	commits, counted, err := s.noted(ctx, "commits")
	if err != nil {
		return err
	}
	_, marked, err := s.noted(ctx, copyMark)
	if err != nil {
		return err
	}
	older := there && w.seen > commits
	if marked || older || counted && !there {
		s.restored = &Restored{}
		if older {
			s.restored.Lost = w.seen - commits
		}
	} else if counted {
		s.witness.begin(commits)
		return nil
	}
	if _, err := s.writer.ExecContext(ctx, `INSERT INTO note(name, value) VALUES ('commits', '1') ON CONFLICT DO NOTHING`); err != nil {
		return fmt.Errorf("begin to count commits: %w", err)
	}
	// With the next commit this database has a greater number than all other
	// copies.
	first := max(commits, w.seen, 1)
	if s.restored != nil && s.dialect.Postgres() {
		// The numbers go up first: a start that ends between the two statements raises them
		// once more.
		if err := s.note(ctx, func(t *tx) error { return t.raiseNumbers(ctx, s.restored) }); err != nil {
			return err
		}
		if _, err := s.writer.ExecContext(ctx, setCommits, strconv.FormatInt(first+1, 10)); err != nil {
			return fmt.Errorf("count the commits: %w", err)
		}
		s.witness.begin(first + 1)
		s.witness.say()
		return nil
	}
	s.witness.begin(first)
	if s.restored == nil {
		s.witness.say()
		return nil
	}
	return s.note(ctx, func(t *tx) error { return t.raiseNumbers(ctx, s.restored) })
}

// noted reads a note of the store, as a number if it is one; there is false if
// there is no such note.
func (s *Store) noted(ctx context.Context, name string) (n int64, there bool, err error) {
	var text string
	err = s.writer.QueryRowContext(ctx, `SELECT value FROM note WHERE name = ?`, name).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("read the note %s: %w", name, err)
	}
	n, _ = strconv.ParseInt(text, 10, 64) // the mark of a copy is a date
	return n, true, nil
}

// raiseNumbers raises the numbers of open shows and broadcasts. Shows on air also get an
// event whose state brings players up to date, since the database no longer knows
// what they saw after the copy was made.
func (t *tx) raiseNumbers(ctx context.Context, r *Restored) error {
	if _, err := t.ExecContext(ctx, `DELETE FROM note WHERE name = ?`, copyMark); err != nil {
		return fmt.Errorf("take the mark of a copy away: %w", err)
	}
	var last sql.NullInt64
	err := t.QueryRowContext(ctx, `SELECT max(at) FROM (SELECT max(at) AS at FROM event UNION ALL SELECT max(updated_at) FROM product
		UNION ALL SELECT max(reserved_at) FROM broadcast UNION ALL SELECT max(created_at) FROM show UNION ALL SELECT max(created_at) FROM room) AS every`).Scan(&last)
	if err != nil {
		return fmt.Errorf("find the last change: %w", err)
	}
	r.Since = moment(last)
	seconds := int64(max(t.now.Sub(r.Since), 0)/time.Second) + 1
	for _, lift := range []struct {
		query string
		by    []any
	}{
		{`UPDATE show SET pos = pos + ?, seq = seq + ? WHERE state <> 'ended'`, []any{seconds * mostEvents, seconds * mostEvents}},
		{`UPDATE room SET msn = msn + ?`, []any{seconds * mostSegments}},
		{`UPDATE broadcast SET discontinuity = discontinuity + ? WHERE ended_at IS NULL`, []any{seconds}},
	} {
		if _, err := t.ExecContext(ctx, lift.query, lift.by...); err != nil {
			return fmt.Errorf("go on above what was lost: %w", err)
		}
	}
	_, err = t.ExecContext(ctx, `INSERT INTO note(name, value) SELECT 'revisions', CAST(coalesce(max(rev), 0) + ? AS TEXT) FROM product WHERE true
		ON CONFLICT (name) DO UPDATE SET value = CASE WHEN CAST(note.value AS BIGINT) > CAST(excluded.value AS BIGINT) THEN note.value ELSE excluded.value END`, seconds*mostEvents)
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

// nextRev gives a product's next revision, at least rev. Caches keep a revision for
// ever, so it also skips those that its shows have, those that an import has prepared,
// and those that a restore may have lost.
func (t *tx) nextRev(ctx context.Context, product string, rev int64) (int64, error) {
	var floor, newest, shown int64
	err := t.QueryRowContext(ctx, `SELECT coalesce((SELECT CAST(value AS BIGINT) FROM note WHERE name = 'revisions'), 0),
		coalesce((SELECT max(rev) FROM product_rev WHERE product = ?1), 0), coalesce((SELECT max(rev) FROM show_product WHERE product = ?1), 0)`, product).Scan(&floor, &newest, &shown)
	if err != nil {
		return 0, fmt.Errorf("find the next revision: %w", err)
	}
	return max(rev, floor+1, newest+1, shown+1), nil
}
