package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"mediad/overlay"
)

// maxShops is how many shops an organisation may have.
const maxShops = 50

const selectShop = `SELECT id, org, name, kind, stock, config, secrets, rev, (SELECT max(f.at) FROM order_fact f WHERE f.shop = shop.id) FROM shop WHERE deleted_at IS NULL `

// scanShop gives a shop with the names of its secrets.
func (s *Store) scanShop(row scanner) (shop overlay.Shop, secrets map[string]string, err error) {
	var config string
	var sealed []byte
	var heard sql.NullInt64
	if err = row.Scan(&shop.ID, &shop.Org, &shop.Name, &shop.Kind, &shop.Stock, &config, &sealed, &shop.Rev, &heard); err != nil {
		return shop, nil, err
	}
	if heard.Valid {
		at := time.UnixMilli(heard.Int64).UTC()
		shop.Heard = &at
	}
	if err = json.Unmarshal([]byte(config), &shop.Config); err != nil {
		return shop, nil, fmt.Errorf("read shop %s: %w", shop.ID, err)
	}
	secrets, err = s.secretsOf(shop.ID, sealed)
	shop.Secrets = slices.Sorted(maps.Keys(secrets))
	return shop, secrets, err
}

func (s *Store) secretsOf(shop string, sealed []byte) (map[string]string, error) {
	secrets := map[string]string{}
	if sealed == nil {
		return secrets, nil
	}
	text, err := s.secret.unseal("shop "+shop, sealed)
	if err == nil {
		err = json.Unmarshal([]byte(text), &secrets)
	}
	if err != nil {
		return nil, fmt.Errorf("read secrets of shop %s: %w", shop, err)
	}
	return secrets, nil
}

func (s *Store) sealSecrets(shop string, secrets map[string]string) (any, error) {
	if len(secrets) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(secrets)
	if err != nil {
		return nil, err
	}
	return s.secret.seal("shop "+shop, string(text)), nil
}

// Shop finds a shop; NotFound: there is none.
func (s *Store) Shop(ctx context.Context, id string) (overlay.Shop, error) {
	shop, _, err := s.shop(ctx, s.reader, id)
	return shop, err
}

// openedShop is a shop with its secrets.
type openedShop struct {
	overlay.Shop
	secrets map[string]string
}

// ShopSecrets gives a shop with its secrets, for the server's own use. It is asked for each
// webhook, so it remembers. What it gives is shared: nobody may change it.
func (s *Store) ShopSecrets(ctx context.Context, id string) (overlay.Shop, map[string]string, error) {
	k := &s.checkouts
	found, err := recall(k, func() *map[string]remembered[openedShop] { return &k.opened }, id, time.Now(), func() ([]openedShop, error) {
		shop, secrets, err := s.shop(ctx, s.reader, id)
		return []openedShop{{shop, secrets}}, err
	})
	if err != nil {
		return overlay.Shop{}, nil, err
	}
	return found[0].Shop, found[0].secrets, nil
}

