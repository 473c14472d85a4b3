package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"mediad/overlay"
)

// tell queues what webhooks are told, in the transaction in which it happens: what is
// answered for is told, though the process dies. next is when it is due; 0: before all
// that waits, though the webhook rests.
func (t *tx) tell(ctx context.Context, to []knownWebhook, kind, subject string, data any, next int64) (last string, err error) {
	if len(to) == 0 {
		return "", nil
	}
	body, err := overlay.WebhookBody(kind, t.now, data)
	if err != nil {
		return "", err
	}
	message := "msg_" + t.s.newID()
	for _, w := range to {
		last = t.s.newID()
		_, err := t.ExecContext(ctx, `INSERT INTO webhook_delivery(id, webhook, message, type, subject, body, state, tries, attempts, next_at, queued_at, created_at) VALUES (?,?,?,?,?,?,'waiting',0,'[]',?,?,?)`,
			last, w.id, message, kind, subject, body, next, t.now.UnixMilli(), t.now.UnixMilli())
		if err != nil {
			return "", fmt.Errorf("queue for a webhook: %w", err)
		}
	}
	t.rings = true
	return last, nil
}

// tellEvent tells of an event of a show. Rehearsals are for hosts alone.
func (t *tx) tellEvent(ctx context.Context, show overlay.Show, e overlay.Event, b overlay.Body) error {
	if show.Rehearsal || !e.Kind.ToldOf() {
		return nil
	}
	to, err := t.listeners(ctx, show.Org, string(e.Kind))
	if err != nil {
		return err
	}
	_, err = t.tell(ctx, to, string(e.Kind), show.ID, overlay.ToldEvent{Show: show.ID, Title: show.Title, Room: show.Room, Org: orHome(show.Org), Seq: e.Seq, At: e.At.UTC(), Product: b.Product}, t.now.UnixMilli())
	return err
}

// heed is who is told of a change of an order, and the order before it.
type heed struct {
	to     []knownWebhook
	before overlay.Order
}

// heedOrder reads an order before a change, if somebody is told of it: by id, or by the
// shop's name of it.
func (t *tx) heedOrder(ctx context.Context, org, where string, args ...any) (h heed, err error) {
	if h.to, err = t.listeners(ctx, org, orderTypes()...); err != nil || len(h.to) == 0 {
		return h, err
	}
	some, err := collect(ctx, t, scanOrder, selectOrder+`WHERE `+where, args...)
	if err != nil {
		return h, fmt.Errorf("find order: %w", err)
	}
	if len(some) > 0 {
		h.before = some[0]
	}
	return h, nil
}

func orderTypes() (types []string) {
	for _, kind := range overlay.WebhookTypes() {
		if strings.HasPrefix(kind, "order.") {
			types = append(types, kind)
		}
	}
	return types
}

