package importer

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
	"mediad/overlay/store/pgtest"
)

// BenchmarkImport measures an import of 130,000 products, from the file to the moment in
// which all are seen, and in comparison the least that any import does: encoding/csv
// reads the same file. It also tells the longest time for which a host waited who changed
// a product meanwhile. Only the ratio means something on another machine.
func BenchmarkImport(b *testing.B) {
	const rows = 130_000
	for _, kind := range []string{"sqlite", "postgres"} {
		b.Run(kind, func(b *testing.B) {
			file := table(rows, 10)
			var took, read, wait time.Duration
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
			b.ReportMetric(took.Seconds()/read.Seconds(), "ratio")
			b.ReportMetric(float64(wait.Milliseconds()), "ms-host-waited")
			b.ReportMetric(0, "ns/op")
		})
	}
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
