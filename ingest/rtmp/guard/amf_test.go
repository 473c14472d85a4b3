package guard

import (
	"bytes"
	"errors"
	"io"
	"mediad/ingest/rtmp/amf0"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	yutopp "github.com/yutopp/go-amf0"
)

type amfCase struct {
	name     string
	in, want []byte // want nil: as in
	err      error
}

func amfCases() []amfCase {
	nul := []byte{amf0.Null}
	ecma := []byte{amf0.ECMAArray, 0, 0, 0, 9}
	obj := []byte{amf0.Object}
	arr := func(n byte) []byte { return []byte{amf0.StrictArray, 0, 0, 0, n} }
	long := func(marker byte, s string) []byte { return append([]byte{marker, 0, 0, 0, byte(len(s))}, s...) }
	nested := func(n int, open []byte, shut []byte) []byte {
		return cat(bytes.Repeat(open, n), nul, bytes.Repeat(shut, n))
	}
	return []amfCase{
		{name: "nothing", in: []byte{}},
		{name: "plain values", in: cat(aNum(1), []byte{amf0.Boolean, 1}, aStr("x"), aStr(""), nul, append([]byte{amf0.Date}, make([]byte, 10)...))},
		{name: "object", in: cat(obj, aKey("a"), aNum(1), aKey("b"), obj, aEnd(), aEnd())},
		{name: "empty array", in: arr(0)},
		{name: "array", in: cat(arr(2), aNum(1), arr(1), nul)},
		{name: "ECMA array", in: cat(ecma, aKey("a"), aNum(1), aEnd(), nul), want: cat(obj, aKey("a"), aNum(1), aEnd(), nul)},
		{name: "ECMA array without end", in: cat(ecma, aKey("a"), aNum(1)), want: cat(obj, aKey("a"), aNum(1), aEnd())},
		{name: "nested ECMA arrays without end", in: cat(ecma, aKey("a"), ecma, aKey("b"), ecma),
			want: cat(obj, aKey("a"), obj, aKey("b"), obj, aEnd(), aEnd(), aEnd())},
		{name: "object without end", in: cat(obj, aKey("a"), aNum(1)), err: ErrAMF},
		{name: "object without end in an ECMA array", in: cat(ecma, aKey("a"), obj), err: ErrAMF},
		{name: "undefined, unsupported, reference", in: []byte{amf0.Undefined, amf0.Unsupported, amf0.Reference, 0, 1}, want: cat(nul, nul, nul)},
		{name: "long string", in: long(amf0.LongString, "text"), want: aStr("text")},
		{name: "XML", in: long(amf0.XML, "<a/>"), want: aStr("<a/>")},
		{name: "typed object", in: cat([]byte{amf0.TypedObject}, aKey("Class"), aKey("a"), nul, aEnd()), want: cat(obj, aKey("a"), nul, aEnd())},
		{name: "bytes that are no text", in: cat(aStr("a\xffb\xc3\x28"), obj, aKey("\x80"), nul, aEnd(), long(amf0.LongString, "\xfe")),
			want: cat(aStr("a?b?("), obj, aKey("?"), nul, aEnd(), aStr("?"))},
		{name: "16 deep", in: nested(16, arr(1), nil)},
		{name: "17 arrays deep", in: nested(17, arr(1), nil), err: ErrAMFDepth},
		{name: "17 objects deep", in: nested(17, cat(obj, aKey("k")), aEnd()), err: ErrAMFDepth},
		{name: "17 ECMA arrays deep", in: nested(17, cat(ecma, aKey("k")), aEnd()), err: ErrAMFDepth},
		{name: "deep twice", in: cat(nested(16, arr(1), nil), nested(16, cat(obj, aKey("k")), aEnd()))},
		{name: "wide, not deep", in: cat(bytes.Repeat(cat(obj, aEnd()), 20), bytes.Repeat(arr(0), 20), bytes.Repeat(cat(obj, aEnd()), 20))},
		{name: "4096 values", in: bytes.Repeat(nul, 4096)},
		{name: "4097 values", in: bytes.Repeat(nul, 4097), err: ErrAMFValues},
		{name: "array of 4096", in: cat([]byte{amf0.StrictArray, 0, 0, 0x10, 0}, bytes.Repeat(nul, 4096)), err: ErrAMFValues},
		{name: "array longer than the message", in: []byte{amf0.StrictArray, 0x7f, 0xff, 0xff, 0xff, amf0.Null}, err: ErrAMF},
		{name: "array of arrays longer than the message", in: cat(arr(2), arr(3), nul, nul), err: ErrAMF},
		{name: "string longer than the message", in: []byte{amf0.String, 0, 2, 'x'}, err: ErrAMF},
		{name: "long string longer than the message", in: []byte{amf0.LongString, 0xff, 0xff, 0xff, 0xff, 'x'}, err: ErrAMF},
		{name: "long string that no string can hold", in: cat([]byte{amf0.LongString, 0, 1, 0, 0}, make([]byte, 65536)), err: ErrAMF},
		{name: "number cut off", in: aNum(1)[:8], err: ErrAMF},
		{name: "boolean cut off", in: []byte{amf0.Boolean}, err: ErrAMF},
		{name: "string cut off", in: []byte{amf0.String, 0}, err: ErrAMF},
		{name: "reference cut off", in: []byte{amf0.Reference, 0}, err: ErrAMF},
		{name: "ECMA array cut off", in: ecma[:4], err: ErrAMF},
		{name: "array cut off", in: arr(1)[:4], err: ErrAMF},
		{name: "long string cut off", in: []byte{amf0.LongString, 0, 0, 0}, err: ErrAMF},
		{name: "typed object cut off", in: []byte{amf0.TypedObject, 0, 9, 'x'}, err: ErrAMF},
		{name: "typed object without name", in: []byte{amf0.TypedObject, 0}, err: ErrAMF},
		{name: "end marker as a value", in: []byte{amf0.ObjectEnd}, err: ErrAMF},
		{name: "empty name with a value", in: cat(obj, aKey(""), nul, aEnd()), err: ErrAMF},
		{name: "movie clip", in: []byte{4}, err: ErrAMF},
		{name: "record set", in: []byte{14}, err: ErrAMF},
		{name: "unknown marker", in: []byte{0x12}, err: ErrAMF},
		{name: "AMF3", in: cat(obj, aKey("a"), []byte{amf0.AVMPlus, 1}, aEnd()), err: ErrAMF3},
	}
}

