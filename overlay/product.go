package overlay

import (
	"net/url"
	"strings"
	"unicode"
)

// Limits of a product's fields, in characters unless said otherwise. SKU and
// title are those of common merchant feeds, and small enough that a pin always
// fits into a cue.
const (
	maxSKU         = 50
	maxTitle       = 150
	maxDescription = 5000
	maxImages      = 10
	maxURL         = 2048             // bytes
	maxPrice       = 9007199254740991 // 2^53-1, the largest integer that JavaScript keeps exact
)

// ClickMark is the place in a product's link that takes the click's id.
const ClickMark = "{click}"

// Stock is what viewers learn of a product's stock; the exact number is never
// told.
type Stock string

// The buckets of stock.
const (
	StockIn       Stock = "in"
	StockLow      Stock = "low"
	StockOut      Stock = "out"
	StockPreorder Stock = "preorder"
)

// Product is something to buy. Each change makes a new revision; old ones stay
// readable.
type Product struct {
	ID  string `json:"id"`
	Rev int64  `json:"rev"` // from 1
	// SKU is the seller's own name for it, unique among the products.
	SKU   string `json:"sku"`
	Title string `json:"title"`
	// Price and ListPrice are in minor units of Currency; ListPrice 0 is none,
	// otherwise it is at least Price.
	Price     int64  `json:"price"`
	ListPrice int64  `json:"list_price,omitempty"`
	Currency  string `json:"currency"`
	Stock     Stock  `json:"stock"`
	// Link is where it is bought; ClickMark in it is replaced by the click's id.
	Link string `json:"link,omitempty"`
	// Image and Images are http(s) addresses, or paths on this server.
	Image       string   `json:"image,omitempty"`
	Images      []string `json:"images,omitempty"`
	Description string   `json:"description,omitempty"`
}

// Checked gives the product made regular (spaces trimmed, currency in capitals,
// stock "in" if empty) or an Error that names the field.
func (p Product) Checked() (Product, error) {
	p.SKU, p.Title = strings.TrimSpace(p.SKU), strings.TrimSpace(p.Title)
	p.Currency = strings.ToUpper(p.Currency)
	if p.Stock == "" {
		p.Stock = StockIn
	}
	for _, check := range []func() error{p.checkNames, p.checkMoney, p.checkStock, p.checkLink, p.checkImages} {
		if err := check(); err != nil {
			return Product{}, err
		}
	}
	return p, checkText("description", p.Description, maxDescription, true)
}

func (p Product) checkNames() error {
	for _, f := range []struct {
		name, value string
		limit       int
	}{{"sku", p.SKU, maxSKU}, {"title", p.Title, maxTitle}} {
		if f.value == "" {
			return Errorf(Invalid, "%s: is missing", f.name)
		}
		if err := checkText(f.name, f.value, f.limit, false); err != nil {
			return err
		}
		if err := checkInBand(f.name, f.value); err != nil {
			return err
		}
	}
	if p.SKU == "." || p.SKU == ".." {
		return Errorf(Invalid, "sku: must not be . or .., because URLs cannot contain them")
	}
	if strings.ContainsFunc(p.SKU, unicode.IsSpace) {
		return Errorf(Invalid, "sku: must not have spaces")
	}
	return nil
}

func (p Product) checkMoney() error {
	if _, ok := MinorDigits(p.Currency); !ok {
		return Errorf(Invalid, "currency: %q is not an ISO 4217 code such as CNY, EUR or JPY", p.Currency)
	}
	if p.Price < 0 || p.Price > maxPrice {
		return Errorf(Invalid, "price: must be an integer in minor units from 0 to %d", int64(maxPrice))
	}
	if p.ListPrice < 0 || p.ListPrice > maxPrice {
		return Errorf(Invalid, "list_price: must be an integer in minor units from 0 (none) to %d", int64(maxPrice))
	}
	if p.ListPrice != 0 && p.ListPrice < p.Price {
		return Errorf(Invalid, "list_price: is below price; leave it out or set it to 0 if there is none")
	}
	return nil
}

func (p Product) checkStock() error {
	switch p.Stock {
	case StockIn, StockLow, StockOut, StockPreorder:
		return nil
	}
	return Errorf(Invalid, "stock: must be one of in, low, out, preorder")
}

func (p Product) checkLink() error {
	if p.Link == "" {
		return nil
	}
	if err := checkURL("link", p.WithClick("a")); err != nil {
		return err
	}
	if len(p.Link) > maxURL {
		return Errorf(Invalid, "link: has %d bytes, at most %d are allowed", len(p.Link), maxURL)
	}
	// The mark in the host would let a click choose the shop.
	a, errA := url.Parse(p.WithClick("a"))
	b, errB := url.Parse(p.WithClick("b"))
	if errA != nil || errB != nil || a.Host != b.Host {
		return Errorf(Invalid, "link: %s is allowed only in the path or after the question mark", ClickMark)
	}
	return nil
}

func (p Product) checkImages() error {
	if len(p.Images) > maxImages {
		return Errorf(Invalid, "images: has %d, at most %d are allowed", len(p.Images), maxImages)
	}
	for _, image := range p.Images {
		if err := checkImage("images", image); err != nil {
			return err
		}
	}
	if p.Image == "" {
		return nil
	}
	return checkImage("image", p.Image)
}

func checkImage(field, s string) error {
	if strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//") && !strings.Contains(s, `\`) {
		return checkText(field, s, maxURL, false)
	}
	return checkURL(field, s)
}

// WithClick gives the link with the click's id in its place, if it has one.
func (p Product) WithClick(id string) string { return strings.ReplaceAll(p.Link, ClickMark, id) }
