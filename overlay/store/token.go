package store

import (
	"context"
	"database/sql"
	"encoding/json"
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
		if _, err := t.ExecContext(ctx, `DELETE FROM token WHERE org = '' AND name = ? AND hash <> ?`, configToken, t.s.secret.hash("token", configured)); err != nil {
			return err
		}
		if configured != "" {
			// The generated token may have been lost, or seen by others.
			if _, err := t.ExecContext(ctx, `DELETE FROM token WHERE org = '' AND name = ?`, generatedToken); err != nil {
				return err
			}
			return t.addToken(ctx, overlay.Token{Name: configToken, Role: overlay.Owner}, configured)
		}
		var n int
		if !shown {
			return nil
		}
		if err := t.QueryRowContext(ctx, `SELECT count(*) FROM token WHERE role = ? AND org = ''`, overlay.Owner).Scan(&n); err != nil || n > 0 {
			return err
		}
		generated = "mediad_" + randomKey()
		return t.addToken(ctx, overlay.Token{Name: generatedToken, Role: overlay.Owner}, generated)
	})
	if err != nil {
		return "", fmt.Errorf("set up admin token: %w", err)
	}
	return generated, nil
}

// HasOwner tells whether anybody may do everything: by a token, or as an owner of the
// first organisation.
func (s *Store) HasOwner(ctx context.Context) (bool, error) {
	var n int
	if err := s.reader.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM token WHERE role = ?1 AND org = '') + (SELECT count(*) FROM membership WHERE role = ?1 AND org = 'home')`, overlay.Owner).Scan(&n); err != nil {
		return false, fmt.Errorf("look for tokens: %w", err)
	}
	return n > 0, nil
}

// CreateToken makes a token, and records who did. The token is returned this once, and
// only its hash is kept. Names tell the tokens of an organisation apart; a name that is
// taken is a Conflict.
func (s *Store) CreateToken(ctx context.Context, n overlay.Token, by string) (made overlay.Token, token string, err error) {
	return s.createToken(ctx, n, by, Once{})
}

// secretToken is a token as it is answered once.
type secretToken struct {
	Made   overlay.Token
	Secret string
}

func (s *Store) createToken(ctx context.Context, n overlay.Token, by string, o Once) (overlay.Token, string, error) {
	n, err := n.Checked()
	if err != nil {
		return n, "", err
	}
	var out secretToken
	err = s.write(ctx, func(t *tx) error {
		out, err = onceSealed(ctx, t, "orgs/"+n.Org+"/tokens", o, func() (string, secretToken, error) {
			made, err := t.makeToken(ctx, n, by)
			return made.Made.ID, made, err
		})
		return err
	})
	if err != nil {
		return overlay.Token{}, "", err
	}
	return out.Made, out.Secret, nil
}

func (t *tx) makeToken(ctx context.Context, n overlay.Token, by string) (secretToken, error) {
	out := secretToken{n, "mediad_" + randomKey()}
	out.Made.ID, out.Made.By, out.Made.Created = t.s.newID(), by, t.now
	if n.Org != "" {
		if _, err := org(ctx, t, n.Org); err != nil {
			return out, err
		}
	}
	var taken int
	if err := t.QueryRowContext(ctx, `SELECT count(*) FROM token WHERE org = ? AND name = ?`, n.Org, n.Name).Scan(&taken); err != nil {
		return out, err
	}
	if taken > 0 || n.Name == configToken || n.Name == generatedToken {
		return out, overlay.Errorf(overlay.Conflict, "there is a token called %q already; choose another name", n.Name)
	}
	for _, slug := range n.Rooms {
		if room, err := roomBySlug(ctx, t, slug); overlay.CodeOf(err) == overlay.NotFound || err == nil && room.Org != n.Org {
			return out, overlay.Errorf(overlay.Invalid, "rooms: the organisation has no room %q", slug)
		} else if err != nil {
			return out, err
		}
	}
	if err := t.addToken(ctx, out.Made, out.Secret); err != nil {
		return out, err
	}
	return out, t.auditIn(ctx, n.Org, by, "token.create", n.Name)
}

func (t *tx) addToken(ctx context.Context, n overlay.Token, token string) error {
	if n.ID == "" {
		n.ID = t.s.newID()
	}
	rooms := any(nil)
	if len(n.Rooms) > 0 {
		rooms = list(n.Rooms)
	}
	// The configured token may be a copy of the generated one. Then there is one
	// row for both.
	_, err := t.ExecContext(ctx, `INSERT INTO token(hash, id, name, role, org, rooms, created_by, created_at) VALUES (?,?,?,?,?,?,?,?) ON CONFLICT(hash) DO NOTHING`,
		t.s.secret.hash("token", token), n.ID, n.Name, n.Role, n.Org, rooms, n.By, t.now.UnixMilli())
	return err
}

const selectToken = `SELECT id, name, role, org, rooms, created_by, created_at, coalesce(used_at, 0) FROM token `

func scanToken(row scanner) (t overlay.Token, err error) {
	var rooms sql.NullString
	var created, used int64
	if err := row.Scan(&t.ID, &t.Name, &t.Role, &t.Org, &rooms, &t.By, &created, &used); err != nil {
		return t, err
	}
	if t.Created = at0(created); used > 0 {
		t.Used = at0(used)
	}
	if rooms.Valid {
		err = json.Unmarshal([]byte(rooms.String), &t.Rooms)
	}
	return t, err
}

// CheckToken gives who has a token; Unauthorized: the token is not known.
func (s *Store) CheckToken(ctx context.Context, token string) (a overlay.Actor, err error) {
	found, err := scanToken(s.reader.QueryRowContext(ctx, selectToken+`WHERE hash = ?`, s.secret.hash("token", token)))
	if errors.Is(err, sql.ErrNoRows) {
		return a, overlay.Errorf(overlay.Unauthorized, "the token is not known")
	}
	if err != nil {
		return a, fmt.Errorf("check token: %w", err)
	}
	if now := s.now(); now.Sub(found.Used) > noteAfter {
		s.used.note(found.ID, now)
	}
	a = overlay.Actor{Name: found.Name, Token: found.ID}
	if found.Org == "" && (found.Name == configToken || found.Name == generatedToken) {
		a.Called = "Admin"
	}
	a.Grants, err = grants(ctx, s.reader, overlay.Grant{Org: found.Org, Role: found.Role, Rooms: found.Rooms})
	return a, err
}

// Tokens lists at most limit tokens of a scope whose id comes after the given one.
func (s *Store) Tokens(ctx context.Context, in overlay.Scope, after string, limit int) ([]overlay.Token, error) {
	where, args := s.scoped(in, "org", "")
	all, err := collect(ctx, s.reader, scanToken, selectToken+`WHERE `+where+` AND id > ? ORDER BY id LIMIT ?`, append(args, after, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	for i := range all {
		all[i] = s.used.latest(all[i])
	}
	return all, nil
}

// Token gives what is known of a token by its id.
func (s *Store) Token(ctx context.Context, id string) (overlay.Token, error) {
	return tokenByID(ctx, s.reader, id)
}

func tokenByID(ctx context.Context, q querier, id string) (overlay.Token, error) {
	t, err := scanToken(q.QueryRowContext(ctx, selectToken+`WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return t, overlay.Errorf(overlay.NotFound, "there is no such token")
	}
	if err != nil {
		return t, fmt.Errorf("find token: %w", err)
	}
	return t, nil
}

// RevokeToken takes a token back, and records who did. The token of the configuration
// is a Conflict: the next start would bring it back.
func (s *Store) RevokeToken(ctx context.Context, id, by string) error {
	return s.write(ctx, func(t *tx) error {
		found, err := tokenByID(ctx, t, id)
		if err != nil {
			return err
		}
		if found.Org == "" && found.Name == configToken {
			return overlay.Errorf(overlay.Conflict, "the token is in the configuration (auth.admin_token), and the next start would set it again: change it there")
		}
		if _, err := t.ExecContext(ctx, `DELETE FROM token WHERE id = ?`, id); err != nil {
			return fmt.Errorf("revoke token: %w", err)
		}
		if found.Role == overlay.Owner {
			if err := t.forgetLinksOf(ctx, found); err != nil {
				return err
			}
		}
		return t.auditIn(ctx, found.Org, by, "token.revoke", found.Name)
	})
}
