package overlay_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/overlay"
)

func corn() overlay.Product {
	return overlay.Product{ID: "01HX00000000000000000000AA", Rev: 5, SKU: "CORN-5KG", Title: "玉米 5kg", Price: 4990, ListPrice: 6900, Currency: "CNY", Stock: overlay.StockLow}
}

const show = "01J800000000000000000000AB"

var at = time.UnixMilli(1760000000000)

func refused(t *testing.T, err error, code overlay.Code, words string) {
	t.Helper()
	var e *overlay.Error
	if !errors.As(err, &e) || e.Code != code || !strings.Contains(e.Message, words) {
		t.Errorf("got %v, want %s with %q", err, code, words)
	}
}

func TestProductChecked(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*overlay.Product)
		words  string // of the refusal, "" if it is taken
	}{
		{"as it is", func(*overlay.Product) {}, ""},
		{"no sku", func(p *overlay.Product) { p.SKU = " " }, "sku: is missing"},
		{"sku with space", func(p *overlay.Product) { p.SKU = "A B" }, "sku: must not have spaces"},
		{"longest sku", func(p *overlay.Product) { p.SKU = strings.Repeat("玉", 50) }, ""},
		{"too long a sku", func(p *overlay.Product) { p.SKU = strings.Repeat("玉", 51) }, "sku: has 51 characters, at most 50"},
		{"no title", func(p *overlay.Product) { p.Title = "" }, "title: is missing"},
		{"longest title", func(p *overlay.Product) { p.Title = strings.Repeat("😀", 150) }, ""},
		{"too long a title", func(p *overlay.Product) { p.Title = strings.Repeat("a", 151) }, "at most 150"},
		{"title with control", func(p *overlay.Product) { p.Title = "a\x00b" }, "control character (U+0000)"},
		{"title not UTF-8", func(p *overlay.Product) { p.Title = "a\xff" }, "not valid UTF-8"},
		{"title with markup", func(p *overlay.Product) { p.Title = "<b>corn" }, "without markup"},
		{"title with address", func(p *overlay.Product) { p.Title = "corn HTTPS://x.example" }, "web address"},
		{"title with less-than", func(p *overlay.Product) { p.Title = "corn < 5 kg & more" }, ""},
		{"currency in small letters", func(p *overlay.Product) { p.Currency = "cny" }, ""},
		{"no currency", func(p *overlay.Product) { p.Currency = "" }, "currency:"},
		{"made-up currency", func(p *overlay.Product) { p.Currency = "ABC" }, `"ABC" is not an ISO 4217 code`},
		{"negative price", func(p *overlay.Product) { p.Price = -1 }, "price:"},
		{"free", func(p *overlay.Product) { p.Price = 0 }, ""},
		{"price that JavaScript bends", func(p *overlay.Product) { p.Price, p.ListPrice = 1<<53, 0 }, "price:"},
		{"list price below price", func(p *overlay.Product) { p.ListPrice = 4989 }, "list_price: is below price"},
		{"no list price", func(p *overlay.Product) { p.ListPrice = 0 }, ""},
		{"stock left out", func(p *overlay.Product) { p.Stock = "" }, ""},
		{"stock as number", func(p *overlay.Product) { p.Stock = "7" }, "stock: must be one of"},
		{"link", func(p *overlay.Product) { p.Link = "https://shop.example/a?c={click}#x" }, ""},
		{"link with another scheme", func(p *overlay.Product) { p.Link = "javascript:alert(1)" }, "link: must be an address"},
		{"link without host", func(p *overlay.Product) { p.Link = "https:///a" }, "link: must be an address"},
		{"link with password", func(p *overlay.Product) { p.Link = "https://u:p@shop.example/" }, "user name"},
		{"click in the host", func(p *overlay.Product) { p.Link = "https://{click}.example/" }, "{click} is allowed"},
		{"longest link", func(p *overlay.Product) { p.Link = "https://x.example/" + strings.Repeat("a", 2030) }, ""},
		{"too long a link", func(p *overlay.Product) { p.Link = "https://x.example/" + strings.Repeat("a", 2031) }, "at most 2048"},
		{"too long by its mark", func(p *overlay.Product) { p.Link = "https://x.example/" + strings.Repeat("a", 2025) + "{click}" }, "at most 2048"},
		{"line break in link", func(p *overlay.Product) { p.Link = "https://x.example/\r\nSet-Cookie: a=b" }, "link:"},
		{"image on this server", func(p *overlay.Product) { p.Image = "/demo/corn.jpg" }, ""},
		{"image on any scheme", func(p *overlay.Product) { p.Image = "//x.example/a.jpg" }, "image: must be an address"},
		{"image as data", func(p *overlay.Product) { p.Images = []string{"data:image/png;base64,AA"} }, "images: must be an address"},
		{"empty image among many", func(p *overlay.Product) { p.Images = []string{""} }, "images: must be an address"},
		{"too many images", func(p *overlay.Product) { p.Images = make([]string, 11) }, "at most 10"},
		{"description with lines", func(p *overlay.Product) { p.Description = "a\n\tb" }, ""},
		{"too long a description", func(p *overlay.Product) { p.Description = strings.Repeat("a", 5001) }, "at most 5000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := corn()
			c.change(&p)
			got, err := p.Checked()
			if c.words != "" {
				refused(t, err, overlay.Invalid, c.words)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if again, err := got.Checked(); err != nil || cmp.Diff(got, again) != "" {
				t.Errorf("checked again: %+v, %v", again, err)
			}
		})
	}
}

