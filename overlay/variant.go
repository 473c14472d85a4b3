package overlay

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Limits of variants. Shops with common software have at most a hundred variants
// of three options.
const (
	maxVariants    = 100
	maxOptions     = 5
	maxOptionName  = 40
	maxOptionValue = 80
)

// Variant is one of the things that a product can be bought as, such as a size. Its
// options tell it from the others.
type Variant struct {
	ID        string            `json:"id,omitempty" doc:"Given by the server, and kept as long as the SKU stays. In a change it says which variant is meant"`
	SKU       string            `json:"sku" doc:"Your own name for it, unique in its product; at most 50 characters"`
	Options   map[string]string `json:"options,omitempty" doc:"What tells it from the others, such as {\"size\":\"M\"}: at most 5, the same names in each variant" example:"{\"size\":\"M\"}"`
	Price     *int64            `json:"price,omitempty" doc:"In minor units; left out: the product's price and list price"`
	ListPrice int64             `json:"list_price,omitempty" doc:"The price before the discount, beside a price; 0 is none"`
	Stock     Stock             `json:"stock,omitempty" doc:"in, low, out or preorder; left out: the product's"`
	GTIN      string            `json:"gtin,omitempty" doc:"8, 12, 13 or 14 digits, the last of them the check digit"`
	Link      string            `json:"link,omitempty" doc:"Where it is bought; left out: the product's link"`
}

// Has tells whether a variant is one of the product's.
func (p Product) Has(variant string) bool {
	return slices.ContainsFunc(p.Variants, func(v Variant) bool { return v.ID == variant })
}

// For gives the product as it is bought in a variant: with the variant's SKU,
// price, stock, number and link. An unknown id gives the product as it is.
func (p Product) For(variant string) Product {
	i := slices.IndexFunc(p.Variants, func(v Variant) bool { return v.ID == variant })
	if i < 0 {
		return p
	}
	v := p.Variants[i]
	p.SKU = v.SKU
	if v.Price != nil {
		p.Price, p.ListPrice = *v.Price, v.ListPrice
	}
	if v.Stock != "" {
		p.Stock = v.Stock
	}
	if v.GTIN != "" {
		p.GTIN = v.GTIN
	}
	if v.Link != "" {
		p.Link = v.Link
	}
	return p
}

// Buyable tells whether viewers have a way to buy the product: a link of its own, or of a
// variant.
func (p Product) Buyable() bool {
	return p.Link != "" || slices.ContainsFunc(p.Variants, func(v Variant) bool { return v.Link != "" })
}

// VariantProduct gives the id of the product to which the id of a variant belongs.
func VariantProduct(id string) (product string, ok bool) {
	parts := strings.Split(id, "-")
	return parts[0], len(parts) == 3 && parts[0] != ""
}

// Numbered gives the product with ids for the variants that have none. No revision
// comes twice, so no id does.
func (p Product) Numbered() Product {
	p.Variants = slices.Clone(p.Variants)
	for i := range p.Variants {
		if v := &p.Variants[i]; v.ID == "" {
			v.ID = fmt.Sprintf("%s-%d-%d", p.ID, p.Rev, i+1)
		}
	}
	return p
}

// matched gives the variants of a product's next revision the ids that they have
// in this one.
func (p Product) matched(next []Variant) ([]Variant, error) {
	next = slices.Clone(next)
	ids, skus := map[string]bool{}, map[string]string{}
	for _, v := range p.Variants {
		ids[v.ID], skus[v.SKU] = true, v.ID
	}
	taken := map[string]bool{}
	for i, v := range next {
		if v.ID == "" {
			continue
		}
		if !ids[v.ID] {
			return nil, Errorf(Invalid, "variants[%d].id: the product has no such variant; leave the id out for a new one", i)
		}
		if taken[v.ID] {
			return nil, Errorf(Invalid, "variants[%d].id: is there twice", i)
		}
		taken[v.ID] = true
	}
	for i := range next {
		if id := skus[strings.TrimSpace(next[i].SKU)]; next[i].ID == "" && !taken[id] {
			next[i].ID = id
		}
	}
	return next, nil
}

