package storetest

import (
	"context"
	"log/slog"
	"testing"

	"mediad/overlay/store"
	"mediad/overlay/store/pgtest"
)

// OnBoth runs a test on SQLite, and on PostgreSQL.
func OnBoth(t *testing.T, test func(t *testing.T, o store.Options)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { test(t, store.Options{Dir: t.TempDir()}) })
	t.Run("PostgreSQL", func(t *testing.T) {
		must := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		pg, err := pgtest.Start()
		must(err)
		defer func() { must(pg.Stop()) }()
		name, err := pg.Create(context.Background(), "")
		must(err)
		test(t, store.Options{Dir: t.TempDir(), URL: pg.URL(name), Log: slog.New(slog.DiscardHandler)})
	})
}
