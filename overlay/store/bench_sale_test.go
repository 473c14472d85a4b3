package store

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"mediad/overlay"
)

// counter is a show in which a shop sells by holds, and tables of the same shape that no
// rule of ours guards.
type counter struct {
	*Store
	show, product, shop string
}

func newBenchCounter(b *testing.B, s *Store) *counter {
	b.Helper()
	ctx, must := context.Background(), func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	_, err := s.EnsureRoom(ctx, "corn", "Corn", "")
	must(err)
	begin, err := s.BeginBroadcast(ctx, "corn", s.now())
	must(err)
	p, err := s.CreateProduct(ctx, overlay.Product{SKU: "CORN", Title: "Corn", Price: 4990, Currency: "CNY"}, Once{})
	must(err)
	shop, err := s.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Tea", Kind: overlay.ShopStripeSession, Stock: overlay.StockAllocatedHold},
		map[string]string{overlay.APIKey: "sk_test_1"}, "test", Once{})
	must(err)
	_, err = s.CreateAllocation(ctx, overlay.Allocation{Show: begin.Show, Product: p.ID, Total: 1_000_000}, "test", Once{})
	must(err)
	for _, statement := range []string{
		`CREATE TABLE bare_allocation(id TEXT PRIMARY KEY, total BIGINT NOT NULL, held BIGINT NOT NULL, CHECK (held <= total))`,
		`INSERT INTO bare_allocation VALUES ('a', 1000000000, 0)`,
		`CREATE TABLE bare_hold(id TEXT PRIMARY KEY, allocation TEXT NOT NULL REFERENCES bare_allocation(id), shop TEXT, quantity BIGINT, state TEXT NOT NULL, purchase TEXT, created_at BIGINT, expires_at BIGINT, ask_at BIGINT)`,
		`CREATE INDEX bare_hold_allocation ON bare_hold(allocation, state)`,
		`CREATE INDEX bare_hold_ask ON bare_hold(ask_at)`,
		`CREATE TABLE bare_click(id TEXT PRIMARY KEY, show TEXT NOT NULL, product TEXT NOT NULL, rev BIGINT NOT NULL, at BIGINT NOT NULL, variant TEXT)`,
		`CREATE INDEX bare_click_show ON bare_click(show, at)`,
	} {
		_, err := s.writer.Exec(statement)
		must(err)
	}
	return &counter{s, begin.Show, p.ID, shop.ID}
}

// bare does something in one transaction, with nothing of ours around it.
func (c *counter) bare(ctx context.Context, do func(*tx) error) error {
	conn, err := c.writer.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	begin := `BEGIN IMMEDIATE`
	if c.dialect.Postgres() {
		begin = `BEGIN`
	}
	if _, err := conn.ExecContext(ctx, begin); err != nil {
		return err
	}
	if err := do(&tx{conn: conn, s: c.Store, ctx: ctx, now: c.now()}); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, `COMMIT`)
	return err
}

