package overlay

import (
	"testing"
	"time"
)

func TestShownIn(t *testing.T) {
	begin := time.Unix(1e9, 0).UTC()
	seq := uint64(0)
	event := func(kind Kind, product string, landed int, card Card) Event {
		seq++
		payload, err := EventJSON(kind, "S", seq, begin, Body{Product: &card})
		if err != nil {
			t.Fatal(err)
		}
		e := Event{Kind: kind, Product: product, Seq: seq, Payload: payload}
		if landed >= 0 {
			e.Landed = &Landing{Date: begin.Add(time.Duration(landed) * time.Second)}
		}
		return e
	}
	price := func(id string, rev, price int64) Card {
		return Card{ID: id, Rev: rev, Title: id, Price: &price, Currency: "EUR"}
	}
	lower := int64(80)
	log := []Event{
		event(KindProductPin, "A", -1, price("A", 1, 100)), // before air: it is in the picture with the next that is
		event(KindShowStart, "", 3, Card{}),
		event(KindProductPin, "B", 10, price("B", 1, 5)),
		event(KindProductUnpin, "A", 12, Card{ID: "A"}),
		event(KindProductUpdate, "B", 13, Card{ID: "B", Rev: 2, Price: &lower}),
		event(KindProductPin, "A", 20, price("A", 4, 90)),
		event(KindProductPin, "C", -1, price("C", 1, 7)), // not in the picture yet
	}
	got := ShownIn(log)
	if len(got) != 2 {
		t.Fatalf("%d products, want A and B: %+v", len(got), got)
	}
	if a := got[0]; a.Product.ID != "A" || *a.Product.Price != 90 || a.Product.Rev != 4 || a.First != begin.Add(3*time.Second) {
		t.Errorf("A: %+v", a)
	}
	if b := got[1]; b.Product.ID != "B" || *b.Product.Price != 80 || b.Product.Rev != 2 || b.Product.Title != "B" || b.First != begin.Add(10*time.Second) {
		t.Errorf("B: %+v", b)
	}
}
