package store

import (
	"context"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mediad/overlay"
)

// TestPostgresHasTheSchemaOfSQLite: the steps of both folders end at the same number,
// with the same tables, columns, keys, indexes and references.
func TestPostgresHasTheSchemaOfSQLite(t *testing.T) {
	ctx := t.Context()
	lite, err := Open(ctx, Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer lite.Close()
	pg := openTest(t)

	newest := func(folder string) string {
		names, err := fs.Glob(migrations, "migrations/"+folder+"/*.sql")
		if err != nil || len(names) == 0 {
			t.Fatal(names, err)
		}
		return strings.TrimPrefix(slices.Max(names), "migrations/"+folder+"/")[:5]
	}
	if a, b := newest("sqlite"), newest("postgres"); a != b {
		t.Errorf("the newest step is %s with SQLite and %s with PostgreSQL", a, b)
	}
	judged := map[string]int{}
	for _, table := range overlay.ImpersonalTables() {
		judged[table]++
	}
	for _, p := range overlay.PersonalKinds() {
		for _, table := range p.Tables {
			judged[table]++
		}
	}
	moved := map[string]bool{}
	for _, table := range movedTables() {
		moved[table.name] = true
	}
	list := func(s *Store, query string) (all []string) {
		t.Helper()
		all, err := collect(context.Background(), s.reader, func(row scanner) (text string, err error) { return text, row.Scan(&text) }, query)
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(all)
		return all
	}
	for _, name := range list(lite, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'goose_db_version'`) {
		if !moved[name] {
			t.Errorf("a move forgets the table %s", name)
		}
		if judged[name] != 1 {
			t.Errorf("the table %s stands %d times in overlay/personal.go: once among what is kept about people, or once among what tells nothing of them", name, judged[name])
		}
	}
	compare := func(what, ofSQLite, ofPostgres string) {
		t.Helper()
		a, b := list(lite, ofSQLite), list(pg, ofPostgres)
		if diff := cmp.Diff(a, b); diff != "" || len(a) < 9 {
			t.Errorf("%s (-SQLite +PostgreSQL):\n%s", what, diff)
		}
	}
	const tables = `(SELECT name AS t FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'goose_db_version')`
	const mine = `c.table_schema = current_schema() AND c.table_name <> 'goose_db_version'`
	compare("columns", `SELECT t || '.' || c.name || ' ' || CASE c.type WHEN 'INTEGER' THEN 'bigint' WHEN 'BLOB' THEN 'bytea' ELSE lower(c.type) END ||
		CASE WHEN c."notnull" OR c.pk > 0 THEN ' not null' ELSE '' END || coalesce(' ' || c.dflt_value, '') FROM `+tables+`, pragma_table_info(t) c`,
		`SELECT c.table_name || '.' || c.column_name || ' ' || c.data_type || CASE c.is_nullable WHEN 'NO' THEN ' not null' ELSE '' END ||
		coalesce(' ' || replace(c.column_default, '::text', ''), '') FROM information_schema.columns c WHERE `+mine)
	compare("primary keys and uniques", `SELECT t || ' (' || group_concat(name, ',') || ')' FROM (SELECT t, i.name AS n, k.name FROM `+tables+`, pragma_index_list(t) i, pragma_index_info(i.name) k
		WHERE i."unique" AND i.origin IN ('u','pk') ORDER BY t, n, k.seqno) GROUP BY t, n UNION ALL SELECT 'pin (n)'`,
		`SELECT c.conrelid::regclass || ' (' || (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k(a, n) JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.a) || ')'
		FROM pg_constraint c WHERE c.connamespace = current_schema()::regnamespace AND c.contype IN ('p','u') AND c.conrelid::regclass::text <> 'goose_db_version'`)
	compare("references", `SELECT t || '.' || f."from" || ' -> ' || f."table" || '.' || f."to" FROM `+tables+`, pragma_foreign_key_list(t) f`,
		`SELECT c.conrelid::regclass || '.' || a.attname || ' -> ' || c.confrelid::regclass || '.' || b.attname FROM pg_constraint c
		JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]
		WHERE c.connamespace = current_schema()::regnamespace AND c.contype = 'f'`)
	compare("indexes", `SELECT t || ' ' || i.name || CASE WHEN i."unique" THEN ' unique' ELSE '' END || CASE WHEN i.partial THEN ' partial' ELSE '' END ||
		' (' || coalesce((SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)), 'expression') || ')' FROM `+tables+`, pragma_index_list(t) i WHERE i.origin = 'c'`,
		`SELECT x.indrelid::regclass || ' ' || x.indexrelid::regclass || CASE WHEN x.indisunique THEN ' unique' ELSE '' END || CASE WHEN x.indpred IS NOT NULL THEN ' partial' ELSE '' END ||
		' (' || coalesce((SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(x.indkey) WITH ORDINALITY k(a, n) JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.a), 'expression') || ')'
		FROM pg_index x JOIN pg_class r ON r.oid = x.indrelid WHERE r.relnamespace = current_schema()::regnamespace
		AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = x.indexrelid) AND r.relname <> 'goose_db_version'`)
	// Text sorts by its bytes, whatever the locale of the database is.
	for _, c := range list(pg, `SELECT c.table_name || '.' || c.column_name FROM information_schema.columns c WHERE `+mine+` AND c.data_type = 'text' AND coalesce(c.collation_name, '') <> 'C'`) {
		t.Errorf("%s does not sort by bytes", c)
	}
	var sorted string
	err = pg.reader.QueryRowContext(ctx, `SELECT string_agg(t, '' ORDER BY t) FROM (VALUES ('a'), ('B'), ('b')) v(t)`).Scan(&sorted)
	if err != nil || sorted == "Bab" {
		t.Errorf("the test's database sorts by bytes by itself (%q, %v): it proves nothing", sorted, err)
	}
}

// TestPrivacyPage: docs/privacy.md has each kind of what is kept about people, with its key.
func TestPrivacyPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/privacy.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(page)) {
		if strings.HasPrefix(line, "| `") && strings.Count(line, "|") == 6 {
			rows++
		}
	}
	for _, p := range overlay.PersonalKinds() {
		key := "| |"
		if p.Setting != "" {
			key = "| `" + p.Setting + "` |"
		}
		found := false
		for line := range strings.Lines(string(page)) {
			found = found || strings.HasPrefix(line, "| `"+string(p.Kind)+"` | "+p.Whose+" |") && strings.HasSuffix(line, key+"\n")
		}
		if !found {
			t.Errorf("the page has no row of %s with %s", p.Kind, key)
		}
	}
	if rows != len(overlay.PersonalKinds()) {
		t.Errorf("the page has %d rows, and there are %d kinds", rows, len(overlay.PersonalKinds()))
	}
}
