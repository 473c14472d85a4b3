package cut

import (
	"fmt"
	"testing"

	"mediad/ingest"
)

func TestSlate(t *testing.T) {
	const ms = ingest.Millisecond
	for _, c := range []struct {
		name       string
		at, to     int64 // ms
		last       bool
		want, rest string
	}{
		{"not yet", 0, 499, false, "", "0"},
		{"one part", 0, 505, false, "505", "505"},
		{"two at once", 0, 1100, false, "505 505", "1010"},
		{"a segment", 0, 2400, false, "505 505 505 485|", "2000"},
		{"over two segments", 0, 2510, false, "505 505 505 485| 505", "2505"},
		{"the return cuts a part", 0, 700, true, "505 195|", "700"},
		{"the return ends a part", 0, 505, true, "505|", "505"},
		{"the return ends a segment", 0, 2000, true, "505 505 505 485|", "2000"},
		{"the return where it began", 100, 100, true, "", "100"},
		{"the return before that", 100, 50, true, "", "100"},
	} {
		a := NewSlate(c.at*ms, 505*ms, 2000*ms)
		got := ""
		for {
			length, closes := a.Next(c.to*ms, c.last)
			if length == 0 {
				break
			}
			if got != "" {
				got += " "
			}
			got += fmt.Sprint(length / ms)
			if closes {
				got += "|"
			}
		}
		if rest := fmt.Sprint(a.start / ms); got != c.want || rest != c.rest {
			t.Errorf("%s: %q until %s, want %q until %s", c.name, got, rest, c.want, c.rest)
		}
	}
}
