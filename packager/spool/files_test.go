package spool_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/packager/spool"
)

// The spool of a process of the former version that was killed is read by this
// one: testdata/former was left behind by a real one, media among the records. The
// sums are those of the objects that it had stored.
func TestFormerVersion(t *testing.T) {
	const epoch = "01m8k6d11vk20xbcgnezjhfxr9"
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/former")); err != nil {
		t.Fatal(err)
	}
	s := spool.New(spool.Options{Dir: dir})
	f, err := s.Find("demo", epoch)
	if err != nil || len(f.Segments) != 3 {
		t.Fatalf("found %d, %v", len(f.Segments), err)
	}
	for i, want := range []string{"9b0ba04ddd67417a5910970467d419d0bb4c2ce7c531c89b2d92de8270e1cf8e", "ff53e0e4dd642867b593a38aa5bed1c8cb19af165af77c05f99a721014c13799"} {
		msn := uint64(7 + i)
		body, err := s.Read("demo", epoch, msn)
		if got := fmt.Sprintf("%x", sha256.Sum256(body)); err != nil || got != want || !f.Segments[i].Closed {
			t.Errorf("segment %d: %s, closed %t, %v", msn, got, f.Segments[i].Closed, err)
		}
		if path, err := s.File("demo", epoch, msn); path != "" || err != nil {
			t.Errorf("segment %d is the file %q, %v", msn, path, err)
		}
	}
	last := f.Segments[2]
	if err := last.Load(); err != nil || last.Closed || len(last.Parts) == 0 || last.Size() == 0 {
		t.Errorf("the open segment: %+v, %v", last, err)
	}
	// This process goes on behind it, in the new way, and both are one past.
	f, err = spool.New(spool.Options{Dir: dir, Boot: last.Boot}).Find("demo", epoch)
	if err != nil || !f.Exact || len(f.Recall(time.Hour)) != 3 {
		t.Errorf("exact %t, %v", f.Exact, err)
	}
	running(t, s)
	kept := make(chan uint64, 1)
	st := s.Open(spool.Opening{Room: "demo", Epoch: epoch, Found: f, Kept: func(msn uint64) { kept <- msn }})
	feed(st, 10)
	<-kept
	if f, err = s.Find("demo", epoch); err != nil || len(f.Segments) != 4 || !f.Segments[3].Closed {
		t.Errorf("found %d, %v", len(f.Segments), err)
	}
	st.Keep(11)
	st.End()
	s.Done("demo", epoch, 10)
	eventually(t, "the folder is gone", func() bool {
		_, err := os.Stat(filepath.Join(dir, "demo", epoch))
		return errors.Is(err, fs.ErrNotExist)
	})
}

// A kept segment's file is its parts and nothing else, also after a restart, and
// also of the segment that was open; what is not what was written is not given.
func TestFileIsTheSegment(t *testing.T) {
	dir := t.TempDir()
	s := spool.New(spool.Options{Dir: dir})
	stop := running(t, s)
	kept := make(chan uint64, 1)
	st := s.Open(spool.Opening{Room: "demo", Epoch: "01a", Kept: func(msn uint64) { kept <- msn }})
	for msn := uint64(1); msn <= 2; msn++ {
		feed(st, msn)
		<-kept
	}
	h := head(3)
	st.Part(&h, part(9))
	is := func(s *spool.Spool, msn uint64, parts []spool.Part) {
		t.Helper()
		var want []byte
		for _, p := range parts {
			want = append(want, p.Data...)
		}
		path, err := s.File("demo", "01a", msn)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("segment %d: %d bytes, want %d: %v", msn, len(got), len(want), err)
		}
	}
	is(s, 1, parts(1))
	is(s, 2, parts(2))
	eventually(t, "the part is written", func() bool { return s.Stats().QueuedBytes == 0 })
	stop()
	media := filepath.Join(dir, "demo", "01a", "3.ts")
	tail := func() { // media of a part whose record did not come
		f, err := os.OpenFile(media, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString("half a part"); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	tail()
	next := spool.New(spool.Options{Dir: dir})
	f, err := next.Find("demo", "01a")
	if err != nil || len(f.Segments) != 3 || f.Segments[2].Closed {
		t.Fatalf("%+v, %v", f, err)
	}
	is(next, 1, parts(1))
	is(next, 3, []spool.Part{part(9)})
	// A file that has become an object is not cut: a copy takes its place.
	object := filepath.Join(t.TempDir(), "3.ts")
	tail()
	if err := os.Link(media, object); err != nil {
		t.Fatal(err)
	}
	is(next, 3, []spool.Part{part(9)})
	if got, err := os.ReadFile(object); err != nil || !bytes.HasSuffix(got, []byte("half a part")) {
		t.Errorf("the object has changed: %v", err)
	}
	// Nor is it written over by a number that comes again.
	again := spool.New(spool.Options{Dir: dir})
	running(t, again)
	linked := filepath.Join(t.TempDir(), "2.ts")
	if err := os.Link(filepath.Join(dir, "demo", "01a", "2.ts"), linked); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(linked)
	st = again.Open(spool.Opening{Room: "demo", Epoch: "01a", Kept: func(msn uint64) { kept <- msn }})
	two := head(2)
	st.Part(&two, part(99))
	st.Close(1, 2*ingest.Clock)
	<-kept
	if after, err := os.ReadFile(linked); err != nil || !bytes.Equal(after, before) {
		t.Errorf("the object has changed: %v", err)
	}
	if err := spool.New(spool.Options{Dir: dir}).Forget("demo", func(epoch string) bool { return epoch == "01a" }); err != nil {
		t.Error(err)
	}
	// A bit that turned is found before it is stored.
	words := filepath.Join(dir, "demo", "01a", "1.ts")
	body, err := os.ReadFile(words)
	if err != nil {
		t.Fatal(err)
	}
	body[7] ^= 1
	if err := os.WriteFile(words, body, 0o644); err != nil {
		t.Fatal(err)
	}
	var p interface{ Permanent() bool }
	if _, err := next.File("demo", "01a", 1); !errors.As(err, &p) || !p.Permanent() {
		t.Errorf("a damaged segment: %v", err)
	}
	if _, err := next.File("demo", "01a", 77); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("none: %v", err)
	}
	if err := next.Forget("demo", func(string) bool { return false }); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "demo", "01a", "*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// What many streams close at once is synced together, and told of one by one.
func TestSyncsTogether(t *testing.T) {
	s := spool.New(spool.Options{Dir: t.TempDir()})
	running(t, s)
	const streams = 40
	kept := make(chan string, streams)
	for i := range streams {
		epoch := fmt.Sprintf("%02da", i)
		st := s.Open(spool.Opening{Room: fmt.Sprintf("room%d", i), Epoch: epoch, Kept: func(msn uint64) { kept <- fmt.Sprint(epoch, msn) }})
		feed(st, 1)
		feed(st, 2)
	}
	told := map[string]bool{}
	for range 2 * streams {
		told[<-kept] = true
	}
	if len(told) != 2*streams {
		t.Errorf("%d segments are told of", len(told))
	}
	for i := range streams {
		f, err := s.Find(fmt.Sprintf("room%d", i), fmt.Sprintf("%02da", i))
		if err != nil || len(f.Segments) != 2 || !f.Segments[1].Closed {
			t.Fatalf("stream %d: %+v, %v", i, f, err)
		}
		if err := f.Segments[1].Load(); err != nil || !reflect.DeepEqual(f.Segments[1].Parts, parts(2)) {
			t.Fatalf("stream %d: %v", i, err)
		}
	}
}
