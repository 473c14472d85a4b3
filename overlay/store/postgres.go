package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// The number of connections of a server. Each action has one of its own.
const (
	writers = 8
	readers = 8
)

// patience is how long a start waits for a PostgreSQL server that does not
// answer, and for another mediad to leave the database.
const patience = 15 * time.Second

// settings are set on each connection. A statement that takes longer than a few
// seconds hangs, and a person waits for the answer. An answered action is on the
// disk, whatever the default of the PostgreSQL server is.
const settings = `SET statement_timeout = '5s'; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '5s'; SET default_transaction_isolation = 'read committed';
	SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`

// connectPostgres opens the database at o.URL, and brings its schema up to date.
func (s *Store) connectPostgres(ctx context.Context, dir string, o Options) error {
	config, err := parse(o.URL)
	if err != nil {
		return err
	}
	o = o.filled()
	conn, err := dial(ctx, config, o)
	if err != nil {
		return err
	}
	s.guard = newGuard(conn, config, o.Log)
	if err := refusePooled(ctx, conn, config, o); err != nil {
		return err
	}
	log := o.Log
	if o.Current {
		log = nil // the server has said it
	}
	empty, err := inspect(ctx, conn, log)
	if err != nil {
		return fmt.Errorf("%s: %w", place(config), err)
	}
	if !empty {
		if err := movedAway(ctx, conn, filepath.Join(dir, database), place(config)); err != nil {
			return err
		}
	}
	switch {
	case empty && o.Current:
		return fmt.Errorf("%s has nothing of mediad: start the server once, or name its configuration with --config", place(config))
	case empty && !o.Anew:
		if err := refuseEmpty(ctx, dir, place(config), o); err != nil {
			return err
		}
	}
	if o.Current {
		s.guard = nil
		if err := conn.Close(ctx); err != nil {
			return fmt.Errorf("close connection: %w", err)
		}
	} else if err := s.guard.claim(ctx, o.Patience); err != nil {
		return err
	}
	if err := s.upToDatePostgres(ctx, config, o.Current); err != nil {
		return fmt.Errorf("%s: %w", place(config), failure(err))
	}
	s.writer = pool{openPostgres(config, settings, writers+1), s.dialect} // one more counts the commits
	s.reader = pool{openPostgres(config, settings+`; SET default_transaction_read_only = on`, readers), s.dialect}
	s.lanes = &lanes{free: writers}
	return nil
}

// filled sets the defaults of options that are not set.
func (o Options) filled() Options {
	if o.Patience <= 0 {
		o.Patience = patience
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o
}

func (s *Store) upToDatePostgres(ctx context.Context, config *pgx.ConnConfig, current bool) (err error) {
	steps, err := fs.Sub(migrations, "migrations/postgres")
	if err != nil {
		return err
	}
	db := openPostgres(config, "", 1) // a step may take its time
	defer func() { err = errors.Join(err, db.Close()) }()
	return schemas{steps: steps, now: s.now, current: current, postgres: true}.migrate(ctx, db)
}

// openPostgres gives connections that begin with statements.
func openPostgres(config *pgx.ConnConfig, statements string, conns int) *sql.DB {
	db := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(func(ctx context.Context, conn *pgx.Conn) error {
		if statements == "" {
			return nil
		}
		_, err := conn.Exec(ctx, statements)
		return err
	}))
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db
}

// connectionName makes the name of a server's connection, in PostgreSQL's own lists too. Servers
// in containers may have the same host and process; PostgreSQL keeps 63 bytes.
func connectionName() string {
	host, _ := os.Hostname()
	return fmt.Sprintf("mediad server %.24s %d %.8s", host, os.Getpid(), randomKey())
}
