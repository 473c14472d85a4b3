package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"mediad/overlay"
)

// Checkouts are where a product is bought: the shops of its organisation, the oldest
// first, and how they know the product.
type Checkouts struct {
	Shops    []overlay.Shop // without the names of their secrets
	Listings []overlay.Listing
}

// Bounds of what is remembered of checkouts: each buyer asks for it.
const (
	checkoutsFor = time.Second // in case that another process changed them
	maxCheckouts = 4096        // organisations, and products
)

// knownCheckouts remembers what buyers ask for. A change that this process makes is seen
// at once.
type knownCheckouts struct {
	mu sync.RWMutex
	// Guarded by mu.
	shops    map[string]remembered[overlay.Shop]    // by organisation
	listings map[string]remembered[overlay.Listing] // by product
	offers   map[string]remembered[overlay.Offer]   // by show
	opened   map[string]remembered[openedShop]      // by shop
	changes  uint64
}

type remembered[T any] struct {
	list []T
	at   time.Time
}

func (r remembered[T]) fresh(now time.Time) bool {
	age := now.Sub(r.at)
	return age >= 0 && age < checkoutsFor
}

// forget is called after shops or listings were changed, or may have been.
func (k *knownCheckouts) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.changes++
	k.shops, k.listings, k.offers, k.opened = nil, nil, nil, nil
}

// recall gives what is remembered for a key, or reads it.
func recall[T any](k *knownCheckouts, all func() *map[string]remembered[T], key string, now time.Time, read func() ([]T, error)) ([]T, error) {
	k.mu.RLock()
	known, seen := (*all())[key], k.changes
	k.mu.RUnlock()
	if known.fresh(now) {
		return known.list, nil
	}
	list, err := read()
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if seen == k.changes {
		m := all()
		if *m == nil || len(*m) >= maxCheckouts {
			*m = map[string]remembered[T]{}
		}
		(*m)[key] = remembered[T]{list, now}
	}
	return list, nil
}

// Checkouts gives where a product of an organisation is bought. An organisation without
// shops has none. What it gives is shared: nobody may change it.
func (s *Store) Checkouts(ctx context.Context, org, product string) (c Checkouts, err error) {
	k, now := &s.checkouts, time.Now()
	c.Shops, err = recall(k, func() *map[string]remembered[overlay.Shop] { return &k.shops }, org, now, func() ([]overlay.Shop, error) { return s.openShops(ctx, org) })
	if err != nil || len(c.Shops) == 0 {
		return c, err
	}
	c.Listings, err = recall(k, func() *map[string]remembered[overlay.Listing] { return &k.listings }, product, now, func() ([]overlay.Listing, error) { return s.listingsOf(ctx, product) })
	return c, err
}

// Holding gives the shop that holds units of a product, or of a variant, for buyers: one
// that lists it, else the oldest. chosen is the id of the only one that may; "": any.
func (c Checkouts) Holding(variant, chosen string) (shop overlay.Shop, ok bool) {
	for _, s := range c.Shops {
		if s.Stock != overlay.StockAllocatedHold || chosen != "" && s.ID != chosen {
			continue
		}
		if slices.ContainsFunc(c.Listings, func(l overlay.Listing) bool {
			return l.Shop == s.ID && (l.Variant == "" || l.Variant == variant)
		}) {
			return s, true
		}
		if !ok {
			shop, ok = s, true
		}
	}
	return shop, ok
}

// openShops gives the shops of an organisation as buyers need them: no secret is read.
func (s *Store) openShops(ctx context.Context, org string) ([]overlay.Shop, error) {
	list, err := collect(ctx, s.reader, func(row scanner) (shop overlay.Shop, err error) {
		var config string
		if err := row.Scan(&shop.ID, &shop.Org, &shop.Name, &shop.Kind, &shop.Stock, &config, &shop.Rev); err != nil {
			return shop, err
		}
		return shop, json.Unmarshal([]byte(config), &shop.Config)
	}, `SELECT id, org, name, kind, stock, config, rev FROM shop WHERE deleted_at IS NULL AND org = ? ORDER BY id`, org)
	if err != nil {
		return nil, fmt.Errorf("find shops: %w", err)
	}
	return list, nil
}

const selectListing = `SELECT shop, product, variant, link, ref FROM listing `

func scanListing(row scanner) (l overlay.Listing, err error) {
	var link, ref sql.NullString
	err = row.Scan(&l.Shop, &l.Product, &l.Variant, &link, &ref)
	l.Link, l.Ref = link.String, ref.String
	return l, err
}

func (s *Store) listingsOf(ctx context.Context, product string) ([]overlay.Listing, error) {
	list, err := collect(ctx, s.reader, scanListing, selectListing+`WHERE product = ? ORDER BY shop, variant`, product)
	if err != nil {
		return nil, fmt.Errorf("find listings: %w", err)
	}
	return list, nil
}
