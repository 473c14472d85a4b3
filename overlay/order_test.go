package overlay

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"
)

// TestSumOrderInAnyOrder: facts that come late, twice or shuffled give the sum of a clean pass (I3).
func TestSumOrderInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 141))
	kinds := []OrderFactKind{OrderPaid, OrderPending, OrderFailed, OrderRefunded, OrderUnrefunded, OrderCancelled}
	for range 2000 {
		var facts []OrderFact
		for n := 1 + r.IntN(6); n > 0; n-- {
			kind := kinds[r.IntN(len(kinds))]
			facts = append(facts, OrderFact{Kind: kind, Delivery: strconv.Itoa(n), Order: "o", Amount: int64(r.IntN(500)), Currency: "EUR",
				Refund: strconv.Itoa(r.IntN(3)), At: time.Unix(int64(r.IntN(3)), 0), Click: strconv.Itoa(r.IntN(2))})
		}
		want := SumOrder(facts)
		for range 5 {
			told := append([]OrderFact{}, facts...)
			for _, f := range facts {
				if r.IntN(5) == 0 {
					told = append(told, f)
				}
			}
			r.Shuffle(len(told), func(i, j int) { told[i], told[j] = told[j], told[i] })
			if got := SumOrder(told); !reflect.DeepEqual(got, want) {
				t.Fatalf("%v\nshuffled: %+v\nclean:    %+v", told, got, want)
			}
		}
		if want.Refunded > want.Gross || want.Net() < 0 {
			t.Fatalf("%v: %+v", facts, want)
		}
	}
}

func TestSumOrder(t *testing.T) {
	at := func(s int64) time.Time { return time.Unix(s, 0) }
	paid := OrderFact{Kind: OrderPaid, Delivery: "p", Order: "o", Amount: 5000, Currency: "EUR", At: at(10)}
	back := func(name string, amount int64) OrderFact {
		return OrderFact{Kind: OrderRefunded, Delivery: name, Order: "o", Refund: name, Amount: amount, Currency: "EUR", At: at(20)}
	}
	for name, test := range map[string]struct {
		facts                []OrderFact
		state                OrderState
		gross, refunded, net int64
		over                 int64
	}{
		"paid":                         {[]OrderFact{paid}, OrderStatePaid, 5000, 0, 5000, 0},
		"the money comes later":        {[]OrderFact{{Kind: OrderPending, Order: "o", At: at(1)}}, OrderStatePending, 0, 0, 0, 0},
		"and has come":                 {[]OrderFact{{Kind: OrderPending, Order: "o", At: at(1)}, paid}, OrderStatePaid, 5000, 0, 5000, 0},
		"and does not come":            {[]OrderFact{{Kind: OrderPending, Order: "o", At: at(1)}, {Kind: OrderFailed, Order: "o", At: at(9)}}, OrderStateFailed, 0, 0, 0, 0},
		"a part goes back":             {[]OrderFact{paid, back("a", 1000), back("b", 500)}, OrderStatePartly, 5000, 1500, 3500, 0},
		"all goes back":                {[]OrderFact{paid, back("a", 5000)}, OrderStateRefunded, 5000, 5000, 0, 0},
		"more than all goes back":      {[]OrderFact{paid, back("a", 5000), back("b", 100)}, OrderStateRefunded, 5000, 5000, 0, 100},
		"a refund fails":               {[]OrderFact{paid, back("a", 1000), {Kind: OrderUnrefunded, Order: "o", Refund: "a", At: at(30)}}, OrderStatePaid, 5000, 0, 5000, 0},
		"a refund comes first":         {[]OrderFact{back("a", 1000)}, OrderStateParked, 0, 0, 0, 0},
		"cancelled after it was paid":  {[]OrderFact{paid, {Kind: OrderCancelled, Order: "o", At: at(30)}}, OrderStateCancelled, 5000, 0, 0, 0},
		"cancelled before it was paid": {[]OrderFact{{Kind: OrderCancelled, Order: "o", At: at(30)}}, OrderStateCancelled, 0, 0, 0, 0},
	} {
		got := SumOrder(test.facts)
		if got.State != test.state || got.Gross != test.gross || got.Refunded != test.refunded || got.Net() != test.net || got.Over != test.over {
			t.Errorf("%s: %+v, net %d", name, got, got.Net())
		}
	}
}

