package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store/pgtest"
)

// BenchmarkDatabases measures actions of hosts from several callers at once, on both
// databases in turns: notices, each an event that is on the disk when it is answered,
// and reads of what a page asks for. Only the ratio means something on another machine.
// The PostgreSQL runs on this machine and syncs like a real one.
func BenchmarkDatabases(b *testing.B) {
	stores, ctx := openBoth(b), context.Background()
	for _, s := range stores {
		for n := range rooms {
			if _, err := s.EnsureRoom(ctx, fmt.Sprint("room-", n), "", ""); err != nil {
				b.Fatal(err)
			}
		}
	}
	for _, what := range []string{"write", "read"} {
		for _, callers := range []int{1, 8, 64} {
			b.Run(fmt.Sprintf("%s/callers=%d", what, callers), func(b *testing.B) {
				before := stores[1].Stats().Retried
				const turns = 4
				var took [2]time.Duration
				n := b.N/turns + 1
				for range turns {
					for i, s := range stores {
						took[i] += spreadOver(b, callers, n, func(i int64) error {
							room := fmt.Sprint("room-", i%rooms)
							if what == "read" {
								_, _, err := s.RoomShows(ctx, room)
								return err
							}
							_, err := s.AddCue(ctx, room, overlay.NewCue{Kind: overlay.KindNotice, Text: "free postage until midnight"}, overlay.At{}, Once{})
							return err
						})
					}
				}
				total := float64(turns * n)
				b.ReportMetric(total/took[0].Seconds(), "sqlite/s")
				b.ReportMetric(total/took[1].Seconds(), "postgres/s")
				b.ReportMetric(took[0].Seconds()/took[1].Seconds(), "postgres:sqlite")
				b.ReportMetric(float64(stores[1].Stats().Retried-before)/total, "retried/action")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

const rooms = 16 // in which callers act

// openBoth opens an empty store on SQLite and one on PostgreSQL, which syncs and gathers
// statistics as a real one does.
func openBoth(b *testing.B) (stores [2]*Store) {
	server, err := pgtest.StartWith(pgtest.Options{Durable: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := server.Stop(); err != nil {
			b.Error(err)
		}
	})
	ctx := context.Background()
	name, err := server.Create(ctx, "")
	if err != nil {
		b.Fatal(err)
	}
	for i, url := range []string{"", server.URL(name)} {
		s, err := Open(ctx, Options{Dir: b.TempDir(), URL: url})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() {
			if err := s.Close(); err != nil {
				b.Error(err)
			}
		})
		stores[i] = s
	}
	return stores
}
