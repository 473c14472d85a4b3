package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// errPooled: the address is that of a pooler which keeps no session for a client.
var errPooled = errors.New("a pooler stands before it that shares connections (as pgbouncer does with pool_mode = transaction), and mediad needs connections of its own: " +
	"name PostgreSQL itself in database.url, or let the pooler have pool_mode = session for this database")

// refusePooled refuses a database behind a pooler that hands connections on after each
// transaction. There a claim would be anybody's, and settings would be lost. It is found
// out by a setting: another connection must not see it, and this one must keep it.
func refusePooled(ctx context.Context, conn *pgx.Conn, config *pgx.ConnConfig, o Options) error {
	other, err := dial(ctx, config, o)
	if err != nil {
		return err
	}
	shared, err := share(ctx, conn, other)
	if err = errors.Join(err, other.Close(ctx)); err != nil {
		return fmt.Errorf("%s: compare two connections: %w", place(config), err)
	}
	if shared {
		return fmt.Errorf("%s: %w", place(config), errPooled)
	}
	return nil
}

func share(ctx context.Context, a, b *pgx.Conn) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	// Statements without names, since a pooler may know nothing of prepared ones.
	ask := func(conn *pgx.Conn, query string, args ...any) (text string, err error) {
		err = conn.QueryRow(ctx, query, append([]any{pgx.QueryExecModeExec}, args...)...).Scan(&text)
		return text, err
	}
	const sees = `SELECT coalesce(current_setting('mediad.connection', true), '')`
	for range 3 { // a pooler in use may give the same connection by chance
		id := randomKey()
		if _, err := ask(a, `SELECT set_config('mediad.connection', $1, false)`, id); err != nil {
			return false, err
		}
		// While b is in a transaction, a pooler cannot give its connection to a.
		if _, err := b.Exec(ctx, `BEGIN`); err != nil {
			return false, err
		}
		others, err := ask(b, sees)
		if err != nil {
			return false, err
		}
		mine := id
		if others != id {
			if mine, err = ask(a, sees); err != nil {
				return false, err
			}
		}
		if _, err := b.Exec(ctx, `ROLLBACK`); err != nil {
			return false, err
		}
		if others == id || mine != id {
			return true, nil
		}
	}
	return false, nil
}
