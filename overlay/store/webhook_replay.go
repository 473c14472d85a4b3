package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mediad/overlay"
)

// Replay says what is told once more.
type Replay struct {
	Since  time.Time
	Until  time.Time // zero: up to now
	Failed bool      // what was given up alone; or all
}

// mostReplayed is how many deliveries one replay takes: they are one transaction, for
// which others wait.
const mostReplayed = 10_000

// ReplayWebhook sends what a webhook was told since a moment once more, in its order, and
// says how many deliveries these are.
func (s *Store) ReplayWebhook(ctx context.Context, id string, r Replay, actor string, o Once) (n int, err error) {
	until := int64(1) << 62
	if !r.Until.IsZero() {
		until = r.Until.UnixMilli()
	}
	const some = ` webhook_delivery WHERE webhook = ? AND created_at >= ? AND created_at < ? AND type <> ? AND (state = 'failed' OR ? = 0 AND state = 'taken')`
	args := []any{id, r.Since.UnixMilli(), until, overlay.WebhookTest, truth(r.Failed)}
	err = s.write(ctx, func(t *tx) (err error) {
		n, err = once(ctx, t, "webhook-replay-all/"+id, o, func() (string, int, error) {
			if err := s.onWebhook(ctx, t, id); err != nil {
				return "", 0, err
			}
			var n int
			if err := t.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM`+some+` LIMIT ?) few`, append(args, mostReplayed+1)...).Scan(&n); err != nil {
				return "", 0, fmt.Errorf("count deliveries: %w", err)
			}
			if n > mostReplayed {
				return "", 0, overlay.Errorf(overlay.Conflict, "since: more than %d things were told since then, and no more are sent again at once; choose a later moment, or one in until", mostReplayed)
			}
			_, err := t.ExecContext(ctx, `UPDATE webhook_delivery SET state = 'waiting', tries = 0, next_at = ?, queued_at = ?, ended_at = NULL WHERE id IN (SELECT id FROM`+some+`)`,
				slices.Concat([]any{t.now.UnixMilli(), t.now.UnixMilli()}, args)...)
			if err != nil {
				return "", 0, fmt.Errorf("replay deliveries: %w", err)
			}
			w, err := s.webhook(ctx, t, id)
			if err != nil {
				return "", 0, err
			}
			t.rings = true
			return id, n, t.auditIn(ctx, w.Org, actor, "webhook.replay", w.Called())
		}, func(string) (int, error) { return 0, nil })
		return err
	})
	return n, err
}

// SweepWebhooks forgets deliveries that ended long ago, those of webhooks that are gone,
// and what has waited in vain at one that is off; and it switches webhooks off for which
// too much waits. It may be interrupted anywhere.
func (s *Store) SweepWebhooks(ctx context.Context) error {
	old := s.now().Add(-overlay.WebhookKeep).UnixMilli()
	for _, some := range []string{
		`ended_at IS NOT NULL AND ended_at < ?`,
		`state = 'waiting' AND queued_at < ? AND NOT EXISTS (SELECT 1 FROM webhook w WHERE w.id = webhook_delivery.webhook AND w.off_at IS NULL)`,
	} {
		if err := s.sweepDeliveries(ctx, some, old); err != nil {
			return err
		}
	}
	gone, full, err := s.oddWebhooks(ctx)
	if err != nil {
		return err
	}
	for _, id := range gone {
		if err := s.sweepDeliveries(ctx, `webhook = ?`, id); err != nil {
			return err
		}
	}
	if len(full) == 0 {
		return nil
	}
	defer s.webhooks.forget()
	return s.note(ctx, func(t *tx) error {
		for _, id := range full {
			if err := t.switchOff(ctx, id, overlay.OffFull); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) sweepDeliveries(ctx context.Context, some string, arg any) error {
	for n := 1; n > 0; {
		var err error
		if n, err = s.sweep(ctx, `DELETE FROM webhook_delivery WHERE id IN (SELECT id FROM webhook_delivery WHERE `+some+` LIMIT ?)`, arg, sweepRows); err != nil {
			return err
		}
	}
	return nil
}

// oddWebhooks gives the webhooks that are gone while deliveries to them are there, and
// those for which too much waits. It steps from webhook to webhook, so that it does not
// read all deliveries.
func (s *Store) oddWebhooks(ctx context.Context) (gone, full []string, err error) {
	type told struct {
		id          string
		there, full int64
	}
	for last := ""; ; {
		next, err := collect(ctx, s.reader, func(row scanner) (w told, err error) { return w, row.Scan(&w.id, &w.there, &w.full) },
			`SELECT n.webhook, (SELECT count(*) FROM webhook w WHERE w.id = n.webhook),
			(SELECT count(*) FROM (SELECT 1 FROM webhook_delivery d WHERE d.webhook = n.webhook AND d.state = 'waiting' LIMIT ?) counted)
			FROM (SELECT webhook FROM webhook_delivery WHERE webhook > ? ORDER BY webhook LIMIT 1) n`, overlay.MaxDeliveries+1, last)
		if err != nil || len(next) == 0 {
			return gone, full, err
		}
		w := next[0]
		last = w.id
		switch {
		case w.there == 0:
			gone = append(gone, w.id)
		case w.full > overlay.MaxDeliveries:
			full = append(full, w.id)
		}
	}
}
