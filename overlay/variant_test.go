package overlay

import (
	"strings"
	"testing"
	"time"
)

func shirt() Product {
	price := int64(2900)
	return Product{ID: "P", Rev: 1, SKU: "SHIRT", Title: "Shirt", Price: 2500, Currency: "EUR", Link: "https://shop.example/shirt", Variants: []Variant{
		{SKU: "SHIRT-M", Options: map[string]string{"size": "M", "colour": "red"}},
		{SKU: "SHIRT-L", Options: map[string]string{"size": "L", "colour": "red"}, Price: &price, ListPrice: 3900, Stock: StockLow, Link: "https://shop.example/shirt?v=l", GTIN: "4006381333931"},
	}}
}

func TestProductFields(t *testing.T) {
	day := time.Date(2026, 12, 24, 0, 0, 0, 0, time.FixedZone("", 3600))
	for name, c := range map[string]struct {
		change func(*Product)
		want   string // in the error; "": none
	}{
		"as it is":                 {func(*Product) {}, ""},
		"sku twice":                {func(p *Product) { p.Variants[1].SKU = " SHIRT-M" }, "variants[1].sku: is that of variants[0]"},
		"no sku":                   {func(p *Product) { p.Variants[1].SKU = "" }, "variants[1].sku: is missing"},
		"options twice":            {func(p *Product) { p.Variants[1].Options = map[string]string{"colour": "red", "size": "M "} }, "variants[1].options: are those of variants[0]"},
		"other options":            {func(p *Product) { p.Variants[1].Options = map[string]string{"size": "L", "color": "red"} }, "the same names"},
		"empty option":             {func(p *Product) { p.Variants[0].Options["size"] = " " }, "is empty"},
		"hidden option":            {func(p *Product) { p.Variants[0].Options["size"] = "M\u202e" }, "turns the direction"},
		"list price alone":         {func(p *Product) { p.Variants[0].ListPrice = 1 }, "needs a price"},
		"list price below":         {func(p *Product) { p.Variants[1].ListPrice = 1 }, "variants[1].list_price: is below"},
		"stock of variant":         {func(p *Product) { p.Variants[1].Stock = "many" }, "variants[1].stock: must be"},
		"script in a link":         {func(p *Product) { p.Variants[1].Link = "javascript:alert(1)" }, "variants[1].link: must be"},
		"gtin of variant":          {func(p *Product) { p.Variants[1].GTIN = "4006381333932" }, "should be 1"},
		"too many":                 {func(p *Product) { p.Variants = make([]Variant, 101) }, "at most 100"},
		"type":                     {func(p *Product) { p.Type = "food" }, "type: must be"},
		"pre-order":                {func(p *Product) { p.Type, p.ShipsAt = Preorder, &day }, ""},
		"pre-order without a date": {func(p *Product) { p.Type = Preorder }, "ships_at: is missing"},
		"voucher that ships":       {func(p *Product) { p.Type, p.ShipsAt = Voucher, &day }, "ships_at: is not for vouchers"},
		"category":                 {func(p *Product) { p.Category = "Food >> Fruit" }, "category: a name is empty"},
		"deep category":            {func(p *Product) { p.Category = strings.Repeat("a>", 8) + "a" }, "9 levels"},
		"unit":                     {func(p *Product) { p.Unit = strings.Repeat("k", 21) }, "unit: has 21"},
		"title of no locale":       {func(p *Product) { p.Titles = map[string]string{"german!": "Hemd"} }, "is not a language tag"},
		"two titles of one locale": {func(p *Product) { p.Titles = map[string]string{"zh-hant": "a", "zh-Hant": "b"} }, "zh-Hant is there twice"},
		"empty title":              {func(p *Product) { p.Titles = map[string]string{"de": " "} }, "titles.de: is missing"},
		"markup in a title":        {func(p *Product) { p.Titles = map[string]string{"de": "<b>Hemd"} }, "titles.de: must be plain"},
	} {
		p := shirt()
		c.change(&p)
		_, err := p.Checked()
		if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || CodeOf(err) != Invalid) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
	p := shirt()
	p.Type, p.ShipsAt, p.Category, p.Titles = Preorder, &day, " Wear>Shirts ", map[string]string{"ZH-hant-tw": " 襯衫 ", "de": "Hemd"}
	q, err := p.Checked()
	if err != nil || q.Stock != StockPreorder || q.Variants[1].Stock != StockPreorder || q.ShipsAt.Format(time.RFC3339) != "2026-12-23T23:00:00Z" ||
		q.Category != "Wear > Shirts" || q.Titles["zh-Hant-TW"] != "襯衫" {
		t.Errorf("%+v, %v", q, err)
	}
	if p.Titles["ZH-hant-tw"] != " 襯衫 " || p.Variants[1].Stock != StockLow {
		t.Error("the caller's product was changed")
	}
}