// TestRefundsToldTwice: a refund that a file and a webhook tell counts once, in any order;
// one of after the file comes to it, and one that failed after it goes off.
func TestRefundsToldTwice(t *testing.T) {
	at := func(s int64) time.Time { return time.Unix(1_796_000_000+s, 0) }
	paid := OrderFact{Kind: OrderPaid, Delivery: "p", Order: "o", Amount: 5000, Currency: "EUR", At: at(10)}
	hook := func(name string, amount, when int64) OrderFact {
		return OrderFact{Kind: OrderRefunded, Delivery: name, Order: "o", Refund: name, Amount: amount, Currency: "EUR", At: at(when)}
	}
	failed := func(name string, when int64) OrderFact {
		return OrderFact{Kind: OrderUnrefunded, Delivery: "no " + name, Order: "o", Refund: name, At: at(when)}
	}
	file := func(all, when int64) OrderFact {
		f := hook("csv to "+strconv.FormatInt(all, 10), all, when)
		f.All = true
		return f
	}
	foreign := hook("f", 700, 20)
	foreign.Currency = "USD"
	for name, test := range map[string]struct {
		facts    []OrderFact
		refunded int64
	}{
		"a file alone":                      {[]OrderFact{paid, file(500, 100)}, 500},
		"the webhook of it comes later":     {[]OrderFact{paid, file(500, 100), hook("a", 500, 20)}, 500},
		"another one after the file":        {[]OrderFact{paid, file(500, 100), hook("a", 500, 20), hook("b", 300, 200)}, 800},
		"the next file has both":            {[]OrderFact{paid, file(500, 100), hook("b", 300, 200), file(800, 300)}, 800},
		"webhooks tell of more":             {[]OrderFact{paid, file(500, 100), hook("a", 500, 20), hook("b", 300, 30)}, 800},
		"one of the file fails afterwards":  {[]OrderFact{paid, file(500, 100), hook("a", 500, 20), failed("a", 200)}, 0},
		"one had failed before the file":    {[]OrderFact{paid, file(500, 100), hook("a", 300, 20), failed("a", 30)}, 500},
		"one of after the file fails":       {[]OrderFact{paid, file(500, 100), hook("b", 300, 200), failed("b", 210)}, 500},
		"another currency is not the money": {[]OrderFact{paid, foreign, hook("a", 100, 20)}, 100},
	} {
		back := slices.Clone(test.facts)
		slices.Reverse(back)
		for _, facts := range [][]OrderFact{test.facts, back} {
			if got := SumOrder(facts); got.Refunded != test.refunded || got.Over != 0 || got.Currency != "EUR" {
				t.Errorf("%s: %+v", name, got)
			}
		}
	}
}

// TestPaidAgain: an order into which something was put afterwards has what was paid in all.
func TestPaidAgain(t *testing.T) {
	paid := func(amount int64, at int64) OrderFact {
		return OrderFact{Kind: OrderPaid, Delivery: strconv.FormatInt(amount, 10), Order: "o", Amount: amount, Currency: "EUR", At: time.Unix(at, 0), Lines: []OrderLine{{SKU: "CORN", Quantity: amount / 1000, Amount: amount}}}
	}
	for _, facts := range [][]OrderFact{{paid(5000, 10), paid(7000, 10)}, {paid(7000, 10), paid(5000, 10)}, {paid(7000, 10), paid(8000, 20)}} {
		if got := SumOrder(facts); got.Gross != 7000 || got.Lines[0].Quantity != 7 {
			t.Errorf("%+v", got)
		}
	}
}

// TestLinesOfPending: what was ordered is known from then on, also where the shop does not
// tell it again when the money comes.
func TestLinesOfPending(t *testing.T) {
	lines := []OrderLine{{SKU: "CORN", Quantity: 2, Amount: 5000}}
	got := SumOrder([]OrderFact{{Kind: OrderPaid, Order: "o", Amount: 5000, Currency: "EUR", At: time.Unix(20, 0)}, {Kind: OrderPending, Order: "o", Lines: lines, At: time.Unix(10, 0)}})
	if !reflect.DeepEqual(got.Lines, lines) {
		t.Errorf("%+v", got)
	}
}