func TestMinorDigits(t *testing.T) {
	for code, want := range map[string]int{"CNY": 2, "EUR": 2, "JPY": 0, "KRW": 0, "KWD": 3, "CLF": 4, "AED": 2, "ZWG": 2} {
		if got, ok := overlay.MinorDigits(code); !ok || got != want {
			t.Errorf("%s: %d, %v", code, got, ok)
		}
	}
	for _, code := range []string{"", "cny", "XXXX", "C Y", " AE", "D A", "XTS"} {
		if _, ok := overlay.MinorDigits(code); ok {
			t.Errorf("%q passed", code)
		}
	}
}

func TestInBand(t *testing.T) {
	before, after := corn(), corn()
	after.Rev, after.Price, after.ListPrice = 6, 3990, 0
	pin, update := overlay.PinCard(before), overlay.UpdateCard(before, after)
	for _, c := range []struct {
		kind overlay.Kind
		body overlay.Body
		want string
	}{
		{overlay.KindProductPin, overlay.Body{Product: &pin},
			`"product":{"id":"01HX00000000000000000000AA","rev":5,"sku":"CORN-5KG","title":"玉米 5kg","price":4990,"list_price":6900,"currency":"CNY","digits":2,"stock":"low"}`},
		{overlay.KindProductUpdate, overlay.Body{Product: &update},
			`"product":{"id":"01HX00000000000000000000AA","rev":6,"price":3990,"list_price":null}`},
		{overlay.KindProductUnpin, overlay.Body{Product: &overlay.Card{ID: before.ID}},
			`"product":{"id":"01HX00000000000000000000AA"}`},
		{overlay.KindNotice, overlay.Body{Text: `5 < 6 & "so"`}, `"text":"5 < 6 & \"so\""`},
		{overlay.KindCustom, overlay.Body{Data: json.RawMessage(`{"a":[1,"<"]}`)}, `"data":{"a":[1,"<"]}`},
	} {
		got, err := overlay.EventJSON(c.kind, show, 413, at, c.body)
		want := `{"v":1,"kind":"` + string(c.kind) + `","show":"` + show + `","seq":413,"at":1760000000000,` + c.want + `}`
		if err != nil || string(got) != want {
			t.Errorf("got  %s, %v\nwant %s", got, err, want)
		}
	}
	got, err := overlay.EventJSON(overlay.KindShowStart, show, 1, at, overlay.Body{})
	if want := `{"v":1,"kind":"show.start","show":"` + show + `","seq":1,"at":1760000000000}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v", got, err)
	}
	_, err = overlay.EventJSON(overlay.KindCustom, show, 1, at, overlay.Body{Data: json.RawMessage(`"` + strings.Repeat("a", 2048) + `"`)})
	refused(t, err, overlay.TooLarge, "at most 2048")
}

func TestState(t *testing.T) {
	got, err := overlay.StateJSON(overlay.State{Show: show, Seq: 413, At: at})
	if want := `{"v":1,"kind":"state","show":"` + show + `","seq":413,"at":1760000000000,"pinned":[],"offers":[]}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v", got, err)
	}
	got, err = overlay.StateJSON(overlay.State{Show: show, Seq: 413, At: at, Pinned: []overlay.Card{overlay.PinCard(corn())}})
	want := `"pinned":[{"id":"01HX00000000000000000000AA","rev":5,"sku":"CORN-5KG","title":"玉米 5kg","price":4990,"list_price":6900,"currency":"CNY","digits":2,"stock":"low"}],"offers":[]}`
	if err != nil || !strings.HasSuffix(string(got), want) {
		t.Errorf("got %s, %v", got, err)
	}
}

