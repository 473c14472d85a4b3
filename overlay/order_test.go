package overlay

import (
	"math/rand/v2"
	"reflect"
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
