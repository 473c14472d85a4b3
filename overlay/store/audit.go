package store

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"mediad/overlay"
)

// audit records who did what to a room (by slug), a show or a broadcast, under its
// organisation. What is none of these belongs to the first organisation.
func (t *tx) audit(ctx context.Context, actor, action, object string, changes ...overlay.Altered) error {
	_, err := t.ExecContext(ctx, `INSERT INTO audit(id, actor, action, object, at, changes, org) VALUES (?1,?2,?3,?4,?5,?6, coalesce(
		(SELECT org FROM room WHERE slug = ?4), (SELECT org FROM show WHERE id = ?4),
		(SELECT s.org FROM broadcast b JOIN show s ON s.id = b.show WHERE b.epoch = ?4), 'home'))`,
		t.s.newID(), actor, action, object, t.now.UnixMilli(), alterations(changes))
	return err
}

// auditIn is audit for anything of an organisation; "": of the server.
func (t *tx) auditIn(ctx context.Context, org, actor, action, object string, changes ...overlay.Altered) error {
	_, err := t.ExecContext(ctx, `INSERT INTO audit(id, actor, action, object, at, changes, org) VALUES (?,?,?,?,?,?,?)`,
		t.s.newID(), actor, action, object, t.now.UnixMilli(), alterations(changes), orHome(org))
	return err
}

// alterations is the text of what was changed, or NULL.
func alterations(changes []overlay.Altered) any {
	changes = overlay.Alterations(changes...)
	if len(changes) == 0 {
		return nil
	}
	text, _ := json.Marshal(changes) // texts can always be written
	return string(text)
}

// AuditQuery picks entries of a scope; the other fields pick all where they are empty.
type AuditQuery struct {
	In     overlay.Scope
	Actor  string   // the address of a person, or the name of a token
	Kinds  []string // of what it was done to: the part of an action before the dot
	From   time.Time
	To     time.Time // before this
	Before string    // the entry that the page before ended with
	Limit  int
}

func (s *Store) auditWhere(q AuditQuery) (where string, args []any) {
	where, args = s.scoped(q.In, "org", "")
	if q.Actor != "" {
		where, args = where+` AND actor = ?`, append(args, q.Actor)
	}
	if len(q.Kinds) > 0 {
		where += ` AND (` + strings.Repeat(`action LIKE ? OR `, len(q.Kinds)-1) + `action LIKE ?)`
		for _, kind := range q.Kinds {
			args = append(args, kind+".%")
		}
	}
	if !q.From.IsZero() {
		where, args = where+` AND at >= ?`, append(args, q.From.UnixMilli())
	}
	if !q.To.IsZero() {
		where, args = where+` AND at < ?`, append(args, q.To.UnixMilli())
	}
	if q.Before != "" {
		where, args = where+` AND id < ?`, append(args, q.Before)
	}
	return where, args
}

// Audit lists who did what, the latest first. People of organisations of the scope have
// their names: anybody can give a token the address of somebody else.
func (s *Store) Audit(ctx context.Context, q AuditQuery) ([]overlay.Audited, error) {
	theirs, args := s.scoped(q.In, "m.org", "")
	where, more := s.auditWhere(q)
	all, err := collect(ctx, s.reader, func(row scanner) (a overlay.Audited, err error) {
		var at int64
		var changes string
		if err = row.Scan(&a.ID, &at, &a.Org, &a.Actor, &a.Action, &a.Object, &changes, &a.Name, &a.Title); err != nil {
			return a, err
		}
		a.At = at0(at)
		if changes != "" {
			err = json.Unmarshal([]byte(changes), &a.Changes)
		}
		if strings.HasPrefix(a.Action, "feed.") || strings.HasPrefix(a.Action, "import.") {
			a.Title = withoutQuery(a.Title)
		}
		return a, err
	}, `SELECT a.id, a.at, a.org, a.actor, a.action, a.object, coalesce(a.changes, ''), coalesce((SELECT p.name FROM person p WHERE p.email = a.actor AND EXISTS (SELECT 1 FROM membership m WHERE m.person = p.id AND `+theirs+`)), ''),
		coalesce(CASE WHEN a.action LIKE 'show.%' THEN (SELECT title FROM show WHERE id = a.object AND org = a.org)
			WHEN a.action LIKE 'room.%' OR a.action LIKE 'stream_key.%' THEN (SELECT title FROM room WHERE slug = a.object AND org = a.org)
			WHEN a.action LIKE 'org.%' THEN (SELECT name FROM org WHERE id = a.object AND id = a.org)
			WHEN a.action LIKE 'pool.%' THEN (SELECT name FROM pool WHERE id = a.object AND org = a.org AND name <> id)
			WHEN a.action LIKE 'feed.%' THEN (SELECT address FROM feed WHERE id = a.object AND org = a.org)
			WHEN a.action LIKE 'import.%' THEN (SELECT source FROM import_job WHERE id = a.object AND org = a.org) END, '')
		FROM (SELECT id, at, org, actor, action, object, changes FROM audit WHERE `+where+` ORDER BY id DESC LIMIT ?) a ORDER BY a.id DESC`,
		slices.Concat(args, more, []any{q.Limit})...)
	if err != nil {
		return nil, fmt.Errorf("list the audit: %w", err)
	}
	return all, nil
}

// withoutQuery gives of the address of a file its host and path: a query may have a token in
// it, which is for those who keep the catalogue.
func withoutQuery(title string) string {
	u, err := url.Parse(title)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return title
	}
	return u.Host + strings.TrimSuffix(u.Path, "/")
}
