package overlay

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Bounds of what is kept of an import for its reader.
const (
	MaxImportRejected = 1000 // rejected rows that are listed; all are counted
	MaxImportExamples = 100  // products that a warning lists
	MaxImportRows     = 20   // rows that are shown before they are applied
	maxSource         = 500
)

// ImportState says how far an import is.
type ImportState string

// The states of an import. Only ready waits for a person.
const (
	ImportReading  ImportState = "reading"  // the file is compared with the catalogue
	ImportReady    ImportState = "ready"    // nothing has changed yet: it waits to be applied
	ImportApplying ImportState = "applying" // it will be applied, also after a crash
	ImportApplied  ImportState = "applied"
	ImportFailed   ImportState = "failed" // nothing has changed
)

// Warnings of an import: what must be confirmed by name before it is applied.
const (
	WarnPriceDrop = "price_drop" // a price falls by more than half
	WarnCurrency  = "currency"   // a product changes its currency
)

// Import is a file of products on its way into the catalogue. All of its changes are
// seen at once, or none is.
type Import struct {
	ID     string      `json:"id"`
	Org    string      `json:"org"`
	State  ImportState `json:"state" enum:"reading,ready,applying,applied,failed" doc:"Only ready waits for a person: nothing has changed yet"`
	DryRun bool        `json:"dry_run" doc:"It waits in the state ready, even without warnings"`
	Source string      `json:"source" doc:"The name of the file, or its address"`
	Feed   string      `json:"feed,omitempty" doc:"The feed by which the server fetched it"`
	By     string      `json:"by" doc:"Who began it: a person or a token by name; feed: the server, on its schedule"`
	// Currency is that of prices that name none.
	Currency  string           `json:"currency,omitempty"`
	Problem   string           `json:"problem,omitempty" doc:"Why it failed"`
	Done      int64            `json:"done" doc:"While the file is read, the bytes that are read; then the products that are prepared"`
	Total     int64            `json:"total"`
	New       int64            `json:"new" doc:"Products that are not in the catalogue yet"`
	Changed   int64            `json:"changed"`
	Unchanged int64            `json:"unchanged"`
	Missing   int64            `json:"missing" doc:"Products of the organisation that the file does not have; they stay as they are"`
	NoLink    int64            `json:"without_link" doc:"Products of the file that have no link, also after the import: viewers cannot buy them"`
	RejectedN int64            `json:"rejected_rows" doc:"How many rows are rejected"`
	Rejected  []ImportRejected `json:"rejected" doc:"The first 1,000 of them, by row"`
	Warnings  []ImportWarning  `json:"warnings" doc:"What has to be confirmed before the import is applied"`
	Rows      []ImportRow      `json:"rows" doc:"The first 20 rows that would change something, while the state is ready"`
	Created   time.Time        `json:"created"`
}

// ImportHead is an import as a list has it: without its rows.
type ImportHead struct {
	ID        string      `json:"id"`
	Org       string      `json:"org"`
	State     ImportState `json:"state" enum:"reading,ready,applying,applied,failed"`
	DryRun    bool        `json:"dry_run"`
	Source    string      `json:"source"`
	Feed      string      `json:"feed,omitempty"`
	By        string      `json:"by" doc:"Who began it"`
	Problem   string      `json:"problem,omitempty"`
	Done      int64       `json:"done"`
	Total     int64       `json:"total"`
	New       int64       `json:"new"`
	Changed   int64       `json:"changed"`
	Unchanged int64       `json:"unchanged"`
	Missing   int64       `json:"missing"`
	NoLink    int64       `json:"without_link"`
	Rejected  int64       `json:"rejected_rows"`
	Created   time.Time   `json:"created"`
}

// Head gives an import without its rows.
func (i Import) Head() ImportHead {
	return ImportHead{i.ID, i.Org, i.State, i.DryRun, i.Source, i.Feed, i.By, i.Problem, i.Done, i.Total, i.New, i.Changed, i.Unchanged, i.Missing, i.NoLink, i.RejectedN, i.Created}
}

// ImportRejected is a row that is left out.
type ImportRejected struct {
	Row    int64  `json:"row" doc:"As a spreadsheet numbers it: the header is row 1. In XML, the number of the item"`
	SKU    string `json:"sku,omitempty" doc:"As far as the row has one"`
	Title  string `json:"title,omitempty"`
	Reason string `json:"reason"`
}

// ImportRow is a row that makes a product, or changes one.
type ImportRow struct {
	Row      int64          `json:"row"`
	SKU      string         `json:"sku"`
	Title    string         `json:"title"`
	Price    int64          `json:"price" doc:"In minor units"`
	Currency string         `json:"currency"`
	Digits   int            `json:"digits" doc:"How many digits of the price stand behind the point"`
	NoLink   bool           `json:"without_link,omitempty"`
	New      bool           `json:"new,omitempty"`
	Changes  []ImportChange `json:"changes" doc:"What differs from the catalogue; empty if the product is new"`
}