// TestStateFits takes the largest products that are taken: first list_price
// goes, then title, and the rest fits always.
func TestStateFits(t *testing.T) {
	for _, c := range []struct {
		title      string
		list, name bool
	}{
		{strings.Repeat("玉", 120), true, true},
		{strings.Repeat("玉", 130), false, true},
		{strings.Repeat("😀", 150), false, false},
	} {
		p := corn()
		p.SKU, p.Title, p.Price, p.ListPrice, p.Rev = strings.Repeat("😀", 25), c.title, 1<<53-1, 1<<53-1, 1<<53-1
		p, err := p.Checked()
		if err != nil {
			t.Fatal(err)
		}
		card := overlay.PinCard(p)
		s := overlay.State{Show: show, Seq: 1<<63 - 1, At: at, Pinned: []overlay.Card{card, card, card}}
		text, err := overlay.StateJSON(s)
		if err != nil {
			t.Fatal(err)
		}
		list, name := strings.Contains(string(text), "list_price"), strings.Contains(string(text), "title")
		if len(text) > overlay.MaxInBand || list != c.list || name != c.name {
			t.Errorf("%d bytes, list_price %v, title %v; want %v, %v", len(text), list, name, c.list, c.name)
		}
		if s.Pinned[0].Title == "" || s.Pinned[0].ListPrice == nil {
			t.Error("the state itself was changed")
		}
		if _, err := overlay.EventJSON(overlay.KindProductPin, show, 1<<63-1, at, overlay.Body{Product: &card}); err != nil {
			t.Errorf("a pin of it: %v", err)
		}
	}
	p := corn()
	p.SKU, p.Title = strings.Repeat("😀", 50), strings.Repeat("\u2028", 150)
	card := overlay.PinCard(p)
	if _, err := overlay.StateJSON(overlay.State{Show: show, Pinned: []overlay.Card{card, card, card}}); err != nil {
		t.Error(err)
	}
	if _, err := overlay.EventJSON(overlay.KindProductPin, show, 1, at, overlay.Body{Product: &card}); err != nil {
		t.Error(err)
	}
}

func TestApplyIgnoresWhatIsOld(t *testing.T) {
	event := func(seq int, kind, product string) []byte {
		return fmt.Appendf(nil, `{"v":1,"kind":%q,"show":%q,"seq":%d,"at":1,"product":%s}`, kind, show, seq, product)
	}
	s := overlay.State{}
	for _, e := range [][]byte{
		event(1, "product.pin", `{"id":"a","rev":1,"sku":"A","price":0,"list_price":9}`),
		event(2, "product.pin", `{"id":"b","rev":1,"sku":"B","price":5}`),
		event(1, "product.unpin", `{"id":"b"}`),
		event(3, "product.update", `{"id":"a","rev":2,"title":"T","list_price":null}`),
		event(4, "product.update", `{"id":"c","rev":2}`),
		event(5, "offer.start", `{"id":"b"}`),
	} {
		var err error
		if s, err = s.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
	zero, five := int64(0), int64(5)
	want := []overlay.Card{{ID: "a", Rev: 2, SKU: "A", Title: "T", Price: &zero}, {ID: "b", Rev: 1, SKU: "B", Price: &five}}
	if diff := cmp.Diff(want, s.Pinned); diff != "" || s.Seq != 5 {
		t.Errorf("seq %d: %s", s.Seq, diff)
	}
}

func TestAt(t *testing.T) {
	now, anchor := time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC), time.Date(2026, 3, 1, 19, 59, 50, 0, time.UTC)
	for _, c := range []struct {
		text   string
		live   bool
		due    time.Duration // from now
		later  bool
		refuse overlay.Code
	}{
		{text: `"now"`},
		{text: `{"delay_ms":0}`},
		{text: `{"delay_ms":1500}`, due: 1500 * time.Millisecond, later: true},
		{text: `{"delay_ms":-1}`, refuse: overlay.Invalid},
		{text: `{"delay_ms":86400001}`, refuse: overlay.Invalid},
		{text: `{"delay_ms":1.5}`, refuse: overlay.Invalid},
		{text: `{"date":"2026-03-01T21:00:01+01:00"}`, due: time.Second, later: true},
		{text: `{"date":"2026-03-01T20:00:00Z"}`, later: true},
		{text: `{"date":"2026-03-01T19:59:59.999Z"}`, refuse: overlay.Conflict},
		{text: `{"date":"2028-03-01T20:00:00Z"}`, refuse: overlay.Invalid},
		{text: `{"date":"tomorrow"}`, refuse: overlay.Invalid},
		{text: `{"pts":1845000}`, live: true, due: 500 * time.Millisecond, later: true},
		{text: `{"pts":1799999}`, live: true, refuse: overlay.Conflict},
		{text: `{"pts":0}`, live: true, refuse: overlay.Conflict},
		{text: `{"pts":-1}`, live: true, refuse: overlay.Invalid},
		{text: `{"pts":9007199254740991}`, live: true, refuse: overlay.Invalid},
		{text: `{"pts":1845000}`, refuse: overlay.Conflict},
		{text: `{"pts":1,"delay_ms":1}`, refuse: overlay.Invalid},
		{text: `{}`, refuse: overlay.Invalid},
		{text: `{"when":1}`, refuse: overlay.Invalid},
		{text: `"later"`, refuse: overlay.Invalid},
		{text: `null`, refuse: overlay.Invalid},
		{text: `17`, refuse: overlay.Invalid},
	} {
		t.Run(c.text, func(t *testing.T) {
			var a overlay.At
			err := a.UnmarshalJSON([]byte(c.text))
			var due time.Time
			var later bool
			if err == nil {
				line := anchor
				if !c.live {
					line = time.Time{}
				}
				due, later, err = a.Due(now, line)
			}
			if overlay.CodeOf(err) != c.refuse {
				t.Fatalf("got %v, want %q", err, c.refuse)
			}
			if c.refuse == "" && (!due.Equal(now.Add(c.due)) || later != c.later) {
				t.Errorf("due %v, later %v", due, later)
			}
		})
	}
}

