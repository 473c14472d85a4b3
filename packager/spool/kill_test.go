package spool_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"reflect"
	"strconv"
	"syscall"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/packager/spool"
)

// The test's own binary is the process that dies.
func TestMain(m *testing.M) {
	switch dir := os.Getenv("MEDIAD_SPOOL_CHILD"); {
	case dir == "":
		os.Exit(m.Run())
	case os.Getenv("MEDIAD_SPOOL_LIMIT") != "":
		limited(dir)
	default:
		publish(dir)
	}
}

// publish writes parts and tells each one's number when it is handed over, as
// the window would list it, until it is killed.
func publish(dir string) {
	s := spool.New(spool.Options{Dir: dir, Slow: time.Minute}) // a kill is what is tried, not a busy machine
	go s.Run(context.Background())
	found, err := s.Find("demo", "01a")
	if err != nil {
		panic(err)
	}
	msn := uint64(1)
	if n := len(found.Segments); n > 0 {
		msn = found.Segments[n-1].MSN + 1
	}
	st := s.Open(spool.Opening{Room: "demo", Epoch: "01a", Found: found, Kept: func(uint64) {}})
	for ; ; msn++ {
		for i, p := range parts(msn) {
			var h *spool.Head
			if i == 0 {
				first := head(msn)
				h = &first
			}
			st.Part(h, p)
			if i == 3 {
				st.Close(4, 2*ingest.Clock)
			}
			fmt.Println(p.Number)
			for s.Stats().QueuedBytes > 0 { // nothing lags
				time.Sleep(50 * time.Microsecond)
			}
		}
	}
}

// After kill -9 at any moment everything that was listed is there, but for one
// part at most; and so on over many lives.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	s := spool.New(spool.Options{Dir: dir})
	lost, open := 0, 0
	for life := range 60 {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), "MEDIAD_SPOOL_CHILD="+dir)
		c.Stderr = os.Stderr
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		listed := uint64(0)
		end := rand.IntN(120)
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			if listed, err = strconv.ParseUint(lines.Text(), 10, 64); err != nil {
				t.Fatal(err)
			}
			if n == end {
				time.AfterFunc(time.Duration(rand.IntN(3000))*time.Microsecond, func() { c.Process.Kill() })
			}
		}
		c.Wait()
		f, err := s.Find("demo", "01a")
		if err != nil {
			t.Fatal(err)
		}
		if len(f.Segments) == 0 {
			if listed > 1 {
				t.Fatalf("life %d: nothing is left of %d parts", life, listed)
			}
			continue
		}
		last := f.Segments[len(f.Segments)-1]
		if got := last.Parts[len(last.Parts)-1].Number; got+1 < listed {
			t.Fatalf("life %d: part %d was listed, %d is the last", life, listed, got)
		} else if got < listed {
			lost++
		}
		if !last.Closed {
			open++
		}
		if !f.Exact {
			t.Fatalf("life %d: not exact", life)
		}
		for i, seg := range f.Segments {
			if i > 0 && seg.MSN != f.Segments[i-1].MSN+1 {
				t.Fatalf("life %d: %d follows %d", life, seg.MSN, f.Segments[i-1].MSN)
			}
			if err := seg.Load(); err != nil || !reflect.DeepEqual(seg.Parts, parts(seg.MSN)[:len(seg.Parts)]) {
				t.Fatalf("life %d: segment %d: %v", life, seg.MSN, err)
			}
		}
		if len(f.Segments) > 60 { // a long past makes the test slow
			s.Forget("demo", func(string) bool { return false })
		}
	}
	if open == 0 {
		t.Error("no life ended within a segment: the test proves little")
	}
	t.Logf("%d lives lost a part, %d ended within a segment", lost, open)
}

// limited writes on a disk that takes no more than a limit of each file.
func limited(dir string) {
	signal.Ignore(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1200, Max: 1200}); err != nil {
		panic(err)
	}
	s := spool.New(spool.Options{Dir: dir})
	go s.Run(context.Background())
	st := s.Open(spool.Opening{Room: "demo", Epoch: "01a", Kept: func(uint64) {}})
	for msn := uint64(1); msn <= 20; msn++ {
		feed(st, msn)
		for s.Stats().QueuedBytes > 0 {
			time.Sleep(50 * time.Microsecond)
		}
	}
	var files []os.DirEntry
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		// The mark that says that nothing is missing goes in its own time.
		if files, _ = os.ReadDir(dir + "/demo/01a"); s.Stats().Skipped == 20 && len(files) == 0 {
			break
		}
	}
	fmt.Printf("%d skipped, trouble %t, trusted %t, %d files\n", s.Stats().Skipped, st.Trouble() != nil, st.Trusted(), len(files))
}

// A disk that takes a beginning and no more leaves no half segments behind.
func TestDiskTakesOnlyABeginning(t *testing.T) {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "MEDIAD_SPOOL_CHILD="+t.TempDir(), "MEDIAD_SPOOL_LIMIT=1")
	c.Stderr = os.Stderr
	out, err := c.Output()
	if want := "20 skipped, trouble true, trusted false, 0 files\n"; err != nil || string(out) != want {
		t.Errorf("%q, %v, want %q", out, err, want)
	}
}
