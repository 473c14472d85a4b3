package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"mediad/overlay"
)

// keepKeys is how long an idempotency key is remembered.
const keepKeys = 48 * time.Hour

// Once makes a creating action idempotent: requests with the same key and the
// same body are carried out once and get the same answer. The zero value
// switches this off.
type Once struct {
	Key  string
	Body [sha256.Size]byte
}

// once carries out make, unless the key was used in that scope before, and
// returns its answer. The change, the key and the answer are kept in one
// transaction: a repeated request changes nothing and gets the answer of the
// first, whatever happened since. Where no answer was kept, again makes it from
// the reference: for a key of an older version, and for onceSecret.
func once[T any](ctx context.Context, t *tx, scope string, o Once, make func() (ref string, answer T, err error), again func(ref string) (T, error)) (answer T, err error) {
	ref, kept, err := t.onceKept(ctx, scope, o, func() (ref, kept string, err error) {
		if ref, answer, err = make(); err != nil || o.Key == "" {
			return ref, "", err
		}
		text, err := json.Marshal(answer)
		return ref, string(text), err
	})
	switch {
	case err != nil || ref == "":
		return answer, err
	case kept == "":
		return again(ref)
	}
	if err := json.Unmarshal([]byte(kept), &answer); err != nil {
		return answer, fmt.Errorf("read the answer to an idempotency key: %w", err)
	}
	return answer, nil
}

// onceSealed is once for an answer that has a secret, which is kept sealed.
func onceSealed[T any](ctx context.Context, t *tx, scope string, o Once, make func() (ref string, answer T, err error)) (answer T, err error) {
	owner := "idempotency " + scope + " " + o.Key
	ref, kept, err := t.onceKept(ctx, scope, o, func() (ref, kept string, err error) {
		if ref, answer, err = make(); err != nil || o.Key == "" {
			return ref, "", err
		}
		text, err := json.Marshal(answer)
		return ref, base64.StdEncoding.EncodeToString(t.s.secret.seal(owner, string(text))), err
	})
	if err != nil || ref == "" {
		return answer, err
	}
	sealed, err := base64.StdEncoding.DecodeString(kept)
	if err != nil {
		return answer, fmt.Errorf("read the answer to an idempotency key: %w", err)
	}
	text, err := t.s.secret.unseal(owner, sealed)
	if err != nil {
		return answer, fmt.Errorf("open the answer to an idempotency key: %w", err)
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		return answer, fmt.Errorf("read the answer to an idempotency key: %w", err)
	}
	return answer, nil
}

// onceSecret is once for an answer that must not be stored in the database. A
// repeated request gets the present answer.
func (t *tx) onceSecret(ctx context.Context, scope string, o Once, make func() (ref string, err error)) error {
	_, _, err := t.onceKept(ctx, scope, o, func() (ref, kept string, err error) {
		ref, err = make()
		return ref, "", err
	})
	return err
}

// onceKept gives reference and answer of an earlier request; "" and "" where this
// one is the first, and make was carried out.
func (t *tx) onceKept(ctx context.Context, scope string, o Once, make func() (ref, answer string, err error)) (ref, answer string, err error) {
	if o.Key == "" {
		_, _, err := make()
		return "", "", err
	}
	var body []byte
	var kept sql.NullString
	err = t.QueryRowContext(ctx, `SELECT body, ref, answer FROM idempotency WHERE scope = ? AND key = ?`, scope, o.Key).Scan(&body, &ref, &kept)
	switch {
	case err == nil && string(body) == string(o.Body[:]):
		return ref, kept.String, nil
	case err == nil:
		return "", "", overlay.Errorf(overlay.Invalid, "Idempotency-Key: was used for another request; use a new one")
	case !errors.Is(err, sql.ErrNoRows):
		return "", "", fmt.Errorf("find idempotency key: %w", err)
	}
	if ref, answer, err = make(); err != nil {
		return "", "", err
	}
	if _, err := t.ExecContext(ctx, `DELETE FROM idempotency WHERE at < ?`, t.now.Add(-keepKeys).UnixMilli()); err != nil {
		return "", "", fmt.Errorf("forget old idempotency keys: %w", err)
	}
	_, err = t.ExecContext(ctx, `INSERT INTO idempotency(scope, key, body, ref, answer, at) VALUES (?,?,?,?,?,?)`,
		scope, o.Key, o.Body[:], ref, orNull(answer), t.now.UnixMilli())
	if err != nil {
		return "", "", fmt.Errorf("keep idempotency key: %w", err)
	}
	return "", "", nil
}
