package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"mediad/overlay"
)

// keepKeys is how long an idempotency key is remembered.
const keepKeys = 48 * time.Hour

// Once makes a creating action idempotent: the same key with the same body is
// carried out once and answered alike. The zero value asks for nothing.
type Once struct {
	Key  string
	Body [sha256.Size]byte
}

// once carries out make unless the key was seen in that scope, and gives the
// reference of what was made. It is part of make's own transaction.
func (t *tx) once(ctx context.Context, scope string, o Once, make func() (ref string, err error)) (string, error) {
	if o.Key == "" {
		return make()
	}
	var body []byte
	var ref string
	err := t.QueryRowContext(ctx, `SELECT body, ref FROM idempotency WHERE scope = ? AND key = ?`, scope, o.Key).Scan(&body, &ref)
	switch {
	case err == nil && string(body) == string(o.Body[:]):
		return ref, nil
	case err == nil:
		return "", overlay.Errorf(overlay.Invalid, "Idempotency-Key: was used for another request; take a new one")
	case !errors.Is(err, sql.ErrNoRows):
		return "", fmt.Errorf("find idempotency key: %w", err)
	}
	if ref, err = make(); err != nil {
		return "", err
	}
	if _, err := t.ExecContext(ctx, `DELETE FROM idempotency WHERE at < ?`, t.now.Add(-keepKeys).UnixMilli()); err != nil {
		return "", fmt.Errorf("forget old idempotency keys: %w", err)
	}
	_, err = t.ExecContext(ctx, `INSERT INTO idempotency(scope, key, body, ref, at) VALUES (?,?,?,?,?)`,
		scope, o.Key, o.Body[:], ref, t.now.UnixMilli())
	if err != nil {
		return "", fmt.Errorf("keep idempotency key: %w", err)
	}
	return ref, nil
}
