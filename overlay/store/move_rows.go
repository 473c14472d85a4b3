package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"
)

// field is a column, with a name of its type that is the same on both sides.
type field struct{ name, kind string }

// columns lists the columns of a table by name.
func (s *side) columns(ctx context.Context, table string) ([]field, error) {
	query := `SELECT name, CASE type WHEN 'INTEGER' THEN 'bigint' WHEN 'BLOB' THEN 'bytea' ELSE lower(type) END FROM pragma_table_info(?) ORDER BY name`
	if s.dialect.Postgres() {
		query = `SELECT column_name::text COLLATE "C", data_type::text FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ? ORDER BY 1`
	}
	rows, err := s.tx.QueryContext(ctx, s.dialect.Text(query), table)
	if err != nil {
		return nil, fmt.Errorf("look at table %s of %s: %w", table, s.place, err)
	}
	defer rows.Close()
	var all []field
	for rows.Next() {
		var f field
		if err := rows.Scan(&f.name, &f.kind); err != nil {
			return nil, err
		}
		if f.kind != "bigint" && f.kind != "bytea" && f.kind != "text" {
			return nil, fmt.Errorf("column %s of table %s has the type %s", f.name, table, f.kind)
		}
		all = append(all, f)
	}
	return all, rows.Err()
}

// scan calls each for every row of a table in the order of its key, and computes
// the count and the hash of all. A row is valid until its call returns.
func (s *side) scan(ctx context.Context, t keyed, columns []field, each func(n int64, row []any) error) (MovedTable, error) {
	sum := MovedTable{Name: t.name}
	rows, err := s.tx.QueryContext(ctx, `SELECT `+names(columns)+` FROM `+t.name+` ORDER BY `+t.key)
	if err != nil {
		return sum, err
	}
	defer rows.Close()
	dest, row := make([]any, len(columns)), make([]any, len(columns))
	for i, c := range columns {
		switch c.kind {
		case "bigint":
			dest[i] = new(sql.NullInt64)
		case "text":
			dest[i] = new(sql.NullString)
		default:
			dest[i] = new([]byte)
		}
	}
	h := sha256.New()
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return sum, err
		}
		for i, d := range dest {
			row[i] = plain(d)
			digest(h, row[i])
		}
		sum.Rows++
		if err := each(sum.Rows, row); err != nil {
			return sum, err
		}
	}
	sum.Hash = hex.EncodeToString(h.Sum(nil))
	return sum, rows.Err()
}

// plain gives a value in a form that both databases take; nil is NULL.
func plain(d any) any {
	switch d := d.(type) {
	case *sql.NullInt64:
		if d.Valid {
			return d.Int64
		}
	case *sql.NullString:
		if d.Valid {
			return d.String
		}
	case *[]byte:
		return append([]byte{}, *d...) // no column of bytes is ever NULL
	}
	return nil
}

// digest adds a value to the hash, with its type and its length.
func digest(h hash.Hash, v any) {
	switch v := v.(type) {
	case nil:
		h.Write([]byte{'-'})
	case int64:
		h.Write(binary.BigEndian.AppendUint64([]byte{'i'}, uint64(v)))
	case string:
		h.Write(binary.BigEndian.AppendUint64([]byte{'t'}, uint64(len(v))))
		h.Write([]byte(v))
	case []byte:
		h.Write(binary.BigEndian.AppendUint64([]byte{'b'}, uint64(len(v))))
		h.Write(v)
	}
}

func names(columns []field) string {
	all := make([]string, len(columns))
	for i, c := range columns {
		all[i] = c.name
	}
	return strings.Join(all, ", ")
}

// rowWriter inserts rows, some hundreds in one statement.
type rowWriter struct {
	side    *side
	table   string
	columns []field
	values  []any
}

// atOnce is how many values one statement may have; SQLite takes 32766.
const atOnce = 4000

func (w *rowWriter) add(ctx context.Context, row []any) error {
	w.values = append(w.values, row...)
	if len(w.values)+len(w.columns) <= atOnce {
		return nil
	}
	return w.flush(ctx)
}

func (w *rowWriter) flush(ctx context.Context) error {
	if len(w.values) == 0 {
		return nil
	}
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", len(w.columns)), ",") + ")"
	n := len(w.values) / len(w.columns)
	query := `INSERT INTO ` + w.table + `(` + names(w.columns) + `) VALUES ` + strings.TrimSuffix(strings.Repeat(one+",", n), ",")
	_, err := w.side.tx.ExecContext(ctx, w.side.dialect.Text(query), w.values...)
	w.values = w.values[:0]
	return err
}