func TestNewCue(t *testing.T) {
	object := func(n int) json.RawMessage { // of n bytes
		return json.RawMessage(`{"a":"` + strings.Repeat("x", n-8) + `"}`)
	}
	for _, c := range []struct {
		name string
		cue  overlay.NewCue
		want overlay.NewCue
		code overlay.Code
	}{
		{"notice", overlay.NewCue{Kind: "notice", Text: " Ships today "}, overlay.NewCue{Kind: "notice", Text: "Ships today"}, ""},
		{"notice in data", overlay.NewCue{Kind: "notice", Data: json.RawMessage(`{"text":"a"}`)}, overlay.NewCue{Kind: "notice", Text: "a"}, ""},
		{"empty notice", overlay.NewCue{Kind: "notice"}, overlay.NewCue{}, overlay.Invalid},
		{"longest notice", overlay.NewCue{Kind: "notice", Text: strings.Repeat("玉", 200)}, overlay.NewCue{Kind: "notice", Text: strings.Repeat("玉", 200)}, ""},
		{"too long a notice", overlay.NewCue{Kind: "notice", Text: strings.Repeat("a", 201)}, overlay.NewCue{}, overlay.Invalid},
		{"notice with address", overlay.NewCue{Kind: "notice", Text: "see www.x.example"}, overlay.NewCue{}, overlay.Invalid},
		{"custom", overlay.NewCue{Kind: "custom", Data: json.RawMessage(" { \"a\" : 1 } ")}, overlay.NewCue{Kind: "custom", Data: json.RawMessage(`{"a":1}`)}, ""},
		{"largest custom", overlay.NewCue{Kind: "custom", Data: object(1800)}, overlay.NewCue{Kind: "custom", Data: object(1800)}, ""},
		{"too large a custom", overlay.NewCue{Kind: "custom", Data: object(1801)}, overlay.NewCue{}, overlay.TooLarge},
		{"custom without data", overlay.NewCue{Kind: "custom"}, overlay.NewCue{}, overlay.Invalid},
		{"custom list", overlay.NewCue{Kind: "custom", Data: json.RawMessage(`[1]`)}, overlay.NewCue{}, overlay.Invalid},
		{"custom not UTF-8", overlay.NewCue{Kind: "custom", Data: json.RawMessage("{\"a\":\"\xff\"}")}, overlay.NewCue{}, overlay.Invalid},
		{"custom with text", overlay.NewCue{Kind: "custom", Text: "a", Data: json.RawMessage(`{}`)}, overlay.NewCue{}, overlay.Invalid},
		{"pin", overlay.NewCue{Kind: "product.pin"}, overlay.NewCue{}, overlay.Invalid},
		{"state", overlay.NewCue{Kind: "state"}, overlay.NewCue{}, overlay.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.cue.Checked()
			if overlay.CodeOf(err) != c.code {
				t.Fatalf("got %v, want %q", err, c.code)
			}
			if c.code != "" {
				return
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if _, err := overlay.EventJSON(got.Kind, show, 1<<63-1, at, overlay.Body{Text: got.Text, Data: got.Data}); err != nil {
				t.Errorf("does not fit: %v", err)
			}
		})
	}
}

