package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// stockModel is what a show's stock must be, in the plainest words: no database, no batches, no
// memory of what was asked before.
type stockModel struct {
	total, held, sold int64
	holds             []*modelHold
	orders            []*modelOrder // the oldest first
}

type modelHold struct {
	overlay.Hold
	state overlay.HoldState
	order *modelOrder
}

type modelOrder struct {
	name          string
	sold, missing int64
	back          bool // its money went back
}

func (s *stockModel) free() int64 { return s.total - s.held - s.sold }

// pay is an order that takes what is free of so many units.
func (s *stockModel) pay(name string, n int64) *modelOrder {
	o := &modelOrder{name: name, sold: min(n, s.free())}
	o.missing = n - o.sold
	s.sold += o.sold
	s.orders = append(s.orders, o)
	return o
}

func (s *stockModel) release(h *modelHold) {
	if h.state == overlay.HoldActive || h.state == overlay.HoldExpiring {
		h.state = overlay.HoldReleased
		s.held -= h.Quantity
		s.serve()
	}
}

// serve gives what is free to those who have paid and wait.
func (s *stockModel) serve() {
	for _, o := range s.orders {
		if n := min(o.missing, s.free()); n > 0 && !o.back {
			o.sold, o.missing, s.sold = o.sold+n, o.missing-n, s.sold+n
		}
	}
}

// TestStockModel: whatever buyers, a shop and a host do, in any order, the stock is that of
// a plain model: no unit is sold twice (I1), none is free while its checkout can be paid
// (I2), what is told twice counts once (I3), and paid units that are missing are known (I4).
func TestStockModel(t *testing.T) {
	done := map[string]int{}
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { runStockModel(t, seed, done) })
	}
	for _, what := range []string{"refused", "late and served", "late and missing", "served at last", "money back"} {
		if done[what] == 0 {
			t.Errorf("it never came to this: %s; %v", what, done)
		}
	}
}

// play is a run of the model beside the store.
type play struct {
	*counterOf
	stockModel
	dice *rand.Rand
	told []overlay.OrderFact
	done map[string]int
}

func runStockModel(t *testing.T, seed uint64, done map[string]int) {
	p := &play{counterOf: newCounter(t, 6), stockModel: stockModel{total: 6}, dice: rand.New(rand.NewPCG(seed, 9)), done: done}
	steps := []func(){p.holds, p.holds, p.holds, p.givesBack, p.ends, p.pays, p.pays, p.buysWithoutHold, p.tellsAgain, p.moneyBack, p.timePasses, p.resizes}
	for n := range 150 {
		steps[p.dice.IntN(len(steps))]()
		if p.check(); t.Failed() {
			t.Fatalf("after step %d of seed %d", n, seed)
		}
	}
}

func (p *play) check() {
	p.t.Helper()
	p.want(p.held, p.sold)
	a := p.now()
	if a.Total != p.total || a.Held+a.Sold > a.Total {
		p.t.Errorf("%+v, want a total of %d", a, p.total)
	}
	for _, h := range p.stockModel.holds {
		found, err := p.GetHold(p.t.Context(), h.ID)
		must(p.t, err)
		if found.State != h.state {
			p.t.Errorf("a hold is %s, want %s", found.State, h.state)
		}
	}
	orders, err := p.FindOrders(p.t.Context(), store.Orders{In: overlay.Everything()}, "", 500)
	must(p.t, err)
	loud, err := p.FindOrders(p.t.Context(), store.Orders{In: overlay.Everything(), Unallocated: true}, "", 500)
	must(p.t, err)
	missing, waiting := map[string]int64{}, 0
	for _, o := range p.orders {
		missing[o.name] = o.missing
		if o.missing > 0 && !o.back {
			waiting++
		}
	}
	if len(orders) != len(p.orders) || len(loud) != waiting {
		p.t.Errorf("%d orders, %d of them without units; want %d and %d", len(orders), len(loud), len(p.orders), waiting)
	}
	for _, o := range orders {
		if n, ok := missing[o.Name]; !ok || n != o.Unallocated {
			p.t.Errorf("of order %s %d units are missing, want %d", o.Name, o.Unallocated, n)
		}
	}
	if in := overlay.StockIn; (p.stock() == in) != (p.free() > 0) {
		p.t.Errorf("%d are free, and the card says %s", p.free(), p.stock())
	}
}

// one chooses a hold; false: there is none.
func (p *play) one() (*modelHold, bool) {
	if len(p.stockModel.holds) == 0 {
		return nil, false
	}
	return p.stockModel.holds[p.dice.IntN(len(p.stockModel.holds))], true
}

