package archive_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mediad/packager/archive"
	"mediad/packager/spool"
)

// disk is a spool whose files are given by hand.
type disk struct {
	mu    sync.Mutex
	files map[uint64][]byte
	done  []uint64
	fail  error // of Read
}

func (d *disk) Read(_, _ string, msn uint64) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fail != nil {
		return nil, d.fail
	}
	b, ok := d.files[msn]
	if !ok {
		return nil, gone{fs.ErrNotExist}
	}
	return b, nil
}

// File has none: see TestSpoolBecomesObject.
func (d *disk) File(_, _ string, msn uint64) (string, error) {
	_, err := d.Read("", "", msn)
	return "", err
}

func (d *disk) put(msn uint64, body []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.files[msn] = body
}

func (d *disk) Done(_, _ string, msn uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.done = append(d.done, msn)
}

type gone struct{ error }

func (gone) Permanent() bool { return true }

// The disk's Spool is the real one's.
var _ archive.Spool = (*spool.Spool)(nil)

// What the spool has is not held in memory, and is stored from there; it is
// done with in order.
func TestKeptIsReadBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStore(t, t.TempDir())
		down := st.outages()
		down.Store(true)
		d := &disk{files: map[uint64][]byte{}}
		a := start(t, archive.Options{Store: st, Dir: t.TempDir(), Spool: d, MaxQueued: 1 << 20, Log: slog.New(slog.DiscardHandler)})
		defer a.kill()
		s := a.open("demo", "01a")
		want := map[uint64][]byte{}
		for msn := 1; msn <= 20; msn++ {
			seg := segment(msn)
			want[seg.MSN] = bytes.Join(seg.Data, nil)
			s.Add(seg)
			if msn%4 == 0 {
				s.Left(seg.MSN)
				continue
			}
			d.put(seg.MSN, want[seg.MSN])
			s.Kept(seg.MSN)
			s.Kept(seg.MSN) // twice is once
		}
		s.Kept(99)
		got := a.Stats()
		var all, kept int64
		for msn, b := range want {
			if all += int64(len(b)); msn%4 != 0 {
				kept += int64(len(b))
			}
		}
		if got.QueuedBytes != all || got.SpooledBytes != kept || got.QueuedSegments != 20 {
			t.Errorf("%+v, want %d bytes, %d of them kept", got, all, kept)
		}
		time.Sleep(time.Hour)
		if n, oldest, given := s.Waiting(); n != 20 || oldest < time.Hour || given != 0 {
			t.Errorf("%d wait for %v, %d given up", n, oldest, given)
		}
		d.mu.Lock()
		d.fail = errors.New("the disk is busy") // is tried again
		d.mu.Unlock()
		down.Store(false)
		time.Sleep(time.Minute)
		d.mu.Lock()
		d.fail = nil
		d.mu.Unlock()
		s.End()
		if err := a.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		for msn, b := range want {
			o, err := st.dir.Get(t.Context(), fmt.Sprintf("live/demo/01a/main/%d.ts", msn))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(o.Body); err != nil || !bytes.Equal(got, b) {
				t.Errorf("segment %d is %d bytes, want %d: %v", msn, len(got), len(b), err)
			}
			o.Body.Close()
		}
		if got := a.Stats(); got.QueuedBytes != 0 || got.SpooledBytes != 0 || got.GivenUp != 0 || got.Stored != 20 {
			t.Errorf("%+v", got)
		}
		if len(d.done) != 20 || d.done[0] != 1 || d.done[19] != 20 {
			t.Errorf("done with %v", d.done)
		}
	})
}

// Nothing is stored of which a crash could leave less in the spool; memory does
// for what the spool has just taken, until the store fails.
func TestTheSpoolComesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStore(t, t.TempDir())
		down := st.outages()
		d := &disk{files: map[uint64][]byte{}}
		a := start(t, archive.Options{Store: st, Dir: t.TempDir(), Spool: d, Log: slog.New(slog.DiscardHandler)})
		defer a.kill()
		s := a.open("demo", "01a")
		for msn := 1; msn <= 3; msn++ {
			s.Add(segment(msn))
			time.Sleep(time.Minute)
			same(t, "before the spool has it", st.stored(".ts")[msn-1:], nil)
			down.Store(msn == 3)
			if msn == 2 {
				s.Left(2)
			} else {
				s.Kept(uint64(msn)) // without a file
			}
			synctest.Wait()
			if msn < 3 {
				same(t, "then", st.stored(".ts")[msn-1:], []string{fmt.Sprintf("live/demo/01a/main/%d.ts", msn)})
			}
		}
		if got := a.Stats(); got.SpooledBytes == 0 || got.SpooledBytes != got.QueuedBytes {
			t.Errorf("memory keeps what the spool has while the store is away: %+v", got)
		}
		d.put(3, bytes.Join(segment(3).Data, nil))
		down.Store(false)
		s.End()
		a.flush()
		same(t, "replay", names(st.playlist("live/demo/01a/vod.m3u8")), numbers(1, 3))
	})
}