// tellOrder tells what has changed of an order since it was heeded.
func (t *tx) tellOrder(ctx context.Context, h heed, id string) error {
	if len(h.to) == 0 {
		return nil
	}
	after, err := orderOf(ctx, t, id)
	if err != nil {
		return err
	}
	types := overlay.OrderNews(h.before, after)
	if len(types) == 0 {
		return nil
	}
	lines, err := t.s.linesOf(ctx, t, id)
	if err != nil {
		return err
	}
	told := overlay.ToldOrder{Order: after, Lines: lines[id]}
	if told.Lines == nil {
		told.Lines = []overlay.SoldLine{}
	}
	for _, kind := range types {
		if _, err := t.tell(ctx, ofType(h.to, kind), kind, id, told, t.now.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

// WebhooksDue says when something is due at each webhook that is on and has something to
// be told; the zero time: at once, though the webhook rests.
func (s *Store) WebhooksDue(ctx context.Context) (map[string]time.Time, error) {
	type due struct {
		id string
		at sql.NullInt64
	}
	all, err := collect(ctx, s.reader, func(row scanner) (d due, err error) { return d, row.Scan(&d.id, &d.at) },
		`SELECT w.id, (SELECT min(d.next_at) FROM webhook_delivery d WHERE d.webhook = w.id AND d.state = 'waiting') FROM webhook w WHERE w.off_at IS NULL`)
	if err != nil {
		return nil, fmt.Errorf("find what webhooks are due: %w", err)
	}
	out := map[string]time.Time{}
	for _, d := range all {
		switch {
		case !d.at.Valid:
		case d.at.Int64 == 0:
			out[d.id] = time.Time{}
		default:
			out[d.id] = at0(d.at.Int64)
		}
	}
	return out, nil
}

// WebhookWork gives what is due at a webhook, the earliest first.
func (s *Store) WebhookWork(ctx context.Context, id string, limit int) (w overlay.WebhookWork, err error) {
	var secret, former []byte
	var until sql.NullInt64
	w.ID = id
	err = s.reader.QueryRowContext(ctx, `SELECT url, secret, former, former_until FROM webhook WHERE id = ? AND off_at IS NULL`, id).Scan(&w.URL, &secret, &former, &until)
	if err != nil {
		if err == sql.ErrNoRows { // it was switched off or deleted
			return w, nil
		}
		return w, fmt.Errorf("find webhook: %w", err)
	}
	if w.Secret, err = s.secret.unseal("webhook "+id, secret); err != nil {
		return w, fmt.Errorf("open the secret of webhook %s: %w", id, err)
	}
	if former != nil && until.Int64 > s.now().UnixMilli() {
		if w.Former, err = s.secret.unseal("webhook "+id, former); err != nil {
			return w, fmt.Errorf("open the former secret of webhook %s: %w", id, err)
		}
	}
	w.Due, err = collect(ctx, s.reader, func(row scanner) (d overlay.DueDelivery, err error) {
		var queued int64
		var attempts string
		if err := row.Scan(&d.ID, &d.Message, &d.Type, &d.Subject, &d.Body, &d.Tries, &queued, &attempts); err != nil {
			return d, err
		}
		d.Queued = at0(queued)
		return d, json.Unmarshal([]byte(attempts), &d.Attempts)
	}, `SELECT id, message, type, subject, body, tries, queued_at, attempts FROM webhook_delivery WHERE webhook = ? AND state = 'waiting' AND next_at <= ? ORDER BY next_at, id LIMIT ?`, id, s.now().UnixMilli(), limit)
	if err != nil {
		return w, fmt.Errorf("find what is due at a webhook: %w", err)
	}
	return w, nil
}

// NoteWebhooks notes how tries went, and switches webhooks off that take nothing any more.
func (s *Store) NoteWebhooks(ctx context.Context, results []overlay.WebhookResult) (off map[string]overlay.OffBecause, err error) {
	err = s.note(ctx, func(t *tx) error {
		off = map[string]overlay.OffBecause{}
		for _, r := range results {
			if err := t.noteDelivery(ctx, r); err != nil {
				return err
			}
			why, err := t.noteStanding(ctx, r)
			if err != nil {
				return err
			}
			if why != "" && off[r.Webhook] == "" {
				off[r.Webhook] = why
				if err := t.switchOff(ctx, r.Webhook, why); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if len(off) > 0 {
		s.webhooks.forget()
	}
	return off, err
}

// noteDelivery notes a try. A replay that came while it went begins anew all the same.
func (t *tx) noteDelivery(ctx context.Context, r overlay.WebhookResult) error {
	var attempts string
	var queued int64
	err := t.QueryRowContext(ctx, `SELECT attempts, queued_at FROM webhook_delivery WHERE id = ?`, r.Delivery).Scan(&attempts, &queued)
	if err == sql.ErrNoRows {
		return nil // its webhook was deleted
	}
	if err != nil {
		return fmt.Errorf("find delivery: %w", err)
	}
	var all []overlay.Attempt
	if err := json.Unmarshal([]byte(attempts), &all); err != nil {
		return fmt.Errorf("read the tries of a delivery: %w", err)
	}
	all = append(all, r.Attempt)
	text, err := json.Marshal(all[max(0, len(all)-overlay.MaxAttempts):])
	if err != nil {
		return err
	}
	if queued != r.Queued.UnixMilli() {
		_, err = t.ExecContext(ctx, `UPDATE webhook_delivery SET attempts = ? WHERE id = ?`, string(text), r.Delivery)
	} else {
		var ended any
		next := t.now
		if r.State == overlay.DeliveryWaiting {
			next = r.Next
		} else {
			ended = t.now.UnixMilli()
		}
		_, err = t.ExecContext(ctx, `UPDATE webhook_delivery SET state = ?, tries = tries + 1, attempts = ?, next_at = ?, ended_at = ? WHERE id = ?`, r.State, string(text), next.UnixMilli(), ended, r.Delivery)
	}
	if err != nil {
		return fmt.Errorf("note a delivery: %w", err)
	}
	return nil
}

// noteStanding notes how a webhook does, and says why it is to be switched off; "": it is
// not. While all goes well it writes once a minute.
func (t *tx) noteStanding(ctx context.Context, r overlay.WebhookResult) (overlay.OffBecause, error) {
	var failing, taken sql.NullInt64
	err := t.QueryRowContext(ctx, `SELECT failing_since, taken_at FROM webhook_standing WHERE webhook = ?`, r.Webhook).Scan(&failing, &taken)
	if err != nil && err != sql.ErrNoRows {
		return "", fmt.Errorf("find how a webhook does: %w", err)
	}
	now := t.now.UnixMilli()
	if r.State == overlay.DeliveryTaken {
		if err == nil && !failing.Valid && now-taken.Int64 < time.Minute.Milliseconds() {
			return "", nil
		}
		_, err = t.ExecContext(ctx, `INSERT INTO webhook_standing(webhook, taken_at) VALUES (?,?) ON CONFLICT (webhook) DO UPDATE SET failing_since = NULL, taken_at = excluded.taken_at, problem = NULL`, r.Webhook, now)
	} else {
		_, err = t.ExecContext(ctx, `INSERT INTO webhook_standing(webhook, failing_since, problem) VALUES (?,?,?) ON CONFLICT (webhook) DO UPDATE SET failing_since = coalesce(webhook_standing.failing_since, excluded.failing_since), problem = excluded.problem`,
			r.Webhook, now, r.Attempt.Problem)
	}
	switch {
	case err != nil:
		return "", fmt.Errorf("note how a webhook does: %w", err)
	case r.Gone:
		return overlay.OffGone, nil
	case r.State != overlay.DeliveryTaken && failing.Valid && t.now.Sub(at0(failing.Int64)) > overlay.WebhookPatience:
		return overlay.OffFailing, nil
	}
	return "", nil
}

func (t *tx) switchOff(ctx context.Context, id string, why overlay.OffBecause) error {
	var org, name, address string
	err := t.QueryRowContext(ctx, `UPDATE webhook SET off_at = ?, off_because = ?, rev = rev + 1 WHERE id = ? AND off_at IS NULL RETURNING org, name, url`, t.now.UnixMilli(), why, id).Scan(&org, &name, &address)
	if err == sql.ErrNoRows {
		return nil
	}
	if err != nil {
		return fmt.Errorf("switch a webhook off: %w", err)
	}
	return t.auditIn(ctx, org, "server", "webhook.off", overlay.Webhook{Name: name, URL: address}.Called())
}
