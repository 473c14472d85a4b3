package store

import (
	"context"
	"fmt"
	"slices"

	"mediad/overlay"
)

// filedAtOnce is how many orders of a file one transaction takes: others wait for it.
const filedAtOnce = 100

// ImportOrders brings what a file says of orders into the ledger, or, in a dry run, tells
// what it would do. Where a row is wrong, nothing is changed. What the ledger has already
// stays as it is, so an import that broke off is repeated.
func (s *Store) ImportOrders(ctx context.Context, shop overlay.Shop, orders []overlay.FiledOrder, found overlay.OrderImport, actor string) (overlay.OrderImport, error) {
	defer s.orderNews.Add(1)
	for part := range slices.Chunk(orders, filedAtOnce) {
		before, err := s.ordersNamed(ctx, s.reader, shop.ID, part)
		if err != nil {
			return found, err
		}
		for _, o := range part {
			was := before[o.Name]
			facts, err := o.Facts(was)
			switch {
			case err != nil:
				found.Reject(o.Row, err.Error())
			case was == nil:
				found.New++
			case len(facts) > 0:
				found.Changed++
			default:
				found.Unchanged++
			}
		}
	}
	if found.DryRun || found.RejectedN > 0 {
		return found, nil
	}
	for part := range slices.Chunk(orders, filedAtOnce) {
		err := s.write(ctx, func(t *tx) error {
			before, err := s.ordersNamed(ctx, t, shop.ID, part)
			if err != nil {
				return err
			}
			var all []heard
			for _, o := range part {
				facts, err := o.Facts(before[o.Name])
				if err != nil {
					return err
				}
				for _, f := range facts {
					all = append(all, heard{shop, f})
				}
			}
			return t.takeFacts(ctx, all)
		})
		if err != nil {
			return found, err
		}
	}
	found.Applied = true
	return found, s.write(ctx, func(t *tx) error { return t.auditIn(ctx, shop.Org, actor, "orders.import", shop.Name) })
}

// ordersNamed gives what the ledger has of the orders of a file, by the shop's names.
func (s *Store) ordersNamed(ctx context.Context, q querier, shop string, orders []overlay.FiledOrder) (map[string]*overlay.Order, error) {
	names := make([]string, len(orders))
	for i, o := range orders {
		names[i] = o.Name
	}
	all, err := collect(ctx, q, scanOrder, selectOrder+`WHERE shop = ? AND name IN `+s.dialect.List(), shop, list(names))
	if err != nil {
		return nil, fmt.Errorf("find orders of a file: %w", err)
	}
	found := make(map[string]*overlay.Order, len(all))
	for _, o := range all {
		found[o.Name] = &o
	}
	return found, nil
}
