package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"
)

// bell tells who sends webhooks that there is something to do. The zero value is ready.
type bell struct {
	once sync.Once
	c    chan struct{} // has room for one
}

func (b *bell) channel() chan struct{} {
	b.once.Do(func() { b.c = make(chan struct{}, 1) })
	return b.c
}

func (b *bell) ring() {
	select {
	case b.channel() <- struct{}{}:
	default:
	}
}

// ringing makes an action note whether webhooks have something to do after its commit.
func ringing(f func(*tx) error) (noting func(*tx) error, rings func() bool) {
	var last bool // of the run that counts
	return func(t *tx) error {
		t.rings = false
		err := f(t)
		last = t.rings
		return err
	}, func() bool { return last }
}

// WebhookBell has something when a webhook may have something to do.
func (s *Store) WebhookBell() <-chan struct{} { return s.bell.channel() }

// knownWebhooks remembers which webhooks are on, and what they are told of, so that what
// happens where there are none costs nothing. Guards itself; the zero value is ready.
type knownWebhooks struct {
	mu sync.RWMutex
	// Guarded by mu.
	list    []knownWebhook
	at      time.Time // when it was read; zero: never
	changes uint64
}

type knownWebhook struct {
	id, org string
	types   []string
}

const knownFor = 10 * time.Second // in case that another process changed them

// forget is called after webhooks were changed, or may have been.
func (k *knownWebhooks) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.changes++
	k.list, k.at = nil, time.Time{}
}

// webhooks gives those that are on.
func (t *tx) webhooks(ctx context.Context) ([]knownWebhook, error) {
	k := &t.s.webhooks
	k.mu.RLock()
	list, at, seen := k.list, k.at, k.changes
	k.mu.RUnlock()
	if age := time.Since(at); age >= 0 && age < knownFor {
		return list, nil
	}
	list, err := collect(ctx, t, func(row scanner) (w knownWebhook, err error) {
		var types string
		if err := row.Scan(&w.id, &w.org, &types); err != nil {
			return w, err
		}
		return w, json.Unmarshal([]byte(types), &w.types)
	}, `SELECT id, org, types FROM webhook WHERE off_at IS NULL ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("find webhooks: %w", err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.changes == seen {
		k.list, k.at = list, time.Now()
	}
	return list, nil
}

// listeners gives the webhooks that are told of one of these types where it happens in an
// organisation: its own, and those of organisations above it.
func (t *tx) listeners(ctx context.Context, org string, types ...string) ([]knownWebhook, error) {
	all, err := t.webhooks(ctx)
	if err != nil {
		return nil, err
	}
	var some []knownWebhook
	for _, w := range all {
		if slices.ContainsFunc(types, func(kind string) bool { return slices.Contains(w.types, kind) }) {
			some = append(some, w)
		}
	}
	if len(some) == 0 {
		return nil, nil
	}
	above, err := collect(ctx, t, func(row scanner) (id string, err error) { return id, row.Scan(&id) },
		`WITH RECURSIVE above(id, parent) AS (SELECT id, parent FROM org WHERE id = ? UNION SELECT o.id, o.parent FROM org o JOIN above a ON o.id = a.parent) SELECT id FROM above`, orHome(org))
	if err != nil {
		return nil, fmt.Errorf("find organisations above: %w", err)
	}
	return slices.DeleteFunc(some, func(w knownWebhook) bool { return !slices.Contains(above, w.org) }), nil
}
