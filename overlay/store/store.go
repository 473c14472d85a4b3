// Package store keeps commerce durable in SQLite or PostgreSQL: rooms, shows,
// broadcasts, products, pins, cues, and the log of events that everything else
// reads.
//
// Input: actions. Each makes its change and appends its event, whole or not at
// all. Output: committed data, and a wake-up after each commit. With SQLite,
// actions that come at the same time share a commit (queue, batch). With
// PostgreSQL, each action is a transaction of its own (lanes, serialize). An
// answered action is on the disk. Nothing is announced before its commit.
// Refusals are overlay.Errors; every other error is for the log, never for a
// user. The package knows no HTTP and no media.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"mediad/overlay"
	"mediad/overlay/store/dialect"
)

// The steps to this program's schema, in one folder for each database. Steps
// with the same number bring both to the same tables and columns.
//
//go:embed migrations
var migrations embed.FS

// Options say where the store lives.
type Options struct {
	// Dir is the data directory; it is made if missing. In it, mediad.db is the
	// database, and secret.key is the secret that encrypts stream keys.
	Dir string
	// URL is the address of a PostgreSQL database, used instead of mediad.db;
	// "": there is none. It may hold a password, so no error repeats it.
	URL string
	// Patience is how long a start waits for a PostgreSQL server that does not
	// answer, and for another mediad to leave the database; 0: 15 s.
	Patience time.Duration
	// Log is told what a start waits for; nil: slog's default.
	Log *slog.Logger
	// Now is the clock; nil: time.Now.
	Now func() time.Time
	// NewID makes ids; nil: ULIDs that sort by time.
	NewID func() string
	// Ahead is how long before its moment a scheduled cue becomes an event, so
	// that the packager has it when the frame comes; 0: 300 ms.
	Ahead time.Duration
	// Pace is how many cues a show takes in a second; 0: any number.
	Pace int
	// Rest is called behind each step of long work, as imports and sweeps are, with
	// the time that the step took. It may wait, so that others get the machine in
	// between; nil: the work goes on at once.
	Rest func(ctx context.Context, worked time.Duration)
	// Current refuses a database with an older schema instead of bringing it up
	// to date: for commands that may run beside a server of another version.
	Current bool
	// Traces are patterns of files that only a server with a database leaves. If
	// there is such a file and no database, Open refuses.
	Traces []string
	// Elsewhere is called where there is no database. It names something in
	// another place that only a server with a database leaves; "": there is
	// nothing. nil: there is no such place.
	Elsewhere func(context.Context) string
	// Anew replaces a missing database by an empty one. Where the secret is
	// missing, or belongs to another database, Anew makes all stream keys and
	// tokens anew.
	Anew bool
}

// Store is safe for concurrent use.
type Store struct {
	// Set by Open, then only read.
	now    func() time.Time
	newID  func() string
	ahead  time.Duration
	pace   int
	rest   func(context.Context, time.Duration) // nil: long work does not rest
	secret secret
	writer pool // SQLite: one connection, used by the caller that leads the queue
	reader pool // sees what was committed when a query begins

	dialect   *dialect.Dialect
	lanes     *lanes                  // PostgreSQL; nil with SQLite; guards itself
	guard     *guard                  // PostgreSQL: the claim on the database; nil with SQLite and for commands
	tally     tally                   // PostgreSQL: guards itself, and the witness
	queue     queue                   // SQLite: actions that wait to be written; guards itself
	board     board                   // guards itself
	stock     stock                   // guards itself
	wishes    together[*wish]         // holds that wait to be kept; guards itself
	votes     together[*vote]         // viewers who vote; guards itself
	coupons   together[*wantedCoupon] // buyers who wait for a coupon; guards itself
	rewards   together[*wantedReward] // viewers who wait for a reward; guards itself
	arrivals  together[*arrival]      // what shops told, and waits to be kept; guards itself
	logger    *slog.Logger
	count     counters
	known     knownKeys      // guards itself
	checkouts knownCheckouts // likewise
	webhooks  knownWebhooks  // likewise
	bell      bell           // likewise
	orderNews atomic.Uint64  // goes up with each change of orders
	used      tokenUses      // guards itself

	restored *Restored // nil: no older copy of the database was put back
	witness  witness   // SQLite: owned by the caller that leads the queue

	mu      sync.Mutex
	changed chan struct{} // guarded by mu; closed and replaced after a commit that others should see
}

