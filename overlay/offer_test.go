package overlay_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/overlay"
)

func flash() overlay.NewOffer {
	return overlay.NewOffer{Offer: overlay.Offer{ID: "01K40000000000000000000000", Show: show, Product: corn().ID, Price: 3990, Currency: "CNY", Total: 100, Buyer: 2}, Length: 5 * time.Minute}
}

// TestOfferCues: the words of an offer in the picture. Its times are absolute; the code of
// the shop and the number of units that are left are never there.
func TestOfferCues(t *testing.T) {
	n, err := flash().Timed(at, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	n.Code, n.Taken = "SECRET", 99
	card := n.Card()
	start, err := overlay.EventJSON(overlay.KindOfferStart, show, 413, at, overlay.Body{Offer: &card})
	offer := `{"id":"01K40000000000000000000000","product":"01HX00000000000000000000AA","price":3990,"currency":"CNY","digits":2,"starts":1760000010000,"ends":1760000310000,"total":100,"per_buyer":2}`
	if want := `{"v":1,"kind":"offer.start","show":"` + show + `","seq":413,"at":1760000000000,"offer":` + offer + `}`; err != nil || string(start) != want {
		t.Errorf("got %s, %v", start, err)
	}
	state, err := overlay.StateJSON(overlay.State{Show: show, Seq: 413, At: at, Offers: []overlay.OfferCard{card}})
	if want := `"pinned":[],"offers":[` + offer + `]}`; err != nil || !strings.HasSuffix(string(state), want) {
		t.Errorf("got %s, %v", state, err)
	}
	end, err := overlay.EventJSON(overlay.KindOfferEnd, show, 414, at, overlay.Body{Offer: &overlay.OfferCard{ID: card.ID, Product: card.Product}})
	if want := `"offer":{"id":"01K40000000000000000000000","product":"01HX00000000000000000000AA"}}`; err != nil || !strings.HasSuffix(string(end), want) {
		t.Errorf("got %s, %v", end, err)
	}
	// A reader has them between both.
	var s overlay.State
	for i, event := range [][]byte{start, start, end} {
		if s, err = s.Apply(event); err != nil {
			t.Fatal(err)
		}
		if want := []int{1, 1, 0}[i]; len(s.Offers) != want {
			t.Errorf("after event %d: %d offers", i, len(s.Offers))
		}
		if i == 0 {
			if diff := cmp.Diff([]overlay.OfferCard{card}, s.Offers); diff != "" {
				t.Error(diff)
			}
		}
	}
}

// TestStateWithOffersFits takes the largest products and offers that there can be.
func TestStateWithOffersFits(t *testing.T) {
	p := corn()
	p.SKU, p.Title, p.Price, p.ListPrice, p.Rev = strings.Repeat("😀", 25), strings.Repeat("😀", 150), 1<<53-1, 1<<53-1, 1<<53-1
	s := overlay.State{Show: show, Seq: 1<<63 - 1, At: at}
	o := overlay.Offer{ID: p.ID, Product: p.ID, Variant: p.ID + "-999-999", Price: 1<<53 - 1, Currency: "CNY", Starts: at, Ends: at, Total: 1_000_000, Buyer: 100}
	for range overlay.MaxPinned {
		s.Pinned = append(s.Pinned, overlay.PinCard(p))
	}
	for range overlay.MaxOffers {
		s.Offers = append(s.Offers, o.Card())
	}
	text, err := overlay.StateJSON(s)
	if err != nil || !json.Valid(text) || strings.Count(string(text), `"starts"`) != overlay.MaxOffers {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

// TestOfferTimes: an offer is announced before the picture has reached the last viewer, and
// never in a hurry.
func TestOfferTimes(t *testing.T) {
	for name, c := range map[string]struct {
		class             overlay.Latency
		delay             time.Duration
		starts            time.Duration // from now; 0: none
		countdown, length time.Duration
		want              [3]time.Duration // announced, starts, ends, from now
		refused           string
	}{
		"the shortest":             {overlay.LowLatency, 0, 0, 0, time.Minute, [3]time.Duration{0, 10 * time.Second, 70 * time.Second}, ""},
		"plain HLS":                {overlay.MassLatency, 0, 0, 0, time.Minute, [3]time.Duration{0, 15 * time.Second, 75 * time.Second}, ""},
		"a late picture":           {overlay.LowLatency, 7500 * time.Millisecond, 0, 0, time.Minute, [3]time.Duration{0, 13 * time.Second, 73 * time.Second}, ""},
		"the longest":              {overlay.LowLatency, 0, 0, 300 * time.Second, 20 * time.Minute, [3]time.Duration{0, 300 * time.Second, 1500 * time.Second}, ""},
		"planned":                  {overlay.LowLatency, 0, time.Hour, time.Minute, time.Minute, [3]time.Duration{59 * time.Minute, time.Hour, 61 * time.Minute}, ""},
		"planned, and soon":        {overlay.LowLatency, 0, 20 * time.Second, time.Minute, time.Minute, [3]time.Duration{0, 20 * time.Second, 80 * time.Second}, ""},
		"a shorter countdown":      {overlay.LowLatency, 0, 0, 9 * time.Second, time.Minute, [3]time.Duration{}, "countdown: must be from 10 to 300 seconds"},
		"shorter than the picture": {overlay.MassLatency, 0, 0, 14 * time.Second, time.Minute, [3]time.Duration{}, "countdown: must be at least 15 seconds in this room"},
		"too long a countdown":     {overlay.LowLatency, 0, 0, 301 * time.Second, time.Minute, [3]time.Duration{}, "countdown: must be from 10 to 300 seconds"},
		"too short":                {overlay.LowLatency, 0, 0, 0, 59 * time.Second, [3]time.Duration{}, "duration: must be from 60 to 1200 seconds"},
		"too long":                 {overlay.LowLatency, 0, 0, 0, 1201 * time.Second, [3]time.Duration{}, "duration: must be from 60 to 1200 seconds"},
		"at once":                  {overlay.LowLatency, 0, 9 * time.Second, 0, time.Minute, [3]time.Duration{}, "starts_at: must be at least 10 seconds from now"},
		"in two years":             {overlay.LowLatency, 0, 2 * 366 * 24 * time.Hour, 0, time.Minute, [3]time.Duration{}, "starts_at: is more than a year ahead"},
	} {
		n := flash()
		n.Countdown, n.Length = c.countdown, c.length
		if c.starts != 0 {
			n.Starts = at.Add(c.starts)
		}
		n, err := n.Timed(at, c.class.Ahead(c.delay))
		if c.refused != "" {
			if overlay.CodeOf(err) != overlay.Invalid || !strings.HasPrefix(err.Error(), c.refused) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if got := [3]time.Duration{n.Announced.Sub(at), n.Starts.Sub(at), n.Ends.Sub(at)}; err != nil || got != c.want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// TestOfferStates: the state is that of the moment, and is never kept.
func TestOfferStates(t *testing.T) {
	n := flash()
	n.Starts, n.Countdown = at.Add(time.Hour), time.Minute
	n, err := n.Timed(at, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		after time.Duration
		state overlay.OfferState
		takes string
	}{
		{0, overlay.OfferPlanned, "The offer opens at"}, {59 * time.Minute, overlay.OfferAnnounced, "The offer opens at"},
		{time.Hour - 1, overlay.OfferAnnounced, "The offer opens at"}, {time.Hour, overlay.OfferOpen, ""},
		{65*time.Minute - 1, overlay.OfferOpen, ""}, {65 * time.Minute, overlay.OfferEnded, "The offer has ended."},
	} {
		o := n.At(at.Add(c.after))
		err := o.Takes()
		if o.State != c.state || (err == nil) != (c.takes == "") || err != nil && !strings.HasPrefix(err.Error(), c.takes) {
			t.Errorf("after %v: %s, %v", c.after, o.State, err)
		}
	}
	n.Ended = at.Add(62 * time.Minute)
	if o := n.At(at.Add(63 * time.Minute)); o.State != overlay.OfferEnded {
		t.Errorf("ended early: %s", o.State)
	}
}

// TestOfferIsCheaper: what is no lower price is no offer.
func TestOfferIsCheaper(t *testing.T) {
	five, six := int64(500), int64(600)
	p := overlay.Product{ID: "P", SKU: "P", Price: 1000, Currency: "CNY", Variants: []overlay.Variant{{ID: "P-1-1", SKU: "S", Price: &five}, {ID: "P-1-2", SKU: "L", Price: &six}, {ID: "P-1-3", SKU: "X"}}}
	for name, c := range map[string]struct {
		o       overlay.Offer
		refused overlay.Code
	}{
		"of all":                   {overlay.Offer{Price: 499}, ""},
		"not lower for one":        {overlay.Offer{Price: 500}, overlay.Invalid},
		"of one":                   {overlay.Offer{Variant: "P-1-2", Price: 599}, ""},
		"not lower":                {overlay.Offer{Variant: "P-1-2", Price: 600}, overlay.Invalid},
		"of none":                  {overlay.Offer{Variant: "P-1-9", Price: 1}, overlay.NotFound},
		"below nothing":            {overlay.Offer{Price: -1}, overlay.Invalid},
		"as another":               {overlay.Offer{Variant: "P-1-3", As: "P-1-1", Price: 500}, ""},
		"as another at its price":  {overlay.Offer{Variant: "P-1-3", As: "P-1-1", Price: 501}, overlay.Invalid},
		"as another, but of all":   {overlay.Offer{As: "P-1-1", Price: 400}, overlay.Invalid},
		"as none":                  {overlay.Offer{Variant: "P-1-3", As: "Q", Price: 500}, overlay.NotFound},
		"too many":                 {overlay.Offer{Price: 1, Total: 1_000_001}, overlay.Invalid},
		"too many for one":         {overlay.Offer{Price: 1, Buyer: 101}, overlay.Invalid},
		"a code that is too long":  {overlay.Offer{Price: 1, Code: strings.Repeat("A", 101)}, overlay.Invalid},
		"a code that is not plain": {overlay.Offer{Price: 1, Code: "A\u202eB"}, overlay.Invalid},
	} {
		n, err := overlay.NewOffer{Offer: c.o}.Checked(p)
		if overlay.CodeOf(err) != c.refused || err == nil && n.Currency != "CNY" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
