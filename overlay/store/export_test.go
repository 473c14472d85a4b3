package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"mediad/overlay"
	"mediad/overlay/search"
)

// Append appends an event of any kind to a show's log, as future actions will.
func (s *Store) Append(ctx context.Context, show string, kind overlay.Kind) (e overlay.Event, err error) {
	err = s.write(ctx, func(t *tx) error {
		e, err = t.append(ctx, overlay.Show{ID: show}, draft{kind: kind})
		return err
	})
	return e, err
}

// PrepareImport does the first half of applying an import.
func PrepareImport(s *Store, i overlay.Import) error { return s.prepareImport(context.Background(), i) }

// SwitchImport does the second half.
func SwitchImport(s *Store, i overlay.Import) error { return s.switchImport(context.Background(), i) }

// IndexedTerms gives what the index has and what it should have once all is settled: of
// each term the SKUs of its products.
func IndexedTerms(s *Store) (has, should map[string][]string, err error) {
	has, should = map[string][]string{}, map[string][]string{}
	ctx := context.Background()
	numbers := map[int64]string{}
	_, err = collect(ctx, s.reader, func(row scanner) (none struct{}, err error) {
		var n int64
		var body []byte
		if err := row.Scan(&n, &body); err != nil {
			return none, err
		}
		p, err := scanProduct(one{body})
		numbers[n] = p.SKU
		for term := range termsOf(p) {
			should[term] = append(should[term], p.SKU)
		}
		return none, err
	}, `SELECT f.n, r.body FROM product_number f JOIN product p ON p.id = f.product JOIN product_rev r ON r.product = p.id AND r.rev = p.rev WHERE r.rev = f.rev ORDER BY f.n`)
	if err != nil {
		return nil, nil, err
	}
	_, err = collect(ctx, s.reader, func(row scanner) (none struct{}, err error) {
		var term string
		var block int64
		var bits []byte
		if err := row.Scan(&term, &block, &bits); err != nil {
			return none, err
		}
		for _, n := range search.SetOf(bits).Numbers() {
			has[term] = append(has[term], numbers[block*search.BlockSize+int64(n)])
		}
		return none, nil
	}, `SELECT term, block, bits FROM product_term ORDER BY term, block`)
	return has, should, err
}

// Dump gives all rows of a table, in no order.
func Dump(t *testing.T, s *Store, table string) string {
	t.Helper()
	rows, err := s.reader.QueryContext(context.Background(), `SELECT * FROM `+table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for rows.Next() {
		values, dest := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range values {
			dest[i] = &values[i]
		}
		if err := rows.Scan(dest...); err != nil {
			t.Fatal(err)
		}
		for i, v := range values {
			fmt.Fprintf(&text, "%s=%s ", names[i], v.String)
		}
		text.WriteByte('\n')
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return text.String()
}
