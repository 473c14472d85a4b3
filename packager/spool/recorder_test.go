package spool_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"mediad/ingest"
	"mediad/packager/spool"
)

// feed hands a whole segment over.
func feed(st *spool.Recorder, msn uint64) {
	for i, p := range parts(msn) {
		if h := head(msn); i == 0 {
			st.Part(&h, p)
		} else {
			st.Part(nil, p)
		}
	}
	st.Close(4, 2*ingest.Clock)
}

// running lets a spool run until the test, or stop, ends it.
func running(t *testing.T, s *spool.Spool) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// A segment is told to be kept when it is; its file goes when neither the
// window nor the store needs it, and the folder with the last.
func TestFilesLiveAsLongAsTheyAreNeeded(t *testing.T) {
	dir := t.TempDir()
	s := spool.New(spool.Options{Dir: dir, Boot: "b"})
	running(t, s)
	kept := make(chan uint64, 10)
	st := s.Open(spool.Opening{Room: "demo", Epoch: "01a", Kept: func(msn uint64) { kept <- msn }})
	there := func(want string) func() bool {
		return func() bool {
			files, _ := filepath.Glob(filepath.Join(dir, "demo", "01a", "*"))
			for i := range files {
				files[i] = strings.TrimSuffix(filepath.Base(files[i]), ".ts")
			}
			return strings.Join(files, " ") == want
		}
	}
	for msn := uint64(1); msn <= 4; msn++ {
		feed(st, msn)
		if got := <-kept; got != msn {
			t.Fatalf("kept %d, want %d", got, msn)
		}
		if b, err := s.Read("demo", "01a", msn); err != nil || len(b) == 0 {
			t.Fatal(err)
		}
	}
	eventually(t, "all are there", there("1.records 1 2 3 4 exact"))
	s.Done("demo", "01a", 2)
	st.Keep(2)
	eventually(t, "only the first goes", there("1.records 2 3 4 exact"))
	st.Keep(4)
	eventually(t, "the store has the second, and not the third", there("1.records 3 4 exact"))
	st.End()
	s.Done("demo", "01a", 3)
	eventually(t, "the last waits for the store", there("1.records 4 exact"))
	s.Done("demo", "01a", 4)
	eventually(t, "the folder is gone", func() bool {
		_, err := os.Stat(filepath.Join(dir, "demo", "01a"))
		return errors.Is(err, os.ErrNotExist)
	})
	// A stream that nobody stores keeps only what the window needs.
	st = s.Open(spool.Opening{Room: "demo", Epoch: "01b"})
	feed(st, 5)
	feed(st, 6)
	st.Keep(6)
	eventually(t, "the first goes", func() bool {
		f, _ := filepath.Glob(filepath.Join(dir, "demo", "01b", "*.ts"))
		return len(f) == 1 && filepath.Base(f[0]) == "6.ts"
	})
}

// Nobody waits for a disk, and what waits for it is bounded.
func TestQueueIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := spool.New(spool.Options{Dir: t.TempDir(), Boot: "b", MaxQueued: 3000})
		kept, left := make(chan uint64, 10), make(chan uint64, 10)
		st := s.Open(spool.Opening{Room: "demo", Epoch: "01a",
			Kept: func(msn uint64) { kept <- msn }, Left: func(msn uint64) { left <- msn }})
		began := time.Now()
		for msn := uint64(1); msn <= 5; msn++ { // nobody writes
			feed(st, msn)
		}
		if took := time.Since(began); took > 0 {
			t.Errorf("handing over took %v", took)
		}
		if got := s.Stats(); got.QueuedBytes > 3000 || got.Skipped == 0 || st.Trouble() == nil || st.Trusted() {
			t.Errorf("%+v, %v, trusted %t", got, st.Trouble(), st.Trusted())
		}
		stop := running(t, s)
		for end := time.Now().Add(time.Minute); s.Stats().QueuedBytes > 0 && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		feed(st, 6)
		stop()
		if st.Trouble() != nil || !st.Trusted() {
			t.Errorf("after the disk is back: %v, trusted %t", st.Trouble(), st.Trusted())
		}
		f, err := s.Find("demo", "01a")
		if err != nil {
			t.Fatal(err)
		}
		if r := f.Recall(time.Hour); !f.Exact || len(r) != 1 || r[0].MSN != 6 {
			t.Errorf("exact %t, recalled %d of %d", f.Exact, len(r), len(f.Segments))
		}
		if n := len(f.Segments); len(kept) != n || len(left) != 6-n {
			t.Errorf("%d are told to be kept, %d to be left out, and %d are there", len(kept), len(left), n)
		}
	})
}

