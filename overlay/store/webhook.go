package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"mediad/overlay"
)

const selectWebhook = `SELECT w.id, w.org, w.url, w.name, w.types, w.rev, w.created_at, w.off_at, w.off_because, w.former_until,
	(SELECT count(*) FROM (SELECT 1 FROM webhook_delivery d WHERE d.webhook = w.id AND d.state = 'waiting' LIMIT 1000) counted), s.failing_since, s.taken_at, coalesce(s.problem, '')
	FROM webhook w LEFT JOIN webhook_standing s ON s.webhook = w.id `

func (s *Store) scanWebhook(row scanner) (w overlay.Webhook, err error) {
	var types string
	var created int64
	var off, former, failing, taken sql.NullInt64
	if err = row.Scan(&w.ID, &w.Org, &w.URL, &w.Name, &types, &w.Rev, &created, &off, &w.Off, &former, &w.Waiting, &failing, &taken, &w.Problem); err != nil {
		return w, err
	}
	w.Created, w.On = at0(created), !off.Valid
	w.OffAt, w.FailingSince, w.TakenAt = momentOrNil(off), momentOrNil(failing), momentOrNil(taken)
	if former.Valid && former.Int64 > s.now().UnixMilli() {
		w.FormerUntil = momentOrNil(former)
	}
	return w, json.Unmarshal([]byte(types), &w.Types)
}

// Webhook finds a webhook; NotFound: there is none.
func (s *Store) Webhook(ctx context.Context, id string) (overlay.Webhook, error) {
	return s.webhook(ctx, s.reader, id)
}