// bareHolds writes the rows of n holds.
func (c *counter) bareHolds(ctx context.Context, n int) error {
	rows := make([][9]any, n)
	for i := range rows {
		h := c.NewHold(c.shop, 1, overlay.HeldPurchase{Title: "Corn"})
		purchase, err := json.Marshal(h.Purchase)
		if err != nil {
			return err
		}
		rows[i] = [9]any{h.ID, "a", h.Shop, h.Quantity, "active", string(purchase), h.Created.UnixMilli(), h.Expires.UnixMilli(), h.Expires.UnixMilli()}
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	return c.bare(ctx, func(t *tx) error {
		if _, err := t.ExecContext(ctx, `UPDATE bare_allocation SET held = held + ?1 WHERE id = 'a' AND held + ?1 <= total`, n); err != nil {
			return err
		}
		_, err := t.ExecContext(ctx, `INSERT INTO bare_hold SELECT c.value->>0, c.value->>1, c.value->>2, CAST(c.value->>3 AS BIGINT), c.value->>4, c.value->>5, CAST(c.value->>6 AS BIGINT), CAST(c.value->>7 AS BIGINT), CAST(c.value->>8 AS BIGINT) FROM `+c.dialect.Rows(), string(text))
		return err
	})
}

// BenchmarkHolds measures units that are kept for buyers, each on the disk when the buyer
// is answered, of several buyers at once; and in turns with it the bare rows: in one
// transaction for each hold (alone), and in transactions of 256 (batched), which no caller
// of a single unit could have. Only the ratios mean something on another machine.
func BenchmarkHolds(b *testing.B) {
	stores, ctx := openBoth(b), context.Background()
	for i, name := range []string{"sqlite", "postgres"} {
		c := newBenchCounter(b, stores[i])
		for _, callers := range []int{1, 64, 512} {
			b.Run(fmt.Sprintf("%s/callers=%d", name, callers), func(b *testing.B) {
				const turns = 4
				var held, alone, batched time.Duration
				n := b.N/turns + 1
				for range turns {
					held += spread(b, callers, n, func() error {
						_, err := c.Hold(ctx, c.show, c.product, "", c.NewHold(c.shop, 1, overlay.HeldPurchase{Title: "Corn"}))
						return err
					})
					alone += spread(b, callers, n, func() error { return c.bareHolds(ctx, 1) })
					begun := time.Now()
					for left := n; left > 0; left -= togetherAtMost {
						if err := c.bareHolds(ctx, min(left, togetherAtMost)); err != nil {
							b.Fatal(err)
						}
					}
					batched += time.Since(begun)
				}
				perSecond(b, turns*n, map[string]time.Duration{"holds/s": held, "bare-alone/s": alone, "bare-batched/s": batched})
				b.ReportMetric(held.Seconds()/alone.Seconds(), "x-alone")
				b.ReportMetric(held.Seconds()/batched.Seconds(), "x-batched")
			})
		}
	}
}

// perSecond reports how many of n things were done in a second.
func perSecond(b *testing.B, n int, took map[string]time.Duration) {
	for unit, t := range took {
		b.ReportMetric(float64(n)/t.Seconds(), unit)
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkClicks measures clicks that are kept, in batches behind the actions of hosts, as
// the server does it; and in turns with it the bare rows in batches of the same size, and
// clicks that are kept one by one. Only the ratios mean something on another machine.
func BenchmarkClicks(b *testing.B) {
	const many, few = 512, 8
	stores := openBoth(b)
	for i, name := range []string{"sqlite", "postgres"} {
		c := newBenchCounter(b, stores[i])
		b.Run(name, func(b *testing.B) {
			var kept, bare, alone time.Duration
			n := 0
			for b.Loop() {
				kept += c.clicks(b, many, c.AddClicks)
				bare += c.clicks(b, many, c.bareClicks)
				for range few {
					alone += c.clicks(b, 1, c.AddClicks)
				}
				n += many
			}
			perSecond(b, n, map[string]time.Duration{"clicks/s": kept, "bare/s": bare, "alone/s": alone * many / few})
			b.ReportMetric(kept.Seconds()/bare.Seconds(), "x-bare")
		})
	}
}

// clicks lets n new clicks be kept, and tells how long that took.
func (c *counter) clicks(b *testing.B, n int, keep func(context.Context, []overlay.Click) error) time.Duration {
	all := make([]overlay.Click, n)
	for i := range all {
		all[i] = overlay.Click{ID: c.newID(), Show: c.show, Product: c.product, Rev: 1, At: c.now()}
	}
	begun := time.Now()
	if err := keep(context.Background(), all); err != nil {
		b.Fatal(err)
	}
	return time.Since(begun)
}

func (c *counter) bareClicks(ctx context.Context, clicks []overlay.Click) error {
	rows := make([][5]any, len(clicks))
	for i, k := range clicks {
		rows[i] = [5]any{k.ID, k.Show, k.Product, k.Rev, k.At.UnixMilli()}
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	return c.bare(ctx, func(t *tx) error {
		_, err := t.ExecContext(ctx, `INSERT INTO bare_click SELECT c.value->>0, c.value->>1, c.value->>2, CAST(c.value->>3 AS BIGINT), CAST(c.value->>4 AS BIGINT), NULL FROM `+c.dialect.Rows(), string(text))
		return err
	})
}
