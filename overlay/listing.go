package overlay

import (
	"strconv"
	"strings"
)

// maxListingRef is the length of a shop's own name of a variant, in bytes.
const maxListingRef = 200

// Listing is how a shop knows a product, or a variant of it.
type Listing struct {
	Shop    string `json:"shop"`
	Product string `json:"product"`
	Variant string `json:"variant,omitempty" doc:"Missing: the product itself"`
	// Link is its address in the shop: any page, or a Payment Link.
	Link string `json:"link,omitempty" doc:"Its address in the shop: any page of a link shop, the Payment Link of a stripe-link shop"`
	// Ref is the shop's own name of it (shopify: the number of the variant).
	Ref string `json:"ref,omitempty" doc:"The shop's own name of it; for Shopify the number of the variant" example:"70881412"`
}

// Key names what is listed: the variant, or else the product.
func (l Listing) Key() string {
	if l.Variant != "" {
		return l.Variant
	}
	return l.Product
}

// Checked gives the listing made regular, or an Error that says what the shop needs to
// sell the product, or the variant of it.
func (l Listing) Checked(shop Shop, p Product) (Listing, error) {
	l.Shop, l.Product, l.Ref = shop.ID, p.ID, strings.TrimSpace(l.Ref)
	if l.Variant != "" && !p.Has(l.Variant) {
		return l, Errorf(NotFound, "there is no such variant of the product")
	}
	if err := checkLink("link", l.Link); err != nil {
		return l, err
	}
	if l.Link != "" && !shop.Leads(withClick(l.Link, "a")) {
		return l, Errorf(Invalid, "link: leads to a host that is not among those of the shop %s; add the host to the shop first", shop.Name)
	}
	if len(l.Ref) > maxListingRef {
		return l, Errorf(Invalid, "ref: has %d bytes, at most %d are allowed", len(l.Ref), maxListingRef)
	}
	if err := checkPlain("ref", l.Ref, false); err != nil {
		return l, err
	}
	return l, l.checkKind(shop, p)
}

// checkKind refuses a listing that gives no address at which a buyer could pay.
func (l Listing) checkKind(shop Shop, p Product) error {
	if l.Ref != "" && l.Variant == "" && len(p.Variants) > 0 {
		return Errorf(Invalid, "ref: the product has variants; list each of them by its id, so that buyers get what they chose")
	}
	switch shop.Kind {
	case ShopShopify:
		if l.Ref == "" {
			return Errorf(Invalid, "ref: is missing; a shop of kind shopify needs the number that Shopify has for the variant")
		}
		if _, err := strconv.ParseUint(l.Ref, 10, 64); err != nil {
			return Errorf(Invalid, "ref: must be the number that Shopify has for the variant, such as 70881412")
		}
	case ShopStripeLink:
		if l.Link == "" {
			return Errorf(Invalid, "link: is missing; a shop of kind stripe-link needs a Payment Link")
		}
	case ShopLink:
		if l.Link != "" {
			return nil
		}
		if shop.Config.Template == "" {
			return Errorf(Invalid, "link: is missing, and the shop has no template")
		}
		if l.Ref == "" && strings.Contains(shop.Config.Template, VariantMark) {
			return Errorf(Invalid, "ref: is missing; the template of the shop asks for it with %s", VariantMark)
		}
	}
	return nil
}
