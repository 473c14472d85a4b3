package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"mediad/overlay"
)

func ofType(all []knownWebhook, kind string) []knownWebhook {
	return slices.DeleteFunc(slices.Clone(all), func(w knownWebhook) bool { return !slices.Contains(w.types, kind) })
}

const deliveryColumns = `id, webhook, message, type, subject, state, tries, attempts, next_at, created_at, ended_at`

func scanDelivery(row scanner) (d overlay.Delivery, err error) { return scanDeliveryAnd(row) }

func scanDeliveryAnd(row scanner, more ...any) (d overlay.Delivery, err error) {
	var attempts string
	var next, created int64
	var ended sql.NullInt64
	if err = row.Scan(append([]any{&d.ID, &d.Webhook, &d.Message, &d.Type, &d.Subject, &d.State, &d.Tries, &attempts, &next, &created, &ended}, more...)...); err != nil {
		return d, err
	}
	d.Created, d.Ended = at0(created), momentOrNil(ended)
	if d.State == overlay.DeliveryWaiting {
		at := at0(max(next, created))
		d.Next = &at
	}
	if err = json.Unmarshal([]byte(attempts), &d.Attempts); err == nil && len(d.Attempts) > 0 {
		d.Last = &d.Attempts[len(d.Attempts)-1]
	}
	return d, err
}

// Deliveries picks what a webhook is told.
type Deliveries struct {
	Webhook string
	State   overlay.DeliveryState // "": in any
	Type    string                // "": of any
}

// FindDeliveries gives what a webhook is told before an id, the newest first.
func (s *Store) FindDeliveries(ctx context.Context, q Deliveries, before string, limit int) ([]overlay.Delivery, error) {
	all, err := collect(ctx, s.reader, scanDelivery, `SELECT `+deliveryColumns+` FROM webhook_delivery WHERE webhook = ? AND (? = '' OR state = ?) AND (? = '' OR type = ?) AND (? = '' OR id < ?) ORDER BY id DESC LIMIT ?`,
		q.Webhook, q.State, q.State, q.Type, q.Type, before, before, limit)
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", err)
	}
	return all, nil
}

// Delivery gives a delivery with what is sent, and how its tries went.
func (s *Store) Delivery(ctx context.Context, webhook, id string) (d overlay.DeliveryStory, err error) {
	return deliveryOf(ctx, s.reader, webhook, id)
}

func deliveryOf(ctx context.Context, q querier, webhook, id string) (d overlay.DeliveryStory, err error) {
	var body string
	d.Delivery, err = scanDeliveryAnd(q.QueryRowContext(ctx, `SELECT `+deliveryColumns+`, body FROM webhook_delivery WHERE webhook = ? AND id = ?`, webhook, id), &body)
	if errors.Is(err, sql.ErrNoRows) {
		return d, overlay.Errorf(overlay.NotFound, "there is no such delivery; one that has ended is kept for %d days", overlay.WebhookKeep/(24*time.Hour))
	}
	if err != nil {
		return d, fmt.Errorf("find delivery: %w", err)
	}
	d.Body, d.Attempts = json.RawMessage(body), d.Delivery.Attempts
	return d, nil
}

// TestWebhook tells a webhook that this is a test, before all that waits for it.
func (s *Store) TestWebhook(ctx context.Context, id, actor string, o Once) (d overlay.Delivery, err error) {
	err = s.write(ctx, func(t *tx) (err error) {
		again := func(ref string) (overlay.Delivery, error) {
			story, err := deliveryOf(ctx, t, id, ref)
			return story.Delivery, err
		}
		d, err = once(ctx, t, "webhook-test/"+id, o, func() (string, overlay.Delivery, error) {
			if err := s.onWebhook(ctx, t, id); err != nil {
				return "", d, err
			}
			told := struct {
				Webhook string `json:"webhook"`
				By      string `json:"by"`
			}{id, actor}
			last, err := t.tell(ctx, []knownWebhook{{id: id}}, overlay.WebhookTest, id, told, 0)
			if err != nil {
				return "", d, err
			}
			d, err := again(last)
			return last, d, err
		}, again)
		return err
	})
	return d, err
}

func (s *Store) onWebhook(ctx context.Context, t *tx, id string) error {
	w, err := s.webhook(ctx, t, id)
	if err == nil && !w.On {
		err = overlay.Errorf(overlay.Conflict, "the webhook is off; switch it on first")
	}
	return err
}

// ReplayDelivery sends a delivery once more, as the same message: at once, and for a day
// where it is not taken.
func (s *Store) ReplayDelivery(ctx context.Context, webhook, id string, o Once) (d overlay.Delivery, err error) {
	err = s.write(ctx, func(t *tx) (err error) {
		again := func(ref string) (overlay.Delivery, error) {
			story, err := deliveryOf(ctx, t, webhook, ref)
			return story.Delivery, err
		}
		d, err = once(ctx, t, "webhook-replay/"+id, o, func() (string, overlay.Delivery, error) {
			if err := s.onWebhook(ctx, t, webhook); err != nil {
				return "", d, err
			}
			if _, err := again(id); err != nil {
				return "", d, err
			}
			if _, err := t.ExecContext(ctx, `UPDATE webhook_delivery SET state = 'waiting', tries = 0, next_at = 0, queued_at = ?, ended_at = NULL WHERE id = ?`, t.now.UnixMilli(), id); err != nil {
				return "", d, fmt.Errorf("replay a delivery: %w", err)
			}
			t.rings = true
			d, err := again(id)
			return id, d, err
		}, again)
		return err
	})
	return d, err
}
