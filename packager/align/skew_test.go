package align

import (
	"testing"
	"time"

	"mediad/ingest"
)

// Only what is late without a break for two seconds lies there for good: not what
// is caught up, and not two moments with nothing between them.
func TestSkew(t *testing.T) {
	const sec = time.Second
	type unit struct {
		at   time.Duration
		late int64 // ms
	}
	for _, c := range []struct {
		name  string
		units []unit
		want  int64 // ms
	}{
		{"for good", []unit{{0, 1500}, {sec, 1400}, {2 * sec, 1600}}, 900},
		{"caught up", []unit{{0, 1500}, {sec, 100}, {2 * sec, 1600}}, 0},
		{"twice, and nothing between", []unit{{0, 1500}, {5 * sec, 1500}}, 0},
		{"within what is kept", []unit{{0, 600}, {sec, 600}, {2 * sec, 600}}, 0},
	} {
		var b Skew
		got := int64(0)
		for _, u := range c.units {
			got += b.Add(anchor.Add(u.at), u.late*ingest.Millisecond)
		}
		if got != c.want*ingest.Millisecond {
			t.Errorf("%s: %d ms too far apart, want %d ms", c.name, got/ingest.Millisecond, c.want)
		}
	}
}
