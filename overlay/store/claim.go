package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"mediad/overlay"
	"mediad/overlay/store/dialect"
)

// ErrInUse is wrapped where another server uses the database.
var ErrInUse = errors.New("database.url is in use")

const (
	// watchEvery is how often the guard's connection is asked whether it lives. A
	// connection that PostgreSQL ends is noticed at once.
	watchEvery = 3 * time.Second
	// answerTime bounds each statement of the guard, and how long an action waits for
	// the claim.
	answerTime = 5 * time.Second

	// serverNote names the note of the server that used the database last.
	serverNote = "server"

	claimKey = `hashtextextended('mediad server ' || current_schema(), 0)`
)

// guard holds the claim on a PostgreSQL database: two servers would end each other's
// broadcasts. The claim is an advisory lock, which ends with its connection. A guard
// that loses its connection claims again, and nothing is written meanwhile. If
// another server used the database meanwhile, this one never writes again. nil
// allows everything: for commands beside a server.
type guard struct {
	// Set at the start, then only read.
	config *pgx.ConnConfig
	log    *slog.Logger
	name   string // of this server's connection
	id     string // of this use of the database; "": signUp has not been there
	fence  string // a statement that finds no row once another server has signed up

	// Owned by Open, then run, then Close.
	conn *pgx.Conn
	pids []int // in PostgreSQL, of this and former connections that may hold the claim

	mu      sync.Mutex
	held    bool          // guarded by mu; the connection lives, as far as is known
	lost    error         // guarded by mu; not nil: for good
	changed chan struct{} // guarded by mu; closed and replaced with each change
}

func newGuard(conn *pgx.Conn, config *pgx.ConnConfig, log *slog.Logger) *guard {
	return &guard{conn: conn, config: config, log: log, name: connectionName(), held: true, changed: make(chan struct{})}
}

func (g *guard) set(held bool, lost error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.held, g.lost = held, lost
	close(g.changed)
	g.changed = make(chan struct{})
}

func (g *guard) state() (allowed bool, refusal error, changed <-chan struct{}) {
	if g == nil {
		return true, nil, nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.lost != nil:
		return false, fmt.Errorf("%w: %w", overlay.Errorf(overlay.Unavailable, "another server has taken over the database; this one ends"), g.lost), nil
	case !g.held:
		return false, overlay.Errorf(overlay.Unavailable, "the database cannot be reached; try again in a moment"), g.changed
	}
	return true, nil, nil
}

// mayWrite refuses while the claim is not held.
func (g *guard) mayWrite() error {
	_, refusal, _ := g.state()
	return refusal
}

// await waits for some seconds until the claim is held again.
func (g *guard) await(ctx context.Context) error {
	limit, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	for {
		allowed, refusal, changed := g.state()
		if allowed || changed == nil {
			return refusal
		}
		select {
		case <-changed:
		case <-limit.Done():
			return refusal
		}
	}
}

