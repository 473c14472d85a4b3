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

// termChanges are the products that come into rows of the index, and that go.
type termChanges map[termPlace]*struct{ added, gone []int }

func (c termChanges) at(n int64, term string) *struct{ added, gone []int } {
	p := termPlace{term, n / search.BlockSize}
	if c[p] == nil {
		c[p] = new(struct{ added, gone []int })
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

func (c termChanges) add(n int64, before, after search.Terms) {
	for term := range after {
		if !before[term] {
			c.put(n, term)
		}
	}
	for term := range before {
		if !after[term] {
			c.drop(n, term)
		}
	}
}

// rowsAtOnce is how many rows of the index are read or written by one statement.
const rowsAtOnce = 1000

// changeTerms writes changes, in the order of the rows.
func (t *tx) changeTerms(ctx context.Context, changes termChanges) error {
	places := slices.SortedFunc(maps.Keys(changes), func(a, b termPlace) int {
		return cmp.Or(cmp.Compare(a.term, b.term), cmp.Compare(a.block, b.block))
	})
	for some := range slices.Chunk(places, rowsAtOnce) {
		sets, err := t.termSets(ctx, some)
		if err != nil {
			return err
		}
		rows := make([][3]any, 0, len(some))
		for _, p := range some {
			set := sets[p]
			if set == nil {
				set = new(search.Set)
			}
			for _, n := range changes[p].gone {
				set.Remove(n)
			}
			for _, n := range changes[p].added {
				set.Add(n)
			}
			rows = append(rows, [3]any{p.term, p.block, hex.EncodeToString(set.Bytes())})
		}
		text, err := json.Marshal(rows)
		if err != nil {
			return err
		}
		_, err = t.ExecContext(ctx, `INSERT INTO product_term(term, block, bits) SELECT c.value->>0, CAST(c.value->>1 AS BIGINT), `+t.s.dialect.Unhex("c.value->>2")+` FROM `+t.s.dialect.Rows()+
			` WHERE 1 = 1 ON CONFLICT (term, block) DO UPDATE SET bits = excluded.bits`, string(text))
		if err != nil {
			return fmt.Errorf("change terms of products: %w", err)
		}
	}
	return nil
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
	sets := make(map[termPlace]*search.Set, len(places))
	_, err = collect(ctx, t, func(row scanner) (none struct{}, err error) {
		var p termPlace
		var bits []byte
		err = row.Scan(&p.term, &p.block, &bits)
		sets[p] = search.SetOf(bits)
		return none, err
	}, `SELECT w.term, w.block, w.bits FROM `+t.s.dialect.Rows()+` CROSS JOIN product_term w WHERE w.term = c.value->>0 AND w.block = CAST(c.value->>1 AS BIGINT)`, string(text))
	if err != nil {
		return nil, fmt.Errorf("read terms of products: %w", err)
	}
	return sets, nil
}