// checkedVariants gives the variants made regular.
func (p Product) checkedVariants() ([]Variant, error) {
	if len(p.Variants) == 0 {
		return nil, nil
	}
	if len(p.Variants) > maxVariants {
		return nil, Errorf(Invalid, "variants: has %d, at most %d are allowed", len(p.Variants), maxVariants)
	}
	out := make([]Variant, len(p.Variants))
	skus, sets := map[string]int{}, map[string]int{}
	for i, v := range p.Variants {
		field := fmt.Sprintf("variants[%d]", i)
		v, err := v.checked(field, p)
		if err != nil {
			return nil, err
		}
		names := slices.Sorted(maps.Keys(v.Options))
		if i > 0 && !slices.Equal(names, slices.Sorted(maps.Keys(out[0].Options))) {
			return nil, Errorf(Invalid, "%s.options: must have the same names as the options of the first variant", field)
		}
		if n, ok := skus[v.SKU]; ok {
			return nil, Errorf(Invalid, "%s.sku: is that of variants[%d], too", field, n)
		}
		// Unplain text has no NUL, so different sets cannot look alike.
		var set strings.Builder
		for _, name := range names {
			set.WriteString(v.Options[name] + "\x00")
		}
		if n, ok := sets[set.String()]; ok {
			return nil, Errorf(Invalid, "%s.options: are those of variants[%d], too", field, n)
		}
		skus[v.SKU], sets[set.String()], out[i] = i, i, v
	}
	return out, nil
}

func (v Variant) checked(field string, p Product) (Variant, error) {
	if p.ID == "" && v.ID != "" {
		return v, Errorf(Invalid, "%s.id: is given by the server; leave it out", field)
	}
	v.SKU = strings.TrimSpace(v.SKU)
	if err := checkSKU(field+".sku", v.SKU); err != nil {
		return v, err
	}
	options, err := checkedOptions(field+".options", v.Options)
	if err != nil {
		return v, err
	}
	v.Options = options
	if v.Price != nil {
		if err := checkMoney(field+".", *v.Price, v.ListPrice); err != nil {
			return v, err
		}
	} else if v.ListPrice != 0 {
		return v, Errorf(Invalid, "%s.list_price: needs a price beside it", field)
	}
	if p.Type == Preorder && (v.Stock == StockIn || v.Stock == StockLow) {
		v.Stock = StockPreorder
	}
	if v.Stock != "" {
		if err := checkStock(field+".stock", v.Stock); err != nil {
			return v, err
		}
	}
	if v.GTIN, err = checkedGTIN(field+".gtin", v.GTIN); err != nil {
		return v, err
	}
	return v, checkLink(field+".link", v.Link)
}

func checkedOptions(field string, options map[string]string) (map[string]string, error) {
	if len(options) == 0 {
		return nil, nil
	}
	if len(options) > maxOptions {
		return nil, Errorf(Invalid, "%s: has %d, at most %d are allowed", field, len(options), maxOptions)
	}
	out := make(map[string]string, len(options))
	for _, key := range slices.Sorted(maps.Keys(options)) {
		name, value := strings.TrimSpace(key), strings.TrimSpace(options[key])
		if name == "" || value == "" {
			return nil, Errorf(Invalid, "%s: a name or a value is empty", field)
		}
		if err := checkText(field, name, maxOptionName, false); err != nil {
			return nil, err
		}
		if err := checkText(field, value, maxOptionValue, false); err != nil {
			return nil, err
		}
		if _, ok := out[name]; ok {
			return nil, Errorf(Invalid, "%s: %q is there twice", field, name)
		}
		out[name] = value
	}
	return out, nil
}
