package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"mediad/overlay"
)

// The two tokens that no person makes through the API: the one from the
// configuration, and the one that the first start generates.
const (
	configToken    = "config"
	generatedToken = "generated"
)

// EnsureAdminToken makes sure that an owner can sign in. A configured token is
// used as given, replaces a generated one, and is deleted when it leaves the
// configuration. Without a configured token, and where shown says that a person
// will see it, the first start generates a token and returns it, once, to be
// printed. Where nothing changes, nothing is written: a server must start on a
// full disk.
func (s *Store) EnsureAdminToken(ctx context.Context, configured string, shown bool) (generated string, err error) {
	err = s.write(ctx, func(t *tx) error {
		generated = ""
		if _, err := t.ExecContext(ctx, `DELETE FROM token WHERE name = ? AND hash <> ?`, configToken, t.s.secret.hash("token", configured)); err != nil {
			return err
		}
		if configured != "" {
			// The generated token may have been lost, or seen by others.
			if _, err := t.ExecContext(ctx, `DELETE FROM token WHERE name = ?`, generatedToken); err != nil {
				return err
			}
			return t.addToken(ctx, configToken, overlay.Owner, configured)
		}
		var n int
		if !shown {
			return nil
		}
		if err := t.QueryRowContext(ctx, `SELECT count(*) FROM token WHERE role = ?`, overlay.Owner).Scan(&n); err != nil || n > 0 {
			return err
		}
		generated = "mediad_" + randomKey()
		return t.addToken(ctx, generatedToken, overlay.Owner, generated)
	})
	if err != nil {
		return "", fmt.Errorf("set up admin token: %w", err)
	}
	return generated, nil
}

// HasOwner tells whether anybody can sign in as an owner.
func (s *Store) HasOwner(ctx context.Context) (bool, error) {
	var n int
	if err := s.reader.QueryRowContext(ctx, `SELECT count(*) FROM token WHERE role = ?`, overlay.Owner).Scan(&n); err != nil {
		return false, fmt.Errorf("look for tokens: %w", err)
	}
	return n > 0, nil
}

// CreateToken makes a token of a role, and records who did. The token is returned
// this once, and only its hash is kept. Names tell tokens apart; a name that is
// taken is a Conflict.
func (s *Store) CreateToken(ctx context.Context, name string, role overlay.Role, actor string) (string, error) {
	token := "mediad_" + randomKey()
	err := s.write(ctx, func(t *tx) error {
		var n int
		if err := t.QueryRowContext(ctx, `SELECT count(*) FROM token WHERE name = ?`, name).Scan(&n); err != nil {
			return err
		}
		if n > 0 || name == configToken || name == generatedToken {
			return overlay.Errorf(overlay.Conflict, "there is a token called %q already; choose another name", name)
		}
		if err := t.addToken(ctx, name, role, token); err != nil {
			return err
		}
		return t.audit(ctx, actor, "token.create", name)
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

func (t *tx) addToken(ctx context.Context, name string, role overlay.Role, token string) error {
	// The configured token may be a copy of the generated one. Then there is one
	// row for both.
	_, err := t.ExecContext(ctx, `INSERT INTO token(hash, name, role, created_at) VALUES (?,?,?,?) ON CONFLICT(hash) DO NOTHING`,
		t.s.secret.hash("token", token), name, role, t.now.UnixMilli())
	return err
}

// CheckToken gives the name and role of a token; Unauthorized: the token is
// not known.
func (s *Store) CheckToken(ctx context.Context, token string) (name string, role overlay.Role, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT name, role FROM token WHERE hash = ?`, s.secret.hash("token", token)).Scan(&name, &role)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", overlay.Errorf(overlay.Unauthorized, "the token is not known")
	}
	if err != nil {
		return "", "", fmt.Errorf("check token: %w", err)
	}
	return name, role, nil
}

// audit records who did what to which object.
func (t *tx) audit(ctx context.Context, actor, action, object string) error {
	_, err := t.ExecContext(ctx, `INSERT INTO audit(id, actor, action, object, at) VALUES (?,?,?,?,?)`,
		t.s.newID(), actor, action, object, t.now.UnixMilli())
	return err
}
