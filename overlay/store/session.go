package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"mediad/overlay"
)

// touchAfter is how long the use of a session is not noted again.
const touchAfter = time.Hour

// maxSessions is how many sessions a person has at once; the oldest end first.
const maxSessions = 20

// OpenSession signs a person in, and returns the text for the cookie, once: only its
// hash is kept. It takes sessions away that have ended.
func (s *Store) OpenSession(ctx context.Context, person string) (cookie string, err error) {
	cookie = randomKey()
	err = s.write(ctx, func(t *tx) error { return t.openSession(ctx, person, cookie) })
	return cookie, err
}

func (t *tx) openSession(ctx context.Context, person, cookie string) error {
	now := t.now.UnixMilli()
	if _, err := t.ExecContext(ctx, `DELETE FROM session WHERE expires_at <= ? OR seen_at <= ?`, now, t.now.Add(-overlay.SessionIdle).UnixMilli()); err != nil {
		return fmt.Errorf("forget old sessions: %w", err)
	}
	_, err := t.ExecContext(ctx, `DELETE FROM session WHERE person = ?1 AND hash NOT IN
		(SELECT hash FROM session WHERE person = ?1 ORDER BY created_at DESC, hash LIMIT ?2)`, person, maxSessions-1)
	if err != nil {
		return fmt.Errorf("forget old sessions: %w", err)
	}
	_, err = t.ExecContext(ctx, `INSERT INTO session(hash, person, created_at, seen_at, expires_at) VALUES (?,?,?,?,?)`,
		t.s.secret.hash("session", cookie), person, now, now, t.now.Add(overlay.SessionLife).UnixMilli())
	if err != nil {
		return fmt.Errorf("open session: %w", err)
	}
	return nil
}

// CheckSession gives who has a session, with all roles. Unauthorized: it is not known,
// or has ended.
func (s *Store) CheckSession(ctx context.Context, cookie string) (overlay.Actor, error) {
	hash, now := s.secret.hash("session", cookie), s.now()
	var a overlay.Actor
	var seen int64
	err := s.reader.QueryRowContext(ctx, `SELECT p.id, p.email, p.name, s.seen_at FROM session s JOIN person p ON p.id = s.person WHERE s.hash = ? AND s.expires_at > ? AND s.seen_at > ?`,
		hash, now.UnixMilli(), now.Add(-overlay.SessionIdle).UnixMilli()).Scan(&a.Person, &a.Name, &a.Called, &seen)
	if errors.Is(err, sql.ErrNoRows) {
		return a, overlay.Errorf(overlay.Unauthorized, "you are not signed in any more; sign in again")
	}
	if err != nil {
		return a, fmt.Errorf("check session: %w", err)
	}
	if a.Grants, err = personGrants(ctx, s.reader, a.Person); err != nil {
		return a, err
	}
	if now.Sub(at0(seen)) > touchAfter {
		// Where this cannot be noted, as on a full disk, the session ends sooner.
		_ = s.behind(ctx, func(t *tx) error {
			_, err := t.ExecContext(ctx, `UPDATE session SET seen_at = ? WHERE hash = ?`, t.now.UnixMilli(), hash)
			return err
		})
	}
	return a, nil
}

// personGrants gives the roles of a person, in the organisations below theirs too.
func personGrants(ctx context.Context, q querier, person string) (all []overlay.Grant, err error) {
	own, err := collect(ctx, q, func(row scanner) (g overlay.Grant, err error) { return g, row.Scan(&g.Org, &g.Role) },
		`SELECT org, role FROM membership WHERE person = ? ORDER BY org`, person)
	if err != nil {
		return nil, fmt.Errorf("find roles: %w", err)
	}
	for _, g := range own {
		below, err := grants(ctx, q, g)
		if err != nil {
			return nil, err
		}
		all = append(all, below...)
	}
	return all, nil
}

// CSRF gives the text that a request with this cookie must repeat in a header when it
// changes something. Pages of other sites cannot read it.
func (s *Store) CSRF(cookie string) string {
	return fmt.Sprintf("%x", s.secret.hash("csrf", cookie)[:16])
}

// CloseSession signs out; everywhere: all sessions of the same person.
func (s *Store) CloseSession(ctx context.Context, cookie string, everywhere bool) error {
	hash := s.secret.hash("session", cookie)
	return s.write(ctx, func(t *tx) error {
		query := `DELETE FROM session WHERE hash = ?`
		if everywhere {
			query = `DELETE FROM session WHERE person = (SELECT person FROM session WHERE hash = ?)`
		}
		if _, err := t.ExecContext(ctx, query, hash); err != nil {
			return fmt.Errorf("close session: %w", err)
		}
		return nil
	})
}
