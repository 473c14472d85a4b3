package checkout

import (
	"net/url"
	"slices"

	"mediad/overlay"
)

// Way is a shop in which a product is bought, and how the shop knows the product.
type Way struct {
	Shop overlay.Shop
	Listing
}

// Ways gives the shops of a seller in which a product, or a variant of it, is bought, the
// first choice first: those that list it, then those to whose hosts its link leads, and,
// where it has no link, those with a template.
func Ways(shops []overlay.Shop, listings []overlay.Listing, p overlay.Product, variant string) []Way {
	bought := p.For(variant)
	var listed, linked, filled []Way
	for _, shop := range shops {
		leads := bought.Link != "" && shop.Leads(overlay.WithoutClick(bought.Link))
		way := Way{shop, Listing{SKU: bought.SKU}}
		if leads {
			way.Link = bought.Link
		}
		switch {
		case way.take(listings, p, variant):
			listed = append(listed, way)
		case leads:
			linked = append(linked, way)
		case bought.Link == "" && shop.Config.Template != "":
			filled = append(filled, way)
		}
	}
	return slices.Concat(listed, linked, filled)
}

// take fills in what the shop's listings say of the product. A variant that is not listed
// has the page of its product, but never the name of another variant.
func (w *Way) take(listings []overlay.Listing, p overlay.Product, variant string) (listed bool) {
	for _, of := range []string{"", variant} {
		i := slices.IndexFunc(listings, func(l overlay.Listing) bool { return l.Shop == w.Shop.ID && l.Variant == of })
		if i < 0 {
			continue
		}
		listed = true
		if l := listings[i]; l.Link != "" {
			w.Link = l.Link
		}
		if of == variant {
			w.Ref = listings[i].Ref
		}
	}
	return listed
}

// Find gives the way by which a product is bought: in the shop of the given id, or, "", in
// the first that has an address for it. The Error is for whoever sets up the shops.
func Find(shops []overlay.Shop, listings []overlay.Listing, p overlay.Product, variant, shop string) (Way, error) {
	ways := Ways(shops, listings, p, variant)
	if shop != "" {
		ways = slices.DeleteFunc(ways, func(w Way) bool { return w.Shop.ID != shop })
	}
	var first error
	for _, w := range ways {
		_, err := w.Address(Purchase{Quantity: 1})
		if err == nil {
			return w, nil
		}
		if first == nil {
			first = err
		}
	}
	if first != nil {
		return Way{}, first
	}
	link := p.For(variant).Link
	switch u, err := url.Parse(overlay.WithoutClick(link)); {
	case shop != "":
		return Way{}, overlay.Errorf(overlay.NotFound, "The shop that was asked for does not sell it.")
	case link != "" && err == nil:
		return Way{}, overlay.Errorf(overlay.Forbidden, "Its link leads to %s, which is not among the hosts of the seller's shops. Add the host to a shop, or correct the link.", u.Host)
	}
	return Way{}, overlay.Errorf(overlay.NotFound, "No shop of the seller lists it, and it has no link.")
}

// Address gives the address at which a viewer pays.
func (w Way) Address(buy Purchase) (string, error) { return Address(w.Shop, w.Listing, buy) }
