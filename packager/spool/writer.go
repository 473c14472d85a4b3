package spool

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// written is a closed segment's file on its way to be synced.
type written struct {
	st    *Stream
	words *os.File
	media *os.File // nil: there is none
	msn   uint64
}

// run writes what the stream is given until it has ended and all its files are
// gone, or ctx ends. Syncing is somebody else's: it may take seconds, and the parts
// that come meanwhile must not wait in memory.
func (st *Stream) run(ctx context.Context) {
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
	for _, msn := range old {
		delete(st.whole, msn)
	}
	over = st.ended && len(st.files) == 0 && len(st.queue) == 0
	st.mu.Unlock()
	for _, msn := range old {
		if err := remove(filepath.Join(st.dir, name(msn))); err != nil {
			st.log.Warn("a file of the spool cannot be deleted", "error", err)
		}
	}
	if over {
		st.leave()
	}
	return over
}

// writer has the open files of a stream. One goroutine uses it.
type writer struct {
	st    *Stream
	words *os.File // nil: what is open is left out, or nothing is
	media *os.File // nil: no part has had any yet
	msn   uint64
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
		if err == nil && w.words != nil {
			err = w.part(e.part)
		}
	case e.end != nil && w.words != nil:
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
	w.words, w.msn = f, h.MSN
	w.st.mu.Lock()
	w.st.behind = false
	w.st.mu.Unlock()
	return w.record(kindHead, h, nil)
}

// part writes media, and then the record that says that it is there.
func (w *writer) part(p *Part) error {
	if len(p.Data) > 0 {
		if err := w.append(p.Data); err != nil {
			return fmt.Errorf("write segment %d: %w", w.msn, err)
		}
		w.st.s.count(func(s *Stats) { s.Written += uint64(len(p.Data)) })
	}
	return w.record(kindPart, p, p.Data)
}

func (w *writer) append(media []byte) error {
	if w.media == nil {
		f, err := create(mediaPath(w.words.Name()))
		if err != nil {
			return err
		}
		w.media = f
	}
	_, err := w.media.Write(media)
	return err
}

// create makes a file that is not there yet. What stands there is taken away and
// not written over: it may be an object of the store by now.
func create(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		if err = os.Remove(path); err == nil {
			f, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		}
	}
	return f, err
}

func (w *writer) record(k kind, object any, media []byte) error {
	text, err := lead(k, object, media)
	if err == nil {
		_, err = w.words.Write(text)
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
	if !st.s.close(written{st, w.words, w.media, w.msn}) {
		st.failed(fmt.Errorf("sync segment %d: %w", w.msn, errBehind))
		w.shut() // it is written, and memory keeps it for the store
		st.leftOut(w.msn)
	}
	w.words, w.media = nil, nil
}

// discard deletes the open files: half a segment in the middle of a broadcast
// helps nobody, and a full disk has room again.
func (w *writer) discard() {
	if w.words == nil {
		return
	}
	remove(w.words.Name()) // if they stay, the segment ends where it was torn
	w.shut()
	w.words, w.media = nil, nil
}

// shut leaves the open files as a crash would.
func (w *writer) shut() {
	if w.words != nil {
		w.words.Close()
	}
	if w.media != nil {
		w.media.Close()
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
