package id3

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// cueTag is the example of the protocol reference, B3.
const cueTag = `
	49 44 33 04 00 00 00 00 00 34
	54 58 58 58 00 00 00 2A 00 00 03
	6D 65 64 69 61 64 2E 63 75 65 00
	7B 22 76 22 3A 31 2C 22 69 64 22 3A 22 63 2D 31 37 22 2C 22 73 6B 75 22 3A 22 41 31 22 7D`

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAppendTXXXGolden(t *testing.T) {
	got := AppendTXXX([]byte("kept"), "mediad.cue", []byte(`{"v":1,"id":"c-17","sku":"A1"}`))
	want := append([]byte("kept"), unhex(t, cueTag)...)
	if !bytes.Equal(got, want) {
		t.Errorf("got\n% x\nwant\n% x", got, want)
	}
}

// texts are values whose sizes stand on both sides of each syncsafe byte, and
// whose characters take one to four bytes.
var texts = []string{
	"", "x", `{"v":1}`,
	`{"title":"玉米 5kg","notice":"今晚八点，限量一百份"}`,
	`{"title":"🌽🔥","family":"👩‍👩‍👧"}`,
	"\u00e9 \uffff \U0010ffff \ufeff",
	strings.Repeat("a", 127-12), strings.Repeat("a", 128-12), strings.Repeat("玉", 682),
	strings.Repeat("b", 1<<14-12), strings.Repeat("🌽", 1<<19),
}

func TestRoundTrip(t *testing.T) {
	for _, text := range texts {
		frames, err := Parse(AppendTXXX(nil, "mediad.cue", []byte(text)))
		if err != nil {
			t.Errorf("%d bytes: %v", len(text), err)
			continue
		}
		if len(frames) != 1 || frames[0].ID != "TXXX" || frames[0].Description != "mediad.cue" || string(frames[0].Value) != text {
			t.Errorf("%d bytes came back as another frame", len(text))
		}
	}
}

// TestParseOther reads a tag of several frames, as other encoders write them.
func TestParseOther(t *testing.T) {
	frames, err := Parse(unhex(t, `49 44 33 04 00 00 00 00 00 2D
		50 52 49 56 00 00 00 04 00 00  6F 00 FF 80
		54 58 58 58 00 00 00 04 00 00  03 61 00 62
		54 58 58 58 00 00 00 07 00 00  03 C3 A9 00 E7 8E 89`))
	if err != nil {
		t.Fatal(err)
	}
	want := []Frame{
		{ID: "PRIV", Value: []byte("o\x00\xff\x80")},
		{ID: "TXXX", Description: "a", Value: []byte("b")},
		{ID: "TXXX", Description: "é", Value: []byte("玉")},
	}
	if d := cmp.Diff(want, frames); d != "" {
		t.Error(d)
	}
}

