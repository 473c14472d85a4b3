package overlay_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"mediad/overlay"
)

func TestPlainText(t *testing.T) {
	for text, why := range map[string]string{
		"":                         "",
		"玉米 5kg, Größe №5 – “new”": "",
		"no\u00a0break, 全角\u3000":  "",
		// Emoji: families, skin, hearts, keycaps, flags of lands and regions.
		"👩‍👩‍👧‍👦 👩🏽‍💻 👩‍❤️‍👨 1️⃣ #️⃣ ‼️ 🏳️‍🌈 🐈‍⬛ 🙂‍↔️ 🇨🇳 🏴": "",
		"🏴󠁧󠁢󠁥󠁮󠁧󠁿 tea": "",
		// Words that need joiners: Persian, Hindi, Bengali, Malayalam, Sinhala.
		"می‌خواهم خانه‌ها": "", "क्‍ष, क्‌ष": "", "র‍্যাব": "", "അവന്‍": "", "ශ්‍රී": "",
		"葛\U000e0100城":      "", // a form of a Japanese name
		"שלום (abc)\u200e!": "",
		// Marks that languages pile up: Vietnamese taken apart, Hebrew with vowels and cantillation, Thai, Tibetan.
		"Vie\u0323\u0302t": "", "ש\u05c1\u05bc\u05b8\u0596": "", "ที่นี่": "", "ཧཱུྃ": "",
		"a" + strings.Repeat("\u0301", 8): "", "a" + strings.Repeat("\u0301", 9): "more than 8 marks", strings.Repeat("\u0489\u0336\u0310", 9): "more than 8 marks",
		"قميص\u200f 5": "",

		"a\x00b": "control character (U+0000)", "a\x1b[31m": "(U+001B)", "a\u0085b": "(U+0085)", "a\u009bb": "(U+009B)", "a\x7f": "(U+007F)", "a\tb": "(U+0009)", "a\nb": "(U+000A)",
		"a\u2028b": "line separator (U+2028)", "a\u2029b": "(U+2029)",
		"\u202egpj.exe": "direction of text (U+202E)", "a\u202ab": "(U+202A)", "a\u2066b\u2069": "(U+2066)", "שלום\u202eabc": "(U+202E)", "a\u2069": "(U+2069)",
		"a\u200bb": "cannot be seen (U+200B)", "a\ufeffb": "(U+FEFF)", "\ufeffa": "(U+FEFF)", "a\u2060b": "(U+2060)", "a\u00adb": "(U+00AD)", "a\u180eb": "(U+180E)",
		"a\u200db": "(U+200D)", "a\u200cb": "(U+200C)", "\u200d": "(U+200D)", "👩\u200d": "(U+200D)", "👩\u200d\u200d👩": "(U+200D)", "می\u200c\u200cخ": "(U+200C)",
		"a\u200eb": "(U+200E)", "\u200fa": "(U+200F)", "a\u034fb": "(U+034F)", "\u3164": "(U+3164)", "\u115f": "(U+115F)", "\u2800": "(U+2800)", "a\uffa0": "(U+FFA0)",
		"a\ufe0f\ufe0f": "(U+FE0F)", "\ufe0f": "(U+FE0F)", "a\U000e0100": "(U+E0100)",
		"a\U000e0041": "(U+E0041)", "🏴\U000e0067\U000e0062": "(U+E0067)", "🏴\U000e007f": "(U+E007F)", "\U000e0001": "(U+E0001)", "a🏴\U000e0061\U000e0061\U000e0061\U000e0061\U000e0061\U000e0061\U000e0061\U000e007f": "(U+E0061)",
		"a\ufffd": "broken character", "a\ufffeb": "(U+FFFE)", "a\U0001fffe": "(U+1FFFE)", "a\ufff9": "(U+FFF9)",
		"a\xff": "not valid UTF-8", "a\xed\xa0\x80": "not valid UTF-8", "\xc0\x80": "not valid UTF-8",
	} {
		got := overlay.Unplain(text, false)
		if (got == "") != (why == "") || !strings.Contains(got, why) {
			t.Errorf("%+q: %q, want %q", text, got, why)
		}
		plain := overlay.Plain(text, 1000)
		if why == "" && plain != text {
			t.Errorf("%+q was made %+q", text, plain)
		}
		if again := overlay.Unplain(strings.ReplaceAll(plain, "\ufffd", "?"), false); again != "" {
			t.Errorf("%+q was made %+q: %s", text, plain, again)
		}
	}
	if got := overlay.Unplain("a\nb\tc", true); got != "" {
		t.Errorf("lines: %s", got)
	}
	if got := overlay.Plain("玉米玉米", 3); got != "玉米玉" {
		t.Errorf("cut: %q", got)
	}
}

// Every text that comes in goes through the one rule, however it is written.
func TestEveryTextIsPlain(t *testing.T) {
	bad := "a\u202eb"
	p := corn()
	for name, set := range map[string]func(*overlay.Product){
		"sku": func(p *overlay.Product) { p.SKU = bad }, "title": func(p *overlay.Product) { p.Title = bad },
		"description": func(p *overlay.Product) { p.Description = bad }, "link": func(p *overlay.Product) { p.Link = "https://shop.example/" + bad },
		"image": func(p *overlay.Product) { p.Image = "/" + bad }, "images": func(p *overlay.Product) { p.Images = []string{"https://a.example/" + bad} },
	} {
		q := p
		set(&q)
		if _, err := q.Checked(); err == nil || !strings.HasPrefix(err.Error(), name+": ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, data := range []string{`{"a":"\u202e"}`, `{"\u200b":1}`, `{"a":[{"b":"\ud800"}]}`, `{"a":"\udfff\ud83d"}`, "{\"a\":\"\u2066\"}", `{"a":"\u0000"}`} {
		if _, err := (overlay.NewCue{Kind: overlay.KindCustom, Data: json.RawMessage(data)}).Checked(); err == nil {
			t.Errorf("%s was taken", data)
		}
	}
	for _, data := range []string{`{"a":"\ud83d\ude00 \n"}`, `{"👩‍👧":{"می‌خواهم":null}}`} {
		if _, err := (overlay.NewCue{Kind: overlay.KindCustom, Data: json.RawMessage(data)}).Checked(); err != nil {
			t.Errorf("%s: %v", data, err)
		}
	}
	if _, err := (overlay.NewCue{Kind: overlay.KindNotice, Text: bad}).Checked(); err == nil {
		t.Error("a notice was taken")
	}
	if err := overlay.CheckRoomTitle(bad); err == nil {
		t.Error("a room's title was taken")
	}
}

func FuzzPlain(f *testing.F) {
	for _, s := range []string{"a", "\u202e", "👩‍👧", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "می‌خ", "\xff", "a\u200d\ufe0f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		why, plain := overlay.Unplain(s, false), overlay.Plain(s, len(s)+1)
		if why == "" && plain != s {
			t.Errorf("%+q is plain and was made %+q", s, plain)
		}
		if !utf8.ValidString(plain) || utf8.RuneCountInString(plain) != utf8.RuneCountInString(s) {
			t.Errorf("%+q was made %+q", s, plain)
		}
		if again := overlay.Unplain(strings.ReplaceAll(plain, "\ufffd", "?"), false); again != "" {
			t.Errorf("%+q was made %+q, which is not plain: %s", s, plain, again)
		}
	})
}
