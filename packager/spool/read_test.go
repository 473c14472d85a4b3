package spool_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/packager/m3u8"
	"mediad/packager/spool"
)

var date = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// head and part are the words of a broadcast whose segments have four parts of
// half a second.
func head(msn uint64) spool.Head {
	return spool.Head{
		MSN: msn, Start: int64(msn) * 2 * ingest.Clock, Date: date.Add(time.Duration(msn) * 2 * time.Second),
		Discontinuity: msn == 3, Target: 2 * ingest.Clock, Tracks: []ingest.Track{{RFC6381: "avc1.42c01e", SPS: [][]byte{{1, 2}}}},
	}
}

func part(number uint64) spool.Part {
	p := spool.Part{
		Number: number, Duration: ingest.Clock / 2, Target: ingest.Clock / 2, Independent: number%4 == 1,
		Data: bytes.Repeat([]byte{byte(number), 0x47}, 94*int(1+number%3)),
	}
	if number%4 == 2 {
		p.DateRanges = []m3u8.DateRange{{ID: fmt.Sprint(number), Class: "mediad.cue", Start: date, Attrs: []m3u8.Attr{{Name: "X-MEDIAD-SEQ", Value: "3"}}}}
	}
	return p
}

func parts(msn uint64) (out []spool.Part) {
	for n := range uint64(4) {
		out = append(out, part((msn-1)*4+n+1))
	}
	return out
}

