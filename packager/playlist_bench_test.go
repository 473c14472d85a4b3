package packager

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mediad/ingest"
)

// BenchmarkPlaylist renders the list of ten minutes, whole and as an update,
// and tells how long each text is.
func BenchmarkPlaylist(b *testing.B) {
	w := &window{target: 2 * ingest.Clock, partTarget: 505 * ingest.Millisecond, skipUntil: 12 * ingest.Clock, nextPart: 5000, tracks: []ingest.Track{videoTrack()}}
	for i := range 300 {
		seg := &segment{msn: uint64(1000 + i), start: int64(i) * 2 * ingest.Clock, duration: 2 * ingest.Clock, date: testAnchor.Add(time.Duration(i) * 2 * time.Second)}
		for p := range 4 {
			seg.parts = append(seg.parts, &part{number: uint64(4*i + p), duration: ingest.Clock / 2, independent: p == 0})
		}
		w.segments = append(w.segments, seg)
	}
	for kind, name := range []string{"full", "YES", "v2"} {
		b.Run(name, func(b *testing.B) {
			var plain, zipped int
			for b.Loop() {
				w.lists = [skips]list{}
				r := w.update(skip(kind))
				z, err := r.gzip()
				if r.err != nil || err != nil || strings.Contains(string(r.plain), "EXT-X-SKIP") != (kind > 0) {
					b.Fatal(fmt.Sprint(r.err, err))
				}
				plain, zipped = len(r.plain), len(z)
			}
			b.ReportMetric(float64(plain), "bytes")
			b.ReportMetric(float64(zipped), "gzip-bytes")
		})
	}
}
