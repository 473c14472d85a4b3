package overlay

import (
	"cmp"
	"slices"
	"time"
)

// OrderFactKind is what a shop tells of an order.
type OrderFactKind string

// The kinds of facts. Shops tell them late, twice, and in any order.
const (
	OrderPaid       OrderFactKind = "paid"
	OrderPending    OrderFactKind = "pending"    // the buyer has ordered, and the money comes later
	OrderFailed     OrderFactKind = "failed"     // the money that was to come later does not come
	OrderRefunded   OrderFactKind = "refunded"   // some of the money, or all, goes back
	OrderUnrefunded OrderFactKind = "unrefunded" // a refund has failed: the money stays
	OrderCancelled  OrderFactKind = "cancelled"
	CheckoutExpired OrderFactKind = "expired" // the checkout has ended, and nobody can pay in it any more
)

// Limits of what a shop may tell.
const (
	maxOrderLines = 500
	maxOrderName  = 200 // bytes of an id of the shop
	maxQuantity   = 1_000_000
)

// OrderFact is one thing that a shop tells of one order. A fact is kept once, whatever
// the number of times it is told.
type OrderFact struct {
	Kind OrderFactKind `json:"kind"`
	// Delivery is the shop's own name of this fact: the same again is the same fact.
	Delivery string `json:"delivery"`
	// Order is the shop's own name of the order; empty where a checkout has expired
	// before there was one.
	Order string    `json:"order,omitempty"`
	At    time.Time `json:"at"` // by the shop's clock
	// Amount is in minor units of Currency: all that was paid, or what goes back.
	Amount   int64  `json:"amount,omitempty"`
	Currency string `json:"currency,omitempty"`
	// Refund is the shop's own name of a refund, which may be told several times.
	Refund string `json:"refund,omitempty"`
	// All: Amount is all that had gone back at that time. A file tells no single refunds.
	All bool `json:"all,omitempty" doc:"true: amount is all that had gone back at that time, as a file tells it"`
	// Click and Hold lead to the show that the buyer came from.
	Click string      `json:"click,omitempty"`
	Hold  string      `json:"hold,omitempty"`
	Lines []OrderLine `json:"lines,omitempty"`
	// Buyer is what the shop knows its buyer by: an address of mail, as a rule. It is
	// hashed before it is kept.
	Buyer string `json:"-"`
}

// OrderLine is a thing in an order.
type OrderLine struct {
	SKU      string `json:"sku,omitempty"`
	Ref      string `json:"ref,omitempty"`   // the shop's own name of the variant
	Title    string `json:"title,omitempty"` // as the shop calls it; of a line that is read, that of the product where the shop called it nothing
	Quantity int64  `json:"quantity"`
	Amount   int64  `json:"amount"` // of all units, after discounts, in minor units
}

// Checked gives the fact, or an Error that says what no shop can mean.
func (f OrderFact) Checked() (OrderFact, error) {
	for field, s := range map[string]string{"delivery": f.Delivery, "order": f.Order, "refund": f.Refund, "click": f.Click, "hold": f.Hold} {
		if len(s) > maxOrderName {
			return f, Errorf(Invalid, "%s: has %d bytes, at most %d are allowed", field, len(s), maxOrderName)
		}
		if err := checkPlain(field, s, false); err != nil {
			return f, err
		}
	}
	switch {
	case f.Delivery == "":
		return f, Errorf(Invalid, "delivery: is missing")
	case f.Order == "" && f.Kind != CheckoutExpired:
		return f, Errorf(Invalid, "order: is missing")
	case f.Amount < 0 || f.Amount > maxPrice:
		return f, Errorf(Invalid, "amount: must be an integer in minor units from 0 to %d", int64(maxPrice))
	case len(f.Lines) > maxOrderLines:
		return f, Errorf(Invalid, "lines: has %d, at most %d are allowed", len(f.Lines), maxOrderLines)
	case f.Kind == OrderRefunded && f.Refund == "", f.Kind == OrderUnrefunded && f.Refund == "":
		return f, Errorf(Invalid, "refund: is missing")
	}
	if f.Kind == OrderPaid || f.Kind == OrderRefunded {
		if _, ok := MinorDigits(f.Currency); !ok {
			return f, Errorf(Invalid, "currency: %q is not an ISO 4217 code such as CNY, EUR or JPY", f.Currency)
		}
	}
	var sum int64
	f.Lines = slices.Clone(f.Lines)
	for i, l := range f.Lines {
		// A name that no product of ours can have is no reason to lose the money.
		f.Lines[i].SKU, f.Lines[i].Ref, f.Lines[i].Title = Plain(l.SKU, maxOrderName), Plain(l.Ref, maxOrderName), Plain(l.Title, maxOrderName)
		if l.Quantity < 0 || l.Quantity > maxQuantity || l.Amount < 0 || l.Amount > maxPrice-sum {
			return f, Errorf(Invalid, "lines: a quantity or an amount is out of range")
		}
		sum += l.Amount
	}
	return f, nil
}