// claim takes the database for this server, and waits for another one to leave it.
func (g *guard) claim(ctx context.Context, patience time.Duration) error {
	began, told := time.Now(), false
	for {
		holder, err := g.try(ctx)
		if err != nil || holder == nil {
			return err
		}
		if time.Since(began) >= patience {
			return fmt.Errorf("%w: %s is that of another server (%s): stop that one, or give this one a database of its own", ErrInUse, place(g.config), holder.name)
		}
		if !told {
			g.log.Warn("another mediad uses the database; waiting for its end", "database", place(g.config), "other", holder.name, "at_most", patience)
			told = true
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

// holder is the connection that holds the claim.
type holder struct {
	name string
	pid  int
	same bool // its name is this server's
}

// try claims the database once; nil: it is claimed.
func (g *guard) try(ctx context.Context) (*holder, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	// With these keep-alives PostgreSQL notices within seconds that this machine
	// is gone.
	_, err := g.conn.Exec(ctx, `SET application_name = '`+strings.ReplaceAll(g.name, "'", "")+`'; SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3; SET idle_session_timeout = 0`)
	if err != nil {
		return nil, fmt.Errorf("prepare the connection: %w", err)
	}
	var mine bool
	var pid int
	if err := g.conn.QueryRow(ctx, `SELECT pg_backend_pid()`).Scan(&pid); err != nil {
		return nil, fmt.Errorf("prepare the connection: %w", err)
	}
	if !slices.Contains(g.pids, pid) {
		g.pids = append(g.pids, pid)
	}
	if err := g.conn.QueryRow(ctx, `SELECT pg_try_advisory_lock(`+claimKey+`)`).Scan(&mine); err != nil {
		return nil, fmt.Errorf("claim the database: %w", err)
	}
	if mine {
		g.pids = []int{pid}
		return nil, nil
	}
	h := &holder{name: "another mediad"}
	err = g.conn.QueryRow(ctx, `SELECT a.pid, a.application_name = current_setting('application_name'), coalesce(nullif(a.application_name, ''), 'another mediad') || ', connected since ' || to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ')
		FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
		WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
		AND (l.classid::bigint << 32 | l.objid::bigint) = `+claimKey).Scan(&h.pid, &h.same, &h.name)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("find who uses the database: %w", err)
	}
	return h, nil
}

// signUp notes that this server uses the database. The note tells a server that was
// cut off whether another one was there meanwhile. It waits for actions that such a
// server has begun; each that it begins later finds the note, and fails.
func (s *Store) signUp(ctx context.Context) error {
	id := randomKey()
	var err error
	for range 3 {
		_, err = s.transact(ctx, func(t *tx) error {
			_, err := t.ExecContext(ctx, `INSERT INTO note(name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, serverNote, id)
			return err
		}, beginExclusive)
		if class := dialect.ClassOf(err); class != dialect.Busy && class != dialect.Conflict {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("note the server: %w", failure(err))
	}
	s.guard.id, s.guard.fence = id, `; SELECT FROM note WHERE name = '`+serverNote+`' AND value = '`+id+`'`
	return nil
}

// fenced gives the statements that begin an action, with the fence as the last.
func (g *guard) fenced(begin string) string {
	if g == nil {
		return begin
	}
	return begin + g.fence
}

// passed judges what the fence found. The claim alone is not enough: a process that
// stood still, or whose machine did, may have lost it and not have noticed.
func (g *guard) passed(found int64) error {
	if g == nil || g.fence == "" || found > 0 {
		return nil
	}
	g.set(false, g.another())
	return g.mayWrite()
}

func (g *guard) another() error {
	return fmt.Errorf("%w: another server used %s meanwhile, or a backup was put back", ErrInUse, place(g.config))
}

// gone gives the error with which the claim was lost for good.
func (g *guard) gone() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.lost
}

// run watches the connection, and claims the database again when it broke.
func (g *guard) run(ctx context.Context) error {
	for {
		err := g.watch(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if lost := g.gone(); lost != nil {
			g.log.Error("another server uses the database; this one writes nothing more, and ends", "err", lost)
			return lost
		}
		g.set(false, nil)
		g.log.Warn("the connection that claims the database broke; nothing is written until it is claimed again", "database", place(g.config), "err", err)
		lost := g.reclaim(ctx)
		if ctx.Err() != nil {
			return nil
		}
		g.set(lost == nil, lost)
		if lost != nil {
			g.log.Error("another server uses the database; this one writes nothing more, and ends", "err", lost)
			return lost
		}
		g.log.Info("the database is claimed again", "database", place(g.config))
	}
}

// watch returns when the connection is broken, an action has found that the claim is
// lost, or ctx is done.
func (g *guard) watch(ctx context.Context) error {
	for {
		short, cancel := context.WithTimeout(ctx, watchEvery)
		err := g.conn.PgConn().WaitForNotification(short)
		cancel()
		if err != nil && (ctx.Err() != nil || !pgconn.Timeout(err)) {
			return err
		}
		if lost := g.gone(); lost != nil {
			return lost
		}
		short, cancel = context.WithTimeout(ctx, answerTime)
		err = g.conn.Ping(short)
		cancel()
		if err != nil {
			return err
		}
	}
}

// reclaim connects and claims, as often as necessary. Its error says that another
// server uses the database, or used it meanwhile.
func (g *guard) reclaim(ctx context.Context) error {
	told := ""
	for {
		lost, err := g.attempt(ctx)
		if lost != nil || err == nil || ctx.Err() != nil {
			return lost
		}
		if err.Error() != told {
			told = err.Error()
			g.log.Warn("the database cannot be claimed yet", "database", place(g.config), "err", err)
		}
		if pause(ctx) != nil {
			return nil
		}
	}
}

// attempt is one attempt of reclaim. err: it is worth another one.
func (g *guard) attempt(ctx context.Context) (lost, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*answerTime)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, g.config)
	if err != nil {
		return nil, err
	}
	_ = g.conn.Close(ctx) // it is broken
	g.conn = conn
	// A standby gives claims too, but they hold for it alone.
	var standby bool
	if err := conn.QueryRow(ctx, `SELECT pg_is_in_recovery()`).Scan(&standby); err != nil || standby {
		return nil, errors.Join(errors.New("no primary answers"), err)
	}
	h, err := g.try(ctx)
	switch {
	case err != nil:
		return nil, err
	case h != nil && h.same && slices.Contains(g.pids, h.pid):
		// PostgreSQL has not noticed yet that the former connection is gone.
		_, err = conn.Exec(ctx, `SELECT pg_terminate_backend($1)`, h.pid)
		return nil, errors.Join(errors.New("the former connection still holds the claim"), err)
	case h != nil && h.pid == 0:
		return nil, errors.New("it is another's for a moment") // who left before its name could be read
	case h != nil:
		return fmt.Errorf("%w: %s is that of another server now (%s)", ErrInUse, place(g.config), h.name), nil
	}
	var id string
	err = conn.QueryRow(ctx, `SELECT value FROM note WHERE name = $1`, serverNote).Scan(&id)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("find who used the database: %w", err)
	}
	if id != g.id {
		return g.another(), nil
	}
	return nil, nil
}

// pause waits between two attempts.
func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(retryPause):
		return nil
	}
}
