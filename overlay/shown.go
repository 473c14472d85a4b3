package overlay

import "time"

// Shown is a product as a show told of it last.
type Shown struct {
	Product Card
	First   time.Time // when it was pinned first, on the dates of the picture
}

// ShownIn lists the products of a show in the order in which they were pinned
// first: for viewers who join late. log has the show's events for the picture. A
// product that never was in the picture is not listed.
func ShownIn(log []Event) []Shown {
	var out []Shown
	place := map[string]int{} // in out, by product
	landed := landings(log)
	for i, e := range log {
		if landed[i].IsZero() {
			break
		}
		n, known := place[e.Product]
		switch {
		case e.Kind == KindProductPin && !known:
			place[e.Product] = len(out)
			out = append(out, Shown{cardOf(e), landed[i]})
		case e.Kind == KindProductPin:
			out[n].Product = cardOf(e)
		case e.Kind == KindProductUpdate && known:
			out[n].Product = out[n].Product.updated(cardOf(e))
		}
	}
	return out
}
