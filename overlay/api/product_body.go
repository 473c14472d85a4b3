package api

import (
	"time"

	"mediad/overlay"
)

type productBody struct {
	Org         string              `json:"org,omitempty" doc:"The organisation that sells it; your own if left out"`
	SKU         string              `json:"sku" doc:"Your own name for it, unique in its organisation; at most 50 characters"`
	Title       string              `json:"title" doc:"At most 150 characters of plain text"`
	Price       int64               `json:"price" doc:"In minor units: 4990 is CNY 49.90, or JPY 4990"`
	ListPrice   int64               `json:"list_price,omitempty" doc:"The price before the discount, in minor units; 0 is none"`
	Currency    string              `json:"currency" doc:"ISO 4217" example:"CNY"`
	Stock       overlay.Stock       `json:"stock,omitempty" doc:"in, low, out or preorder; in if left out, and preorder for a pre-order that is not out"`
	Link        string              `json:"link,omitempty" doc:"Where it is bought, http or https; {click} in it is replaced by the click's id"`
	Image       string              `json:"image,omitempty" doc:"http or https address, or the path of an uploaded picture (POST /api/v1/images)"`
	Images      []string            `json:"images,omitempty" doc:"More images, at most 10"`
	Description string              `json:"description,omitempty" doc:"At most 5,000 characters of plain text"`
	Type        overlay.ProductType `json:"type,omitempty" doc:"physical, voucher or preorder; physical if left out"`
	ShipsAt     *time.Time          `json:"ships_at,omitempty" doc:"When it ships at the earliest; a pre-order needs it, a voucher has none"`
	Category    string              `json:"category,omitempty" doc:"Names from the root to the leaf, at most 8" example:"Food > Fruit"`
	Unit        string              `json:"unit,omitempty" doc:"What the price is for; at most 20 characters" example:"kg"`
	GTIN        string              `json:"gtin,omitempty" doc:"Number of the bar code: 8, 12, 13 or 14 digits, the last of them the check digit"`
	Titles      map[string]string   `json:"titles,omitempty" doc:"Titles by locale (BCP 47), at most 30; title is for all others" example:"{\"de\":\"Zuckermais\"}"`
	Variants    []overlay.Variant   `json:"variants,omitempty" doc:"What it can be bought as, at most 100"`
}

func (b productBody) product() overlay.Product {
	return overlay.Product{SKU: b.SKU, Title: b.Title, Price: b.Price, ListPrice: b.ListPrice, Currency: b.Currency, Stock: b.Stock,
		Link: b.Link, Image: b.Image, Images: b.Images, Description: b.Description, Type: b.Type, ShipsAt: b.ShipsAt,
		Category: b.Category, Unit: b.Unit, GTIN: b.GTIN, Titles: b.Titles, Variants: b.Variants}
}
