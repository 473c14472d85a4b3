package store

import (
	"context"
	"fmt"

	"mediad/overlay"
)

// OrderNews goes up with each change of orders: while it stands still, what was counted
// of them is true.
func (s *Store) OrderNews() uint64 { return s.orderNews.Load() }

// CountOrders counts the paid orders of shows. A rehearsal has none, and is left out, as is
// a show without orders.
func (s *Store) CountOrders(ctx context.Context, shows []string) (map[string]int64, error) {
	counts := map[string]int64{}
	_, err := collect(ctx, s.reader, func(row scanner) (none struct{}, err error) {
		var show string
		var n int64
		err = row.Scan(&show, &n)
		counts[show] = n
		return none, err
	}, `SELECT x.id, (SELECT count(*) FROM shop_order o WHERE o.show = x.id AND o.paid_at IS NOT NULL) FROM show x WHERE x.rehearsal = 0 AND x.id IN `+s.dialect.List(), list(shows))
	if err != nil {
		return nil, fmt.Errorf("count the orders of shows: %w", err)
	}
	return counts, nil
}

// ShowSales sums up what a show has sold so far, of all shops.
func (s *Store) ShowSales(ctx context.Context, id string) (overlay.ShowSales, error) {
	show, err := s.GetShow(ctx, id)
	if err != nil {
		return overlay.ShowSales{}, err
	}
	r, err := s.sums(ctx, show, overlay.Everything(), true)
	if err != nil {
		return overlay.ShowSales{}, err
	}
	from := (r.At.Unix()/60 - overlay.SalesMinutes + 1) * 60_000
	orders, err := s.byMinute(ctx, `SELECT paid_at / 60000, count(*) FROM shop_order WHERE show = ? AND paid_at >= ? AND paid_at <= ? GROUP BY 1`, id, from, r.At.UnixMilli())
	if err != nil {
		return overlay.ShowSales{}, fmt.Errorf("count orders by minute: %w", err)
	}
	clicks, err := s.byMinute(ctx, `SELECT at / 60000, count(*) FROM click WHERE show = ? AND at >= ? AND at <= ? GROUP BY 1`, id, from, r.At.UnixMilli())
	if err != nil {
		return overlay.ShowSales{}, fmt.Errorf("count clicks by minute: %w", err)
	}
	sales := overlay.MakeShowSales(r, orders, clicks)
	var shops int64
	err = s.reader.QueryRowContext(ctx, `SELECT count(*) FROM shop WHERE deleted_at IS NULL AND (org = ? OR org IN (SELECT p.org FROM pin i JOIN product p ON p.id = i.product WHERE i.show = ?))`, r.Org, id).Scan(&shops)
	if err != nil {
		return sales, fmt.Errorf("find the shops of a show: %w", err)
	}
	sales.Shops = shops > 0
	return s.named(ctx, sales)
}

func (s *Store) byMinute(ctx context.Context, query string, args ...any) (map[int64]int64, error) {
	counts := map[int64]int64{}
	_, err := collect(ctx, s.reader, func(row scanner) (none struct{}, err error) {
		var minute, n int64
		err = row.Scan(&minute, &n)
		counts[minute] = n
		return none, err
	}, query, args...)
	return counts, err
}

// named gives the products of sums their names.
func (s *Store) named(ctx context.Context, sales overlay.ShowSales) (overlay.ShowSales, error) {
	ids := make([]string, len(sales.Products))
	for i, p := range sales.Products {
		ids[i] = p.Product
	}
	names, err := s.productNames(ctx, ids)
	if err != nil {
		return sales, err
	}
	return sales.Name(names), nil
}

// productNames gives the SKUs and titles of products, by their ids. One that is deleted has none.
func (s *Store) productNames(ctx context.Context, ids []string) (map[string]overlay.SoldProduct, error) {
	names := map[string]overlay.SoldProduct{}
	_, err := collect(ctx, s.reader, func(row scanner) (none struct{}, err error) {
		var p overlay.SoldProduct
		err = row.Scan(&p.Product, &p.SKU, &p.Title)
		names[p.Product] = p
		return none, err
	}, `SELECT p.id, p.sku, `+s.dialect.Field("r.body", "title")+` FROM product p JOIN product_rev r ON r.product = p.id AND r.rev = p.rev WHERE p.id IN `+s.dialect.List(), list(ids))
	if err != nil {
		return nil, fmt.Errorf("name the products of a show: %w", err)
	}
	return names, nil
}
