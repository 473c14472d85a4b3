package checkout

import (
	"cmp"
	"strings"

	"mediad/overlay"
)

// Discounts refuses, in words, an offer whose price the shop would not ask for: a card
// must not promise what the checkout does not give. The shop itself is not asked whether
// it knows the code.
func (w Way) Discounts(o overlay.Offer) error {
	switch {
	case o.Code == "" && o.As != "":
		return nil
	case o.Code == "":
		return overlay.Errorf(overlay.Invalid, "code: is missing; the shop %s asks for the usual price, unless buyers come with a discount code, or for a variant of its own (as)", w.Shop.Name)
	case w.Shop.Kind == overlay.ShopStripeLink:
		return nil
	case w.Shop.Kind == overlay.ShopShopify && w.Ref != "":
		return nil
	case w.Shop.Kind == overlay.ShopShopify:
		return overlay.Errorf(overlay.Invalid, "code: the shop %s takes it only in a cart; list the product there with the number that Shopify has for the variant", w.Shop.Name)
	case !strings.Contains(cmp.Or(w.Link, w.Shop.Config.Template), overlay.CodeMark):
		return overlay.Errorf(overlay.Invalid, "code: the link to the shop %s has no place for it; write %s into the link or the template, such as https://tea.example/p/{sku}?discount=%s", w.Shop.Name, overlay.CodeMark, overlay.CodeMark)
	}
	return nil
}
