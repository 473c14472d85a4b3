// Package dialect lets one text of SQL run on two databases, SQLite and
// PostgreSQL. It gives placeholders the form that a database reads, supplies
// the few words that differ, and sorts errors into classes that mean the same
// on both.
//
// Statements use what both databases understand alike: ? and ?1, RETURNING, ON
// CONFLICT with its columns, partial indexes, CAST(… AS BIGINT), an alias for each
// subquery, CASE instead of the scalar max.
package dialect

import "sync"

// Dialect is one of the two. It is safe for concurrent use.
type Dialect struct {
	postgres bool
	texts    sync.Map // statement as written → with the placeholders of PostgreSQL
}

// SQLite is the dialect in which statements are written.
func SQLite() *Dialect { return &Dialect{} }

// PostgreSQL is the dialect that has $1 where statements have ?.
func PostgreSQL() *Dialect { return &Dialect{postgres: true} }

// Postgres tells which of the two it is.
func (d *Dialect) Postgres() bool { return d.postgres }

// Text gives a statement as the database reads it. Statements are constants of the
// program, so the cache of texts is bounded.
func (d *Dialect) Text(query string) string {
	if !d.postgres {
		return query
	}
	if text, ok := d.texts.Load(query); ok {
		return text.(string)
	}
	text := rebind(query)
	d.texts.Store(query, text)
	return text
}

// Field gives the SQL for the text under a key, in a column that holds a JSON
// object.
func (d *Dialect) Field(column, key string) string {
	if d.postgres {
		return `(` + column + `::json->>'` + key + `')`
	}
	return `json_extract(` + column + `, '$.` + key + `')`
}

// ProductKey gives the SQL for where a revision r of a product stands among those that
// are sorted by title, price, sku or changed. The indexes of migration 00044 have just
// these expressions.
func (d *Dialect) ProductKey(by string) string {
	text := func(key string) string { return `(r.body->>'$.` + key + `')` }
	padded, unit := func(v string) string { return `substr('0000000000000000' || ` + v + `, -16)` }, `char(1)`
	at := `r.at`
	if d.postgres {
		text = func(key string) string { return `((CAST(r.body AS json)->>'` + key + `') COLLATE "C")` }
		padded, unit = func(v string) string { return `lpad(` + v + `, 16, '0')` }, `chr(1)`
		at = `CAST(r.at AS text)`
	}
	var key string
	switch by {
	case "title", "sku":
		key = `lower(` + text(by) + `)`
	case "price":
		key = text("currency") + ` || ` + padded(text("price"))
	default:
		key = padded(at)
	}
	return key + ` || ` + unit + ` || r.product || '-' || r.rev`
}

// Rows gives the SQL for a parameter that holds a JSON array of arrays, as a table c
// of one column: c.value->>0 is the first field of a row, as text unless it is cast.
func (d *Dialect) Rows() string {
	if d.postgres {
		return `json_array_elements(CAST(? AS json)) AS c(value)`
	}
	return `json_each(?) c`
}

// Unhex gives the SQL for the bytes that a text has as hexadecimal digits.
func (d *Dialect) Unhex(text string) string {
	if d.postgres {
		return `decode(` + text + `, 'hex')`
	}
	return `unhex(` + text + `)`
}

// List gives the SQL for a parameter that holds a JSON array of texts, as the right
// side of IN.
func (d *Dialect) List() string {
	if d.postgres {
		return `(SELECT json_array_elements_text(CAST(? AS json)))`
	}
	return `(SELECT value FROM json_each(?))`
}