func (s *Store) shop(ctx context.Context, q querier, id string) (overlay.Shop, map[string]string, error) {
	shop, secrets, err := s.scanShop(q.QueryRowContext(ctx, selectShop+`AND id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return shop, nil, overlay.Errorf(overlay.NotFound, "there is no such shop")
	}
	if err != nil {
		return shop, nil, fmt.Errorf("find shop: %w", err)
	}
	return shop, secrets, nil
}

// Shops gives the shops of a scope behind an id, oldest first.
func (s *Store) Shops(ctx context.Context, in overlay.Scope, after string, limit int) ([]overlay.Shop, error) {
	where, args := s.scoped(in, "org", "")
	all, err := collect(ctx, s.reader, func(row scanner) (overlay.Shop, error) {
		shop, _, err := s.scanShop(row)
		return shop, err
	}, selectShop+`AND `+where+` AND id > ? ORDER BY id LIMIT ?`, append(args, after, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list shops: %w", err)
	}
	return all, nil
}

// CreateShop makes a shop.
func (s *Store) CreateShop(ctx context.Context, shop overlay.Shop, secrets map[string]string, actor string, o Once) (made overlay.Shop, err error) {
	defer s.checkouts.forget()
	if shop, err = shop.Checked(); err != nil {
		return shop, err
	}
	if err := overlay.CheckShopSecrets(shop.Kind, secrets); err != nil {
		return shop, err
	}
	err = s.write(ctx, func(t *tx) (err error) {
		made, err = once(ctx, t, "shops", o, func() (string, overlay.Shop, error) {
			var n int
			if err := t.QueryRowContext(ctx, `SELECT count(*) FROM shop WHERE org = ? AND deleted_at IS NULL`, shop.Org).Scan(&n); err != nil {
				return "", shop, fmt.Errorf("count shops: %w", err)
			}
			if n >= maxShops {
				return "", shop, overlay.Errorf(overlay.Conflict, "the organisation has %d shops already; delete one first", n)
			}
			shop.ID, shop.Rev, shop.Secrets = s.newID(), 1, slices.Sorted(maps.Keys(secrets))
			config, err := json.Marshal(shop.Config)
			if err != nil {
				return "", shop, err
			}
			sealed, err := s.sealSecrets(shop.ID, secrets)
			if err != nil {
				return "", shop, err
			}
			_, err = t.ExecContext(ctx, `INSERT INTO shop(id, org, name, kind, stock, config, secrets, rev, created_at) VALUES (?,?,?,?,?,?,?,1,?)`,
				shop.ID, shop.Org, shop.Name, shop.Kind, shop.Stock, string(config), sealed, t.now.UnixMilli())
			if err != nil {
				return "", shop, fmt.Errorf("create shop: %w", err)
			}
			t.changed = true
			return shop.ID, shop, t.auditIn(ctx, shop.Org, actor, "shop.create", shop.Name)
		}, func(id string) (overlay.Shop, error) {
			shop, _, err := s.shop(ctx, t, id)
			return shop, err
		})
		return err
	})
	return made, err
}

// ChangeShop changes a shop. Secrets that the change does not name stay.
func (s *Store) ChangeShop(ctx context.Context, id string, c overlay.ShopChange, actor string) (after overlay.Shop, err error) {
	defer s.checkouts.forget()
	set := map[string]string{}
	for name, value := range c.Secrets {
		if value != "" {
			set[name] = value
		}
	}
	err = s.write(ctx, func(t *tx) error {
		before, secrets, err := s.shop(ctx, t, id)
		if err != nil {
			return err
		}
		if after, err = before.Changed(c); err != nil {
			return err
		}
		if err := overlay.CheckShopSecrets(after.Kind, set); err != nil {
			return err
		}
		for name, value := range c.Secrets {
			if secrets[name] = value; value == "" {
				delete(secrets, name)
			}
		}
		after.Secrets = slices.Sorted(maps.Keys(secrets))
		config, err := json.Marshal(after.Config)
		if err != nil {
			return err
		}
		sealed, err := s.sealSecrets(id, secrets)
		if err != nil {
			return err
		}
		if _, err := t.ExecContext(ctx, `UPDATE shop SET name = ?, stock = ?, config = ?, secrets = ?, rev = ? WHERE id = ?`, after.Name, after.Stock, string(config), sealed, after.Rev, id); err != nil {
			return fmt.Errorf("change shop: %w", err)
		}
		t.changed = true
		return t.auditIn(ctx, after.Org, actor, "shop.change", after.Name)
	})
	return after, err
}

// DeleteShop deletes a shop with its secrets. What it told of orders stays.
func (s *Store) DeleteShop(ctx context.Context, id, actor string) error {
	defer s.checkouts.forget()
	return s.write(ctx, func(t *tx) error {
		shop, _, err := s.shop(ctx, t, id)
		if err != nil {
			return err
		}
		var open int
		if err := t.QueryRowContext(ctx, `SELECT count(*) FROM hold WHERE shop = ? AND state IN ('active', 'expiring')`, id).Scan(&open); err != nil {
			return fmt.Errorf("find open checkouts: %w", err)
		}
		if open > 0 {
			return overlay.Errorf(overlay.Conflict, "%d checkouts of the shop are still open, and only its key can close them; try again when they have ended", open)
		}
		if _, err := t.ExecContext(ctx, `UPDATE shop SET deleted_at = ?, secrets = NULL WHERE id = ?`, t.now.UnixMilli(), id); err != nil {
			return fmt.Errorf("delete shop: %w", err)
		}
		if _, err := t.ExecContext(ctx, `DELETE FROM listing WHERE shop = ?`, id); err != nil {
			return fmt.Errorf("delete shop: %w", err)
		}
		t.changed = true
		return t.auditIn(ctx, shop.Org, actor, "shop.delete", shop.Name)
	})
}
