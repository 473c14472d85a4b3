package api

import (
	"context"
	"slices"
	"time"

	"mediad/overlay"
	"mediad/overlay/checkout"
	"mediad/overlay/store"
)

// publicProduct has the fields of a product that viewers may see. The shop's own address
// is left out: the way there is Go, which counts the click.
type publicProduct struct {
	ID          string              `json:"id"`
	Rev         int64               `json:"rev"`
	SKU         string              `json:"sku"`
	Title       string              `json:"title"`
	Price       int64               `json:"price"`
	ListPrice   int64               `json:"list_price,omitempty"`
	Currency    string              `json:"currency"`
	Digits      int                 `json:"digits" doc:"Digits of the currency's minor unit"`
	Stock       overlay.Stock       `json:"stock"`
	Image       string              `json:"image,omitempty"`
	Images      []string            `json:"images,omitempty"`
	Description string              `json:"description,omitempty"`
	Go          string              `json:"go,omitempty" doc:"Address of the product in the shop; missing if there is none"`
	Type        overlay.ProductType `json:"type" doc:"physical, voucher or preorder"`
	ShipsAt     *time.Time          `json:"ships_at,omitempty" doc:"When it ships at the earliest"`
	Unit        string              `json:"unit,omitempty" doc:"What the price is for"`
	GTIN        string              `json:"gtin,omitempty" doc:"Number of the bar code"`
	Titles      map[string]string   `json:"titles,omitempty" doc:"Titles by locale (BCP 47); title is for all others"`
	Variants    []publicVariant     `json:"variants,omitempty" doc:"What it can be bought as"`
}

// publicVariant says all that a buyer of a variant needs: what it leaves to its
// product is filled in.
type publicVariant struct {
	ID        string            `json:"id"`
	SKU       string            `json:"sku"`
	Options   map[string]string `json:"options,omitempty" doc:"What tells it from the others"`
	Price     int64             `json:"price"`
	ListPrice int64             `json:"list_price,omitempty"`
	Stock     overlay.Stock     `json:"stock"`
	GTIN      string            `json:"gtin,omitempty" doc:"Number of the bar code"`
	Go        string            `json:"go,omitempty" doc:"Address of the variant in the shop; missing if there is none"`
}

func (a *API) publish(ctx context.Context, show string, p overlay.Product) (publicProduct, error) {
	sold, err := a.viewers.Checkouts(ctx, p.Org, p.ID)
	if err != nil {
		return publicProduct{}, err
	}
	digits, _ := overlay.MinorDigits(p.Currency)
	out := publicProduct{ID: p.ID, Rev: p.Rev, SKU: p.SKU, Title: p.Title, Price: p.Price, ListPrice: p.ListPrice, Currency: p.Currency,
		Digits: digits, Stock: p.Stock, Image: a.image(p.Image), Description: p.Description, Go: a.goAddress(ctx, show, p, "", sold), Type: p.Type,
		ShipsAt: p.ShipsAt, Unit: p.Unit, GTIN: p.GTIN, Titles: p.Titles}
	for _, image := range p.Images {
		out.Images = append(out.Images, a.image(image))
	}
	for _, v := range p.Variants {
		bought := p.For(v.ID)
		out.Variants = append(out.Variants, publicVariant{v.ID, v.SKU, v.Options, bought.Price, bought.ListPrice, bought.Stock, v.GTIN, a.goAddress(ctx, show, p, v.ID, sold)})
	}
	return out, nil
}

// buyable tells whether viewers find a way to all that it can be bought as.
func (p publicProduct) buyable() bool {
	if len(p.Variants) == 0 {
		return p.Go != ""
	}
	return !slices.ContainsFunc(p.Variants, func(v publicVariant) bool { return v.Go == "" })
}

// goAddress is the address by which viewers of a show get to the shop of a product, or of a
// variant of it; "": no shop sells it.
func (a *API) goAddress(ctx context.Context, show string, p overlay.Product, variant string, sold store.Checkouts) string {
	id := p.ID
	if variant != "" {
		id = variant
	}
	if len(sold.Shops) > 0 {
		_, err := checkout.Find(sold.Shops, sold.Listings, p, variant, "")
		if err != nil {
			_, err = a.holdingShop(ctx, show, p, variant, sold, "")
		}
		if err != nil {
			return ""
		}
	} else if p.For(variant).Link == "" {
		return ""
	}
	return a.o.Base + "/go/" + show + "/" + id
}
