package overlay

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// MaxFileProblems is how many rows that are wrong an answer has.
const MaxFileProblems = 100

// FiledOrder is what a file says of an order.
type FiledOrder struct {
	Row      int // the first that is about it
	Name     string
	State    OrderState
	Currency string
	Amount   int64 // all that was paid
	Refunded int64 // of it; in all
	PaidAt   time.Time
	Click    string
	Lines    []OrderLine
}

// RowProblem says why a row of a file is wrong.
type RowProblem struct {
	Row    int    `json:"row" doc:"As a spreadsheet numbers it: the header is row 1"`
	Reason string `json:"reason"`
}

// OrderImport says what a file of orders has, and what of it the ledger did not have yet.
type OrderImport struct {
	DryRun    bool         `json:"dry_run"`
	Applied   bool         `json:"applied" doc:"true: the ledger has all of it now. false: nothing was changed, as in a dry run, or where a row is wrong"`
	Orders    int          `json:"orders"`
	New       int          `json:"new"`
	Changed   int          `json:"changed" doc:"The ledger had them, and learns more: a refund, for example"`
	Unchanged int          `json:"unchanged"`
	RejectedN int          `json:"rejected_count" doc:"Rows that are wrong"`
	Rejected  []RowProblem `json:"rejected" doc:"The first 100 of them"`
}

// Reject notes a row that is wrong.
func (i *OrderImport) Reject(row int, reason string) {
	if i.RejectedN++; len(i.Rejected) < MaxFileProblems {
		i.Rejected = append(i.Rejected, RowProblem{row, Plain(reason, 500)})
	}
}

// Facts gives what a file says of an order and the ledger does not have yet. before is what
// the ledger has; nil: nothing. A file adds to the ledger and never takes back what the shop
// told: where both differ, somebody has to look.
func (o FiledOrder) Facts(before *Order) ([]OrderFact, error) {
	if before == nil {
		before = &Order{}
	}
	known := before.State
	if o.State == OrderStatePending || o.State == OrderStateFailed {
		switch {
		case known == o.State, known == OrderStateFailed && o.State == OrderStatePending:
			return nil, nil
		case known != "" && known != OrderStatePending:
			return nil, Errorf(Conflict, "state: the order is %s already; a file does not take that back", known)
		}
		kind := OrderPending
		if o.State == OrderStateFailed {
			kind = OrderFailed
		}
		return o.checked(o.fact(kind, 0))
	}
	var facts []OrderFact
	if before.PaidAt == nil {
		f := o.fact(OrderPaid, o.Amount)
		f.Lines = o.Lines
		facts = append(facts, f)
	} else if before.Gross != o.Amount || before.Currency != o.Currency {
		return nil, Errorf(Conflict, "amount: the ledger has the order with %d minor units of %s, and the file with %d of %s; a file does not change what was paid", before.Gross, before.Currency, o.Amount, o.Currency)
	}
	if o.Refunded > before.Refunded+before.Over {
		f := o.fact(OrderRefunded, o.Refunded)
		f.Refund, f.All, f.At = fmt.Sprint("csv to ", o.Refunded), true, time.Time{} // it is of the moment at which the file is taken
		facts = append(facts, f)
	}
	if o.State == OrderStateCancelled && known != OrderStateCancelled {
		facts = append(facts, o.fact(OrderCancelled, 0))
	}
	return o.checked(facts...)
}

// fact gives a fact whose name comes from the order and the content: the same file tells
// it once.
func (o FiledOrder) fact(kind OrderFactKind, amount int64) OrderFact {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %q %d %d %s", kind, o.Name, o.Amount, o.Refunded, o.Currency))
	f := OrderFact{Kind: kind, Delivery: "csv:" + hex.EncodeToString(sum[:16]), Order: o.Name, At: o.PaidAt, Amount: amount, Click: o.Click}
	if amount > 0 || kind == OrderPaid {
		f.Currency = o.Currency
	}
	if kind == OrderPending {
		f.Lines = o.Lines
	}
	return f
}

func (o FiledOrder) checked(facts ...OrderFact) ([]OrderFact, error) {
	for i, f := range facts {
		var err error
		if facts[i], err = f.Checked(); err != nil {
			return nil, err
		}
	}
	return facts, nil
}
