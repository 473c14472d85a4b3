package catalogue_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"mediad/overlay"
	"mediad/overlay/catalogue"
)

// FuzzRead: whatever the file is, it is refused in words, or each of its items is a
// product or has a reason; no row makes two.
func FuzzRead(f *testing.F) {
	names, err := filepath.Glob("testdata/*.*")
	if err != nil || len(names) < 5 {
		f.Fatal(names, err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, text := range []string{",", "A\tB\t5", "sku;title;price\n\"a;b\"c;d;5\n", "\xff\xfea\x00", "\xb2\xe2,\xca\xd4,5", "<rss><item/></rss>", "<a", "Handle,Title,Price\n,,\n", "id\ttitle\tprice\titem_group_id\tsize\nA\tA\t5\tG\tM\nB\tB\t6\t\t\nC\tC\t5\tG\tL\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		items, rows := 0, map[int]bool{}
		err := catalogue.Read(t.Context(), bytes.NewReader(text), catalogue.Options{Currency: "CNY"}, func(i catalogue.Item) error {
			if items++; i.Row < 1 {
				t.Errorf("row %d", i.Row)
			}
			if i.Reason != "" {
				if !utf8.ValidString(i.Reason) {
					t.Errorf("the reason %q is no text", i.Reason)
				}
				return nil
			}
			if rows[i.Row] {
				t.Errorf("row %d comes twice", i.Row)
			}
			rows[i.Row] = true
			if _, err := (overlay.Product{}).Changed(i.Change); err != nil || i.SKU == "" {
				t.Errorf("row %d, %q: %v", i.Row, i.SKU, err)
			}
			return nil
		})
		if err != nil && overlay.CodeOf(err) != overlay.Invalid {
			t.Errorf("refused without words: %v", err)
		}
	})
}
