package store

import (
	"context"
	"encoding/json"
	"fmt"

	"mediad/overlay"
)

// goodsOf is what a line of an order is of; the zero value: of nothing that is known.
type goodsOf struct{ product, variant string }

// writeLines writes the lines of orders anew, each with the product that it is of.
func (t *tx) writeLines(ctx context.Context, all []*change) error {
	var old []string
	var lines []orderedLine
	for _, c := range all {
		if !c.bought() {
			continue
		}
		if c.before.ID != "" {
			old = append(old, c.before.ID)
		}
		for n, l := range c.sum.Lines {
			lines = append(lines, orderedLine{c, n, l, goodsOf{}})
		}
	}
	if len(old) > 0 {
		if _, err := t.ExecContext(ctx, `DELETE FROM order_line WHERE shop_order IN `+t.s.dialect.List(), list(old)); err != nil {
			return fmt.Errorf("write lines of orders: %w", err)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	if err := t.findGoods(ctx, lines); err != nil {
		return err
	}
	rows, known := make([][10]any, len(lines)), map[[2]string]bool{}
	for i, l := range lines {
		product := [2]string{l.order.after.ID, l.of.product}
		rows[i] = [10]any{l.order.after.ID, l.n, orNull(l.of.product), orNull(l.of.variant), l.SKU, l.Ref, overlay.Plain(l.Title, 200), l.Quantity, l.Amount, truth(!known[product])}
		known[product] = true
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, `INSERT INTO order_line(shop_order, n, product, variant, sku, ref, title, quantity, amount, first)
		SELECT c.value->>0, CAST(c.value->>1 AS BIGINT), c.value->>2, c.value->>3, c.value->>4, c.value->>5, c.value->>6, CAST(c.value->>7 AS BIGINT), CAST(c.value->>8 AS BIGINT), CAST(c.value->>9 AS BIGINT) FROM `+t.s.dialect.Rows(), string(text))
	if err != nil {
		return fmt.Errorf("write lines of orders: %w", err)
	}
	return nil
}

// orderedLine is a line on its way to the database.
type orderedLine struct {
	order *change
	n     int
	overlay.OrderLine
	of goodsOf
}

// findGoods finds what lines are of: by the shop's own name of the variant, else by the SKU
// of a product, else by that of a variant.
func (t *tx) findGoods(ctx context.Context, lines []orderedLine) error {
	found := make([]bool, len(lines))
	read := func(row scanner) error {
		var i int
		var of goodsOf
		err := row.Scan(&i, &of.product, &of.variant)
		if err == nil && !found[i] { // the first of several
			found[i], lines[i].of = true, of
		}
		return err
	}
	var rows [][3]any
	for i, l := range lines {
		if l.Ref != "" {
			rows = append(rows, [3]any{i, l.order.shop.ID, l.Ref})
		}
	}
	err := t.eachOf(ctx, rows, read, `SELECT CAST(c.value->>0 AS BIGINT), l.product, l.variant FROM `+t.s.dialect.Rows()+` CROSS JOIN listing l WHERE l.shop = c.value->>1 AND l.ref = c.value->>2 ORDER BY l.product`)
	if err != nil {
		return fmt.Errorf("find lines by their listings: %w", err)
	}
	rows = nil
	for i, l := range lines {
		if l.SKU != "" && !found[i] {
			rows = append(rows, [3]any{i, l.order.shop.Org, l.SKU})
		}
	}
	err = t.eachOf(ctx, rows, read, `SELECT CAST(c.value->>0 AS BIGINT), p.id, '' FROM `+t.s.dialect.Rows()+` CROSS JOIN product p WHERE p.org = c.value->>1 AND p.sku = c.value->>2 AND p.deleted_at IS NULL`)
	if err != nil {
		return fmt.Errorf("find lines by their SKUs: %w", err)
	}
	known := map[[2]string]map[string]string{}
	for i, l := range lines {
		if l.SKU == "" || found[i] {
			continue
		}
		name := [2]string{l.order.shop.Org, l.SKU}
		if known[name] == nil {
			if known[name], err = t.variantsBySKU(ctx, l.order.shop.Org, l.SKU); err != nil {
				return err
			}
		}
		lines[i].of = variantOf(known[name], l.order.after.Product)
	}
	return nil
}

// maxSameSKU is how many products are looked at for a SKU that words of many have.
const maxSameSKU = 100

// variantsBySKU gives the variants of an organisation's products that have a SKU, by these
// products.
func (t *tx) variantsBySKU(ctx context.Context, org, sku string) (map[string]string, error) {
	page, _, err := t.s.FindProducts(ctx, ProductQuery{In: overlay.Scope{Orgs: []string{org}}, Text: sku, Limit: maxSameSKU})
	if err != nil {
		return nil, fmt.Errorf("find a variant by its SKU: %w", err)
	}
	all := map[string]string{}
	for _, p := range page {
		for _, v := range p.Variants {
			if v.SKU == sku {
				all[p.ID] = v.ID
			}
		}
	}
	return all, nil
}

// variantOf picks the variant that a line is of. SKUs of variants are unique in their
// product alone: where several products have the same one, it is that of the product whose
// card the buyer came from; else none, and nobody is told of sales that may be another's.
func variantOf(all map[string]string, card string) goodsOf {
	if len(all) == 1 {
		for product, variant := range all {
			return goodsOf{product, variant}
		}
	}
	if all[card] == "" {
		return goodsOf{}
	}
	return goodsOf{card, all[card]}
}