// OrderTime tells whether an order can be of a time. Years before there were shops on the
// web, and those that are still far, come from clocks that are not set and from empty
// cells of spreadsheets.
func OrderTime(at, now time.Time) bool {
	return at.Year() >= 2000 && at.Before(now.AddDate(1, 0, 0))
}

// OrderState is how an order stands.
type OrderState string

// The states of an order.
const (
	OrderStateParked    OrderState = "parked" // a refund or a cancellation came first: the order itself is still to come
	OrderStatePending   OrderState = "pending"
	OrderStateFailed    OrderState = "failed"
	OrderStatePaid      OrderState = "paid"
	OrderStatePartly    OrderState = "partly_refunded"
	OrderStateRefunded  OrderState = "refunded"
	OrderStateCancelled OrderState = "cancelled"
)

// OrderSum is what all facts of an order say together.
type OrderSum struct {
	State    OrderState  `json:"state"`
	Currency string      `json:"currency,omitempty"`
	Gross    int64       `json:"gross"`
	Refunded int64       `json:"refunded"`       // never above gross
	Over     int64       `json:"over,omitempty"` // what went back beyond gross, which a person must look at
	PaidAt   time.Time   `json:"paid_at,omitzero"`
	Click    string      `json:"click,omitempty"`
	Hold     string      `json:"hold,omitempty"`
	Lines    []OrderLine `json:"lines,omitempty"`
}

// Net is what the shop keeps. A cancelled order brings nothing, whether its refund was
// told or not.
func (s OrderSum) Net() int64 {
	if s.State == OrderStateCancelled {
		return 0
	}
	return s.Gross - s.Refunded
}

// Pieces is how many things are in the lines.
func (s OrderSum) Pieces() (n int64) {
	for _, l := range s.Lines {
		n += l.Quantity
	}
	return n
}

// SumOrder gives what the facts of one order say together. Their order and their
// number do not matter: facts that a shop tells twice, late or shuffled give the same
// sum (I3).
func SumOrder(facts []OrderFact) OrderSum {
	facts = slices.Clone(facts)
	// The shop's clock first, and names where it stands still: so one order of facts
	// alone decides what the first one is. Of two payments of the same moment it is the
	// greater one: something was put into the order afterwards, and paid.
	slices.SortFunc(facts, func(a, b OrderFact) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Kind, b.Kind), cmp.Compare(b.Amount, a.Amount), cmp.Compare(a.Delivery, b.Delivery))
	})
	var s OrderSum
	var paid, pending, failed, cancelled bool
	for _, f := range facts {
		if s.Click == "" {
			s.Click = f.Click
		}
		if s.Hold == "" {
			s.Hold = f.Hold
		}
		switch f.Kind {
		case OrderPaid:
			if !paid {
				paid, s.Gross, s.Currency, s.PaidAt = true, f.Amount, f.Currency, f.At
				if f.Lines != nil {
					s.Lines = f.Lines
				}
			}
		case OrderPending:
			pending = true
			if s.Lines == nil {
				s.Lines = f.Lines
			}
		case OrderFailed:
			failed = true
		case OrderCancelled:
			cancelled = true
		case OrderRefunded:
			if s.Currency == "" {
				s.Currency = f.Currency
			}
		}
	}
	back := wentBack(facts, s.Currency)
	if paid {
		s.Refunded = min(back, s.Gross)
		s.Over = back - s.Refunded
	}
	s.State = state(s, paid, pending, failed, cancelled, back)
	return s
}

// wentBack adds up what went back of an order, whose facts are in the order of the shop's
// clock. What went back in another currency is no part of it: a person must look at it
// (I8). A file tells what had gone back in all when it was taken; single refunds of before
// are in that already, those of afterwards come to it.
func wentBack(facts []OrderFact, currency string) (back int64) {
	type refund struct {
		amount     int64
		at, failed time.Time
	}
	refunds := map[string]*refund{}
	named := func(f OrderFact) *refund {
		if refunds[f.Refund] == nil {
			refunds[f.Refund] = &refund{}
		}
		return refunds[f.Refund]
	}
	var files []OrderFact
	for _, f := range facts {
		switch {
		case f.Kind == OrderUnrefunded:
			if r := named(f); r.failed.IsZero() {
				r.failed = f.At
			}
		case f.Kind != OrderRefunded || f.Currency != currency:
		case f.All:
			files = append(files, f)
		default:
			r := named(f)
			if r.amount = max(r.amount, f.Amount); r.at.IsZero() {
				r.at = f.At
			}
		}
	}
	for _, r := range refunds {
		if r.failed.IsZero() {
			back += r.amount
		}
	}
	for _, f := range files {
		all := f.Amount
		for _, r := range refunds {
			switch later := r.at.After(f.At); {
			case later && r.failed.IsZero():
				all += r.amount
			case !later && r.failed.After(f.At): // the file did not know yet
				all -= r.amount
			}
		}
		back = max(back, all)
	}
	return back
}

