package spool_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mediad/packager/spool"
)

// stuck is the local disk, on which one kind of call hangs for rooms called corn…,
// from hang until goOn.
type stuck struct {
	spool.Local
	mu sync.Mutex
	// Guarded by mu.
	call string        // "": none hangs
	free chan struct{} // closed by goOn
	hung int           // calls that hung
}

func (d *stuck) hang(call string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.call, d.free = call, make(chan struct{})
}

func (d *stuck) goOn() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.call = ""
	close(d.free)
}

func (d *stuck) at(call, path string) {
	d.mu.Lock()
	on, free := d.call == call && strings.Contains(path, "/corn"), d.free
	if on {
		d.hung++
	}
	d.mu.Unlock()
	if on {
		<-free
	}
}

// hangs tells whether a call hangs, or did.
func (d *stuck) hangs() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.hung > 0
}

func (d *stuck) Write(f *os.File, media []byte) error {
	d.at("write", f.Name())
	return d.Local.Write(f, media)
}

func (d *stuck) Sync(f *os.File) error {
	d.at("sync", f.Name())
	return d.Local.Sync(f)
}

func (d *stuck) SyncFolder(dir string) error {
	d.at("sync folder", dir)
	return d.Local.SyncFolder(dir)
}

func (d *stuck) Remove(path string) error {
	d.at("remove", path)
	if filepath.Base(path) == "exact" {
		d.at("mark", path)
	}
	return d.Local.Remove(path)
}

func TestHangHarmsItsRoomAlone(t *testing.T) {
	for _, call := range []string{"write", "sync", "sync folder", "remove", "mark"} {
		t.Run(call, func(t *testing.T) {
			dir, disk := t.TempDir(), &stuck{}
			s := spool.New(spool.Options{Dir: dir, Disk: disk, MaxQueued: 8000, Log: slog.New(slog.DiscardHandler)})
			running(t, s)
			open := func(room string) (*spool.Recorder, <-chan uint64) {
				kept := make(chan uint64, 100)
				return s.Open(spool.Opening{Room: room, Epoch: "01" + room, Kept: func(msn uint64) { kept <- msn }}), kept
			}
			within := func(room string, kept <-chan uint64, msn uint64) {
				t.Helper()
				select {
				case got := <-kept:
					if got != msn {
						t.Fatalf("%s: segment %d is kept, want %d", room, got, msn)
					}
				case <-time.After(20 * time.Second):
					t.Fatalf("%s waits for others", room)
				}
			}
			stores := func(room string, st *spool.Recorder, kept <-chan uint64) {
				t.Helper()
				for msn := uint64(1); msn <= 3; msn++ {
					feed(st, msn)
					within(room, kept, msn)
				}
				st.Keep(3)
				s.Done(room, "01"+room, 2)
				eventually(t, room+" deletes what is not needed", func() bool {
					f, _ := filepath.Glob(filepath.Join(dir, room, "01"+room, "*.ts"))
					return len(f) == 1
				})
			}
			// More rooms hang than have their turns at once.
			corn := make(map[string]*spool.Recorder)
			cornKept := make(map[string]<-chan uint64)
			for i := range 12 {
				room := fmt.Sprintf("corn%d", i)
				corn[room], cornKept[room] = open(room)
				feed(corn[room], 1)
			}
			tea, teaKept := open("tea")
			feed(tea, 0)
			within("tea", teaKept, 0)
			for room := range corn {
				within(room, cornKept[room], 1)
			}
			disk.hang(call)
			for room, st := range corn {
				st.Keep(2)
				s.Done(room, "01"+room, 1)
				for msn := uint64(2); call == "mark" && msn < 12 || msn < 4; msn++ { // more than the queue takes
					feed(st, msn)
				}
			}
			stores("tea", tea, teaKept)
			rice, riceKept := open("rice") // one that comes now
			stores("rice", rice, riceKept)
			disk.goOn()
			for room, st := range corn {
				eventually(t, room+" goes on", func() bool { return s.Stats().QueuedBytes == 0 })
				feed(st, 20)
				for msn := uint64(0); msn < 20; {
					select {
					case msn = <-cornKept[room]:
					case <-time.After(20 * time.Second):
						t.Fatalf("%s does not go on", room)
					}
				}
				if err := st.Trouble(); err != nil {
					t.Errorf("%s: %v", room, err)
				}
			}
		})
	}
}

