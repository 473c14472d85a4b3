package catalogue_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"mediad/overlay"
	"mediad/overlay/catalogue"
)

// lines tells a file in short: what each item is, or why it is rejected.
func lines(t testing.TB, text []byte, currency string) ([]string, error) {
	t.Helper()
	var all []string
	err := catalogue.Read(context.Background(), bytes.NewReader(text), catalogue.Options{Currency: currency}, func(i catalogue.Item) error {
		if i.Reason != "" {
			all = append(all, fmt.Sprintf("%d! %s", i.Row, i.Reason))
			return nil
		}
		p, err := (overlay.Product{}).Changed(i.Change)
		if err != nil || p.SKU != i.SKU {
			t.Errorf("row %d is handed on, but: %q, %v", i.Row, i.SKU, err)
		}
		all = append(all, fmt.Sprintf("%d %s %q %d/%d %s %s", i.Row, p.SKU, p.Title, p.Price, p.ListPrice, p.Currency, p.Stock))
		return nil
	})
	return all, err
}

func file(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func product(t *testing.T, name, currency, sku string) overlay.Product {
	t.Helper()
	var found overlay.Product
	err := catalogue.Read(t.Context(), bytes.NewReader(file(t, name)), catalogue.Options{Currency: currency}, func(i catalogue.Item) (err error) {
		if i.SKU == sku && i.Reason == "" {
			found, err = (overlay.Product{}).Changed(i.Change)
		}
		return err
	})
	if err != nil || found.SKU == "" {
		t.Fatalf("%s has no %s: %v", name, sku, err)
	}
	return found
}

func TestFiles(t *testing.T) {
	for name, want := range map[string][]string{
		"google.tsv": {
			`2 TEA-1 "Green tea 12\" tin" 1250/1500 USD in`, `3 CUP-1 "Cup" 129900/0 USD out`, `4! link: must be an address that begins with http:// or https://`,
			`5 POT-1 "Pot" 4990/0 USD preorder`, `6! sku: "CUP-1" was in row 3 already`, `7! availability: "maybe" is none of in_stock, out_of_stock, preorder, backorder, and no number`,
		},
		"google.xml": {`1 TEA-1 "Green tea & more" 1500/0 USD in`, `2! price: "free" is not a price`},
		"atom.xml":   {`1 TEA-1 "Green tea" 1500/0 JPY in`},
		"shopify-old.csv": {
			`2 red-shirt "Red shirt" 1750/2500 CNY in`, `5 MUG-7 "Mug" 900/0 CNY in`, `6! status: is draft in Shopify; only active products are imported`,
			`8! price: "nine" is not a price (in a variant of the product of row 7)`, `9! handle: "mug" began in row 5; rows of one product must stand below each other`,
		},
		"shopify-new.csv": {`2 red-shirt "Red shirt" 1750/0 CNY in`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := lines(t, file(t, name), "CNY")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWholeProducts(t *testing.T) {
	tea := product(t, "google.tsv", "", "TEA-1")
	if tea.Description != "Picked in spring & dried" || len(tea.Images) != 2 || tea.GTIN != "4006381333931" || tea.Category != "Food > Tea" || !strings.Contains(tea.Link, overlay.ClickMark) {
		t.Errorf("tea: %+v", tea)
	}
	if pot := product(t, "google.tsv", "", "POT-1"); pot.Type != overlay.Preorder || pot.ShipsAt.Format("2006-01-02T15:04Z07:00") != "2026-12-24T00:00Z" {
		t.Errorf("pot: %+v", pot)
	}
	if tea := product(t, "google.xml", "", "TEA-1"); tea.Link != "https://shop.example/tea" || len(tea.Images) != 2 {
		t.Errorf("tea in XML: %+v", tea)
	}
	if tea := product(t, "atom.xml", "", "TEA-1"); tea.Link != "https://shop.example/tea" {
		t.Errorf("tea in Atom: %+v", tea)
	}
	price := func(n int64) *int64 { return &n }
	old := product(t, "shopify-old.csv", "EUR", "red-shirt")
	want := []overlay.Variant{
		{SKU: "RS-S", Options: map[string]string{"Size": "S", "Colour": "Red"}, Price: price(1990), ListPrice: 2500, Stock: "out", GTIN: "4006381333931"},
		{SKU: "RS-M", Options: map[string]string{"Size": "M", "Colour": "Red"}, Price: price(1750), ListPrice: 2500, Stock: "in"},
	}
	if diff := cmp.Diff(want, old.Variants); diff != "" {
		t.Errorf("variants (-want +got):\n%s", diff)
	}
	if old.Description != "Soft,\nand \"warm\"" || old.Image != "https://shop.example/1.jpg" || len(old.Images) != 2 {
		t.Errorf("shirt: %+v", old)
	}
	if n := product(t, "shopify-new.csv", "EUR", "red-shirt"); len(n.Variants) != 2 || n.Variants[0].GTIN != "4006381333931" || n.Variants[1].Stock != "in" {
		t.Errorf("shirt of the new header: %+v", n)
	}
}

func TestTables(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"pasted, no header":  {"TEA\tTea\t¥49.9\nCUP\tCup\t20元", []string{`1 TEA "Tea" 4990/0 CNY in`, `2 CUP "Cup" 2000/0 CNY in`}},
		"commas":             {"sku,title,price\nTEA,\"Tea, green\",5\n", []string{`2 TEA "Tea, green" 500/0 CNY in`}},
		"semicolons":         {"SKU;Title;Price\r\nTEA;Tea, green;\"1.234,56 €\"\r\n", []string{`2 TEA "Tea, green" 123456/0 EUR in`}},
		"Chinese names":      {"货号\t品名\t价格\t原价\nTEA\t绿茶\t5\t8\n", []string{`2 TEA "绿茶" 500/800 CNY in`}},
		"other order":        {"price,currency,sku,title\n5,jpy,TEA,Tea\n", []string{`2 TEA "Tea" 5/0 JPY in`}},
		"stock by number":    {"sku,title,price,库存\nTEA,Tea,5,12\nCUP,Cup,6,0\n", []string{`2 TEA "Tea" 500/0 CNY in`, `3 CUP "Cup" 600/0 CNY out`}},
		"empty rows":         {"sku,title,price\n\n,,\nTEA,Tea,5\n\n", []string{`4 TEA "Tea" 500/0 CNY in`}},
		"formulas are text":  {"sku,title,price\n=1+1,\"=HYPERLINK(\"\"x\"\")\",5\n@a,+SUM(A1),5\n-b,Tea,=2+3\n", []string{`2 =1+1 "=HYPERLINK(\"x\")" 500/0 CNY in`, `3 @a "+SUM(A1)" 500/0 CNY in`, `4! price: "=2+3" is not a price`}},
		"quote in a quote":   {"sku,title,price\nTEA,\"Tea \"green\"\",5\nCUP,Cup,6\n", []string{`2! has a quote inside of quotes; write it twice`, `3 CUP "Cup" 600/0 CNY in`}},
		"plain quotes":       {"sku\ttitle\tprice\nTEA\t\"Best\" tea\t5\nCUP\t12\" pan\t6\n", []string{`2 TEA "\"Best\" tea" 500/0 CNY in`, `3 CUP "12\" pan" 600/0 CNY in`}},
		"missing cells":      {"sku,title,price\nTEA\n,Tea,5\nCUP,,5\nA B,Tea,5\n", []string{`2! price: is missing`, `3! sku: is missing`, `4! title: is missing`, `5! sku: must not have spaces`}},
		"no line end":        {"sku,title,price\nTEA,Tea,5", []string{`2 TEA "Tea" 500/0 CNY in`}},
		"lines of old Macs":  {"sku,title,price\rTEA,Tea,5\r", []string{`2 TEA "Tea" 500/0 CNY in`}},
		"a cell of many KiB": {"sku,title,price\nTEA," + strings.Repeat("x", 70<<10) + ",5\nCUP,Cup,6\n", []string{`2! has a cell with more than 64 KiB`, `3 CUP "Cup" 600/0 CNY in`}},
		"columns":            {"sku,title,price\nTEA" + strings.Repeat(",", 300) + "\nCUP,Cup,6\n", []string{`2! has more than 200 columns`, `3 CUP "Cup" 600/0 CNY in`}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := lines(t, []byte(c.text), "CNY")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestRefusedFiles(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":            {" \n", "the file is empty"},
		"header alone":     {"sku,title,price\n", "no rows below its header"},
		"no price":         {"sku,title\nA,B\n", "lacks a column: price (selling price, preis, "},
		"no known columns": {"a,b\nc,d\n", "no names of columns that are known"},
		"a fourth column":  {"TEA,Tea,5,new\n", "Without names only these three are read"},
		"workbook":         {"PK\x03\x04abc", "save it as CSV UTF-8"},
		"compressed":       {"\x1f\x8b\x08", "unpack it"},
		"binary":           {"\x00\x01\x02\x00\x00\x00", "is not text"},
		"JSON":             {`{"sku":"A"}`, "is JSON"},
		"open quote":       {"sku,title,price\nA,\"B,5\nC,D,6\n", "row 2 opens a quote that is never closed"},
		"long open quote":  {"sku,title,price\nA,\"B,5\n" + strings.Repeat("C,D,6\n", 200_000), "row 2 is longer than 1 MiB"},
		"page of a site":   {"<html><body>Not found</body></html>", "no feed of products"},
		"broken XML":       {"<rss><item><g:id>a</g:id", "is broken in line 1"},
		"early end":        {"<rss><item><g:id>a</g:id>", "ends in the middle of item 1"},
		"entities":         {"<!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><rss><item><id>&b;</id></item></rss>", "defines entities"},
		"unknown entity":   {"<rss><item><id>&b;</id></item></rss>", "is broken in line 1"},
		"depth":            {"<rss>" + strings.Repeat("<a>", 10_000), "nested more than 32 deep"},
		"depth of an item": {"<rss><item>" + strings.Repeat("<a>", 10_000), "nested more than 32 deep"},
		"long item":        {"<rss><item><id>" + strings.Repeat("a", 2<<20) + "</id></item></rss>", "longer than 1 MiB"},
		"all wrong":        {"sku,title,price\n" + strings.Repeat("A,B,x\n", 10_001), "more than 10000 rows are wrong; the last one is row 10002: price: \"x\" is not a price"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := lines(t, []byte(c.text), "CNY")
			if overlay.CodeOf(err) != overlay.Invalid || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v", err)
			}
		})
	}
}

// Columns of addresses are the link and the picture, with a name and without.
func TestLinks(t *testing.T) {
	const tea, cup, picture = "https://shop.example/tea?click={click}", "HTTPS://shop.example/cup", "https://shop.example/p/tea.jpg?w=2"
	for name, c := range map[string]struct {
		text string
		want []string // SKU, price, link and picture
	}{
		"pasted, four columns":   {"TEA\tTea\t5\t" + tea + "\nCUP\tCup\t6\t" + cup, []string{"TEA 500 " + tea + " ", "CUP 600 " + cup + " "}},
		"pasted, commas":         {"TEA,Tea,\"5,50\"," + tea, []string{"TEA 550 " + tea + " "}},
		"pasted, another order":  {tea + "\tTEA\tTea\t\t" + picture + "\t5", []string{"TEA 500 " + tea + " " + picture}},
		"pasted, one is missing": {"TEA\tTea\t5\nCUP\tCup\t6\t" + cup, []string{"TEA 500  ", "CUP 600 " + cup + " "}},
		"pasted, one is wrong":   {"TEA\tTea\t5\t" + tea + "\nCUP\tCup\t6\t" + cup + "\nPOT\tPot\t7\tsoon", []string{"TEA 500 " + tea + " ", "CUP 600 " + cup + " ", "POT: link: must be an address that begins with http:// or https://"}},
		"German":                 {"SKU;Name;Preis;URL\nTEA;Tee;5,50;" + tea, []string{"TEA 550 " + tea + " "}},
		"Chinese":                {"货号,商品名称,价格,商品链接\nTEA,茶,5," + tea, []string{"TEA 500 " + tea + " "}},
		"French":                 {"Référence;Titre;Prix;Lien\nTEA;Thé;5,50;" + tea, []string{"TEA 550 " + tea + " "}},
		"Spanish":                {"Referencia;Nombre;Precio;Enlace\nTEA;Té;5,50;" + tea, []string{"TEA 550 " + tea + " "}},
		"a name nobody knows":    {"sku,title,price,shop page,pic\nTEA,Tea,5," + tea + "," + picture, []string{"TEA 500 " + tea + " " + picture}},
		"a name that says it":    {"sku,title,price,link,old page\nTEA,Tea,5,," + tea, []string{"TEA 500  "}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			err := catalogue.Read(t.Context(), strings.NewReader(c.text), catalogue.Options{Currency: "CNY"}, func(i catalogue.Item) error {
				if i.Reason != "" {
					got = append(got, i.SKU+": "+i.Reason)
					return nil
				}
				p, err := (overlay.Product{}).Changed(i.Change)
				got = append(got, fmt.Sprint(p.SKU, " ", p.Price, " ", p.Link, " ", p.Image))
				return err
			})
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// A rejected row tells which product it is, as far as it says.
func TestRejectedRowsHaveNames(t *testing.T) {
	for text, want := range map[string]string{
		"sku,title,price\nTEA,Green  tea,x\n":                               "TEA/Green tea/false",
		"sku,title,price\nTEA,Tea,5\nTEA,More tea,5\n":                      "TEA/More tea/true",
		"Handle,Title,Variant SKU,Variant Price\ntea,Tea,TEA-1,x\n":         "TEA-1/Tea/false",
		"Handle,Title,Variant SKU,Variant Price,Status\ntea,Tea,,5,draft\n": "tea/Tea/false",
		"sku,title,price\n,Tea,5\n":                                         "/Tea/false",
	} {
		got := ""
		err := catalogue.Read(t.Context(), strings.NewReader(text), catalogue.Options{Currency: "CNY"}, func(i catalogue.Item) error {
			if i.Reason != "" {
				got = fmt.Sprintf("%s/%s/%t", i.SKU, i.Title, i.Again)
			}
			return nil
		})
		if got != want || err != nil {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
}

func TestReadEnds(t *testing.T) {
	stop := errors.New("stop")
	err := catalogue.Read(t.Context(), strings.NewReader("A\tB\t5 CNY"), catalogue.Options{}, func(catalogue.Item) error { return stop })
	if !errors.Is(err, stop) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err = catalogue.Read(ctx, strings.NewReader("A\tB\t5 CNY"), catalogue.Options{}, func(catalogue.Item) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestEncodings(t *testing.T) {
	const table = "sku\ttitle\tprice\nTEA\t新疆红枣绿茶\t5\nCUP\t青花瓷杯，景德镇\t6\n"
	const latin = "sku;title;price\nTEA;Thé vert d'été;5\nCUP;Crème brûlée;6\n"
	const koreanTable = "sku\ttitle\tprice\nTEA\t신선한 녹차와 대추 그리고 맛있는 과자 선물 세트\t5\nCUP\t도자기 찻잔\t6\n"
	for name, c := range map[string]struct {
		text string
		from encoding.Encoding
		want string // "": it is read
	}{
		"UTF-8":                    {table, unicode.UTF8, ""},
		"UTF-8 with a BOM":         {table, unicode.UTF8BOM, ""},
		"UTF-16 LE":                {table, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), ""},
		"UTF-16 BE":                {table, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), ""},
		"UTF-16 LE without a BOM":  {table, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), ""},
		"UTF-16 BE without a BOM":  {table, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), ""},
		"GBK":                      {table, simplifiedchinese.GBK, ""},
		"GB18030":                  {strings.ReplaceAll(table, "杯", "杯\U00020000"), simplifiedchinese.GB18030, ""},
		"Windows-1252":             {latin, charmap.Windows1252, "line 2 has letters in an old encoding"},
		"Windows-1251":             {"sku;title;price\nTEA;Чай зелёный;5\n", charmap.Windows1251, "line 2 has letters in an old encoding"},
		"EUC-KR":                   {koreanTable, korean.EUCKR, "line 2 has letters in an old encoding"},
		"XML that says ISO-8859-1": {"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><rss><item><id>TEA</id><title>Thé</title><price>5 EUR</price></item></rss>", charmap.ISO8859_1, ""},
		"XML that says GBK":        {"<?xml version=\"1.0\" encoding=\"GBK\"?><rss><item><id>TEA</id><title>绿茶</title><price>5 CNY</price></item></rss>", simplifiedchinese.GBK, ""},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := c.from.NewEncoder().Bytes([]byte(c.text))
			if err != nil {
				t.Fatal(err)
			}
			want, err := lines(t, []byte(strings.ReplaceAll(c.text, "ISO-8859-1", "UTF-8")), "CNY")
			if err != nil || len(want) == 0 || strings.Contains(want[0], "!") {
				t.Fatal(want, err)
			}
			got, err := lines(t, text, "CNY")
			if c.want != "" {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("read as %q, %v", got, err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
	// A character that stands across the end of a chunk is whole.
	for n := range 4 {
		text := "sku,title,price\nTEA," + strings.Repeat(strings.Repeat(" ", n)+"x ", 1) + strings.Repeat(" ", 64<<10-40) + strings.Repeat("绿", 20) + ",5\n"
		if got, err := lines(t, []byte(text), "CNY"); err != nil || len(got) != 1 {
			t.Errorf("%d: %q, %v", n, got, err)
		}
	}
}