// Open opens the store and brings its schema up to date, with a copy of the
// database from before in the directory backups. A database that is damaged or
// newer than the program is refused, and so is a directory from which the database
// or its secret is missing.
func Open(ctx context.Context, o Options) (*Store, error) {
	s := &Store{now: o.Now, newID: o.NewID, ahead: o.Ahead, pace: o.Pace, rest: o.Rest, dialect: dialect.SQLite(), changed: make(chan struct{})}
	if s.now == nil {
		s.now = time.Now
	}
	if s.newID == nil {
		s.newID = newIDs(s.now)
	}
	if s.logger = o.Log; s.logger == nil {
		s.logger = slog.Default()
	}
	if s.ahead == 0 {
		s.ahead = 300 * time.Millisecond
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("find data directory %q: %w", o.Dir, err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make data directory: %w", err)
	}
	if o.URL != "" {
		s.dialect = dialect.PostgreSQL()
		err = s.connectPostgres(ctx, dir, o)
	} else {
		err = s.connectSQLite(ctx, dir, o)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	stale, err := s.fitSecret(ctx, o, filepath.Join(dir, secretKey))
	if err == nil && !o.Current {
		err = s.compareCommits(ctx, dir)
	}
	if err == nil && s.guard != nil {
		err = s.signUp(ctx)
	}
	if err == nil && stale {
		err = s.note(ctx, func(t *tx) error { return t.renewSecrets(ctx) })
	}
	if err == nil && !o.Current {
		err = s.IndexProducts(ctx)
	}
	if err == nil && !o.Current {
		err = s.checkCounts(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database in %s: %w", dir, err), s.Close())
	}
	return s, nil
}

func (s *Store) connectSQLite(ctx context.Context, dir string, o Options) error {
	if o.Current {
		if err := thereIs(filepath.Join(dir, database)); err != nil {
			return err
		}
	} else if !o.Anew {
		if err := noDatabase(ctx, dir, o); err != nil {
			return err
		}
	}
	return s.connect(ctx, filepath.Join(dir, database), o.Current)
}

func (s *Store) connect(ctx context.Context, file string, current bool) error {
	common := url.Values{"_busy_timeout": {"5000"}, "_foreign_keys": {"on"}, "_cache_size": {"-16000"}, "_stmt_cache_size": {"128"}}
	// SQLite gives its -wal and -shm files the mode of this file.
	flags := os.O_RDWR | os.O_CREATE
	if current {
		flags = os.O_RDWR
	}
	f, err := os.OpenFile(file, flags, 0o600)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	writer, err := open(file, common, url.Values{"_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_txlock": {"immediate"}}, 1)
	if err != nil {
		return err
	}
	s.writer = pool{writer, s.dialect}
	if err := s.upToDate(ctx, filepath.Dir(file), current); err != nil {
		return fmt.Errorf("open database %s: %w", file, err)
	}
	reader, err := open(file, common, url.Values{"_query_only": {"on"}}, 4)
	s.reader = pool{reader, s.dialect}
	return err
}

func (s *Store) upToDate(ctx context.Context, dir string, current bool) error {
	if err := checkAtStart(ctx, s.writer.DB); err != nil {
		return err
	}
	steps, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return err
	}
	return schemas{steps: steps, backups: filepath.Join(dir, "backups"), now: s.now, current: current}.migrate(ctx, s.writer.DB)
}

func open(file string, common, own url.Values, conns int) (*sql.DB, error) {
	for k, v := range common {
		own[k] = v
	}
	dsn := (&url.URL{Scheme: "file", Path: file, RawQuery: own.Encode()}).String()
	db, err := sql.Open("sqlite3", dsn)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", file, err)
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// Watch watches over the claim on a PostgreSQL database until ctx is done. If the
// database becomes another server's, Watch calls taken, which should end this server,
// and its error says so. With SQLite there is nothing to watch.
func (s *Store) Watch(ctx context.Context, taken func()) error {
	var lost error
	if s.guard != nil {
		if lost = s.guard.run(ctx); lost != nil {
			taken()
		}
	}
	<-ctx.Done()
	return lost
}

// Ready tells whether the database answers, and takes what this server writes.
func (s *Store) Ready(ctx context.Context) error {
	if err := s.guard.mayWrite(); err != nil {
		return err
	}
	_, err := s.ListRooms(ctx, overlay.Everything(), "", 1)
	return err
}

// Close closes the database. No other method may run at that time or after
// it.
func (s *Store) Close() error {
	if s.dialect.Postgres() {
		return s.closePostgres()
	}
	errs := []error{s.witness.end(s.writer.DB)}
	return errors.Join(append(errs, s.reader.close(), s.writer.close())...)
}

// NewID makes an id, as the store does for its own rows.
func (s *Store) NewID() string { return s.newID() }

// Changed gives a channel that is closed after the next commit that readers of
// the log or the schedule should see. Take it, then read, then wait on it.
func (s *Store) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

func (s *Store) announce() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.changed)
	s.changed = make(chan struct{})
}