// refused are tags that players misread, or that are broken.
var refused = []struct{ name, tag, err string }{
	{"nothing", ``, "no ID3 tag"},
	{"short", `49 44 33 04 00 00 00 00 00`, "no ID3 tag"},
	{"other", `54 41 47 04 00 00 00 00 00 00`, "no ID3 tag"},
	{"v2.3", `49 44 33 03 00 00 00 00 00 0F 54 58 58 58 00 00 00 05 00 00 03 61 00 62 63`, "version 2.3.0"},
	{"revision", `49 44 33 04 01 00 00 00 00 0F 54 58 58 58 00 00 00 05 00 00 03 61 00 62 63`, "version 2.4.1"},
	{"unsynchronisation", `49 44 33 04 00 80 00 00 00 0F 54 58 58 58 00 00 00 05 00 00 03 61 00 62 63`, "tag flags"},
	{"extended header", `49 44 33 04 00 40 00 00 00 0F 54 58 58 58 00 00 00 05 00 00 03 61 00 62 63`, "tag flags"},
	{"size not syncsafe", `49 44 33 04 00 00 00 00 00 8F 54 58 58 58 00 00 00 05 00 00 03 61 00 62 63`, "not syncsafe"},
	{"cut", `49 44 33 04 00 00 00 00 00 0F 54 58 58 58 00 00 00 05 00 00 03 61 00 62`, "tag of 15 bytes in 14"},
	{"trailing", `49 44 33 04 00 00 00 00 00 0F 54 58 58 58 00 00 00 05 00 00 03 61 00 62 63 00`, "tag of 15 bytes in 16"},
	{"no frames", `49 44 33 04 00 00 00 00 00 00`, "without frames"},
	{"padding", `49 44 33 04 00 00 00 00 00 12 54 58 58 58 00 00 00 05 00 00 03 61 00 62 63 00 00 00`, "no frame header"},
	{"long padding", `49 44 33 04 00 00 00 00 00 0A 00 00 00 00 00 00 00 00 00 00`, "identifier"},
	{"lower case", `49 44 33 04 00 00 00 00 00 0F 74 78 78 78 00 00 00 05 00 00 03 61 00 62 63`, "identifier"},
	{"frame size not syncsafe", `49 44 33 04 00 00 00 00 00 0F 54 58 58 58 00 00 00 85 00 00 03 61 00 62 63`, "not syncsafe"},
	{"empty frame", `49 44 33 04 00 00 00 00 00 0A 54 58 58 58 00 00 00 00 00 00`, "empty"},
	{"frame too long", `49 44 33 04 00 00 00 00 00 0F 54 58 58 58 00 00 00 06 00 00 03 61 00 62 63`, "of 6 bytes in 5"},
	{"frame flags", `49 44 33 04 00 00 00 00 00 0F 54 58 58 58 00 00 00 05 00 02 03 61 00 62 63`, "TXXX flags"},
	{"Latin-1", `49 44 33 04 00 00 00 00 00 0F 54 58 58 58 00 00 00 05 00 00 00 61 00 62 63`, "encoding 0"},
	{"UTF-16", `49 44 33 04 00 00 00 00 00 0F 54 58 58 58 00 00 00 05 00 00 01 61 00 62 63`, "encoding 1"},
	{"endless description", `49 44 33 04 00 00 00 00 00 0F 54 58 58 58 00 00 00 05 00 00 03 61 62 63 64`, "without end"},
	{"NUL in value", `49 44 33 04 00 00 00 00 00 0F 54 58 58 58 00 00 00 05 00 00 03 61 00 62 00`, "with a NUL"},
	{"not UTF-8", `49 44 33 04 00 00 00 00 00 0F 54 58 58 58 00 00 00 05 00 00 03 61 00 C3 28`, "not UTF-8"},
	{"description twice", `49 44 33 04 00 00 00 00 00 1C 54 58 58 58 00 00 00 04 00 00 03 61 00 62 54 58 58 58 00 00 00 04 00 00 03 61 00 63`, `second TXXX "a"`},
}

func TestParseRefuses(t *testing.T) {
	for _, c := range refused {
		frames, err := Parse(unhex(t, c.tag))
		if err == nil || !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: got %v, %v; want an error with %q", c.name, frames, err, c.err)
		}
	}
}

// FuzzParse shows that no input makes the reader panic, and that a single TXXX frame
// which it accepts is written back as the same bytes.
func FuzzParse(f *testing.F) {
	f.Add(unhex(f, cueTag))
	for _, text := range texts[:6] {
		f.Add(AppendTXXX(nil, "mediad.cue", []byte(text)))
	}
	for _, c := range refused {
		f.Add(unhex(f, c.tag))
	}
	f.Fuzz(func(t *testing.T, tag []byte) {
		frames, err := Parse(tag)
		if err != nil {
			return
		}
		if len(frames) == 1 && frames[0].ID == "TXXX" {
			if again := AppendTXXX(nil, frames[0].Description, frames[0].Value); !bytes.Equal(again, tag) {
				t.Errorf("% x became % x", tag, again)
			}
		}
	})
}

func BenchmarkAppendTXXX(b *testing.B) {
	value := []byte(texts[3])
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		dst = AppendTXXX(dst[:0], "mediad.cue", value)
	}
}
