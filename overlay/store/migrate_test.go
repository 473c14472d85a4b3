package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// steps makes n migrations, each of which adds a table.
func steps(n int) fstest.MapFS {
	all := fstest.MapFS{}
	for i := 1; i <= n; i++ {
		all[fmt.Sprintf("%05d_step.sql", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, "-- +goose Up\nCREATE TABLE t%d(n); INSERT INTO t%d VALUES (%d);", i, i, i)}
	}
	return all
}

func tables(t *testing.T, db *sql.DB) string {
	t.Helper()
	list, err := collect(context.Background(), db, func(row scanner) (name string, err error) {
		err = row.Scan(&name)
		return name, err
	}, `SELECT name FROM sqlite_schema WHERE name GLOB 't[0-9]*' ORDER BY length(name), name`)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(list, " ")
}

func TestMigrationsBeginWithACopy(t *testing.T) {
	dir := t.TempDir()
	db, err := sql.Open("sqlite3", filepath.Join(dir, database))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	backups := filepath.Join(dir, "backups")
	now := time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC)
	migrate := func(n int) error {
		now = now.Add(time.Hour)
		return schemas{steps: steps(n), backups: backups, now: func() time.Time { return now }}.migrate(t.Context(), db)
	}

	// Nothing to copy in a new database, and nothing to do in one of this program.
	for range 2 {
		if err := migrate(2); err != nil {
			t.Fatal(err)
		}
	}
	if got := files(t, backups); len(got) != 0 {
		t.Errorf("copied %q", got)
	}

	if err := migrate(4); err != nil {
		t.Fatal(err)
	}
	if got := files(t, backups); fmt.Sprint(got) != "[migration-v00002-20260301T230000Z.db]" {
		t.Fatalf("copied %q", got)
	}
	if got := tables(t, db); got != "t1 t2 t3 t4" {
		t.Errorf("has %s", got)
	}
	old, err := openExisting(filepath.Join(backups, "migration-v00002-20260301T230000Z.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	if got := tables(t, old); got != "t1 t2" {
		t.Errorf("the copy has %s", got)
	}

	// An older program.
	err = migrate(3)
	if err == nil || !strings.Contains(err.Error(), "has schema 4") || !strings.Contains(err.Error(), backups) {
		t.Errorf("got %v", err)
	}
	if got := tables(t, db); got != "t1 t2 t3 t4" {
		t.Errorf("has %s", got)
	}

	// The last copies are kept, and files that somebody else put there.
	if err := reserveFile(filepath.Join(backups, "mediad-v00001-20200101T000000Z.db")); err != nil {
		t.Fatal(err)
	}
	for n := 5; n <= 12; n++ {
		if err := migrate(n); err != nil {
			t.Fatal(err)
		}
	}
	got := files(t, backups)
	if len(got) != keepBackups+1 || !strings.HasPrefix(got[1], "migration-v00007") || !strings.HasPrefix(got[5], "migration-v00011") {
		t.Errorf("kept %q", got)
	}
}

func TestFailedMigration(t *testing.T) {
	dir := t.TempDir()
	db, err := sql.Open("sqlite3", filepath.Join(dir, database))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	m := schemas{steps: steps(1), backups: filepath.Join(dir, "backups"), now: time.Now}
	if err := m.migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	bad := steps(1)
	bad["00002_bad.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE t2(n); INSERT INTO nobody VALUES (1);")}
	m.steps = bad
	err = m.migrate(t.Context(), db)
	if err == nil || !strings.Contains(err.Error(), "a copy from before is "+m.backups) {
		t.Errorf("got %v", err)
	}
	if got := tables(t, db); got != "t1" {
		t.Errorf("has %s", got)
	}

	// No copy, no migration.
	m.steps, m.backups = steps(3), filepath.Join(dir, database, "backups")
	if err := m.migrate(t.Context(), db); err == nil || tables(t, db) != "t1" {
		t.Errorf("got %v, has %s", err, tables(t, db))
	}
}

// A command beside a server of another version changes no schema.
func TestCurrentChangesNothing(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(t.Context(), Options{Dir: dir, Current: true}); err == nil || !strings.Contains(err.Error(), "there is no database") {
		t.Errorf("opened what is not there: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("it left %v, %v", left, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "mediad.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), Options{Dir: dir, Current: true})
	if err == nil || !strings.Contains(err.Error(), "start the server of this version first") {
		t.Fatalf("opened a database without a schema: %v", err)
	}
	s, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	again, err := Open(t.Context(), Options{Dir: dir, Current: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}
