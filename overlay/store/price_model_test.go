package store_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"mediad/overlay"
)

// priceModel says in the plainest words at which price a product stands in a show.
type priceModel struct {
	*fixture
	show string
	own  [4]bool      // it has a line in the line-up
	line [4]*int64    // the price of its line
	base [4]*int64    // of the show; nil: as the catalogue has it when it is pinned first
	shop [4]int64     // of the catalogue
	on   map[int]bool // on screen
	dice *rand.Rand
}

func (m *priceModel) price(i int) int64 {
	switch {
	case m.line[i] != nil:
		return *m.line[i]
	case m.base[i] != nil:
		return *m.base[i]
	}
	return m.shop[i]
}

// TestPricesInForce: whatever feeds, hosts and owners do in a show, in any order, each cue
// has the price that is in force at its place (I10): a feed changes none in mid-show, and
// what somebody changes is changed at once.
func TestPricesInForce(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { runPriceModel(t, seed) })
	}
}

func runPriceModel(t *testing.T, seed uint64) {
	m := &priceModel{fixture: newFixture(t), dice: rand.New(rand.NewPCG(seed, 10)), on: map[int]bool{}}
	m.show = m.plan("Harvest", time.Hour).ID
	for i := range m.shop {
		m.shop[i] = m.products[i].Price
	}
	five := int64(500)
	_, err := m.SetLineup(t.Context(), m.show, overlay.NewLineup{Lines: []overlay.Line{{Product: "SKU-0", Price: &five}, {Product: "SKU-1"}}}, "anna")
	must(t, err)
	m.own[0], m.own[1], m.line[0] = true, true, &five
	m.begin()
	for i := range 2 { // what is in the line-up is as it was when the show began
		was := m.shop[i]
		m.base[i] = &was
	}
	steps := []func(){m.feeds, m.feeds, m.changes, m.changesLine, m.pins, m.pins, m.unpins}
	for n := range 60 {
		seen := len(m.events(m.show))
		steps[m.dice.IntN(len(steps))]()
		for i := range m.on {
			if got, _ := m.shown(m.show, m.products[i].SKU); got != m.price(i) {
				t.Errorf("%s is shown at %d, want %d", m.products[i].SKU, got, m.price(i))
			}
		}
		for _, e := range m.events(m.show)[seen:] {
			m.checkCue(e.Payload)
			m.checkCue(e.State)
		}
		if t.Failed() {
			t.Fatalf("after step %d of seed %d", n, seed)
		}
	}
}

// checkCue compares the prices that a cue names.
func (m *priceModel) checkCue(text []byte) {
	m.t.Helper()
	type card struct {
		ID    string
		Price *int64
	}
	var cue struct {
		Product *card
		Pinned  []card
	}
	if len(text) > 0 {
		must(m.t, json.Unmarshal(text, &cue))
	}
	if cue.Product != nil {
		cue.Pinned = append(cue.Pinned, *cue.Product)
	}
	for _, c := range cue.Pinned {
		for i, p := range m.products[:len(m.shop)] {
			if c.ID == p.ID && c.Price != nil && *c.Price != m.price(i) {
				m.t.Errorf("a cue says %d of %s, want %d: %s", *c.Price, p.SKU, m.price(i), text)
			}
		}
	}
}

// some is one of few prices, so that the same comes again.
func (m *priceModel) some() *int64 {
	price := 600 + 100*m.dice.Int64N(4)
	return &price
}

func (m *priceModel) any() int { return m.dice.IntN(len(m.shop)) }

func (m *priceModel) feeds() {
	i, price := m.any(), m.some()
	m.apply(m.read(item(2, m.products[i].SKU, "Corn", *price, "CNY")), "price-drop")
	m.shop[i] = *price
}

func (m *priceModel) changes() {
	i, price := m.any(), m.some()
	_, err := m.UpdateProduct(m.t.Context(), m.products[i].SKU, overlay.ProductChange{Price: price})
	must(m.t, err)
	m.shop[i] = *price
	if m.base[i] != nil {
		m.base[i] = price
	}
}

func (m *priceModel) changesLine() {
	i := m.any()
	if !m.own[i] {
		return
	}
	price := m.some()
	change := overlay.LineChange{Price: price}
	if m.dice.IntN(3) == 0 {
		price, change = nil, overlay.LineChange{NoPrice: true}
	}
	_, err := m.ChangeLine(m.t.Context(), m.show, m.products[i].SKU, change, "ben")
	must(m.t, err)
	m.line[i] = price
}

func (m *priceModel) pins() {
	i := m.any()
	if !m.on[i] && len(m.on) == overlay.MaxPinned {
		return
	}
	if m.base[i] == nil {
		was := m.shop[i]
		m.base[i] = &was
	}
	m.on[i] = true
	m.pin(i)
}

func (m *priceModel) unpins() {
	for i := range m.on {
		_, err := m.Unpin(m.t.Context(), "corn", m.products[i].SKU, overlay.At{})
		must(m.t, err)
		delete(m.on, i)
		return
	}
}