func state(s OrderSum, paid, pending, failed, cancelled bool, back int64) OrderState {
	switch {
	case !paid && cancelled:
		return OrderStateCancelled
	case !paid && failed:
		return OrderStateFailed
	case !paid && pending:
		return OrderStatePending
	case !paid:
		return OrderStateParked
	case cancelled:
		return OrderStateCancelled
	case back == 0:
		return OrderStatePaid
	case back < s.Gross:
		return OrderStatePartly
	}
	return OrderStateRefunded
}

// Order is an order of a shop, as its facts say together.
type Order struct {
	ID       string     `json:"id"`
	Shop     string     `json:"shop"`
	Name     string     `json:"name" doc:"The shop's own name of the order"`
	Org      string     `json:"org"`
	Show     string     `json:"show,omitempty" doc:"The show that it came from; missing: none that is known"`
	ByHand   bool       `json:"by_hand,omitempty" doc:"true: somebody said which show it came from, or that it came from none"`
	Click    string     `json:"click,omitempty"`
	Product  string     `json:"product,omitempty" doc:"The product whose card the buyer came from; what was bought stands in the lines"`
	Variant  string     `json:"variant,omitempty" doc:"The variant that was chosen there"`
	Cue      string     `json:"cue,omitempty" doc:"The cue that had put the product over the picture; missing in a recording"`
	Replay   bool       `json:"replay,omitempty" doc:"true: the buyer watched the recording, after the end of the show"`
	Host     string     `json:"host,omitempty" doc:"The organisation of the show; org is that of the shop"`
	State    OrderState `json:"state"`
	Currency string     `json:"currency,omitempty"`
	Gross    int64      `json:"gross" doc:"What was paid, in minor units"`
	Refunded int64      `json:"refunded"`
	Net      int64      `json:"net" doc:"Gross less what went back; 0 of a cancelled order"`
	Over     int64      `json:"over,omitempty" doc:"What went back beyond gross: somebody must look at it"`
	// Unallocated are units that were paid when the show had none left (I4).
	Unallocated int64      `json:"unallocated,omitempty" doc:"Units that were paid when the show had none left: deliver them from elsewhere, raise the total of the allocation, or give the money back in the shop"`
	PaidAt      *time.Time `json:"paid_at,omitempty"`
	Created     time.Time  `json:"created"`
	Changed     time.Time  `json:"changed"`
}

// Time is when it was paid, or else when its shop told of it first: by it orders are listed.
func (o Order) Time() time.Time {
	if o.PaidAt != nil {
		return *o.PaidAt
	}
	return o.Created
}

// ListedOrder is an order with the first of its lines.
type ListedOrder struct {
	Order
	Card      string     `json:"card,omitempty" doc:"The title of the product whose card the buyer came from"`
	Lines     []SoldLine `json:"lines" doc:"The first lines, 3 at most"`
	LineCount int64      `json:"line_count" doc:"How many lines it has"`
}

// OrderStory is an order with what it is of, and what the shop told of it, in the order
// of the shop's clock.
type OrderStory struct {
	Order
	Card    string      `json:"card,omitempty" doc:"The title of the product whose card the buyer came from"`
	Pinned  *time.Time  `json:"pinned_at,omitempty" doc:"When that product was put over the picture; missing: it was not, or not just then"`
	Clicked *time.Time  `json:"clicked_at,omitempty" doc:"When the buyer went to the shop; missing: not known, or not kept any more"`
	Lines   []SoldLine  `json:"lines"`
	Facts   []OrderFact `json:"facts" doc:"What the shop told of it, each fact once"`
	Buyer   KeptBuyer   `json:"buyer,omitempty" enum:"known,erased" doc:"known: a keyed hash of what the shop knows its buyer by is kept; erased: it was, and what the shop tells does not bring it back; missing: the shop did not tell"`
}

// KeptBuyer is what is kept of an order's buyer.
type KeptBuyer string

// What may be kept of a buyer; "": the shop did not tell who it was.
const (
	BuyerKnown  KeptBuyer = "known" // a keyed hash
	BuyerErased KeptBuyer = "erased"
)

// SoldLine is a line of an order, and the product of ours that it is of.
type SoldLine struct {
	OrderLine
	Product string `json:"product,omitempty" doc:"Missing: no product of the shop's organisation has this SKU"`
	Variant string `json:"variant,omitempty"`
}
