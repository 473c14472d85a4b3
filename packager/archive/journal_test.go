package archive

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/packager/m3u8"
)

var begin = time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC)

func record(msn uint64) Record {
	return Record{MSN: msn, Duration: 2 * time.Second, Date: begin.Add(time.Duration(msn) * 2 * time.Second), Bytes: 1000}
}

func records(first, last uint64) []Record {
	var out []Record
	for msn := first; msn <= last; msn++ {
		out = append(out, record(msn))
	}
	return out
}

// full is a record that uses every field.
func full(msn uint64) Record {
	r := record(msn)
	r.Discontinuity, r.StandIn, r.Duration = true, true, 1987*time.Millisecond
	r.DateRanges = []m3u8.DateRange{{
		ID: "01x-412", Class: "mediad.cue", Start: r.Date.Add(500 * time.Millisecond),
		Attrs: []m3u8.Attr{{Name: "X-MEDIAD-KIND", Value: "product.pin"}, {Name: "X-MEDIAD-DATA", Value: "eyJ9"}},
	}}
	return r
}

func journalOf(t testing.TB, lines ...line) []byte {
	t.Helper()
	text, err := encode(lines)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestReadJournal(t *testing.T) {
	open := line{Open: &opening{Version: 1, Target: 2, Window: 30 * time.Second, Discontinuities: 7}}
	gap := record(3)
	gap.Gap, gap.Bytes = true, 0
	whole := journalOf(t, open, recordLine(record(1)), recordLine(full(2)), recordLine(gap))
	all := []Record{record(1), full(2), gap}
	for name, c := range map[string]struct {
		text string
		want written
	}{
		"nothing": {"", written{}},
		"whole":   {string(whole), written{open: open.Open, records: all}},
		"ended":   {string(whole) + "{\"end\":true}\n", written{open: open.Open, records: all, end: true}},
		"done":    {string(whole) + "{\"end\":true}\n{\"done\":true}\n", written{open: open.Open, records: all, end: true, done: true}},
		"torn":    {string(whole) + `{"segment":{"msn":4,`, written{open: open.Open, records: all, good: int64(len(whole))}},
		"torn but whole JSON": {string(whole) + strings.TrimSuffix(string(journalOf(t, recordLine(record(4)))), "\n"),
			written{open: open.Open, records: all, good: int64(len(whole))}},
		"zeroes": {string(whole) + "\x00\x00\x00\n" + string(journalOf(t, recordLine(record(4)))), written{open: open.Open, records: append(slices.Clone(all), record(4)), bad: 1}},
		"of two stores": {string(journalOf(t, line{Store: "a"}, open, recordLine(record(1)), line{Store: "b"}, recordLine(full(2)), recordLine(gap))),
			written{open: open.Open, records: all, stores: []storePeriod{{"a", 0}, {"b", 1}}}},
		"steps back":    {string(whole) + string(journalOf(t, recordLine(record(3)), recordLine(record(1)))), written{open: open.Open, records: all, bad: 2}},
		"opened twice":  {string(whole) + string(journalOf(t, open)), written{open: open.Open, records: all, bad: 1}},
		"never opened":  {string(journalOf(t, recordLine(full(2)))), written{open: &opening{Version: 1, Target: 2, Window: 30 * time.Second}, records: []Record{full(2)}}},
		"other version": {"{\"open\":{\"v\":2,\"target\":2}}\n", written{bad: 1}},
		"without a word on standing in": {`{"segment":{"msn":1,"ns":2000000000,"date":"2026-03-01T12:00:02.123456789Z","bytes":1000}}` + "\n",
			written{open: &opening{Version: 1, Target: 2, Window: 30 * time.Second}, records: []Record{record(1)}}},
		"unlistable": {"{\"segment\":{\"msn\":1,\"ns\":0,\"date\":\"2026-03-01T12:00:00Z\",\"bytes\":1}}\n{}\n[]\n", written{bad: 3}},
	} {
		if c.want.good == 0 {
			c.want.good = int64(len(c.text))
		}
		if diff := cmp.Diff(c.want, read([]byte(c.text)), cmp.AllowUnexported(written{}, storePeriod{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What another store has is a gap, also where the first line that tells of a
// store comes late, and only there.
func TestHere(t *testing.T) {
	for stores, want := range map[string]string{
		"":                "12345",
		"a0":              "12345",
		"a2":              "12345", // an older journal
		"a0 b5":           "-----",
		"a0 b3":           "---45",
		"a2 b3":           "---45",
		"a0 b2 a4":        "12--5",
		"a0 b2 c2 a2 b5":  "-----",
		"a0 b1 c2 b4":     "-2--5",
		"a0 b1 c2 b4 a99": "1----",
	} {
		w := written{records: records(1, 5)}
		for _, s := range strings.Fields(stores) {
			w.stores = append(w.stores, storePeriod{s[:1], min(int(s[1]-'0'), 5)})
		}
		got := ""
		for _, r := range w.here() {
			if r.Gap {
				got += "-"
			} else {
				got += string(rune('0' + r.MSN))
			}
		}
		if got != want {
			t.Errorf("%q: %s, want %s", stores, got, want)
		}
		if diff := cmp.Diff(records(1, 5), w.records); diff != "" {
			t.Errorf("%q changes what is written", stores)
		}
	}
}

// FuzzReadJournal: whatever stands on the disk, reading ends, what comes out can
// be listed, and writing goes on behind it.
func FuzzReadJournal(f *testing.F) {
	open := line{Open: &opening{Version: 1, Target: 2, Window: 30 * time.Second}}
	f.Add([]byte(""))
	f.Add(journalOf(f, open, recordLine(record(1)), recordLine(full(2)), line{End: true}, line{Done: true}))
	f.Add(journalOf(f, open, recordLine(record(1)), recordLine(record(1<<40)), recordLine(record(1<<40+9))))
	f.Add(journalOf(f, open, recordLine(full(1)), recordLine(full(2))))
	f.Add(append(journalOf(f, recordLine(full(1))), `{"segment":{"msn":2`...))
	f.Add([]byte("{\"open\":{\"v\":1,\"target\":3600,\"window_ns\":9000000000000000000,\"discontinuities\":18446744073709551615}}\n\x00\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		w := read(text)
		if w.good > int64(len(text)) || w.good > 0 && text[w.good-1] != '\n' || bytes.IndexByte(text[w.good:], '\n') >= 0 {
			t.Fatalf("%d of %d bytes are whole lines", w.good, len(text))
		}
		again := read(append(bytes.Clone(text[:w.good]), journalOf(t, line{End: true})...))
		if !again.end || again.bad != w.bad || !cmp.Equal(again.records, w.records) {
			t.Fatal("a line behind the whole ones changes them")
		}
		if len(w.records) == 0 {
			return
		}
		shown := w.listing()
		for i, r := range shown.records {
			if i > 0 && r.MSN != shown.records[i-1].MSN+1 {
				t.Fatalf("the plain playlist has a hole before %d", r.MSN)
			}
		}
		last := w.records[len(w.records)-1].MSN
		if n := len(shown.records); n == 0 || shown.records[n-1].MSN != last {
			t.Fatal("the newest segment is not listed")
		}
		if _, err := shown.media("01a", true).Bytes(); err != nil {
			t.Fatal(err)
		}
		if len(w.records) < 5 {
			if _, err := replay(filled(w.records, w.open.Target), w.open.Target).Bytes(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestJournalGoesOn: a torn line is written over, on every restart.
func TestJournalGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "demo", "01a.journal")
	for n := uint64(1); n <= 5; n++ {
		j, w, err := openJournal(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(records(1, n-1), w.records); diff != "" || w.bad != 0 {
			t.Fatalf("%d bad lines (-want +got):\n%s", w.bad, diff)
		}
		if n == 1 {
			if err := j.append(line{Open: &opening{Version: 1, Target: 2}}); err != nil {
				t.Fatal(err)
			}
		}
		if err := j.append(recordLine(record(n))); err != nil {
			t.Fatal(err)
		}
		torn := journalOf(t, recordLine(full(n+1)))
		if _, err := j.file.WriteAt(torn[:len(torn)-1], j.size); err != nil {
			t.Fatal(err)
		}
		if err := j.close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestJournalFails: a failed append leaves the journal as it was.
func TestJournalFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "demo", "01a.journal")
	j, _, err := openJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.append(line{End: true}); err != nil {
		t.Fatal(err)
	}
	size := j.size
	if err := j.close(); err != nil {
		t.Fatal(err)
	}
	if err := j.append(line{Done: true}); !errors.Is(err, fs.ErrClosed) || j.size != size {
		t.Errorf("%v, size %d, was %d", err, j.size, size)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "{\"end\":true}\n" {
		t.Errorf("%q, %v", text, err)
	}
}