func (s *Store) webhook(ctx context.Context, q querier, id string) (overlay.Webhook, error) {
	w, err := s.scanWebhook(q.QueryRowContext(ctx, selectWebhook+`WHERE w.id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return w, overlay.Errorf(overlay.NotFound, "there is no such webhook")
	}
	if err != nil {
		return w, fmt.Errorf("find webhook: %w", err)
	}
	return w, nil
}

// Webhooks gives the webhooks of a scope behind an id, oldest first.
func (s *Store) Webhooks(ctx context.Context, in overlay.Scope, after string, limit int) ([]overlay.Webhook, error) {
	where, args := s.scoped(in, "w.org", "")
	all, err := collect(ctx, s.reader, s.scanWebhook, selectWebhook+`WHERE `+where+` AND w.id > ? ORDER BY w.id LIMIT ?`, append(args, after, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list webhooks: %w", err)
	}
	return all, nil
}

// MadeWebhook is a webhook with its secret, which is shown this once.
type MadeWebhook struct {
	overlay.Webhook
	Secret string `json:"secret" doc:"With which it is signed; it is shown this once"`
}

// newWebhookSecret makes a secret as Standard Webhooks writes it.
func newWebhookSecret() string {
	raw := make([]byte, 32)
	rand.Read(raw)
	return "whsec_" + base64.StdEncoding.EncodeToString(raw)
}

// CreateWebhook makes a webhook, which is on. plain: an address without TLS will do.
func (s *Store) CreateWebhook(ctx context.Context, w overlay.Webhook, plain bool, actor string, o Once) (made MadeWebhook, err error) {
	defer s.webhooks.forget()
	if w, err = w.Checked(plain); err != nil {
		return made, err
	}
	types, err := json.Marshal(w.Types)
	if err != nil {
		return made, err
	}
	err = s.write(ctx, func(t *tx) (err error) {
		made, err = onceSealed(ctx, t, "webhooks", o, func() (string, MadeWebhook, error) {
			var n int
			if err := t.QueryRowContext(ctx, `SELECT count(*) FROM webhook WHERE org = ?`, w.Org).Scan(&n); err != nil {
				return "", made, fmt.Errorf("count webhooks: %w", err)
			}
			if n >= overlay.MaxWebhooks {
				return "", made, overlay.Errorf(overlay.Conflict, "the organisation has %d webhooks already; delete one first", n)
			}
			id, secret := s.newID(), newWebhookSecret()
			_, err := t.ExecContext(ctx, `INSERT INTO webhook(id, org, url, name, types, secret, rev, off_because, created_at) VALUES (?,?,?,?,?,?,1,'',?)`,
				id, w.Org, w.URL, w.Name, string(types), s.secret.seal("webhook "+id, secret), t.now.UnixMilli())
			if err != nil {
				return "", made, fmt.Errorf("create webhook: %w", err)
			}
			if err := t.auditIn(ctx, w.Org, actor, "webhook.create", w.Called()); err != nil {
				return "", made, err
			}
			after, err := s.webhook(ctx, t, id)
			return id, MadeWebhook{after, secret}, err
		})
		return err
	})
	return made, err
}

// ChangeWebhook changes a webhook. One that is switched on goes on with what waits for it.
func (s *Store) ChangeWebhook(ctx context.Context, id string, c overlay.WebhookChange, plain bool, actor string) (after overlay.Webhook, err error) {
	defer s.webhooks.forget()
	err = s.write(ctx, func(t *tx) error {
		before, err := s.webhook(ctx, t, id)
		if err != nil {
			return err
		}
		if after, err = before.Changed(c, plain, t.now); err != nil {
			return err
		}
		types, err := json.Marshal(after.Types)
		if err != nil {
			return err
		}
		var off any
		if after.OffAt != nil {
			off = after.OffAt.UnixMilli()
		}
		_, err = t.ExecContext(ctx, `UPDATE webhook SET url = ?, name = ?, types = ?, rev = ?, off_at = ?, off_because = ? WHERE id = ?`, after.URL, after.Name, string(types), after.Rev, off, after.Off, id)
		if err != nil {
			return fmt.Errorf("change webhook: %w", err)
		}
		if after.On && (!before.On || after.URL != before.URL) { // its patience begins anew
			if _, err := t.ExecContext(ctx, `DELETE FROM webhook_standing WHERE webhook = ?`, id); err != nil {
				return fmt.Errorf("change webhook: %w", err)
			}
			after.FailingSince, after.TakenAt, after.Problem = nil, nil, ""
		}
		t.rings = true
		return t.auditIn(ctx, after.Org, actor, "webhook.change", after.Called())
	})
	return after, err
}

// DeleteWebhook deletes a webhook, and all that waits for it.
func (s *Store) DeleteWebhook(ctx context.Context, id, actor string) error {
	defer s.webhooks.forget()
	return s.write(ctx, func(t *tx) error {
		w, err := s.webhook(ctx, t, id)
		if err != nil {
			return err
		}
		for _, rows := range []string{`DELETE FROM webhook WHERE id = ?`, `DELETE FROM webhook_standing WHERE webhook = ?`} {
			if _, err := t.ExecContext(ctx, rows, id); err != nil {
				return fmt.Errorf("delete webhook: %w", err)
			}
		}
		t.rings = true
		return t.auditIn(ctx, w.Org, actor, "webhook.delete", w.Called())
	})
}

// RenewWebhookSecret gives a webhook another secret. The former one signs beside it for
// WebhookHandOver, so that the other side has time to change.
func (s *Store) RenewWebhookSecret(ctx context.Context, id, actor string, o Once) (made MadeWebhook, err error) {
	defer s.webhooks.forget()
	err = s.write(ctx, func(t *tx) (err error) {
		made, err = onceSealed(ctx, t, "webhook-secret/"+id, o, func() (string, MadeWebhook, error) {
			before, err := s.webhook(ctx, t, id)
			if err != nil {
				return "", made, err
			}
			secret := newWebhookSecret()
			sealed := s.secret.seal("webhook "+id, secret)
			if before.Off == overlay.OffSecret { // nobody can read the former one any more
				_, err = t.ExecContext(ctx, `UPDATE webhook SET rev = rev + 1, secret = ?, former = NULL, former_until = NULL, off_at = NULL, off_because = '' WHERE id = ?`, sealed, id)
			} else {
				_, err = t.ExecContext(ctx, `UPDATE webhook SET rev = rev + 1, former = secret, former_until = ?, secret = ? WHERE id = ?`, t.now.Add(overlay.WebhookHandOver).UnixMilli(), sealed, id)
			}
			if err != nil {
				return "", made, fmt.Errorf("renew the secret of a webhook: %w", err)
			}
			t.rings = true
			if err := t.auditIn(ctx, before.Org, actor, "webhook.secret", before.Called()); err != nil {
				return "", made, err
			}
			after, err := s.webhook(ctx, t, id)
			return id, MadeWebhook{after, secret}, err
		})
		return err
	})
	return made, err
}
