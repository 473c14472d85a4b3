package importer

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"mediad/overlay"
	"mediad/overlay/store"
	"mediad/overlay/store/pgtest"
)

// BenchmarkImport measures an import of 130,000 products, from the file to the moment in
// which all are seen and found, and in comparison the least that any import does:
// encoding/csv reads the same file, and the bare rows go into an empty table, with one
// transaction of SQLite or one COPY of PostgreSQL. It also tells the longest time for which
// a host waited who changed a product meanwhile. Only the ratios mean something on another
// machine.
func BenchmarkImport(b *testing.B) {
	const rows = 130_000
	for _, kind := range []string{"sqlite", "postgres"} {
		b.Run(kind, func(b *testing.B) {
			file := table(rows, 10)
			var took, read, bare, wait time.Duration
			for n := 0; b.Loop(); n++ {
				o := store.Options{Dir: b.TempDir(), Log: slog.New(slog.DiscardHandler)}
				if kind == "postgres" {
					pg, err := pgtest.StartWith(pgtest.Options{Durable: true})
					must(b, err)
					defer func() { must(b, pg.Stop()) }()
					name, err := pg.Create(b.Context(), "")
					must(b, err)
					o.URL = pg.URL(name)
				}
				s := open(b, o)
				begun := time.Now()
				r := csv.NewReader(bytes.NewReader(file))
				for r.Comma = '\t'; ; {
					if _, err := r.Read(); errors.Is(err, io.EOF) {
						break
					} else if err != nil {
						b.Fatal(err)
					}
				}
				read += time.Since(begun)
				bare += bareInsert(b, file, o)
				stop, longest := make(chan struct{}), make(chan time.Duration)
				go host(b, s, stop, longest)
				begun = time.Now()
				job, _, err := s.CreateImport(b.Context(), overlay.Import{Org: "home"}, store.ImportFile{}, "ann", store.Once{})
				must(b, err)
				job, err = Read(b.Context(), s, job, bytes.NewReader(file), nil)
				must(b, err)
				_, err = s.ConfirmImport(b.Context(), job.ID, nil, "ann")
				must(b, err)
				must(b, s.ApplyImport(b.Context(), job.ID))
				took += time.Since(begun)
				close(stop)
				wait = max(wait, <-longest)
				if job, err = s.Import(b.Context(), job.ID); err != nil || job.New != rows || job.State != overlay.ImportApplied {
					b.Fatalf("%+v, %v", job, err)
				}
				must(b, s.Close())
			}
			n := float64(b.N) * rows
			b.ReportMetric(n/took.Seconds(), "rows/s")
			b.ReportMetric(n/read.Seconds(), "csv-rows/s")
			b.ReportMetric(n/bare.Seconds(), "bare-rows/s")
			b.ReportMetric(took.Seconds()/bare.Seconds(), "ratio")
			b.ReportMetric(float64(wait.Milliseconds()), "ms-host-waited")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// bareInsert brings the rows of a file into a table of their own, and tells how long that
// took.
func bareInsert(b *testing.B, file []byte, o store.Options) time.Duration {
	r := csv.NewReader(bytes.NewReader(file))
	r.Comma = '\t'
	rows, err := r.ReadAll()
	must(b, err)
	ctx := b.Context()
	const table = `CREATE TABLE bare(sku TEXT PRIMARY KEY, title TEXT, price TEXT, description TEXT)`
	if o.URL != "" {
		conn, err := pgx.Connect(ctx, o.URL)
		must(b, err)
		defer func() { must(b, conn.Close(ctx)) }()
		_, err = conn.Exec(ctx, `CREATE SCHEMA bare; SET search_path = bare; `+table)
		must(b, err)
		begun := time.Now()
		_, err = conn.CopyFrom(ctx, pgx.Identifier{"bare"}, []string{"sku", "title", "price", "description"}, pgx.CopyFromSlice(len(rows), func(n int) ([]any, error) {
			return []any{rows[n][0], rows[n][1], rows[n][2], rows[n][3]}, nil
		}))
		must(b, err)
		return time.Since(begun)
	}
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(b.TempDir(), "bare.db")+"?_journal_mode=WAL&_synchronous=FULL")
	must(b, err)
	defer func() { must(b, db.Close()) }()
	_, err = db.ExecContext(ctx, table)
	must(b, err)
	begun := time.Now()
	tx, err := db.BeginTx(ctx, nil)
	must(b, err)
	insert, err := tx.PrepareContext(context.Background(), `INSERT INTO bare VALUES (?,?,?,?)`)
	must(b, err)
	for _, r := range rows {
		_, err := insert.Exec(r[0], r[1], r[2], r[3])
		must(b, err)
	}
	must(b, tx.Commit())
	return time.Since(begun)
}

// host changes a product again and again, and tells how long it waited at most.
func host(b *testing.B, s *store.Store, stop chan struct{}, longest chan time.Duration) {
	var wait time.Duration
	p, err := s.CreateProduct(b.Context(), overlay.Product{SKU: "HOST", Title: "Host", Currency: "CNY"}, store.Once{})
	for n := 0; err == nil; n++ {
		select {
		case <-stop:
			longest <- wait
			return
		case <-time.After(5 * time.Millisecond):
		}
		title, begun := fmt.Sprint("Host ", n), time.Now()
		_, err = s.UpdateProduct(b.Context(), p.ID, overlay.ProductChange{Title: &title})
		wait = max(wait, time.Since(begun))
	}
	b.Error(err)
	longest <- wait
}