func TestGTIN(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "4006381333931": "4006381333931", "978-3-16-148410-0": "9783161484100", "96385074": "96385074",
		"0 36000 29145 2": "036000291452", "10614141000415": "10614141000415",
	} {
		if got, err := checkedGTIN("gtin", in); err != nil || got != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	for in, want := range map[string]string{"4006381333930": "should be 1", "123": "has 3 digits", "400638133393X": "digits alone", "４006381333931": "digits alone"} {
		if _, err := checkedGTIN("gtin", in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestVariantsKeepTheirIDs(t *testing.T) {
	p := shirt()
	p.ID = ""
	p, err := p.Checked()
	if err != nil {
		t.Fatal(err)
	}
	p.ID = "P"
	p = p.Numbered()
	if p.Variants[0].ID != "P-1-1" || p.Variants[1].ID != "P-1-2" {
		t.Fatalf("%+v", p.Variants)
	}
	if id, ok := VariantProduct(p.Variants[1].ID); id != "P" || !ok {
		t.Errorf("product of the variant: %q", id)
	}
	change := func(list ...Variant) (Product, error) { return p.Changed(ProductChange{Variants: &list}) }
	medium, large := p.Variants[0], p.Variants[1]
	medium.ID, large.SKU = "", "SHIRT-XL" // one is known by its SKU, one by its id
	extra := Variant{SKU: "SHIRT-S", Options: map[string]string{"size": "S", "colour": "red"}}
	q, err := change(extra, large, medium)
	if err != nil {
		t.Fatal(err)
	}
	q = q.Numbered()
	if a, b, c := q.Variants[0].ID, q.Variants[1].ID, q.Variants[2].ID; a != "P-2-1" || b != "P-1-2" || c != "P-1-1" {
		t.Errorf("got %s, %s, %s", a, b, c)
	}
	if q, err := change(p.Variants...); err != nil || q.Rev != p.Rev {
		t.Errorf("a change of nothing: revision %d, %v", q.Rev, err)
	}
	for _, foreign := range []string{"P-1-3", "Q-1-1"} {
		large.ID = foreign
		if _, err := change(large); err == nil || !strings.Contains(err.Error(), "no such variant") {
			t.Errorf("%s: %v", foreign, err)
		}
	}
	// A SKU that moves to another id: the id wins.
	large.ID, large.SKU = "P-1-2", "SHIRT-M"
	medium.SKU = "SHIRT-L"
	q, err = change(medium, large)
	if err != nil || q.Variants[0].ID != "" || q.Variants[1].ID != "P-1-2" {
		t.Errorf("%+v, %v", q.Variants, err)
	}
}

func TestProductForVariant(t *testing.T) {
	p, err := shirt().Numbered().Checked()
	if err != nil {
		t.Fatal(err)
	}
	if m := p.For("P-1-1"); m.SKU != "SHIRT-M" || m.Price != 2500 || m.Stock != StockIn || m.Link != p.Link {
		t.Errorf("%+v", m)
	}
	if l := p.For("P-1-2"); l.SKU != "SHIRT-L" || l.Price != 2900 || l.ListPrice != 3900 || l.Stock != StockLow || l.GTIN != "4006381333931" || l.Link != "https://shop.example/shirt?v=l" {
		t.Errorf("%+v", l)
	}
	if gone := p.For("P-9-9"); gone.SKU != p.SKU {
		t.Errorf("%+v", gone)
	}
}
