package spool_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"mediad/packager/spool"
)

// logs are the files of records in a folder, and how much they hold.
func logs(t *testing.T, folder string) (names []string, size int64) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*.records"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if info, err := os.Stat(name); err == nil {
			size += info.Size()
		}
	}
	return names, size
}

// Many segments share a file of records, and what is needed no more leaves it
// within a bound, however long the broadcast; also of one whose segments are all
// gone while their file is still written.
func TestRecordsStayBounded(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "demo", "01a")
	s := spool.New(spool.Options{Dir: dir, Boot: "b"})
	running(t, s)
	kept := make(chan uint64, 1)
	st := s.Open(spool.Opening{Room: "demo", Epoch: "01a", Kept: func(msn uint64) { kept <- msn }})
	most := 0
	for msn := uint64(1); msn <= 200; msn++ {
		feed(st, msn)
		s.Done("demo", "01a", <-kept)
		st.Keep(max(msn, 5) - 4)
		names, _ := logs(t, folder)
		most = max(most, len(names))
	}
	if most > 3 { // 5 segments in two of them, and one that is about to go
		t.Errorf("%d files of records lie there at once", most)
	}
	eventually(t, "what is needed no more is gone", func() bool {
		_, err := os.Stat(filepath.Join(folder, "195.ts"))
		return os.IsNotExist(err)
	})
	f, err := spool.New(spool.Options{Dir: dir, Boot: "b"}).Find("demo", "01a")
	if err != nil || !f.Exact || len(f.Segments) != 5 {
		t.Fatalf("%+v, %v", f, err)
	}
	for _, seg := range f.Segments {
		if err := seg.Load(); err != nil || !seg.Closed || !reflect.DeepEqual(seg.Parts, parts(seg.MSN)) {
			t.Errorf("segment %d: %v", seg.MSN, err)
		}
	}
	st.End()
	eventually(t, "nothing is left", func() bool {
		_, err := os.Stat(folder)
		return os.IsNotExist(err)
	})
}

// A record that is damaged costs its segment what follows it, and no other
// segment anything; wherever a file of records ends, what stands before is there.
func TestRecordsOfManyDamaged(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "demo", "01a")
	s := spool.New(spool.Options{Dir: dir, Boot: "b"})
	stop := running(t, s)
	kept := make(chan uint64, 1)
	st := s.Open(spool.Opening{Room: "demo", Epoch: "01a", Kept: func(msn uint64) { kept <- msn }})
	var ends []int // of records, behind each segment
	path := filepath.Join(folder, "1.records")
	for msn := uint64(1); msn <= 5; msn++ {
		feed(st, msn)
		<-kept
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		ends = append(ends, int(info.Size()))
	}
	stop()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// Each time in a copy: what nothing is known of is deleted.
	found := func(records []byte) (closed []uint64) {
		t.Helper()
		again := t.TempDir()
		if err := os.CopyFS(again, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(again, "demo", "01a", "1.records"), records, 0o644); err != nil {
			t.Fatal(err)
		}
		f, err := spool.New(spool.Options{Dir: again, Boot: "b", Log: slog.New(slog.DiscardHandler)}).Find("demo", "01a")
		if err != nil {
			t.Fatal(err)
		}
		for _, seg := range f.Segments {
			if err := seg.Load(); err != nil || !reflect.DeepEqual(seg.Parts, parts(seg.MSN)[:len(seg.Parts)]) {
				t.Fatalf("segment %d: %v", seg.MSN, err)
			}
			if seg.Closed {
				closed = append(closed, seg.MSN)
			}
		}
		return closed
	}
	for n := 0; n < len(whole); n += 37 {
		turned := bytes.Clone(whole)
		turned[n] ^= 1 << (n % 8)
		hit := uint64(1)
		for ends[hit-1] <= n {
			hit++
		}
		want := slices.DeleteFunc([]uint64{1, 2, 3, 4, 5}, func(msn uint64) bool { return msn == hit })
		if got := found(turned); !slices.Equal(got, want) {
			t.Fatalf("byte %d of segment %d: whole are %v", n, hit, got)
		}
		want = []uint64{1, 2, 3, 4, 5}[:hit-1]
		if got := found(whole[:n]); !slices.Equal(got, want) {
			t.Fatalf("cut at %d in segment %d: whole are %v", n, hit, got)
		}
	}
}

// What a store got from segments of one file of records is gone, whatever of the
// file stays; the rest is looked at, and deleted with the last of it.
func TestLookAtRecords(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "demo", "01a")
	s := spool.New(spool.Options{Dir: dir, Boot: "b"})
	stop := running(t, s)
	kept := make(chan uint64, 1)
	st := s.Open(spool.Opening{Room: "demo", Epoch: "01a", Kept: func(msn uint64) { kept <- msn }})
	for msn := uint64(1); msn <= 4; msn++ {
		feed(st, msn)
		<-kept
	}
	stop()
	if err := os.Remove(filepath.Join(folder, "1.ts")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "3.ts"), []byte("other bytes"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "9.ts"), []byte("whose?"), 0o644); err != nil {
		t.Fatal(err)
	}
	look := func() (got []string) {
		t.Helper()
		all, err := spool.Look(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range all {
			got = append(got, fmt.Sprint(f.MSN, f.Damaged == nil))
			if f.Room != "demo" || f.Epoch != "01a" || f.Size == 0 || f.Modified.IsZero() {
				t.Errorf("%+v", f)
			}
		}
		return got
	}
	if got, want := look(), []string{"2 true", "3 false", "4 true", "9 false"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	for _, msn := range []int{9, 3, 2} {
		if err := spool.Remove(filepath.Join(folder, fmt.Sprint(msn, ".ts"))); err != nil {
			t.Error(err)
		}
	}
	if got, want := look(), []string{"4 true"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	if names, _ := logs(t, folder); len(names) != 1 {
		t.Errorf("%q", names)
	}
	if err := spool.Remove(filepath.Join(folder, "4.ts")); err != nil {
		t.Error(err)
	}
	if names, _ := logs(t, folder); len(names) != 0 {
		t.Errorf("%q stay", names)
	}
}
