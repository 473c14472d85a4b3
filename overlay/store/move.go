package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"mediad/overlay/store/dialect"
)

// MoveOptions say which way to move.
type MoveOptions struct {
	// Dir is the data directory, whose mediad.db is one side. No server may use
	// it.
	Dir string
	// URL is the address of the PostgreSQL database that is the other side.
	URL string
	// ToPostgres: from mediad.db to URL; false: the other way.
	ToPostgres bool
	// Progress is called about once a second with the rows of a table that are
	// done; nil: no reports.
	Progress func(table string, rows, of int64)
	// Patience is as in Options.
	Patience time.Duration
}

// Moved says what was moved.
type Moved struct {
	Tables []MovedTable
	// Kept is where the source is now; "": in its old place, marked as a copy.
	Kept string
}

// MovedTable is a table that is equal on both sides.
type MovedTable struct {
	Name string
	Rows int64
	Hash string // SHA-256 of all values in the order of their keys, in hex
}

// movedTables are all tables with their keys; a table comes after those that it
// references.
func movedTables() []keyed {
	return []keyed{
		{"org", "id"}, {"person", "id"}, {"membership", "person, org"}, {"session", "hash"}, {"invitation", "hash"}, {"letter", "id"},
		{"room", "id"}, {"show", "id"}, {"broadcast", "epoch"}, {"product", "id"}, {"product_rev", "product, rev"}, {"product_number", "product"}, {"product_term", "term, block"}, {"pin", "n"}, {"lineup", "show, pos"}, {"show_product", "show, product, rev"},
		{"waiting_update", "show, product"}, {"show_roster", "show, host"}, {"show_host", "show, from_at"}, {"show_watched", "show"}, {"show_minute", "show, replay, minute"}, {"show_impression", "show, product"}, {"show_viewer", "show, number"}, {"show_clicker", "show, number"},
		{"shop", "id"}, {"listing", "shop, product, variant"}, {"order_fact", "shop, delivery"}, {"shop_order", "id"}, {"order_line", "shop_order, n"},
		{"webhook", "id"}, {"webhook_standing", "webhook"}, {"webhook_delivery", "id"},
		{"event", "show, pos"}, {"cue", "id"}, {"idempotency", "scope, key"}, {"token", "hash"}, {"click", "id"},
		{"click_count", "show, product"}, {"audit", "id"}, {"note", "name"},
		{"category", "id"}, {"pool", "id"}, {"pool_product", "pool, product"}, {"pool_grant", "pool, org"}, {"feed", "id"},
		{"import_job", "id"}, {"import_row", "job, line"}, {"import_rejected", "job, n"},
		{"image", "id"}, {"image_use", "image, product"},
		{"allocation", "id"}, {"hold", "id"}, {"order_unit", "shop_order, allocation"}, {"offer", "id"}, {"coupon", "id"}, {"coupon_got", "coupon, buyer"}, {"reward", "id"}, {"reward_taken", "reward, viewer"}, {"point_friend", "show, code, buyer"}, {"point_setting", "room"}, {"poll", "id"}, {"poll_vote", "poll, viewer"}, {"host", "id"}, {"commission", "id"},
		{"comment", "id"}, {"chat_mute", "room, viewer"}, {"chat_setting", "room"}, {"chat_key", "org"},
		{"reminder", "id"}, {"show_reminder", "show"}, {"reminder_asked", "contact"},
		{"festival", "slug"}, {"festival_part", "id"}, {"festival_room", "part, room, since"},
		{"org_retention", "org, kind"},
	}
}

type keyed struct{ name, key string }

// side is one of the two databases of a move. close ends it; for a target, done
// says whether its new rows stay.
type side struct {
	tx      *sql.Tx
	dialect *dialect.Dialect
	place   string    // the name of the database in messages
	claim   *pgx.Conn // PostgreSQL: holds the claim on the database; nil with SQLite
	close   func(done bool) error
}

