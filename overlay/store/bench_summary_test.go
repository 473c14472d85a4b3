package store

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"mediad/overlay"
)

// summaryOrders is how many orders the year of the benchmark has.
const summaryOrders = 130_000

// fillYear adds a year of shows, one a day, each with as many orders, of two lines each.
func fillYear(b *testing.B, s *Store, orders int) (days overlay.SummaryDays) {
	b.Helper()
	ctx, must := context.Background(), func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	_, err := s.EnsureRoom(ctx, "corn", "Corn", "")
	must(err)
	room, err := s.RoomBySlug(ctx, "corn")
	must(err)
	shop, err := s.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Shop", Kind: overlay.ShopLink}, nil, "test", Once{})
	must(err)
	var products []string
	for i := range 300 {
		p, err := s.CreateProduct(ctx, overlay.Product{SKU: fmt.Sprint("SKU-", i), Title: "Corn", Price: 4990, Currency: "CNY"}, Once{})
		must(err)
		products = append(products, p.ID)
	}
	days, err = overlay.SummaryDaysOf("2025-01-01", "2025-12-31", "", time.Now())
	must(err)
	rows := func(t *tx, all [][]any, query string) {
		text, err := json.Marshal(all)
		must(err)
		_, err = t.ExecContext(ctx, query, string(text))
		must(err)
	}
	const shows = 365
	for n := range shows {
		must(s.write(ctx, func(t *tx) error {
			at := days.Begin.AddDate(0, 0, n).Add(12 * time.Hour).UnixMilli()
			show := t.s.newID()
			_, err := t.ExecContext(ctx, `INSERT INTO show(id, room, title, state, created_at, started_at, ended_at) VALUES (?,?,?,'ended',?,?,?)`, show, room.ID, "Evening", at, at, at+7_200_000)
			must(err)
			_, err = t.ExecContext(ctx, `INSERT INTO broadcast(epoch, room, show, anchor, msn, part, begun_at, reserved_at, ended_at) VALUES (?,?,?,0,1,0,?,?,?)`, show, room.ID, show, at, at, at+7_200_000)
			must(err)
			_, err = t.ExecContext(ctx, `INSERT INTO show_watched(show, likes, watched_ms, peak, views, viewers) VALUES (?,0,0,0,12000,11951)`, show)
			must(err)
			var sold, lines, clicks [][]any
			for i := range products[:20] {
				clicks = append(clicks, []any{show, products[(n+i)%len(products)]})
			}
			for i := range orders / shows {
				id := t.s.newID()
				sold = append(sold, []any{id, shop.ID, id, show, at + int64(i)*1000})
				for l := range 2 {
					lines = append(lines, []any{id, l, products[(n+i%23+7*l)%len(products)]})
				}
			}
			rows(t, clicks, `INSERT INTO click_count(show, product, clicks) SELECT c.value->>0, c.value->>1, 300 FROM `+s.dialect.Rows())
			rows(t, sold, `INSERT INTO shop_order(id, shop, name, org, host, show, state, currency, gross, refunded, net, surplus, pieces, buyer, paid_at, created_at, changed_at)
				SELECT c.value->>0, c.value->>1, c.value->>2, 'home', 'home', c.value->>3, 'paid', 'CNY', 9980, 0, 9980, 0, 2, NULL, CAST(c.value->>4 AS BIGINT), CAST(c.value->>4 AS BIGINT), 0 FROM `+s.dialect.Rows())
			rows(t, lines, `INSERT INTO order_line(shop_order, n, product, sku, ref, title, quantity, amount) SELECT c.value->>0, CAST(c.value->>1 AS BIGINT), c.value->>2, 'SKU', '', 'Corn', 1, 4990 FROM `+s.dialect.Rows())
			return nil
		}))
	}
	return days
}

// BenchmarkSummary measures the figures of a year of 130,000 orders, on both databases.
func BenchmarkSummary(b *testing.B) {
	ctx := context.Background()
	for i, s := range openBoth(b) {
		days := fillYear(b, s, summaryOrders)
		if s.dialect.Postgres() {
			_, err := s.writer.Exec(`ANALYZE`)
			if err != nil {
				b.Fatal(err)
			}
		}
		for _, by := range []overlay.SummaryBy{overlay.ByShow, overlay.ByHost, overlay.ByOrg, overlay.ByProduct} {
			begun := time.Now()
			const turns = 3
			for range turns {
				sum, err := s.Summary(ctx, by, days, overlay.Scope{Orgs: []string{overlay.HomeOrg}})
				if err != nil || sum.Total.Total.Orders < summaryOrders-365 || sum.Total.Shows != 365 || *sum.Total.Total.Viewers != 365*11951 {
					b.Fatalf("%+v, %v", sum.Total, err)
				}
			}
			b.ReportMetric(time.Since(begun).Seconds()*1000/turns, []string{"sqlite-", "postgres-"}[i]+string(by)+"-ms")
		}
	}
	b.ReportMetric(0, "ns/op")
}