// A part that waits is a doubt, before any bound is reached: after a quarter of a
// second, or when the next but one comes.
func TestSlowDiskIsNotTrusted(t *testing.T) {
	for long, wait := range map[time.Duration]time.Duration{500 * time.Millisecond: 200 * time.Millisecond, 100 * time.Millisecond: 80 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			st := spool.New(spool.Options{Dir: t.TempDir(), Boot: "b"}).Open(spool.Opening{Room: "demo", Epoch: "01a"})
			h := head(1)
			for n := uint64(1); n <= 3; n++ {
				p := part(n)
				p.Duration, p.Target = ingest.Ticks(long), ingest.Ticks(long)
				if n == 1 {
					st.Part(&h, p)
				} else {
					time.Sleep(wait)
					st.Part(nil, p)
				}
				if trusted := n < 3; st.Trusted() != trusted || st.Trouble() != nil {
					t.Errorf("parts of %v: trusted %t at the %dth, %v", long, st.Trusted(), n, st.Trouble())
				}
			}
		})
	}
}

// On a disk that is full, segments are left out, and the next is tried again.
// /dev/full answers as such a disk does.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "demo", "01a")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"1.records", "2.records"} {
		if err := os.Symlink("/dev/full", filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	s := spool.New(spool.Options{Dir: dir, Boot: "b"})
	running(t, s)
	kept, left := make(chan uint64, 10), make(chan uint64, 10)
	st := s.Open(spool.Opening{Room: "demo", Epoch: "01a",
		Kept: func(msn uint64) { kept <- msn }, Left: func(msn uint64) { left <- msn }})
	eventually(t, "the mark", func() bool {
		_, err := os.Stat(filepath.Join(folder, "exact"))
		return err == nil
	})
	feed(st, 1)
	feed(st, 2)
	for want := uint64(1); want <= 2; want++ {
		if got := <-left; got != want {
			t.Errorf("left out %d, want %d", got, want)
		}
	}
	eventually(t, "the disk is full", func() bool { return errors.Is(st.Trouble(), syscall.ENOSPC) && s.Stats().Skipped == 2 })
	eventually(t, "the mark is gone", func() bool {
		_, err := os.Stat(filepath.Join(folder, "exact"))
		return errors.Is(err, os.ErrNotExist)
	})
	feed(st, 3)
	feed(st, 4)
	for want := uint64(3); want <= 4; want++ {
		if got := <-kept; got != want {
			t.Errorf("kept %d, want %d", got, want)
		}
	}
	eventually(t, "exact again", func() bool {
		f, err := s.Find("demo", "01a")
		return err == nil && f.Exact && len(f.Recent()) == 2 && len(f.Segments) == 2
	})
	if st.Trouble() != nil || s.Stats().Troubled != 0 {
		t.Errorf("%v", st.Trouble())
	}
}

// A disk that hangs holds nobody up, not even the end of the process. A pipe
// that nobody reads is such a disk: opening it takes for ever.
func TestHungDisk(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "demo", "01a")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	pipe := filepath.Join(folder, "1.records")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	s := spool.New(spool.Options{Dir: dir, Boot: "b", MaxQueued: 8000})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	st := s.Open(spool.Opening{Room: "demo", Epoch: "01a"})
	feed(st, 1)
	time.Sleep(50 * time.Millisecond) // the writer is stuck by now, or soon
	began := time.Now()
	for msn := uint64(2); msn < 101; msn++ {
		feed(st, msn)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("handing over took %v", took)
	}
	if got := s.Stats(); got.QueuedBytes > 8000 || got.Skipped < 90 || st.Trouble() == nil || st.Trusted() {
		t.Errorf("%+v, %v", got, st.Trouble())
	}
	cancel()
	if err := <-done; err == nil {
		t.Error("Run does not say that the disk hangs")
	}
	go func() { // let the writer go
		f, err := os.OpenFile(pipe, os.O_RDWR, 0)
		if err == nil {
			time.Sleep(time.Second)
			f.Close()
		}
	}()
}
