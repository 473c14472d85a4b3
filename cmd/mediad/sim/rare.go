package sim

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"mediad/cmd/mediad/testshop"
)

// rare is a product of a show of which there are fewer units than buyers who want one. The
// server holds them for buyers while these pay.
type rare struct {
	till    *stall
	show    string
	product string
	units   int64
	asked   atomic.Int64 // buyers who wanted one
	late    atomic.Int64 // who were told that none is left
	back    atomic.Int64 // who gave theirs back
}

// rareGood is what is rare in a room.
func rareGood(room string) testshop.Good {
	return testshop.Good{SKU: room + "-rare", Title: "Rare product", Price: 9990, Currency: currency}
}

// bringRare makes a rare product, and gives its line of a line-up. It can be bought from the
// beginning on.
func (c *client) bringRare(ctx context.Context, room, org string, till *stall, units int64) (*rare, object, error) {
	good := rareGood(room)
	var made struct{ ID string }
	if err := c.ask(ctx, http.MethodPost, "/api/v1/products", within(org, object{"sku": good.SKU, "title": good.Title, "price": good.Price, "currency": good.Currency}), &made); err != nil {
		return nil, nil, err
	}
	return &rare{till: till, product: made.ID, units: units}, object{"product": made.ID, "reveal_at": time.Now().Add(-time.Minute).UTC().Format(time.RFC3339)}, nil
}

// give gives the units to a show.
func (r *rare) give(ctx context.Context, c *client, show string) error {
	r.show = show
	return c.ask(ctx, http.MethodPost, "/api/v1/shows/"+show+"/allocations", object{"product": r.product, "total": r.units}, nil)
}

// hold asks for a unit, and gives the way to its checkout; "": none is left, or the buyer
// thought better of it.
func (r *rare) hold(ctx context.Context, c *client, v viewer, click string) (checkout string, err error) {
	r.asked.Add(1)
	wish, err := json.Marshal(object{"variant": r.product, "click": click})
	if err != nil {
		return "", err
	}
	who := browser(name(v.id))
	status, text, _, err := c.visitFor(ctx, http.MethodPost, c.server+"/c/"+r.show+"/holds?viewer="+name(v.id), who, "text/plain", string(wish))
	if err == nil && status == http.StatusConflict {
		r.late.Add(1)
		return "", nil
	}
	if err != nil || status != http.StatusCreated {
		return "", fmt.Errorf("%w (was the server started with STRIPE_API_BASE=%s?)", failure("a hold", status, err), r.till.base)
	}
	var held struct {
		ID       string
		Checkout string `json:"checkout_url"`
	}
	if err := json.Unmarshal(text, &held); err != nil {
		return "", err
	}
	if !v.returns {
		return held.Checkout, nil
	}
	status, _, err = c.visit(ctx, http.MethodDelete, c.server+"/c/holds/"+held.ID, who, "", "")
	if err != nil || status != http.StatusOK {
		return "", failure("a hold that is given back", status, err)
	}
	r.back.Add(1)
	return "", nil
}

// Units are what became of the units of rare products.
type Units struct {
	Given int64 `json:"given"` // to shows
	Asked int64 `json:"asked"` // buyers who wanted one
	Late  int64 `json:"told_sold_out"`
	Back  int64 `json:"given_back"`
	Paid  int64 `json:"paid"` // by the books of the shop
	Sold  int64 `json:"sold"` // by the server
	Held  int64 `json:"held"` // by the server, in the end
	Short int64 `json:"oversold"`
}

// count asks the server what became of the units; paid is what the shop's books say.
func (r *rare) count(ctx context.Context, c *client, paid int64) (Units, error) {
	u := Units{Given: r.units, Asked: r.asked.Load(), Late: r.late.Load(), Back: r.back.Load(), Paid: paid}
	var given struct {
		Items []struct{ Total, Held, Sold int64 }
	}
	if err := c.ask(ctx, http.MethodGet, "/api/v1/shows/"+r.show+"/allocations", nil, &given); err != nil {
		return u, err
	}
	for _, g := range given.Items {
		u.Sold, u.Held = u.Sold+g.Sold, u.Held+g.Held
	}
	var short struct{ Items []struct{ Unallocated int64 } }
	if err := c.ask(ctx, http.MethodGet, "/api/v1/orders?unallocated=true&limit=100&show="+r.show, nil, &short); err != nil {
		return u, err
	}
	for _, o := range short.Items {
		u.Short += o.Unallocated
	}
	return u, nil
}

// mistakes finds what cannot be: a unit that was sold twice, or one of which nobody knows.
func (u Units) mistakes() (wrong []string) {
	say := func(bad bool, words string, values ...any) {
		if bad {
			wrong = append(wrong, fmt.Sprintf(words, values...))
		}
	}
	say(u.Paid > u.Given || u.Sold+u.Held > u.Given, "units: %d were given to the show; %d were paid, and the server says that %d are sold and %d held", u.Given, u.Paid, u.Sold, u.Held)
	say(u.Sold != u.Paid, "units: the server says that %d are sold, and %d were paid", u.Sold, u.Paid)
	say(u.Held != 0, "units: %d are held, though each buyer has paid or given theirs back", u.Held)
	say(u.Short != 0, "units: %d were paid when none was left", u.Short)
	return wrong
}

func (u Units) plus(o Units) Units {
	return Units{u.Given + o.Given, u.Asked + o.Asked, u.Late + o.Late, u.Back + o.Back, u.Paid + o.Paid, u.Sold + o.Sold, u.Held + o.Held, u.Short + o.Short}
}

// told says what became of units; nil: none were held.
func (u *Units) told() string {
	if u == nil {
		return "not played (--stripe)"
	}
	text := fmt.Sprintf("%d of %d sold; %d buyers wanted one, %d were told that none is left, %d gave theirs back", u.Sold, u.Given, u.Asked, u.Late, u.Back)
	if len(u.mistakes()) == 0 {
		text += "; none was sold twice"
	}
	return text
}