// ImportChange is what an import makes of one field of a product.
type ImportChange struct {
	Field string `json:"field" doc:"title, price, list_price, link, stock, category, gtin, image, images, description, type, ships_at or variants"`
	Was   string `json:"was" doc:"Empty for fields that are too long to be told in a line"`
	Is    string `json:"is"`
}

// RowOf tells what a row makes of a product; before has no id if it is new.
func RowOf(row int64, before, after Product) ImportRow {
	digits, _ := MinorDigits(after.Currency)
	r := ImportRow{Row: row, SKU: after.SKU, Title: after.Title, Price: after.Price, Currency: after.Currency, Digits: digits, NoLink: !after.Buyable(), New: before.ID == ""}
	if r.New {
		return r
	}
	differs := func(field string, differ bool, was, is string) {
		if differ {
			r.Changes = append(r.Changes, ImportChange{field, Plain(was, maxShownValue), Plain(is, maxShownValue)})
		}
	}
	text := func(field, was, is string) { differs(field, was != is, was, is) }
	text("title", before.Title, after.Title)
	text("price", before.money(before.Price), after.money(after.Price))
	if before.ListPrice != after.ListPrice {
		text("list_price", before.listMoney(), after.listMoney())
	}
	text("link", before.Link, after.Link)
	text("stock", string(before.Stock), string(after.Stock))
	text("category", before.Category, after.Category)
	text("gtin", before.GTIN, after.GTIN)
	text("image", before.Image, after.Image)
	text("type", string(before.Type), string(after.Type))
	differs("images", !slices.Equal(before.Images, after.Images), "", "")
	differs("description", before.Description != after.Description, "", "")
	differs("ships_at", !reflect.DeepEqual(before.ShipsAt, after.ShipsAt), "", "")
	differs("variants", !reflect.DeepEqual(before.Variants, after.Variants), "", "")
	return r
}

// maxShownValue is how many characters of a value a change tells.
const maxShownValue = 200

func (p Product) listMoney() string {
	if p.ListPrice == 0 {
		return ""
	}
	return p.money(p.ListPrice)
}

// ImportWarning is what a person has to confirm by its code.
type ImportWarning struct {
	Code     string          `json:"code" doc:"price_drop (a price falls by more than half) or currency (the currency of a product changes)"`
	Products int64           `json:"products" doc:"How many products it is about"`
	Examples []ImportExample `json:"examples" doc:"The first 100 of them"`
}

// ImportExample is a product that a warning is about.
type ImportExample struct {
	Row int64  `json:"row"`
	SKU string `json:"sku"`
	Was string `json:"was"`
	Is  string `json:"is"`
}

// CheckedSource gives the name of a file for readers.
func CheckedSource(name string) string {
	if name = strings.TrimSpace(Plain(name, maxSource)); name == "" {
		return "file"
	}
	return name
}

// CheckedAddress gives the address of a file that is to be fetched.
func CheckedAddress(address string) (string, error) {
	address = strings.TrimSpace(address)
	return address, checkURL("url", address)
}

// CheckImportCurrency refuses what is no currency; "" is none.
func CheckImportCurrency(currency string) error {
	if _, ok := MinorDigits(currency); currency != "" && !ok {
		return Errorf(Invalid, "currency: %q is not an ISO 4217 code such as CNY, EUR or JPY", Plain(currency, 20))
	}
	return nil
}

// ImportDanger says what a person has to confirm before an import makes after of
// before; "": nothing.
func ImportDanger(before, after Product) (code, was, is string) {
	if before.Currency != after.Currency {
		return WarnCurrency, before.money(before.Price), after.money(after.Price)
	}
	if after.Price < before.Price-before.Price/2 {
		return WarnPriceDrop, before.money(before.Price), after.money(after.Price)
	}
	for _, v := range after.Variants {
		i := slices.IndexFunc(before.Variants, func(w Variant) bool { return w.SKU == v.SKU })
		if i < 0 {
			continue
		}
		old, now := before.For(before.Variants[i].ID).Price, after.Price
		if v.Price != nil {
			now = *v.Price
		}
		if now < old-old/2 {
			return WarnPriceDrop, before.money(old), after.money(now)
		}
	}
	return "", "", ""
}

// money writes an amount as 15.00 USD.
func (p Product) money(minor int64) string {
	digits, _ := MinorDigits(p.Currency)
	text := fmt.Sprintf("%0*d", digits+1, minor)
	if digits > 0 {
		text = text[:len(text)-digits] + "." + text[len(text)-digits:]
	}
	return text + " " + p.Currency
}

// Unconfirmed gives the first warning that confirm lacks; "": there is none.
func (i Import) Unconfirmed(confirm []string) string {
	for _, w := range i.Warnings {
		if !slices.Contains(confirm, w.Code) {
			return w.Code
		}
	}
	return ""
}
