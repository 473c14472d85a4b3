package api

import (
	"time"

	"mediad/overlay"
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

func (a *API) publish(show string, p overlay.Product) publicProduct {
	digits, _ := overlay.MinorDigits(p.Currency)
	out := publicProduct{ID: p.ID, Rev: p.Rev, SKU: p.SKU, Title: p.Title, Price: p.Price, ListPrice: p.ListPrice, Currency: p.Currency,
		Digits: digits, Stock: p.Stock, Image: a.image(p.Image), Description: p.Description, Go: a.way(show, p.ID, p.Link), Type: p.Type,
		ShipsAt: p.ShipsAt, Unit: p.Unit, GTIN: p.GTIN, Titles: p.Titles}
	for _, image := range p.Images {
		out.Images = append(out.Images, a.image(image))
	}
	for _, v := range p.Variants {
		bought := p.For(v.ID)
		out.Variants = append(out.Variants, publicVariant{v.ID, v.SKU, v.Options, bought.Price, bought.ListPrice, bought.Stock, v.GTIN, a.way(show, v.ID, bought.Link)})
	}
	return out
}

// way is the address by which viewers of a show get to a link.
func (a *API) way(show, id, link string) string {
	if link == "" {
		return ""
	}
	return a.o.Base + "/go/" + show + "/" + id
}