func TestKeysAndSlugs(t *testing.T) {
	for slug, ok := range map[string]bool{"demo": true, "a": true, "a-1": true, strings.Repeat("a", 64): true,
		"": false, "-a": false, "a-": false, "Demo": false, "a/b": false, "..": false, "村": false, strings.Repeat("a", 65): false} {
		if got := overlay.CheckSlug(slug) == nil; got != ok {
			t.Errorf("slug %q: %v", slug, got)
		}
	}
	for key, ok := range map[string]bool{"abc": true, "live_1-2.3~": true, "": false, "a b": false, "a?b": false, "a/b": false, "ключ": false, "a\"b": false, "a\\b": false, "a<b": false, "a,b": false,
		strings.Repeat("a", 128): true, strings.Repeat("a", 129): false} {
		err := overlay.CheckKey(key)
		if (err == nil) != ok || err != nil && len(key) > 1 && strings.Contains(err.Error(), key) {
			t.Errorf("key %q: %v", key, err)
		}
		if why := overlay.UnfitSecret(key); key != "" && (why == "") != ok {
			t.Errorf("secret %q: %q", key, why)
		}
	}
}

func FuzzAt(f *testing.F) {
	for _, s := range []string{`"now"`, `{"delay_ms":1500}`, `{"date":"2026-03-01T20:00:00Z"}`, `{"pts":900000}`, `{"pts":-9e99}`, `[]`} {
		f.Add([]byte(s))
	}
	now := time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text []byte) {
		var a overlay.At
		if a.UnmarshalJSON(text) != nil {
			return
		}
		due, _, err := a.Due(now, now.Add(-time.Hour))
		if err == nil && (due.Before(now) || due.After(now.AddDate(1, 0, 2))) {
			t.Errorf("%s is due at %v", text, due)
		}
	})
}

func FuzzCustomCue(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":1}`, "{\"a\":\"\u2028<\"}", `[`, "{\"\xff\":1}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		cue, err := overlay.NewCue{Kind: overlay.KindCustom, Data: data}.Checked()
		if err != nil {
			return
		}
		text, err := overlay.EventJSON(cue.Kind, show, 1<<63-1, at, overlay.Body{Data: cue.Data})
		if err != nil || !json.Valid(text) || len(text) > overlay.MaxInBand {
			t.Errorf("%s: %v", text, err)
		}
	})
}

func FuzzApply(f *testing.F) {
	f.Add([]byte(`{"v":1,"kind":"product.pin","show":"a","seq":1,"at":1,"product":{"id":"a","price":1,"list_price":2}}`))
	f.Add([]byte(`{"kind":"product.update","seq":2,"product":{"id":"a","list_price":null}}`))
	f.Fuzz(func(t *testing.T, event []byte) {
		price := int64(1)
		before := overlay.State{Show: "a", Pinned: []overlay.Card{{ID: "a", Price: &price}}}
		after, err := before.Apply(event)
		if err == nil && after.Seq < before.Seq {
			t.Errorf("seq went back to %d", after.Seq)
		}
		if before.Pinned[0].Title != "" || before.Pinned[0].Price != &price {
			t.Error("the state before was changed")
		}
	})
}

// Digits come with the currency, also in an update, and follow it into the state.
func TestDigitsFollowTheCurrency(t *testing.T) {
	before := corn()
	after := before
	after.Rev, after.Currency = 6, "IQD"
	pin, update := overlay.PinCard(before), overlay.UpdateCard(before, after)
	s := overlay.State{}
	for seq, step := range []struct {
		kind overlay.Kind
		card overlay.Card
		want int
	}{{overlay.KindProductPin, pin, 2}, {overlay.KindProductUpdate, update, 3}} {
		text, err := overlay.EventJSON(step.kind, show, uint64(seq+1), at, overlay.Body{Product: &step.card})
		if err != nil {
			t.Fatal(err)
		}
		if s, err = s.Apply(text); err != nil {
			t.Fatal(err)
		}
		if d := s.Pinned[0].Digits; d == nil || *d != step.want {
			t.Errorf("after %s: %s", step.kind, text)
		}
	}
	after.Currency, after.Price = before.Currency, 1
	if c := overlay.UpdateCard(before, after); c.Digits != nil || c.Currency != "" {
		t.Errorf("a new price alone: %+v", c)
	}
}