// A file that ends anywhere is read up to its last whole record.
func TestTornAnywhere(t *testing.T) {
	h, all := head(3), parts(3)
	file, ends := spool.Encode(h, all, 2*ingest.Clock)
	for n := range len(file) + 1 {
		whole := -1 // records, but for the head
		for _, end := range ends {
			if end <= n {
				whole++
			}
		}
		s, err := spool.Decode(file[:n])
		if whole < 1 {
			if err == nil {
				t.Fatalf("%d bytes without a whole part are taken for a segment", n)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
		if s.Closed != (whole == 5) || !reflect.DeepEqual(s.Parts, all[:min(whole, 4)]) || !reflect.DeepEqual(s.Head, h) {
			t.Fatalf("%d bytes with %d whole records: %+v", n, whole, s)
		}
	}
}

// The same of records and media in files of their own: whichever is shorter
// decides.
func TestTornApart(t *testing.T) {
	h, all := head(3), parts(3)
	words, media, ends := spool.EncodeApart(h, all, 2*ingest.Clock)
	var long []int // where parts end in the media
	for _, p := range all {
		long = append(long, len(p.Data))
		if n := len(long); n > 1 {
			long[n-1] += long[n-2]
		}
	}
	for _, c := range [][2]int{{len(words), 0}, {0, len(media)}} {
		for n := range max(len(words), len(media)) + 1 {
			w, m := max(c[0], min(n, len(words))), max(c[1], min(n, len(media)))
			whole, closed := 0, w == len(words) && m == len(media)
			for whole < 4 && ends[whole+1] <= w && long[whole] <= m {
				whole++
			}
			s, err := spool.DecodeApart(words[:w], media[:m])
			if (err == nil) != (whole > 0) {
				t.Fatalf("%d and %d bytes with %d whole parts: %v", w, m, whole, err)
			}
			if err == nil && (s.Closed != closed || !reflect.DeepEqual(s.Parts, all[:whole]) || !reflect.DeepEqual(s.Head, h)) {
				t.Fatalf("%d and %d bytes with %d whole parts: %+v", w, m, whole, s)
			}
		}
	}
}

// A bit that changed anywhere costs what it stands in and what follows, and is
// never taken for media.
func TestFlippedAnywhere(t *testing.T) {
	all := parts(3)
	file, _ := spool.Encode(head(3), all, 2*ingest.Clock)
	for n := range file {
		broken := bytes.Clone(file)
		broken[n] ^= 1 << (n % 8)
		s, err := spool.Decode(broken)
		if err != nil {
			continue
		}
		if s.Closed || len(s.Parts) > 4 || !reflect.DeepEqual(s.Parts, all[:len(s.Parts)]) {
			t.Fatalf("byte %d: %d parts, closed %t", n, len(s.Parts), s.Closed)
		}
	}
	words, media, _ := spool.EncodeApart(head(3), all, 2*ingest.Clock)
	for n := range len(words) + len(media) {
		w, m := bytes.Clone(words), bytes.Clone(media)
		if n < len(w) {
			w[n] ^= 1 << (n % 8)
		} else {
			m[n-len(w)] ^= 1 << (n % 8)
		}
		s, err := spool.DecodeApart(w, m)
		if err == nil && (s.Closed || len(s.Parts) > 4 || !reflect.DeepEqual(s.Parts, all[:len(s.Parts)])) {
			t.Fatalf("byte %d apart: %d parts, closed %t", n, len(s.Parts), s.Closed)
		}
	}
}

func FuzzRead(f *testing.F) {
	file, ends := spool.Encode(head(3), parts(3), 2*ingest.Clock)
	f.Add(file)
	f.Add(file[:ends[2]+30])
	f.Add(append(bytes.Clone(file[:ends[1]]), file...))
	gap, _ := spool.Encode(head(4), []spool.Part{{Number: 9, Duration: 1, Target: 1, Gap: true, StandIn: true}}, 0)
	f.Add(gap)
	words, _, _ := spool.EncodeApart(head(3), parts(3), 2*ingest.Clock)
	f.Add(words)
	_, media, _ := spool.EncodeApart(head(3), parts(3), 2*ingest.Clock)
	f.Fuzz(func(t *testing.T, file []byte) { judge(t, file, media) })
}

// FuzzObjects gets past the sums, to what the records say.
func FuzzObjects(f *testing.F) {
	h, _ := json.Marshal(head(3))
	p, _ := json.Marshal(part(9))
	f.Add("HPPE", h, p, []byte(`{"Number":10,"Duration":45000,"Target":45000}`), []byte(`{"Parts":2,"Target":180000}`), []byte("media"))
	f.Add("HPHE", h, []byte(`{"Number":1,"Duration":1,"Target":1,"Gap":true}`), h, []byte(`{"Parts":1}`), []byte{})
	f.Add("PHEE", p, h, []byte(`{"Parts":0}`), []byte(`null`), []byte("x"))
	f.Fuzz(func(t *testing.T, kinds string, a, b, c, d, media []byte) {
		if len(kinds) != 4 || len(a)+len(b)+len(c)+len(d) > 100_000 {
			return
		}
		all := [][]byte{nil, nil, nil, nil}
		for i := range kinds {
			if kinds[i] == 'P' {
				all[i] = media
			}
		}
		words, _ := spool.Seal(kinds, [][]byte{a, b, c, d}, all, true)
		judge(t, words, nil)
		words, apart := spool.Seal(kinds, [][]byte{a, b, c, d}, all, false)
		judge(t, words, apart)
	})
}

// judge sees that what can be read of a segment's files is sane.
func judge(t *testing.T, words, media []byte) {
	s, err := spool.DecodeApart(words, media)
	if err != nil {
		return
	}
	last := uint64(0)
	for _, p := range s.Parts {
		if p.Number <= last || p.Duration <= 0 || p.Gap != (len(p.Data) == 0) {
			t.Fatalf("%+v", s)
		}
		last = p.Number
	}
	if len(s.Parts) == 0 || s.MSN == 0 || s.Size() > int64(len(words)+len(media)) || s.Duration() <= 0 {
		t.Fatalf("%+v", s)
	}
	// What was read is read again when it is written.
	again, apart, _ := spool.EncodeApart(s.Head, s.Parts, s.Target)
	twice, err := spool.DecodeApart(again, apart)
	if err != nil || !reflect.DeepEqual(twice.Parts, s.Parts) {
		t.Fatalf("%v\n%+v\n%+v", err, s, twice)
	}
}

// A folder full of what does not belong there.
func TestFindAmongJunk(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "demo", "01a")
	if err := os.MkdirAll(filepath.Join(folder, "9.parts"), 0o755); err != nil {
		t.Fatal(err)
	}
	put := func(name string, body []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, msn := range []uint64{3, 5, 6} {
		h := head(msn)
		h.Boot = "this"
		file, _ := spool.Encode(h, parts(msn), 2*ingest.Clock)
		put(fmt.Sprintf("%d.parts", msn), file)
		put(fmt.Sprintf("0%d.parts", msn), file)
		put("12.parts", file) // it says another number
	}
	put("7.parts", nil)
	put("8.parts", []byte("not a spool"))
	put("x.parts", nil)
	put("0.parts", nil)
	put("18446744073709551616.parts", nil)
	put("20.ts", []byte("media of which nothing is known"))
	put("cut-123", []byte("half a copy"))
	put("020.ts", []byte("somebody's"))
	put("notes.txt", []byte("do not lose me"))
	put("exact", nil)
	if err := os.Symlink("/dev/zero", filepath.Join(folder, "10.parts")); err != nil {
		t.Fatal(err)
	}
	s := spool.New(spool.Options{Dir: dir, Boot: "this"})
	f, err := s.Find("demo", "01a")
	if err != nil {
		t.Fatal(err)
	}
	var got []uint64
	for _, seg := range f.Segments {
		got = append(got, seg.MSN)
	}
	if !reflect.DeepEqual(got, []uint64{3, 5, 6}) || !f.Exact {
		t.Errorf("found %v, exact %t", got, f.Exact)
	}
	if r := f.Recall(time.Hour); len(r) != 2 || r[0].MSN != 5 || !reflect.DeepEqual(r[1].Parts, parts(6)) {
		t.Errorf("recalled %d", len(r))
	}
	if r := f.Recall(time.Second); len(r) != 1 || r[0].MSN != 6 {
		t.Errorf("recalled %d for a second", len(r))
	}
	for file, stays := range map[string]bool{"20.ts": false, "cut-123": false, "020.ts": true} {
		if _, err := os.Stat(filepath.Join(folder, file)); (err == nil) != stays {
			t.Errorf("%s stays: %t", file, err == nil)
		}
	}
	// Another boot, or no mark: nothing is exact.
	if f, err := spool.New(spool.Options{Dir: dir, Boot: "other"}).Find("demo", "01a"); err != nil || f.Exact || len(f.Segments) != 3 || f.Recall(time.Hour) != nil {
		t.Errorf("another boot: %+v, %v", f, err)
	}
	// A segment that went away is gone for good.
	_, err = s.Read("demo", "01a", 4)
	var p interface{ Permanent() bool }
	if !errors.Is(err, fs.ErrNotExist) || !errors.As(err, &p) || !p.Permanent() {
		t.Errorf("read what is not there: %v", err)
	}
	if err := s.Forget("demo", func(string) bool { return false }); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "notes.txt")); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(folder, "[356].parts")); len(left) != 0 {
		t.Errorf("%v stay", left)
	}
	if f, err := s.Find("demo", "none"); err != nil || len(f.Segments) != 0 || f.Exact {
		t.Errorf("no folder: %+v, %v", f, err)
	}
}