// The next process adds what was not acknowledged, by number of bytes alone;
// what the disk has lost by then is a gap.
func TestKeptIsAddedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, d := newStore(t, t.TempDir()), &disk{files: map[uint64][]byte{}}
		a := start(t, archive.Options{Store: st, Dir: t.TempDir(), Spool: d, Log: slog.New(slog.DiscardHandler)})
		defer a.kill()
		s := a.open("demo", "01a")
		for msn := 1; msn <= 6; msn++ {
			seg := segment(msn)
			body := bytes.Join(seg.Data, nil)
			if msn != 4 {
				d.put(seg.MSN, body)
			}
			seg.Data, seg.Kept = nil, int64(len(body))
			s.Add(seg)
		}
		s.End()
		if err := a.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		records, err := a.Segments("demo", "01a")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			if r.Gap != (r.MSN == 4) || !r.Gap && r.Bytes != int64(len(d.files[r.MSN])) {
				t.Errorf("%+v", r)
			}
		}
		if len(records) != 6 || a.Stats().GivenUp != 1 {
			t.Errorf("%d records, %+v", len(records), a.Stats())
		}
	})
}

// Memory and disk have a bound each; what is over one of them is given up of
// that kind, the oldest first.
func TestBoundsOfMemoryAndDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStore(t, t.TempDir())
		down := st.outages()
		down.Store(true)
		d, log := &disk{files: map[uint64][]byte{}}, new(bytes.Buffer)
		one := int64(len(bytes.Join(segment(1).Data, nil)))
		a := start(t, archive.Options{Store: st, Dir: t.TempDir(), Spool: d, MaxQueued: 3*one + one/2, MaxSpooled: 5*one + one/2,
			Log: slog.New(slog.NewTextHandler(log, nil))})
		defer a.kill()
		s := a.open("demo", "01a")
		for msn := 1; msn <= 9; msn++ {
			seg := segment(msn)
			body := bytes.Join(seg.Data, nil)
			d.put(seg.MSN, body)
			s.Add(seg)
			if msn <= 6 {
				s.Kept(seg.MSN)
			} else {
				s.Left(seg.MSN)
			}
			if got := a.Stats(); got.SpooledBytes > 5*one+one/2 || got.QueuedBytes-got.SpooledBytes > 3*one+one/2 {
				t.Errorf("%d: %+v", msn, got)
			}
		}
		s.Add(segment(10)) // memory is over its bound: number 7 goes
		s.Left(10)
		down.Store(false)
		s.End()
		if err := a.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		records, err := a.Segments("demo", "01a")
		if err != nil {
			t.Fatal(err)
		}
		var gaps []uint64
		for _, r := range records {
			if r.Gap {
				gaps = append(gaps, r.MSN)
			}
		}
		if len(gaps) != 2 || gaps[0] != 1 || gaps[1] != 7 {
			t.Errorf("given up: %v, want 1 (disk) and 7 (memory)", gaps)
		}
		if n := strings.Count(log.String(), "given up"); n != 2 {
			t.Errorf("%d lines in the log", n)
		}
	})
}

// What is in memory and in the spool goes from memory before the only copy of a
// segment does, also while it is on its way to a store that hangs.
func TestCopiesGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStore(t, t.TempDir())
		release := make(chan struct{})
		st.before = func(ctx context.Context, _ string) error {
			select {
			case <-release:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		d := &disk{files: map[uint64][]byte{}}
		one := int64(len(bytes.Join(segment(1).Data, nil)))
		a := start(t, archive.Options{Store: st, Dir: t.TempDir(), Spool: d, MaxQueued: 3*one + one/2, Timeout: time.Hour, Log: slog.New(slog.DiscardHandler)})
		defer a.kill()
		only := a.open("only", "01a")
		only.Add(segment(1))
		only.Left(1)
		for msn := 1; msn <= 3; msn++ {
			s := a.open(fmt.Sprint("demo", msn), "01b")
			seg := segment(msn)
			d.put(seg.MSN, bytes.Join(seg.Data, nil))
			s.Add(seg)
			synctest.Wait() // it is on its way, and waits for the spool
			s.Kept(seg.MSN)
			synctest.Wait()
		}
		if got := a.Stats(); got.GivenUp != 0 || got.QueuedSegments != 4 {
			t.Errorf("%+v", got)
		}
		close(release)
		a.flush()
	})
}
