package store_test

import (
	"fmt"
	"strings"
	"testing"

	"mediad/overlay"
)

// TestHostsAreToldOfTheLine: a change of one line says which product it was about, and what
// its price was: with the revision alone nobody knows what of the line-up has changed.
func TestHostsAreToldOfTheLine(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	b := f.begin()
	f.lineup(b.Show, 0, 1, 2)
	told := func(want string, err error) {
		t.Helper()
		must(t, err)
		all := f.told(b.Show)
		if last := all[len(all)-1]; !strings.Contains(last, want) {
			t.Errorf("hosts were told %s, want %s", last, want)
		}
	}
	id, usual, price := f.products[1].ID, f.products[1].Price, int64(7)
	_, err := f.ChangeLine(ctx, b.Show, id, overlay.LineChange{Price: &price}, "ann")
	told(fmt.Sprintf(`"by":"ann","product":"%s","was":%d,"price":7}`, id, usual), err)
	note := "smile"
	_, err = f.ChangeLine(ctx, b.Show, id, overlay.LineChange{Note: &note}, "ann")
	told(fmt.Sprintf(`"by":"ann","product":"%s"}`, id), err)
	f.pin(1) // viewers are told of the next one, too
	_, err = f.ChangeLine(ctx, b.Show, id, overlay.LineChange{NoPrice: true}, "ben")
	told(fmt.Sprintf(`"product":"%s","was":7,"price":%d}`, id, usual), err)
	_, err = f.PlaceLine(ctx, b.Show, f.products[2].ID, overlay.Place{After: new(string)}, "ben")
	told(fmt.Sprintf(`"product":"%s"}`, f.products[2].ID), err)
	_, err = f.RemoveLine(ctx, b.Show, f.products[0].SKU, nil, "ben")
	told(fmt.Sprintf(`"product":"%s"}`, f.products[0].ID), err)
	f.lineup(b.Show, 1)
	told(fmt.Sprintf(`"by":"anna","line":"%s"}`, id), nil)
}
