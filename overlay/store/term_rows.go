package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"mediad/overlay/search"
)

// termPlace is a row of the index.
type termPlace struct {
	term  string
	block int64
}

// termChanges are the products that come into rows of the index, and that go.
type termChanges map[termPlace]*struct{ added, gone []int }

func (c termChanges) add(n int64, before, after search.Terms) {
	block, bit := n/search.BlockSize, int(n%search.BlockSize)
	at := func(term string) *struct{ added, gone []int } {
		p := termPlace{term, block}
		if c[p] == nil {
			c[p] = new(struct{ added, gone []int })
		}
		return c[p]
	}
	for term := range after {
		if !before[term] {
			row := at(term)
			row.added = append(row.added, bit)
		}
	}
	for term := range before {
		if !after[term] {
			row := at(term)
			row.gone = append(row.gone, bit)
		}
	}
}

// rowsAtOnce is how many rows of the index are read or written by one statement.
const rowsAtOnce = 250

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
		var args []any
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
			args = append(args, p.term, p.block, set.Bytes())
		}
		// The number of rows is bounded, and so is the number of texts.
		values := strings.TrimSuffix(strings.Repeat("(?,?,?),", len(some)), ",")
		_, err = t.ExecContext(ctx, `INSERT INTO product_term(term, block, bits) VALUES `+values+` ON CONFLICT (term, block) DO UPDATE SET bits = excluded.bits`, args...)
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