// A call that has not returned after five seconds is trouble: once in the log, in the
// room's health and in the count of rooms, until it returns. No other room has it.
func TestHangIsTrouble(t *testing.T) {
	for _, call := range []string{"write", "sync", "sync folder", "remove"} {
		synctest.Test(t, func(t *testing.T) {
			var said bytes.Buffer
			disk := &stuck{}
			s := spool.New(spool.Options{Dir: t.TempDir(), Disk: disk, Log: slog.New(slog.NewTextHandler(&said, nil))})
			stop := running(t, s)
			st := s.Open(spool.Opening{Room: "corn", Epoch: "01a", Kept: func(uint64) {}})
			tea := s.Open(spool.Opening{Room: "tea", Epoch: "01b", Kept: func(uint64) {}})
			feed(st, 1)
			time.Sleep(time.Second)
			disk.hang(call)
			st.Keep(2)
			s.Done("corn", "01a", 1)
			feed(st, 2)
			feed(tea, 2)
			time.Sleep(4 * time.Second)
			if err, n := st.Trouble(), s.Stats().Troubled; err != nil || n != 0 {
				t.Errorf("%s: after 4 s: %v, %d rooms", call, err, n)
			}
			time.Sleep(3 * time.Second)
			if err, n := st.Trouble(), s.Stats().Troubled; !errors.Is(err, spool.ErrHangs) || n != 1 || tea.Trouble() != nil {
				t.Errorf("%s: after 7 s: %v, %d rooms, tea: %v", call, err, n, tea.Trouble())
			}
			time.Sleep(time.Minute)
			disk.goOn()
			time.Sleep(time.Second)
			if err, n := st.Trouble(), s.Stats().Troubled; err != nil || n != 0 {
				t.Errorf("%s: it answers again: %v, %d rooms", call, err, n)
			}
			stop()
			if out := said.String(); strings.Count(out, "level=ERROR") != 1 || strings.Count(out, "answers again") != 1 || strings.Contains(out, "room=tea") {
				t.Errorf("%s: the log says\n%s", call, out)
			}
		})
	}
}

// The end of the process waits for a disk for three seconds, and says for which room
// it does not answer. What was told to be kept is there afterwards.
func TestEndDoesNotWaitForADiskThatHangs(t *testing.T) {
	for _, call := range []string{"write", "sync", "sync folder", "remove", "mark"} {
		synctest.Test(t, func(t *testing.T) {
			dir, disk := t.TempDir(), &stuck{}
			s := spool.New(spool.Options{Dir: dir, Boot: "b", Disk: disk, MaxQueued: 8000, Log: slog.New(slog.DiscardHandler)})
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- s.Run(ctx) }()
			kept := map[string][]uint64{}
			var mu sync.Mutex
			open := func(room string) *spool.Recorder {
				return s.Open(spool.Opening{Room: room, Epoch: "01" + room, Kept: func(msn uint64) {
					mu.Lock()
					defer mu.Unlock()
					kept[room] = append(kept[room], msn)
				}})
			}
			corn, tea := open("corn"), open("tea")
			for msn := uint64(1); msn <= 2; msn++ {
				feed(corn, msn)
			}
			time.Sleep(time.Second)
			disk.hang(call)
			s.Done("corn", "01corn", 1)
			corn.Keep(2)
			// More than the queue takes. A disk that writes may be as fast as the segments come, so
			// that the mark need not change.
			for msn := uint64(3); msn <= 10 || !disk.hangs() && msn < 10_000; msn++ {
				feed(corn, msn)
			}
			feed(tea, 1)
			time.Sleep(time.Second)
			feed(tea, 2)
			began := time.Now()
			cancel()
			err := <-done
			if took := time.Since(began); took > 4*time.Second || !errors.Is(err, spool.ErrHangs) ||
				!strings.Contains(err.Error(), "corn") || strings.Contains(err.Error(), "tea") {
				t.Errorf("%s: it ends after %v: %v", call, took, err)
			}
			mu.Lock()
			told := map[string][]uint64{"corn": kept["corn"], "tea": kept["tea"]}
			mu.Unlock()
			if len(told["tea"]) != 2 || len(told["corn"]) < 2 {
				t.Errorf("%s: kept is %v", call, told)
			}
			next := spool.New(spool.Options{Dir: dir, Boot: "b", Log: slog.New(slog.DiscardHandler)})
			for room, msns := range told {
				for _, msn := range msns {
					if msn == 1 && room == "corn" {
						continue // the store has it
					}
					if _, err := next.Read(room, "01"+room, msn); err != nil {
						t.Errorf("%s: segment %d of %s: %v", call, msn, room, err)
					}
				}
			}
			disk.goOn()
			synctest.Wait()
		})
	}
}
