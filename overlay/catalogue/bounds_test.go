package catalogue_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"mediad/overlay"
	"mediad/overlay/catalogue"
)

func TestShopifyIsBounded(t *testing.T) {
	const header = "Handle,Title,Variant SKU,Variant Price,Option1 Name,Option1 Value,Body (HTML)\n"
	big := strings.Repeat("x", 60<<10)
	var rows strings.Builder
	rows.WriteString(header)
	for n := range 80 {
		fmt.Fprintf(&rows, "pot,Pot,POT-%d,5,Size,S%d,%s\n", n, n, big)
	}
	got, err := lines(t, []byte(rows.String()), "EUR")
	if err != nil || len(got) < 5 || !strings.Contains(got[0], `! handle: the rows of "pot" are longer than 4 MiB together`) {
		t.Errorf("%d items, %v: %.200v", len(got), err, got)
	}
	got, err = lines(t, []byte(header+strings.Repeat("h", 256)+",Tea,TEA,5,,,\ncup,Cup,CUP,6,,,\n"), "EUR")
	if err != nil || len(got) != 2 || got[0] != "2! handle: has 256 bytes, at most 255 are allowed" || !strings.HasPrefix(got[1], "3 CUP") {
		t.Errorf("%q, %v", got, err)
	}
}

// What a file has is quoted in part, and made plain: somebody reads the reason.
func TestReasonsAreShortAndPlain(t *testing.T) {
	for name, text := range map[string]string{
		"price":        "sku,title,price\nTEA,Tea,\"\u202e" + strings.Repeat("y", 60<<10) + "\"\n",
		"availability": "sku,title,price,availability\nTEA,Tea,5," + strings.Repeat("y", 60<<10) + "\n",
		"status":       "Handle,Title,Price,Status\ntea,Tea,5," + strings.Repeat("y\t", 30<<10) + "\n",
	} {
		got, err := lines(t, []byte(text), "EUR")
		if err != nil || len(got) != 1 || utf8.RuneCountInString(got[0]) > 510 || strings.ContainsAny(got[0], "\u202e\t") {
			t.Errorf("%s: %.600q, %v", name, got, err)
		}
	}
}

// A file of Shopify without quantities says nothing of the stock.
func TestShopifyWithoutQuantities(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		told bool
	}{
		"none":         {"Handle,Title,Variant SKU,Variant Price\ntea,Tea,TEA,5\n", false},
		"tracker only": {"Handle,Title,Variant SKU,Variant Price,Variant Inventory Tracker\ntea,Tea,TEA,5,shopify\n", false},
		"quantity":     {"Handle,Title,Variant SKU,Variant Price,Variant Inventory Tracker,Variant Inventory Qty\ntea,Tea,TEA,5,shopify,0\n", true},
	} {
		err := catalogue.Read(t.Context(), strings.NewReader(c.text), catalogue.Options{Currency: "EUR"}, func(i catalogue.Item) error {
			if i.Reason != "" || (i.Change.Stock != nil) != c.told || c.told && *i.Change.Stock != overlay.StockOut {
				t.Errorf("%s: %+v", name, i)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestSalePricesHoldForATime(t *testing.T) {
	const table = "id\ttitle\tprice\tsale_price\tsale_price_effective_date\nTEA\tTea\t15 USD\t12 USD\t%s\n"
	for _, c := range []struct{ dates, now, want string }{
		{"2026-12-01T00:00+0800/2026-12-24T23:59+0800", "2026-12-10T00:00:00Z", "1200/1500"},
		{"2026-12-01T00:00+0800/2026-12-24T23:59+0800", "2026-11-30T15:59:59Z", "1500/0"},
		{"2026-12-01T00:00+0800/2026-12-24T23:59+0800", "2026-11-30T16:00:00Z", "1200/1500"},
		{"2026-12-01T00:00+0800 / 2026-12-24T23:59+0800", "2026-12-24T15:59:00Z", "1500/0"},
		{"2026-12-01/2026-12-24", "2026-12-24T20:00:00Z", "1200/1500"},
		{"2026-12-01/2026-12-24", "2026-12-25T00:00:00Z", "1500/0"},
		{"", "2026-12-25T00:00:00Z", "1200/1500"},
		{"soon", "2026-12-25T00:00:00Z", `sale price effective date: "soon" is not two dates`},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		err = catalogue.Read(t.Context(), strings.NewReader(fmt.Sprintf(table, c.dates)), catalogue.Options{Now: now}, func(i catalogue.Item) error {
			got := i.Reason
			if got == "" {
				got = fmt.Sprintf("%d/%d", *i.Change.Price, *i.Change.ListPrice)
			}
			if !strings.HasPrefix(got, c.want) {
				t.Errorf("%s at %s: %s, want %s", c.dates, c.now, got, c.want)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}
