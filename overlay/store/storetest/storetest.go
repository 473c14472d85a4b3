// Package storetest gives tests databases of the store.
package storetest

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	_ "github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"
)

// Fresh puts a database of SQLite without rows, which has the newest schema already, into a
// data directory. A start with an empty one carries out every migration, with a sync of the
// disk for each: hundreds of tests would do that again.
func Fresh(t testing.TB, dir string) {
	t.Helper()
	rows, err := fresh()
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "mediad.db"), rows, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// fresh makes the database once in each process, from the store's own migrations.
var fresh = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "mediad-fresh-")
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "mediad.db")
	rows, err := migrated(file)
	return rows, errors.Join(err, os.RemoveAll(dir))
})

func migrated(file string) ([]byte, error) {
	db, err := sql.Open("sqlite3", "file:"+file+"?_foreign_keys=on&_synchronous=off")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	_, here, _, _ := runtime.Caller(0)
	p, err := goose.NewProvider(goose.DialectSQLite3, db, os.DirFS(filepath.Join(filepath.Dir(here), "../migrations/sqlite")), goose.WithDisableGlobalRegistry(true))
	if err == nil {
		_, err = p.Up(context.Background())
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
}
