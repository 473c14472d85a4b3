package checkout

import (
	"testing"

	"mediad/overlay"
)

// TestFind: buyers go to the shop that lists what they want, else to the one to which its
// link leads, and never to a host that no shop of the seller has.
func TestFind(t *testing.T) {
	price := int64(100)
	corn := overlay.Product{ID: "P", SKU: "CORN", Link: "https://page.example/corn?from={click}", Variants: []overlay.Variant{{ID: "P-1-1", SKU: "CORN-S", Price: &price}, {ID: "P-1-2", SKU: "CORN-L", Price: &price}}}
	bare := overlay.Product{ID: "B", SKU: "BARE"}
	page := overlay.Shop{ID: "page", Name: "Page", Kind: overlay.ShopLink, Config: overlay.ShopConfig{Hosts: []string{"page.example"}}}
	cart := overlay.Shop{ID: "cart", Name: "Cart", Kind: overlay.ShopShopify, Config: overlay.ShopConfig{Domain: "cart.example"}}
	form := overlay.Shop{ID: "form", Name: "Form", Kind: overlay.ShopLink, Config: overlay.ShopConfig{Template: "https://form.example/{sku}?v={variant}&c={click}"}}
	pays := overlay.Shop{ID: "pays", Name: "Pays", Kind: overlay.ShopStripeLink}
	own := overlay.Shop{ID: "own", Name: "Own", Kind: overlay.ShopStripeSession}
	small := overlay.Listing{Shop: "cart", Product: "P", Variant: "P-1-1", Ref: "71"}
	whole := overlay.Listing{Shop: "form", Product: "P", Link: "https://form.example/all"}
	all := []overlay.Shop{page, cart, form, pays}
	for name, test := range map[string]struct {
		shops    []overlay.Shop
		listings []overlay.Listing
		p        overlay.Product
		variant  string
		shop     string
		want     string
		refused  overlay.Code
	}{
		"by its link":                        {all, nil, corn, "", "", "https://page.example/corn?from=C", ""},
		"by its listing":                     {all, []overlay.Listing{small}, corn, "P-1-1", "", "https://cart.example/cart/71:1?attributes%5Bmd_click%5D=C", ""},
		"never as another variant":           {all, []overlay.Listing{small}, corn, "P-1-2", "", "https://page.example/corn?from=C", ""},
		"on the page of the whole":           {all, []overlay.Listing{whole}, corn, "P-1-2", "", "https://form.example/all", ""},
		"the first of two":                   {all, []overlay.Listing{small, whole}, corn, "P-1-1", "", "https://cart.example/cart/71:1?attributes%5Bmd_click%5D=C", ""},
		"the one that was chosen":            {all, []overlay.Listing{small}, corn, "P-1-1", "page", "https://page.example/corn?from=C", ""},
		"one that does not sell it":          {all, []overlay.Listing{small}, corn, "P-1-1", "pays", "", overlay.NotFound},
		"one that nobody knows":              {all, nil, corn, "", "x", "", overlay.NotFound},
		"a link to nobody's host":            {[]overlay.Shop{cart, form}, nil, corn, "", "", "", overlay.Forbidden},
		"by the template":                    {all, nil, bare, "", "", "https://form.example/BARE?v=&c=C", ""},
		"nowhere":                            {[]overlay.Shop{page, cart}, nil, bare, "", "", "", overlay.NotFound},
		"the page in a shop without numbers": {[]overlay.Shop{{ID: "c", Kind: overlay.ShopShopify, Config: overlay.ShopConfig{Domain: "page.example"}}}, nil, corn, "", "", "https://page.example/corn?from=C", ""},
		"a host that was taken away":         {[]overlay.Shop{page, cart}, []overlay.Listing{{Shop: "page", Product: "B", Link: "https://gone.example/"}}, bare, "", "", "", overlay.Forbidden},
		"the next shop that has an address":  {[]overlay.Shop{own, page}, []overlay.Listing{{Shop: "own", Product: "P"}}, corn, "", "", "https://page.example/corn?from=C", ""},
	} {
		way, err := Find(test.shops, test.listings, test.p, test.variant, test.shop)
		got := ""
		if err == nil {
			got, err = way.Address(Purchase{Quantity: 1, Click: "C"})
		}
		if got != test.want || overlay.CodeOf(err) != test.refused {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
