package catalogue_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mediad/overlay"
	"mediad/overlay/catalogue"
)

// whole tells products with their variants, or why rows are rejected.
func whole(t *testing.T, text string) []string {
	t.Helper()
	var all []string
	err := catalogue.Read(t.Context(), strings.NewReader(text), catalogue.Options{Currency: "EUR"}, func(i catalogue.Item) error {
		if i.Reason != "" {
			all = append(all, fmt.Sprintf("%d! %s: %s", i.Row, i.SKU, i.Reason))
			return nil
		}
		p, err := (overlay.Product{}).Changed(i.Change)
		text := fmt.Sprintf("%d %s %q %d/%d %s", i.Row, p.SKU, p.Title, p.Price, p.ListPrice, p.Stock)
		for _, v := range p.Variants {
			text += fmt.Sprintf(" | %s", v.SKU)
			for _, name := range slices.Sorted(maps.Keys(v.Options)) {
				text += fmt.Sprintf(" %s=%s", name, v.Options[name])
			}
			text += fmt.Sprintf(" %d %s", *v.Price, v.Stock)
		}
		all = append(all, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

const groupHeader = "id\ttitle\tprice\tavailability\titem_group_id\tcolor\tsize\tmaterial\tpattern\n"

func TestGroups(t *testing.T) {
	var many, most strings.Builder
	for n := range 101 {
		fmt.Fprintf(&many, "A%d\tPot\t5 EUR\tin stock\tPOT\t\tS%d\t\t\n", n, n)
	}
	for n := range 100 {
		fmt.Fprintf(&most, "A%d\tPot\t5 EUR\tin stock\tPOT\t\tS%d\t\t\n", n, n)
	}
	for name, c := range map[string]struct {
		rows string
		want []string
	}{
		"options that differ": {"R-S\tShirt, red\t20 EUR\tout of stock\tSHIRT\tRed\tS\tCotton\t\nR-M\tShirt, red M\t18 EUR\tin stock\tSHIRT\tRed\tM\tCotton\t\n",
			[]string{`2 SHIRT "Shirt, red" 1800/0 in | R-S size=S 2000 out | R-M size=M 1800 in`}},
		"rows that stand apart": {"R\tShirt\t20 EUR\tin stock\tSHIRT\tRed\t\t\t\nCUP\tCup\t5 EUR\tin stock\t\t\t\t\t\nB\tShirt\t21 EUR\tin stock\tSHIRT\tBlue\t\t\t\n",
			[]string{`3 CUP "Cup" 500/0 in`, `2 SHIRT "Shirt" 2000/0 in | R color=Red 2000 in | B color=Blue 2100 in`}},
		"by title": {"A\tMug - small\t5 EUR\tin stock\tMUG\t\t\t\t\nB\tMug - large\t6 EUR\tin stock\tMUG\t\t\t\t\n",
			[]string{`2 MUG "Mug - small" 500/0 in | A title=small 500 in | B title=large 600 in`}},
		"by title beside a size": {"A\tMug with lid\t5 EUR\tin stock\tMUG\t\tM\t\t\nB\tMug\t6 EUR\tin stock\tMUG\t\tM\t\t\nC\tMug\t6 EUR\tin stock\tMUG\t\tL\t\t\n",
			[]string{`2 MUG "Mug with lid" 500/0 in | A size=M title=Mug with lid 500 in | B size=M title=Mug 600 in | C size=L title=Mug 600 in`}},
		"an option that one row lacks": {"A\tMug red\t5 EUR\tin stock\tMUG\tRed\t\t\t\nB\tMug plain\t6 EUR\tin stock\tMUG\t\t\t\t\n",
			[]string{`2 MUG "Mug red" 500/0 in | A title=red 500 in | B title=plain 600 in`}},
		"one row":                    {"A\tMug\t5 EUR\tin stock\tMUG\tRed\t\t\t\n", []string{`2 MUG "Mug" 500/0 in | A color=Red 500 in`}},
		"one row without an option":  {"A\tMug\t5 EUR\tin stock\tMUG\t\t\t\t\n", []string{`2 A "Mug" 500/0 in`}},
		"the same options":           {"A\tMug\t5 EUR\tin stock\tMUG\tRed\t\t\t\nC\tCup\t5 EUR\tin stock\t\t\t\t\t\nB\tMug\t6 EUR\tin stock\tMUG\tRed\t\t\t\n", []string{`3 C "Cup" 500/0 in`, `4! MUG: item_group_id: nothing tells this row from row 2; each row of a product needs another color, size, material, pattern or title`}},
		"two currencies":             {"A\tMug\t5 EUR\tin stock\tMUG\tRed\t\t\t\nB\tMug\t6 USD\tin stock\tMUG\tBlue\t\t\t\n", []string{`3! MUG: price: is in USD, and others of the product in EUR (in a variant of the product of row 2)`}},
		"an SKU twice":               {"A\tMug\t5 EUR\tin stock\tMUG\tRed\t\t\t\nA\tMug\t6 EUR\tin stock\tMUG\tBlue\t\t\t\n", []string{`3! MUG: sku: "A" was in row 2 already (in a variant of the product of row 2)`}},
		"a wrong row":                {"A\tMug\t5 EUR\tin stock\tMUG\tRed\t\t\t\nB\tMug\tfree\tin stock\tMUG\tBlue\t\t\t\nC\tMug\t5 EUR\tin stock\tMUG\tGreen\t\t\t\n", []string{`3! MUG: price: "free" is not a price (in a variant of the product of row 2)`}},
		"a group that is no SKU":     {"A\tMug\t5 EUR\tin stock\tMU G\tRed\t\t\t\n", []string{`2! MU G: item_group_id: must not have spaces, and have at most 50 characters`}},
		"a group that is a row's id": {"MUG\tMug\t5 EUR\tin stock\tMUG\tRed\t\t\t\nMUG-B\tMug\t6 EUR\tin stock\tMUG\tBlue\t\t\t\n", []string{`2 MUG "Mug" 500/0 in | MUG color=Red 500 in | MUG-B color=Blue 600 in`}},
		"pre-orders among others":    {"A\tMug\t5 EUR\tpreorder\tMUG\tRed\t\t\t\nB\tMug\t6 EUR\tout of stock\tMUG\tBlue\t\t\t\n", []string{`2 MUG "Mug" 500/0 preorder | A color=Red 500 preorder | B color=Blue 600 out`}},
		"too many":                   {many.String(), []string{`2! POT: item_group_id: "POT" has 101 rows; a product has at most 100 variants`}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, whole(t, groupHeader+c.rows)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if got := whole(t, groupHeader+most.String()); len(got) != 1 || strings.Count(got[0], "|") != 100 {
		t.Errorf("%.300q", got)
	}
}

func TestGroupsOfXML(t *testing.T) {
	const item = "<item><g:id>%s</g:id><g:title>%s</g:title><g:link>https://shop.example/%[1]s</g:link><g:image_link>https://shop.example/%[1]s.jpg</g:image_link><g:price>%[3]s</g:price><g:item_group_id>MUG</g:item_group_id><g:size>%[4]s</g:size><g:gtin>4006381333931</g:gtin></item>"
	text := "<rss><channel>" + fmt.Sprintf(item, "A", "Mug", "5 EUR", "S") + "<item><g:id>CUP</g:id><g:title>Cup</g:title><g:price>3 EUR</g:price></item>" + fmt.Sprintf(item, "B", "Mug", "6 EUR", "L") + "</channel></rss>"
	want := []string{`2 CUP "Cup" 300/0 in`, `1 MUG "Mug" 500/0 in | A size=S 500 in | B size=L 600 in`}
	if diff := cmp.Diff(want, whole(t, text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	err := catalogue.Read(t.Context(), strings.NewReader(text), catalogue.Options{}, func(i catalogue.Item) error {
		p, err := (overlay.Product{}).Changed(i.Change)
		if p.SKU == "MUG" && (p.Link != "https://shop.example/A" || p.Image != "https://shop.example/A.jpg" || !slices.Equal(p.Images, []string{"https://shop.example/B.jpg"}) ||
			p.GTIN != "" || p.Variants[1].GTIN != "4006381333931" || p.Variants[1].Link != "https://shop.example/B") {
			t.Errorf("%+v", p)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// Products whose rows stand far apart are held within a bound, and told when it is full.
func TestGroupsAreBounded(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("id\ttitle\tprice\titem_group_id\tsize\tnote\n")
	for _, size := range []string{"S", "L"} {
		note := ""
		if size == "S" {
			note = strings.Repeat("x", 60<<10)
		}
		for n := range 1200 {
			fmt.Fprintf(&rows, "A%d%s\tPot\t5 EUR\tG%d\t%s\t%s\n", n, size, n, size, note)
		}
	}
	good, bad := 0, 0
	for _, line := range whole(t, rows.String()) {
		switch {
		case strings.Contains(line, "rows of too many products stand apart"):
			bad++
		case strings.Contains(line, "| A"):
			good++
		}
	}
	if good < 900 || good+bad != 1200 || bad == 0 {
		t.Errorf("%d products, %d rejected", good, bad)
	}
}
