package archive

import (
	"fmt"
	"testing"
	"time"

	"mediad/packager/m3u8"
)

// BenchmarkRender writes the playlists of a show of twelve hours with a cue
// every half minute: the plain one, as after each segment, the replay's, as
// once at the end, and reads the journal, as for the latter and after a crash.
func BenchmarkRender(b *testing.B) {
	const segments = 12 * 3600 / 2
	date := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	lines := []line{{Open: &opening{Version: 1, Target: 2, Window: 30 * time.Second}}}
	w := listing{target: 2, length: 30 * time.Second}
	var records []Record
	for n := range segments {
		r := Record{MSN: uint64(n + 1), Duration: 2 * time.Second, Date: date.Add(time.Duration(n) * 2 * time.Second), Bytes: 1 << 20, StandIn: n%1000 > 990}
		if n%15 == 0 {
			r.DateRanges = []m3u8.DateRange{{
				ID: fmt.Sprint("cue-", n), Class: "mediad.cue", Start: r.Date.Add(time.Second),
				Attrs: []m3u8.Attr{{Name: "X-MEDIAD-KIND", Value: "product.pin"}, {Name: "X-MEDIAD-SEQ", Value: fmt.Sprint(n)}},
			}}
		}
		records = append(records, r)
		lines = append(lines, recordLine(r))
		w.add(r)
	}
	journal, err := encode(lines)
	if err != nil {
		b.Fatal(err)
	}
	for name, render := range map[string]func() ([]byte, error){
		"plain":  func() ([]byte, error) { return w.media("01a", false).Bytes() },
		"replay": func() ([]byte, error) { return replay(filled(records, 2), 2).Bytes() },
		"journal": func() ([]byte, error) {
			if got := read(journal); len(got.records) != segments {
				return nil, fmt.Errorf("%d records", len(got.records))
			}
			return journal, nil
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				text, err := render()
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(text)), "bytes")
			}
		})
	}
}
