package overlay

import (
	"net/url"
	"strings"
	"time"
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
	maxUnit        = 20
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

// ProductType says what a buyer gets.
type ProductType string

// The types of products.
const (
	Physical ProductType = "physical"
	Voucher  ProductType = "voucher"  // nothing is shipped: a ticket, a stay, a meal
	Preorder ProductType = "preorder" // shipped from a day on that is known
)

// Product is something to buy. Each change makes a new revision; old ones stay
// readable.
type Product struct {
	ID  string `json:"id"`
	Rev int64  `json:"rev"` // from 1
	Org string `json:"org,omitempty" doc:"The organisation that sells it"`
	// SKU is the seller's own name for it, unique among the organisation's products.
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
	// Type is empty in revisions of older programs: they are physical.
	Type ProductType `json:"type,omitempty"`
	// ShipsAt is when it ships at the earliest; pre-orders have one.
	ShipsAt *time.Time `json:"ships_at,omitempty"`
	// Category has the names from the root to the leaf: "Food > Fruit".
	Category string `json:"category,omitempty"`
	// Unit is what the price is for: "kg", "box of 12".
	Unit string `json:"unit,omitempty"`
	// GTIN is the number of its bar code.
	GTIN string `json:"gtin,omitempty"`
	// Titles has titles by locale (BCP 47). Title is for all other locales.
	Titles   map[string]string `json:"titles,omitempty"`
	Variants []Variant         `json:"variants,omitempty"`
}

// Checked gives the product made regular (spaces trimmed, currency in capitals,
// stock "in" and type "physical" if empty) or an Error that names the field.
func (p Product) Checked() (Product, error) {
	p.SKU, p.Title, p.Unit = strings.TrimSpace(p.SKU), strings.TrimSpace(p.Title), strings.TrimSpace(p.Unit)
	p.Currency = strings.ToUpper(p.Currency)
	if p.Stock == "" {
		p.Stock = StockIn
	}
	if p.Type == "" {
		p.Type = Physical
	}
	// In stock and not to be had yet: no card could say both.
	if p.Type == Preorder && (p.Stock == StockIn || p.Stock == StockLow) {
		p.Stock = StockPreorder
	}
	for _, check := range []func() error{
		p.checkNames, p.checkCurrency,
		func() error { return checkMoney("", p.Price, p.ListPrice) },
		func() error { return checkStock("stock", p.Stock) },
		func() error { return checkLink("link", p.Link) },
		p.checkImages,
		func() error { return checkText("description", p.Description, maxDescription, true) },
		func() error { return checkText("unit", p.Unit, maxUnit, false) },
		p.regular,
	} {
		if err := check(); err != nil {
			return Product{}, err
		}
	}
	return p, nil
}

// regular checks the fields that have a file of their own, and makes them regular.
func (p *Product) regular() (err error) {
	if p.ShipsAt, err = p.checkedShipping(); err != nil {
		return err
	}
	if p.Category, err = CheckedCategory(p.Category); err != nil {
		return err
	}
	if p.GTIN, err = checkedGTIN("gtin", p.GTIN); err != nil {
		return err
	}
	if p.Titles, err = checkedTitles(p.Titles); err != nil {
		return err
	}
	p.Variants, err = p.checkedVariants()
	return err
}

func (p Product) checkNames() error {
	if err := checkSKU("sku", p.SKU); err != nil {
		return err
	}
	if p.Title == "" {
		return Errorf(Invalid, "title: is missing")
	}
	if err := checkText("title", p.Title, maxTitle, false); err != nil {
		return err
	}
	return checkInBand("title", p.Title)
}

func checkSKU(field, sku string) error {
	if sku == "" {
		return Errorf(Invalid, "%s: is missing", field)
	}
	if err := checkText(field, sku, maxSKU, false); err != nil {
		return err
	}
	if err := checkInBand(field, sku); err != nil {
		return err
	}
	if sku == "." || sku == ".." {
		return Errorf(Invalid, "%s: must not be . or .., because URLs cannot contain them", field)
	}
	if strings.ContainsFunc(sku, unicode.IsSpace) {
		return Errorf(Invalid, "%s: must not have spaces", field)
	}
	return nil
}

func (p Product) checkCurrency() error {
	if _, ok := MinorDigits(p.Currency); !ok {
		return Errorf(Invalid, "currency: %q is not an ISO 4217 code such as CNY, EUR or JPY", p.Currency)
	}
	return nil
}

// checkMoney checks a price and a list price; under is what stands before their
// names.
func checkMoney(under string, price, list int64) error {
	if price < 0 || price > maxPrice {
		return Errorf(Invalid, "%sprice: must be an integer in minor units from 0 to %d", under, int64(maxPrice))
	}
	if list < 0 || list > maxPrice {
		return Errorf(Invalid, "%slist_price: must be an integer in minor units from 0 (none) to %d", under, int64(maxPrice))
	}
	if list != 0 && list < price {
		return Errorf(Invalid, "%slist_price: is below price; leave it out or set it to 0 if there is none", under)
	}
	return nil
}

func checkStock(field string, s Stock) error {
	switch s {
	case StockIn, StockLow, StockOut, StockPreorder:
		return nil
	}
	return Errorf(Invalid, "%s: must be one of in, low, out, preorder", field)
}

// checkedShipping checks the type, and gives ships_at in whole seconds of UTC.
func (p Product) checkedShipping() (*time.Time, error) {
	switch p.Type {
	case Physical, Voucher, Preorder:
	default:
		return nil, Errorf(Invalid, "type: must be one of physical, voucher, preorder")
	}
	if p.ShipsAt == nil || p.ShipsAt.IsZero() {
		if p.Type == Preorder {
			return nil, Errorf(Invalid, "ships_at: is missing; a pre-order says when it ships")
		}
		return nil, nil
	}
	if p.Type == Voucher {
		return nil, Errorf(Invalid, "ships_at: is not for vouchers, which are not shipped")
	}
	at := p.ShipsAt.UTC().Truncate(time.Second)
	if at.Year() < 2000 || at.Year() > 2199 {
		return nil, Errorf(Invalid, "ships_at: must be a date and time from the years 2000 to 2199")
	}
	return &at, nil
}

func checkLink(field, link string) error {
	if link == "" {
		return nil
	}
	if err := checkURL(field, withClick(link, "a")); err != nil {
		return err
	}
	if len(link) > maxURL {
		return Errorf(Invalid, "%s: has %d bytes, at most %d are allowed", field, len(link), maxURL)
	}
	// The mark in the host would let a click choose the shop.
	a, errA := url.Parse(withClick(link, "a"))
	b, errB := url.Parse(withClick(link, "b"))
	if errA != nil || errB != nil || a.Host != b.Host {
		return Errorf(Invalid, "%s: %s is allowed only in the path or after the question mark", field, ClickMark)
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
func (p Product) WithClick(id string) string { return withClick(p.Link, id) }

// WithoutClick gives a link as it is where nothing is counted.
func WithoutClick(link string) string { return withClick(link, "") }

func withClick(link, id string) string { return strings.ReplaceAll(link, ClickMark, id) }
