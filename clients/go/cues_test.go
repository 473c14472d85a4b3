package cues_test

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	cues "mediad/clients/go"
)

type want struct {
	Kind, Show string
	Seq        int64
	Pinned     []string
}

type vectors struct {
	Tags []struct {
		Name string
		Tag  []byte
		Text string
		Cue  *want
	}
	Ranges []struct {
		Name       string
		Attributes map[string]string
		Cue        *want
	}
}

func read(t testing.TB) (v vectors) {
	t.Helper()
	text, err := os.ReadFile("../vectors/cues.json")
	if err == nil {
		err = json.Unmarshal(text, &v)
	}
	if err != nil || len(v.Tags) < 30 || len(v.Ranges) < 6 {
		t.Fatalf("%d tags, %d ranges: %v", len(v.Tags), len(v.Ranges), err)
	}
	return v
}

func compare(t *testing.T, got *cues.Cue, ok bool, w *want) {
	t.Helper()
	if ok != (w != nil) {
		t.Fatalf("is a cue: %v, want %v", ok, w != nil)
	}
	if !ok {
		return
	}
	var pinned []string
	for _, p := range got.Pinned {
		pinned = append(pinned, p.ID)
	}
	if got.Kind != w.Kind || got.Show != w.Show || got.Seq != w.Seq || !slices.Equal(pinned, w.Pinned) {
		t.Errorf("got %+v, want %+v", got, w)
	}
}

func TestVectors(t *testing.T) {
	v := read(t)
	for _, c := range v.Tags {
		t.Run(c.Name, func(t *testing.T) {
			got, ok := cues.InTag(c.Tag)
			compare(t, got, ok, c.Cue)
			if text, _ := cues.Text(c.Tag); c.Text != "" && string(text) != c.Text {
				t.Errorf("text %q, want %q", text, c.Text)
			}
			for n := range c.Tag { // a shorter one is never more than this
				if cut, ok := cues.InTag(c.Tag[:n]); ok && (c.Cue == nil || cut.Seq != got.Seq) {
					t.Errorf("of %d bytes: %+v", n, cut)
				}
			}
		})
	}
	for _, c := range v.Ranges {
		t.Run("range, "+c.Name, func(t *testing.T) {
			got, ok := cues.InDateRange(c.Attributes)
			compare(t, got, ok, c.Cue)
		})
	}
}

// TestProduct shows that prices and stock come through.
func TestProduct(t *testing.T) {
	c, ok := cues.InTag(read(t).Tags[0].Tag)
	if !ok || c.At != 1760000000123 {
		t.Fatalf("%+v", c)
	}
	want := cues.Product{ID: "01J8000000000000000000CORN", Rev: 1, SKU: "CORN-5KG", Title: "Sweet corn", Price: 4990, Currency: "CNY", Digits: 2, Stock: "in"}
	if *c.Product != want {
		t.Errorf("got %+v, want %+v", *c.Product, want)
	}
}

func FuzzInTag(f *testing.F) {
	for _, c := range read(f).Tags {
		f.Add(c.Tag)
	}
	f.Fuzz(func(t *testing.T, tag []byte) {
		if c, ok := cues.InTag(tag); ok && (c.Kind == "" || !json.Valid(c.JSON)) {
			t.Fatalf("%+v", c)
		}
	})
}
