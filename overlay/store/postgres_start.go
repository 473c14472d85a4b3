package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"mediad/overlay/store/dialect"
)

// oldest is the oldest version of PostgreSQL that works, in the form of
// server_version_num.
const oldest = 14_00_00

// retryPause is the pause between two attempts to connect, or to claim.
const retryPause = 200 * time.Millisecond

// dial connects, and waits for a PostgreSQL server that does not answer yet.
func dial(ctx context.Context, config *pgx.ConnConfig, o Options) (*pgx.Conn, error) {
	began, told := time.Now(), false
	for {
		conn, err := pgx.ConnectConfig(ctx, config)
		if err == nil || ctx.Err() != nil {
			return conn, err
		}
		if dialect.ClassOf(err) != dialect.Away || time.Since(began) >= o.Patience {
			return nil, explain(err, config, o.Patience)
		}
		if !told {
			o.Log.Warn("PostgreSQL does not answer; waiting for it", "database", place(config), "at_most", o.Patience, "err", err)
			told = true
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(retryPause):
		}
	}
}

// explain says in the user's words why there is no connection.
func explain(err error, config *pgx.ConnConfig, waited time.Duration) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "28P01":
			return fmt.Errorf("%s: the password of the user %q in database.url is wrong", place(config), config.User)
		case "28000":
			hint := ""
			if config.TLSConfig == nil && !strings.HasPrefix(config.Host, "/") {
				hint = " (it may ask for TLS: sslmode=require or verify-full in database.url)"
			}
			return fmt.Errorf("%s does not let the user %q in: %s%s", place(config), config.User, pg.Message, hint)
		case "3D000":
			return fmt.Errorf("%s is not there: make it with CREATE DATABASE, or mend database.url", place(config))
		case "42501":
			return fmt.Errorf("%s: the user %q may not connect: GRANT CONNECT ON DATABASE", place(config), config.User)
		}
		if class := pg.Code[:min(2, len(pg.Code))]; class == "22" || class == "42" || class == "55" {
			return fmt.Errorf("%s refuses %s of database.url (SQLSTATE %s)", place(config), refusedParameter(pg.Message), pg.Code)
		}
		return fmt.Errorf("%s refuses the connection: %s", place(config), pg.Message)
	}
	if strings.Contains(err.Error(), "read only connection") { // pgconn has no value for it
		return fmt.Errorf("%s cannot be written, nor can another host in database.url: all are standbys, or default_transaction_read_only is on", place(config))
	}
	if dialect.ClassOf(err) != dialect.Away {
		return fmt.Errorf("%s answers, but the connection cannot be made safe with TLS, as sslmode in database.url asks: %w", place(config), err)
	}
	return fmt.Errorf("%s: no server of PostgreSQL answered within %v: %w", place(config), waited, err)
}

// inspect judges a database before anything is written into it. empty: no mediad
// server ever started with it. log is told of dangerous settings; nil: no log.
func inspect(ctx context.Context, conn *pgx.Conn, log *slog.Logger) (empty bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	var f facts
	var fsync string
	var begun int
	err = conn.QueryRow(ctx, `SELECT current_setting('server_version_num')::int, current_setting('server_version'), current_setting('server_encoding'), current_setting('fsync'),
		coalesce(current_schema(), ''), pg_is_in_recovery(), count(*), count(*) FILTER (WHERE c.relname IN ('goose_db_version', 'room', 'show', 'note')), count(*) FILTER (WHERE c.relname = 'goose_db_version')
		FROM pg_class c WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND c.relkind IN ('r', 'p')`).
		Scan(&f.version, &f.shown, &f.encoding, &fsync, &f.schema, &f.standby, &f.tables, &f.ours, &begun)
	if err == nil && f.tables == 1 && begun == 1 {
		// A first start that was killed leaves only the table of versions.
		var step int64
		if err = conn.QueryRow(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`).Scan(&step); err == nil && step == 0 {
			f.tables = 0
		}
	}
	if err != nil {
		return false, fmt.Errorf("look at the database: %w", denied(err))
	}
	if err := f.judge(); err != nil {
		return false, err
	}
	if fsync != "on" && log != nil {
		log.Warn("PostgreSQL runs with fsync off: saved changes may be lost if its machine stops")
	}
	if f.tables == 0 {
		return true, nil
	}
	// The first start of a server leaves a note. A move that failed leaves only
	// tables.
	if err := conn.QueryRow(ctx, `SELECT NOT EXISTS (SELECT 1 FROM note)`).Scan(&empty); err != nil {
		return false, fmt.Errorf("look at the database: %w", denied(err))
	}
	return empty, nil
}

// facts are what decides whether a database can be used.
type facts struct {
	version                 int // server_version_num
	shown, encoding, schema string
	standby                 bool
	tables, ours            int // in the schema; of those that mediad has
}

func (f facts) judge() error {
	switch {
	case f.version < oldest:
		return fmt.Errorf("it is PostgreSQL %s; mediad needs 14 or a later one", f.shown)
	case f.encoding != "UTF8":
		return fmt.Errorf("its encoding is %s; mediad needs one that was made with ENCODING 'UTF8'", f.encoding)
	case f.schema == "":
		return errors.New("the schema in search_path is not there, or the user may not use it: CREATE SCHEMA, or GRANT USAGE ON SCHEMA")
	case f.standby:
		return errors.New("it is a standby, which only reads: name the primary (among several hosts in database.url it is found)")
	case f.tables > 0 && f.ours < 4:
		return fmt.Errorf("its schema %q has tables of something else: give mediad a database of its own", f.schema)
	}
	return nil
}

// refuseEmpty refuses an empty database where there are files that belong to a
// database with data.
func refuseEmpty(ctx context.Context, dir, place string, o Options) error {
	left, err := filesOfDatabase(ctx, dir, o)
	if err != nil {
		return err
	}
	hint := ""
	if info, err := os.Stat(filepath.Join(dir, database)); err == nil && info.Size() > 0 {
		left = append([]string{filepath.Join(dir, database)}, left...)
		hint = "move that database with `mediad store move --to postgres`; or "
	}
	if len(left) == 0 {
		return nil
	}
	return fmt.Errorf("%s is empty, but data of a database that is not empty exists (%s): is database.url right? If so, %srestore it from a backup "+
		"(see docs/operate.md, PostgreSQL); or, to begin with an empty database beside that data, start once with --begin-anew", place, strings.Join(left, ", "), hint)
}

// movedAway refuses a database that was moved to mediad.db and is older than that.
func movedAway(ctx context.Context, conn *pgx.Conn, file, place string) error {
	if info, err := os.Stat(file); err != nil || info.Size() == 0 {
		return nil
	}
	var moved bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM note WHERE name = $1)`, copyMark).Scan(&moved); err != nil {
		return fmt.Errorf("%s: look at the database: %w", place, err)
	}
	if !moved {
		return nil
	}
	return fmt.Errorf("%s was moved to %s, and is an old copy: take database.url out of the configuration; or, to go back to that old state, move the file away first", place, file)
}