func (p *play) say(f overlay.OrderFact) {
	p.told = append(p.told, f)
	p.tell(f)
}

func (p *play) holds() {
	n := int64(1 + p.dice.IntN(3))
	h, err := p.hold(n)
	if n > p.free() {
		if overlay.CodeOf(err) != overlay.SoldOut {
			p.t.Errorf("%d units of %d: %v", n, p.free(), err)
		}
		p.done["refused"]++
		return
	}
	must(p.t, err)
	p.held += n
	p.stockModel.holds = append(p.stockModel.holds, &modelHold{Hold: h, state: overlay.HoldActive})
}

func (p *play) givesBack() {
	if h, ok := p.one(); ok {
		_, err := p.LetGo(p.t.Context(), h.ID)
		must(p.t, err)
		if h.state == overlay.HoldActive {
			h.state = overlay.HoldExpiring
		}
	}
}

// ends is the shop's word that nobody can pay in a checkout any more.
func (p *play) ends() {
	h, ok := p.one()
	if !ok {
		return
	}
	if p.dice.IntN(2) == 0 {
		must(p.t, p.ReleaseHold(p.t.Context(), h.ID))
	} else {
		p.say(overlay.OrderFact{Kind: overlay.CheckoutExpired, Delivery: "expired:" + h.ID, At: p.clock.Now(), Hold: h.ID})
	}
	p.release(h)
}

// pays pays for a hold, in time or late.
func (p *play) pays() {
	h, ok := p.one()
	if !ok || h.order != nil {
		return
	}
	name := "order of " + h.ID
	p.say(p.paid(name, h.ID))
	switch h.state {
	case overlay.HoldReleased:
		h.order = p.pay(name, h.Quantity)
		if h.order.missing > 0 {
			p.done["late and missing"]++
		} else {
			p.done["late and served"]++
		}
	default:
		p.held -= h.Quantity
		h.order = p.pay(name, h.Quantity)
	}
	h.state = overlay.HoldPaid
}

// buysWithoutHold is an order whose lines name what was sold.
func (p *play) buysWithoutHold() {
	n := int64(1 + p.dice.IntN(2))
	f := p.paid(fmt.Sprint("plain ", len(p.orders)), "")
	click := overlay.Click{ID: p.NewID(), Show: p.show, Product: p.product, Rev: 1, At: p.clock.Now()}
	must(p.t, p.AddClicks(p.t.Context(), []overlay.Click{click}))
	f.Click, f.Lines = click.ID, []overlay.OrderLine{{SKU: "SKU-0", Quantity: n, Amount: 100}}
	p.say(f)
	p.pay(f.Order, n)
}

func (p *play) tellsAgain() {
	if len(p.told) > 0 {
		p.tell(p.told[p.dice.IntN(len(p.told))])
	}
}

// moneyBack refunds or cancels an order. No unit is free by that.
func (p *play) moneyBack() {
	if len(p.orders) == 0 {
		return
	}
	o := p.orders[p.dice.IntN(len(p.orders))]
	f := overlay.OrderFact{Kind: overlay.OrderCancelled, Delivery: "cancelled:" + o.name, Order: o.name, At: p.clock.Now(), Currency: "CNY"}
	if p.dice.IntN(2) == 0 {
		f.Kind, f.Delivery, f.Refund, f.Amount = overlay.OrderRefunded, "refunded:"+o.name, "r", 100
	}
	p.say(f)
	o.back = true
	p.done["money back"]++
}

func (p *play) timePasses() {
	p.clock.Add(overlay.HoldTime / 2)
	now := p.clock.Now()
	_, err := p.DueHolds(p.t.Context(), 1+p.dice.IntN(500))
	must(p.t, err)
	for _, h := range p.stockModel.holds {
		if h.state == overlay.HoldActive && !h.Expires.After(now) {
			h.state = overlay.HoldExpiring
		}
	}
	p.clock.Add(time.Second)
}

func (p *play) resizes() {
	total := p.held + p.sold + int64(p.dice.IntN(3))
	waited := int64(0)
	for _, o := range p.orders {
		waited += o.missing
	}
	_, err := p.ChangeAllocation(p.t.Context(), p.show, p.given.ID, &total, 0, "test")
	must(p.t, err)
	p.total = total
	p.serve()
	for _, o := range p.orders {
		waited -= o.missing
	}
	if waited > 0 {
		p.done["served at last"]++
	}
}