// Move copies a store into an empty one, whole or not at all, and compares each row.
// After that the source counts as an old copy: mediad.db goes into the directory
// backups, and a PostgreSQL database is marked.
func Move(ctx context.Context, o MoveOptions) (m Moved, err error) {
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return m, fmt.Errorf("find data directory: %w", err)
	}
	from, to := sourcePostgres, targetSQLite
	if o.ToPostgres {
		from, to = sourceSQLite, targetPostgres
	}
	source, err := from(ctx, o)
	if err != nil {
		return m, fmt.Errorf("open the store to move: %w", err)
	}
	open := true
	defer func() {
		if open {
			err = errors.Join(err, source.close(false))
		}
	}()
	target, err := to(ctx, o)
	if err != nil {
		return m, fmt.Errorf("open the store to move to: %w", err)
	}
	if m.Tables, err = moveTables(ctx, source, target, o.Progress); err != nil {
		return Moved{}, errors.Join(err, target.close(false))
	}
	if err := errors.Join(source.claimed(ctx), target.claimed(ctx)); err != nil {
		return Moved{}, errors.Join(err, target.close(false))
	}
	if err := target.close(true); err != nil {
		return Moved{}, fmt.Errorf("end the move: %w", err)
	}
	open = false
	if err := source.close(true); err != nil {
		return m, fmt.Errorf("all is moved, but %s could not be put aside; do not start a server with it: %w", source.place, err)
	}
	if o.ToPostgres {
		m.Kept, err = putAside(o.Dir)
	}
	return m, err
}

// claimed returns an error if the connection broke that keeps servers out.
func (s *side) claimed(ctx context.Context) error {
	if s.claim == nil {
		return nil
	}
	if err := s.claim.Ping(ctx); err != nil {
		return fmt.Errorf("nothing was moved: the connection that keeps servers out of %s broke: %w", s.place, err)
	}
	return nil
}

func moveTables(ctx context.Context, source, target *side, progress func(string, int64, int64)) (all []MovedTable, err error) {
	// A new database has the first organisation, which the source has too.
	if _, err := target.tx.ExecContext(ctx, `DELETE FROM org WHERE id = 'home' AND NOT EXISTS (SELECT 1 FROM org WHERE id <> 'home')
		AND NOT EXISTS (SELECT 1 FROM membership) AND NOT EXISTS (SELECT 1 FROM invitation)`); err != nil {
		return nil, fmt.Errorf("make room in %s: %w", target.place, err)
	}
	for _, t := range movedTables() {
		var rows int64
		if err := target.tx.QueryRowContext(ctx, `SELECT count(*) FROM `+t.name).Scan(&rows); err != nil {
			return nil, fmt.Errorf("look at table %s of %s: %w", t.name, target.place, err)
		}
		if rows > 0 {
			return nil, fmt.Errorf("%s is not empty (its table %s has %d rows): nothing is overwritten; name an empty database", target.place, t.name, rows)
		}
	}
	for _, t := range movedTables() {
		columns, err := source.columns(ctx, t.name)
		if err != nil {
			return nil, err
		}
		same, err := target.columns(ctx, t.name)
		if err != nil {
			return nil, err
		}
		if len(columns) == 0 || !slices.Equal(columns, same) {
			return nil, fmt.Errorf("the table %s differs: %s and %s are of unequal versions", t.name, source.place, target.place)
		}
		moved, err := moveTable(ctx, source, target, t, columns, progress)
		if err != nil {
			return nil, fmt.Errorf("move table %s: %w", t.name, err)
		}
		all = append(all, moved)
	}
	if target.dialect.Postgres() {
		if _, err := target.tx.ExecContext(ctx, `SELECT setval(pg_get_serial_sequence('pin', 'n'), (SELECT coalesce(max(n), 0) + 1 FROM pin), false)`); err != nil {
			return nil, fmt.Errorf("set the count of pins: %w", err)
		}
	}
	return all, nil
}

// moveTable copies a table, then reads the copy back and compares it.
func moveTable(ctx context.Context, source, target *side, t keyed, columns []field, progress func(string, int64, int64)) (MovedTable, error) {
	var of int64
	if err := source.tx.QueryRowContext(ctx, `SELECT count(*) FROM `+t.name).Scan(&of); err != nil {
		return MovedTable{}, err
	}
	w := &rowWriter{side: target, table: t.name, columns: columns}
	told := time.Now()
	read, err := source.scan(ctx, t, columns, func(n int64, row []any) error {
		if progress != nil && time.Since(told) > time.Second {
			told = time.Now()
			progress(t.name, n, of)
		}
		return w.add(ctx, row)
	})
	if err == nil {
		err = w.flush(ctx)
	}
	if err != nil {
		return MovedTable{}, failure(err)
	}
	written, err := target.scan(ctx, t, columns, func(int64, []any) error { return nil })
	if err != nil {
		return MovedTable{}, failure(err)
	}
	if read != written || read.Rows != of {
		return MovedTable{}, fmt.Errorf("the copy differs: %d rows of %d with the hash %s became %d with %s", read.Rows, of, read.Hash, written.Rows, written.Hash)
	}
	return read, nil
}
