package spool

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// written is a closed segment's file on its way to be synced.
type written struct {
	file *os.File
	msn  uint64
}

// run writes what the stream is given until it has ended and all its files are
// gone, or ctx ends. Syncing has a goroutine of its own: it may take seconds,
// and the parts that come meanwhile must not wait in memory.
func (st *Stream) run(ctx context.Context) {
	var syncer sync.WaitGroup
	syncer.Go(st.sync)
	defer syncer.Wait()
	defer close(st.closed)
	w := writer{st: st}
	defer w.shut()
	for {
		if e, ok := st.first(); ok {
			w.write(e)
			st.pop()
			continue
		}
		if st.sweep() {
			return
		}
		select {
		case <-st.wake:
		case <-ctx.Done():
			if _, more := st.first(); !more {
				return
			}
		}
	}
}

// first gives what is to be written next. It stays queued until it is, so that
// its age tells how slow the disk is.
func (st *Stream) first() (entry, bool) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if len(st.queue) == 0 {
		return entry{}, false
	}
	return st.queue[0], true
}

func (st *Stream) pop() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.queued -= st.queue[0].size()
	st.queue[0] = entry{}
	st.queue = st.queue[1:]
}

// sweep deletes the files that nobody needs. It answers true when nothing is
// left to do for ever.
func (st *Stream) sweep() (over bool) {
	st.mu.Lock()
	n := 0
	for n < len(st.files) && st.files[n] < st.need && st.files[n] <= st.done {
		n++
	}
	old := slices.Clone(st.files[:n])
	st.files = st.files[n:]
	over = st.ended && len(st.files) == 0 && len(st.queue) == 0
	st.mu.Unlock()
	for _, msn := range old {
		if err := os.Remove(filepath.Join(st.dir, name(msn))); err != nil && !errors.Is(err, fs.ErrNotExist) {
			st.log.Warn("a file of the spool cannot be deleted", "error", err)
		}
	}
	if over {
		st.leave()
	}
	return over
}

// writer is the open file of a stream. One goroutine uses it.
type writer struct {
	st   *Stream
	file *os.File // nil: what is open is left out, or nothing is
	msn  uint64
}

func (w *writer) write(e entry) {
	var err error
	switch {
	case e.leave:
		w.discard()
		return
	case e.part != nil:
		if e.head != nil {
			w.discard() // one that was not closed: the process would have to be wrong
			err = w.begin(e.head)
		}
		if err == nil && w.file != nil {
			err = w.record(kindPart, e.part, e.part.Data)
		}
	case e.end != nil && w.file != nil:
		if err = w.record(kindEnd, e.end, nil); err == nil {
			w.hand()
			return
		}
	}
	if err != nil {
		w.discard()
		w.st.failed(err)
	}
	// Not before its file is gone: whoever finds one torn would take it for all
	// that there was.
	if e.end != nil {
		w.st.leftOut(e.msn)
	}
}

func (w *writer) begin(h *Head) error {
	path := filepath.Join(w.st.dir, name(h.MSN))
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if errors.Is(err, fs.ErrNotExist) {
		if err = os.MkdirAll(w.st.dir, 0o755); err == nil {
			f, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
		}
	}
	if err != nil {
		return fmt.Errorf("begin segment %d: %w", h.MSN, err)
	}
	w.file, w.msn = f, h.MSN
	w.st.mu.Lock()
	w.st.behind = false
	w.st.mu.Unlock()
	return w.record(kindHead, h, nil)
}

func (w *writer) record(k kind, object any, media []byte) error {
	head, err := lead(k, object, media)
	if err == nil {
		_, err = w.file.Write(head)
	}
	if err == nil && len(media) > 0 {
		_, err = w.file.Write(media)
		w.st.s.count(func(s *Stats) { s.Written += uint64(len(media)) })
	}
	if err != nil {
		return fmt.Errorf("write segment %d: %w", w.msn, err)
	}
	return nil
}

// hand gives a closed file to be synced.
func (w *writer) hand() {
	st := w.st
	st.mu.Lock()
	st.files = append(st.files, w.msn)
	if !st.behind && len(st.queue) <= 2 {
		st.trust(true)
	}
	st.mu.Unlock()
	select {
	case st.closed <- written{w.file, w.msn}:
	default:
		st.failed(fmt.Errorf("sync segment %d: %w", w.msn, errBehind))
		w.file.Close() // it is written, and memory keeps it for the store
		st.leftOut(w.msn)
	}
	w.file = nil
}

// discard deletes the open file: half a segment in the middle of a broadcast
// helps nobody, and a full disk has room again.
func (w *writer) discard() {
	if w.file == nil {
		return
	}
	os.Remove(w.file.Name()) // if it stays, it ends where it was torn
	w.file.Close()
	w.file = nil
}

// shut leaves the open file as a crash would.
func (w *writer) shut() {
	if w.file != nil {
		w.file.Close()
	}
}

// leftOut tells that a closed segment is not kept.
func (st *Stream) leftOut(msn uint64) {
	if st.left != nil {
		st.left(msn)
	}
}

// failed counts an error of the disk, and the segment that it cost.
func (st *Stream) failed(err error) {
	st.s.count(func(s *Stats) { s.Errors++ })
	st.mu.Lock()
	defer st.mu.Unlock()
	st.fail(err)
}
