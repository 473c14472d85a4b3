package overlay

import (
	"slices"
	"testing"
	"time"
)

// TestOrderNews: whatever the order in which a shop tells, the last that others hear of an
// order is how it stands.
func TestOrderNews(t *testing.T) {
	at := time.Unix(1_796_000_000, 0)
	order := func(state OrderState, gross, refunded int64) Order {
		o := Order{ID: "o", State: state, Gross: gross, Refunded: refunded}
		if gross > 0 {
			o.PaidAt = &at
		}
		return o
	}
	paid, off := order(OrderStatePaid, 5000, 0), order(OrderStateCancelled, 0, 0)
	for name, test := range map[string]struct {
		before, after Order
		want          []string
	}{
		"paid":                          {Order{}, paid, []string{"order.paid"}},
		"paid, told twice":              {paid, paid, nil},
		"something was put into it":     {paid, order(OrderStatePaid, 7000, 0), []string{"order.paid"}},
		"cancelled":                     {paid, order(OrderStateCancelled, 5000, 0), []string{"order.cancelled"}},
		"cancelled first, then paid":    {off, order(OrderStateCancelled, 5000, 0), []string{"order.paid", "order.cancelled"}},
		"refunded first, then paid":     {order(OrderStateParked, 0, 0), order(OrderStatePartly, 5000, 100), []string{"order.paid", "order.refunded"}},
		"a refund of what is off":       {order(OrderStateCancelled, 5000, 0), order(OrderStateCancelled, 5000, 5000), []string{"order.refunded"}},
		"a cancellation without orders": {Order{}, off, []string{"order.cancelled"}},
	} {
		if got := OrderNews(test.before, test.after); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}
