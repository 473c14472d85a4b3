package store

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
)

// BenchmarkFindProducts measures searches among 130,000 products, the catalogue of an
// agency, on both databases: of its owner, of a host to whom its 12 pools are granted, and
// in one pool. Beside them stand the least that a search does, a look-up of one product by
// its key, and the scan with LIKE that needs no index. p99 is over all kinds of queries in
// turns, as a host types them.
func BenchmarkFindProducts(b *testing.B) {
	ctx := context.Background()
	for i, s := range openBoth(b) {
		fillCatalogue(b, s, products)
		begun := time.Now()
		if err := s.IndexProducts(ctx); err != nil {
			b.Fatal(err)
		}
		indexed := products / time.Since(begun).Seconds()
		host, pool, some := fillPools(b, s)
		b.Run([]string{"sqlite", "postgres"}[i], func(b *testing.B) {
			all := overlay.Scope{All: true}
			find := func(q ProductQuery) error { _, _, err := s.FindProducts(ctx, q); return err }
			report := func(name string, took []time.Duration) {
				b.ReportMetric(took[len(took)/2].Seconds()*1000, name+"p50-ms")
				b.ReportMetric(took[len(took)*99/100].Seconds()*1000, name+"p99-ms")
			}
			report("", measure(b, b.N, ProductQuery{In: all}, find))
			report("granted-", measure(b, b.N, ProductQuery{In: overlay.Scope{Orgs: []string{host}}, Granted: true}, find))
			report("pool-", measure(b, b.N, ProductQuery{In: overlay.Scope{Orgs: []string{host}}, Granted: true, Pool: pool}, find))
			report("key-", measure(b, b.N, ProductQuery{}, func(ProductQuery) error {
				_, err := s.GetProduct(ctx, some, 0)
				return err
			}))
			like := measure(b, len(typed), ProductQuery{In: all}, func(q ProductQuery) error {
				_, err := collect(ctx, s.reader, scanProduct, `SELECT r.body FROM product p JOIN product_rev r ON r.product = p.id AND r.rev = p.rev
					WHERE r.body LIKE ? ORDER BY p.id LIMIT ?`, "%"+q.Text+"%", q.Limit)
				return err
			})
			b.ReportMetric(indexed, "indexed/s")
			b.ReportMetric(like[len(like)/2].Seconds()*1000, "like-p50-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}

const products = 130000

// typed are queries of each kind: frequent and rare, whole and in part, of one word
// and of several, with and without a result.
var typed = []string{
	"sh", "shi", "shirt", "red shirt", "shirt xl cotton", "acme", "acme 77", "blue wool", "laptop wool", "zzz", "s", "x1",
	"SKU-1", "SKU-129", "sku-000777", "SKU-129999", "40063", "4006381", "衬衫", "衬", "红色衬衫", "纯棉红色", "手机壳",
	"เสื้อ", "เสื้อเชิ้ต สีแดง", "สี", "größe", "hemd rot", "baumwollhemd", "قميص", "قميص احمر", "nothing at all",
}

func measure(b *testing.B, n int, q ProductQuery, find func(ProductQuery) error) []time.Duration {
	var took []time.Duration
	for i := range max(n, 1) {
		begun := time.Now()
		q.Text, q.Limit = typed[i%len(typed)], 51
		if err := find(q); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(begun))
	}
	slices.Sort(took)
	return took
}

// fillPools divides the catalogue into 12 pools, which it grants to another organisation.
func fillPools(b *testing.B, s *Store) (host, pool, product string) {
	ctx := context.Background()
	all, err := collect(ctx, s.reader, func(row scanner) (id string, err error) { return id, row.Scan(&id) }, `SELECT id FROM product ORDER BY id`)
	if err != nil {
		b.Fatal(err)
	}
	o, err := s.CreateOrg(ctx, overlay.Org{Name: "Host town"}, overlay.System("test"), Once{})
	if err != nil {
		b.Fatal(err)
	}
	for n := range 12 {
		p, err := s.CreatePool(ctx, overlay.HomeOrg, fmt.Sprint("Pool ", n), "ann", Once{})
		for some := range slices.Chunk(all[n*len(all)/12:(n+1)*len(all)/12], 500) {
			if err == nil {
				err = s.write(ctx, func(t *tx) error {
					now, err := pool0(ctx, t, p.ID)
					if err == nil {
						_, err = t.fill(ctx, now, some, false)
					}
					return err
				})
			}
		}
		if err == nil {
			_, err = s.GrantPool(ctx, p.ID, o.ID, time.Time{}, "ann")
		}
		if err != nil {
			b.Fatal(err)
		}
		pool = p.ID
	}
	return o.ID, pool, all[len(all)/2]
}

func fillCatalogue(b *testing.B, s *Store, products int) {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	ctx := context.Background()
	for from := 0; from < products; from += 250 {
		err := s.write(ctx, func(t *tx) error {
			for i := from; i < from+250; i++ {
				p := overlay.Product{ID: t.s.newID(), Rev: 1, SKU: fmt.Sprintf("SKU-%06d", i), Price: 1990, Currency: "EUR", Stock: overlay.StockIn, Type: overlay.Physical,
					Category: pick("Wear > Shirts", "Wear > Trousers", "Electronics"), GTIN: fmt.Sprintf("4006381%06d", i), Description: strings.Repeat("Fine to wear. ", 20),
					Title: strings.Join([]string{pick("Acme", "Nordwind", "Globex", fmt.Sprint("Brand", r.IntN(3000))), pick("red", "blue", "green", "black"), pick("cotton", "wool", "silk"),
						pick("shirt", "shirts", "trousers", "shorts", "laptop"), pick("S", "M", "XL"), fmt.Sprint(r.IntN(1000))}, " "),
					Titles: map[string]string{"zh": pick("红色", "蓝色", "黑色") + pick("纯棉", "羊毛") + pick("衬衫", "裤子", "手机壳"), "de": pick("Baumwollhemd", "Hose", "Hemd Größe") + pick(" rot", " blau"),
						"th": pick("เสื้อเชิ้ต", "กางเกง") + pick("สีแดง", "สีดำ"), "ar": pick("قميص", "بنطلون") + pick(" أحمر", " أزرق")}}
				if _, err := t.ExecContext(ctx, `INSERT INTO product(id, sku, rev, created_at, updated_at) VALUES (?,?,1,0,0)`, p.ID, p.SKU); err != nil {
					return err
				}
				body, err := json.Marshal(p)
				if err != nil {
					return err
				}
				if _, err := t.ExecContext(ctx, `INSERT INTO product_rev(product, rev, body, at) VALUES (?,1,?,0)`, p.ID, string(body)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
