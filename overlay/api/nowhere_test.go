package api

import (
	"testing"

	"mediad/overlay"
)

// TestWordsOfRefusals: a buyer reads what holds: a rehearsal only in one, an offer only where they came for one, and that
// it may work in a moment where nothing else is known.
func TestWordsOfRefusals(t *testing.T) {
	for _, w := range wordsOf {
		for _, c := range []struct {
			name                    string
			code                    overlay.Code
			known, offer, rehearsed bool
			want                    why
			trouble                 bool
		}{
			{"no such product", overlay.NotFound, false, false, false, w.unknown, false},
			{"no such product, for an offer", overlay.NotFound, false, true, false, w.unknown, false},
			{"no link yet", overlay.NotFound, true, false, false, w.closed, false},
			{"no such offer", overlay.NotFound, true, true, false, w.offer, false},
			{"too early for an offer", overlay.Conflict, true, true, false, w.offer, false},
			{"none left of an offer", overlay.Limit, true, true, false, w.offer, false},
			{"a rehearsal", overlay.Conflict, true, false, true, w.rehearsal, false},
			{"too many open checkouts", overlay.Conflict, true, false, false, w.trouble, true},
			{"sold out", overlay.SoldOut, true, true, false, w.soldOut, false},
			{"a limit", overlay.Limit, true, false, false, w.limit, false},
			{"the server failed", overlay.Internal, true, false, false, w.trouble, true},
		} {
			if got, trouble := w.of(c.code, c.known, c.offer, c.rehearsed); got != c.want || trouble != c.trouble {
				t.Errorf("%s, in %s: %q, trouble %v", c.name, w.lang, got.title, trouble)
			}
		}
	}
}
