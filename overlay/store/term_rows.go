package store

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"mediad/overlay/search"
)

// termPlace is a row of the index.
type termPlace struct {
	term  string
	block int64
}

// termRow is a row of the index, with the products that have the term.
type termRow struct {
	termPlace
	set *search.Set
}

// scanTermRow scans term, block and bits.
func scanTermRow(row scanner) (r termRow, err error) {
	var bits []byte
	err = row.Scan(&r.term, &r.block, &bits)
	r.set = search.SetOf(bits)
	return r, err
}

// termChanges are the products that come into rows of the index, and that go.
type termChanges map[termPlace]*termChange

type termChange struct{ added, gone []int }

func (c termChanges) at(n int64, term string) *termChange {
	p := termPlace{term, n / search.BlockSize}
	if c[p] == nil {
		c[p] = new(termChange)
	}
	return c[p]
}

// put gives a product a term, and drop takes it away.
func (c termChanges) put(n int64, term string) {
	row := c.at(n, term)
	row.added = append(row.added, int(n%search.BlockSize))
}

func (c termChanges) drop(n int64, term string) {
	row := c.at(n, term)
	row.gone = append(row.gone, int(n%search.BlockSize))
}

func (c termChanges) add(n int64, before indexedProduct, after search.Terms) {
	for term := range after {
		if !before.terms[term] {
			c.put(n, term)
		}
	}
	for term := range before.maybe {
		if !after[term] {
			c.drop(n, term)
		}
	}
}

// rowsAtOnce is how many rows of the index are read or written by one statement.
const rowsAtOnce = 1000

// changeTerms writes changes, in the order of the rows. Most rows of many new products
// are new themselves, so these are tried first.
func (t *tx) changeTerms(ctx context.Context, changes termChanges) error {
	places := slices.SortedFunc(maps.Keys(changes), func(a, b termPlace) int {
		return cmp.Or(cmp.Compare(a.term, b.term), cmp.Compare(a.block, b.block))
	})
	for some := range slices.Chunk(places, rowsAtOnce) {
		rows := make([][3]any, 0, len(some))
		for _, p := range some {
			if c := changes[p]; len(c.added) > 0 {
				rows = append(rows, c.row(p, new(search.Set)))
			}
		}
		made, err := t.writeTerms(ctx, rows, `ON CONFLICT (term, block) DO NOTHING`)
		if err != nil {
			return err
		}
		left := slices.DeleteFunc(some, func(p termPlace) bool { return made[p] })
		if len(left) == 0 {
			continue
		}
		sets, err := t.termSets(ctx, left)
		if err != nil {
			return err
		}
		rows = rows[:0]
		for _, p := range left {
			if set := sets[p]; set != nil {
				rows = append(rows, changes[p].row(p, set))
			}
		}
		if _, err := t.writeTerms(ctx, rows, `ON CONFLICT (term, block) DO UPDATE SET bits = excluded.bits`); err != nil {
			return err
		}
	}
	return nil
}

// row makes changes to the set of a row, and gives the row.
func (c *termChange) row(p termPlace, set *search.Set) [3]any {
	for _, n := range c.gone {
		set.Remove(n)
	}
	for _, n := range c.added {
		set.Add(n)
	}
	return [3]any{p.term, p.block, hex.EncodeToString(set.Bytes())}
}

// writeTerms writes rows of the index, and tells which were written.
func (t *tx) writeTerms(ctx context.Context, rows [][3]any, conflict string) (written map[termPlace]bool, err error) {
	if len(rows) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return nil, err
	}
	t.wrote = true
	written = make(map[termPlace]bool, len(rows))
	_, err = collect(ctx, t, func(row scanner) (none struct{}, err error) {
		var p termPlace
		err = row.Scan(&p.term, &p.block)
		written[p] = true
		return none, err
	}, `INSERT INTO product_term(term, block, bits) SELECT c.value->>0, CAST(c.value->>1 AS BIGINT), `+t.s.dialect.Unhex("c.value->>2")+` FROM `+t.s.dialect.Rows()+
		` WHERE 1 = 1 `+conflict+` RETURNING term, block`, string(text))
	if err != nil {
		return nil, fmt.Errorf("change terms of products: %w", err)
	}
	return written, nil
}

func (t *tx) termSets(ctx context.Context, places []termPlace) (map[termPlace]*search.Set, error) {
	table := make([][2]any, len(places))
	for i, p := range places {
		table[i] = [2]any{p.term, p.block}
	}
	text, err := json.Marshal(table)
	if err != nil {
		return nil, err
	}
	rows, err := collect(ctx, t, scanTermRow, `SELECT w.term, w.block, w.bits FROM `+t.s.dialect.Rows()+` CROSS JOIN product_term w WHERE w.term = c.value->>0 AND w.block = CAST(c.value->>1 AS BIGINT)`, string(text))
	if err != nil {
		return nil, fmt.Errorf("read terms of products: %w", err)
	}
	sets := make(map[termPlace]*search.Set, len(rows))
	for _, row := range rows {
		sets[row.termPlace] = row.set
	}
	return sets, nil
}