func TestAMF(t *testing.T) {
	for _, tt := range amfCases() {
		t.Run(tt.name, func(t *testing.T) {
			got, err := rewriteAMF(bytes.Clone(tt.in), 16, 4096)
			if !errors.Is(err, tt.err) {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			want := tt.want
			if want == nil && tt.err == nil {
				want = tt.in
			}
			if !bytes.Equal(got, want) {
				t.Errorf("got  % x\nwant % x", got, want)
			}
			if tt.err == nil {
				decodes(t, got)
			}
		})
	}
	_, err := rewriteAMF(append(bytes.Repeat([]byte{amf0.StrictArray, 0, 0, 0, 1}, 17), amf0.Null), 16, 4096)
	if err == nil || err.Error() != "guard: AMF nested too deeply: more than 16 levels" {
		t.Errorf("error text %q", err)
	}
}

// decodes reads rewritten AMF with go-amf0, which must understand all of it
// and come out at its end.
func decodes(t *testing.T, b []byte) []any {
	t.Helper()
	r := bytes.NewReader(b)
	d := yutopp.NewDecoder(r)
	var values []any
	for {
		var v any
		err := d.Decode(&v)
		if err == io.EOF && r.Len() == 0 {
			return values
		}
		if err != nil {
			t.Fatalf("go-amf0: %v, %d bytes left of % x", err, r.Len(), b)
		}
		values = append(values, v)
	}
}

// An ECMA array whose second property is an object makes go-amf0 take the
// inside of a string for values: here a Null and an array of 32,639, which
// could as well be one of 2^31-1.
func TestAMFWithoutLosingPlace(t *testing.T) {
	hidden := bytes.Repeat([]byte{'x'}, 0x300)
	copy(hidden[0x203-1:], cat(aEnd(), aKey("n"), []byte{amf0.Null}, aKey("z"), []byte{amf0.StrictArray, 0, 0, 0x7f, 0x7f}))
	attack := cat([]byte{amf0.ECMAArray, 0, 0, 0, 2}, aKey("a"), aNum(0), aKey("b"), []byte{amf0.Object}, aKey("k"), aStr(string(hidden)), aEnd(), aEnd())

	var v any
	err := yutopp.NewDecoder(bytes.NewReader(attack)).Decode(&v)
	if err == nil || !strings.Contains(err.Error(), "120") { // it reads the x behind the array as a marker
		t.Errorf("go-amf0 keeps its place now, and ECMA arrays could be left as they are: %v", err)
	}
	got, err := rewriteAMF(bytes.Clone(attack), 16, 4096)
	if err != nil {
		t.Fatal(err)
	}
	want := []any{map[string]any{"a": 0.0, "b": map[string]any{"k": string(hidden)}}}
	if d := cmp.Diff(want, decodes(t, got)); d != "" {
		t.Error(d)
	}
}

func FuzzAMF(f *testing.F) {
	for _, tt := range amfCases() {
		if len(tt.in) < 1000 { // the engine takes a minute to shorten a long one
			f.Add(tt.in, uint8(16), uint16(4096))
		}
	}
	f.Fuzz(func(t *testing.T, in []byte, depth uint8, values uint16) {
		if len(in) > 1<<16 {
			return
		}
		d, n := int(depth)%64+1, int(values)+1
		got, err := rewriteAMF(bytes.Clone(in), d, n)
		if err != nil {
			if !slices.ContainsFunc([]error{ErrAMF, ErrAMF3, ErrAMFDepth, ErrAMFValues}, func(e error) bool { return errors.Is(err, e) }) {
				t.Fatalf("unexpected error %v", err)
			}
			return
		}
		if len(got) > len(in) {
			t.Fatalf("grew from %d to %d bytes", len(in), len(got))
		}
		again, err := rewriteAMF(bytes.Clone(got), d, n)
		if err != nil || !bytes.Equal(again, got) {
			t.Fatalf("not stable: %v\n% x\n% x", err, got, again)
		}
		if top := decodes(t, got); len(top) > n {
			t.Fatalf("%d values", len(top))
		}
	})
}
