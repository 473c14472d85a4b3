package spool

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
)

// written is a closed segment on its way to be synced.
type written struct {
	st    *Recorder
	log   *recordLog
	media *os.File // nil: there is none
	msn   uint64
}

// run writes what the stream is given until it has ended and all its files are
// gone, or ctx ends. Syncing is somebody else's: it may take seconds, and the parts
// that come meanwhile must not wait in memory.
func (st *Recorder) run(ctx context.Context) {
	w := writer{st: st}
	defer w.shut()
	for {
		if e, ok := st.first(); ok {
			st.begin(writing)
			w.write(e)
			st.finish(writing)
			st.pop()
			continue
		}
		if w.sweep() {
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

// first gives the entry that is to be written next. It stays queued until it is written,
// so that its age tells how slow the disk is.
func (st *Recorder) first() (entry, bool) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if len(st.queue) == 0 {
		return entry{}, false
	}
	return st.queue[0], true
}

func (st *Recorder) pop() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.queued -= st.queue[0].size()
	st.queue[0] = entry{}
	st.queue = st.queue[1:]
}

// sweep deletes files that nobody needs. It answers true when there is nothing to do any
// more.
func (w *writer) sweep() (over bool) {
	st := w.st
	st.mu.Lock()
	n := 0
	for n < len(st.files) && st.idle(st.files[n]) {
		n++
	}
	old := slices.Clone(st.files[:n])
	st.files = st.files[n:]
	logs := make(map[string]bool) // of old, and whether others are in them
	for _, msn := range old {
		logs[st.places[msn].path] = false
		delete(st.whole, msn)
		delete(st.places, msn)
	}
	if n > 0 {
		for _, p := range st.places {
			if _, ok := logs[p.path]; ok {
				logs[p.path] = true
			}
		}
	}
	over = st.ended && len(st.files) == 0 && len(st.queue) == 0
	st.mu.Unlock()
	for _, msn := range old {
		w.drop(mediaPath(st.dir, msn))
	}
	for path, used := range logs {
		if !used && (w.log == nil || w.log.Name() != path) {
			w.drop(path)
		}
	}
	if over {
		w.rotate()
		st.leave()
	}
	return over
}

func (w *writer) drop(path string) {
	w.st.begin(writing)
	err := w.st.s.unlink(path)
	w.st.finish(writing)
	if err != nil {
		w.st.log.Warn("a file of the spool cannot be deleted", "err", err)
	}
}

// writer has the open files of a stream. One goroutine uses it.
type writer struct {
	st    *Recorder
	log   *recordLog // nil: none has been begun
	begun bool       // a segment is open, and not left out
	media *os.File   // nil: no part of it has had any yet
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
		if err == nil && w.begun {
			err = w.part(e.part)
		}
	case e.end != nil && w.begun:
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
	if w.log != nil && w.log.full() {
		w.rotate()
	}
	if w.log == nil {
		path := logPath(w.st.dir, h.MSN)
		log, err := beginLog(path)
		if errors.Is(err, fs.ErrNotExist) {
			if err = os.MkdirAll(w.st.dir, 0o755); err == nil {
				log, err = beginLog(path)
			}
		}
		if err != nil {
			return fmt.Errorf("begin segment %d: %w", h.MSN, err)
		}
		w.log = log
	}
	w.begun, w.msn = true, h.MSN
	w.log.begin()
	w.st.mu.Lock()
	w.st.behind = false
	w.st.mu.Unlock()
	return w.record(kindHead, h, nil)
}

// rotate ends the file of records. It is deleted once none of its segments is
// needed, which may be now.
func (w *writer) rotate() {
	if w.log == nil {
		return
	}
	path := w.log.Name()
	w.log.release()
	w.log = nil
	w.st.mu.Lock()
	used := false
	for _, p := range w.st.places {
		used = used || p.path == path
	}
	w.st.mu.Unlock()
	if !used {
		w.drop(path)
	}
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
		f, err := w.st.s.create(mediaPath(w.st.dir, w.msn))
		if err != nil {
			return err
		}
		w.media = f
	}
	return w.st.s.disk.Write(w.media, media)
}

// create makes a new file. An older one of that name is removed, not written over: it may
// be an object of the store by now.
func (s *Spool) create(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		if err = s.disk.Remove(path); err == nil {
			f, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		}
	}
	return f, err
}

func (w *writer) record(k kind, object any, media []byte) error {
	text, err := header(k, object, media)
	if err == nil {
		err = w.log.write(text)
	}
	if err != nil {
		return fmt.Errorf("write segment %d: %w", w.msn, err)
	}
	return nil
}

// hand gives a closed segment to be synced.
func (w *writer) hand() {
	st := w.st
	st.mu.Lock()
	st.files = append(st.files, w.msn)
	st.places[w.msn] = place{w.log.Name(), w.log.base}
	if !st.behind && len(st.queue) <= 2 {
		st.trust(true)
	}
	st.mu.Unlock()
	w.log.hold()
	if !st.s.close(written{st, w.log, w.media, w.msn}) {
		st.failed(fmt.Errorf("sync segment %d: %w", w.msn, errBehind))
		w.log.release() // it is written, and memory keeps it for the store
		if w.media != nil {
			w.media.Close()
		}
		st.leftOut(w.msn)
	}
	w.begun, w.media = false, nil
}

// discard deletes the open segment: half of one in the middle of a broadcast helps
// nobody, and a full disk has room again. The next begins a new file of records.
func (w *writer) discard() {
	if !w.begun {
		return
	}
	// If something stays, the segment ends where it was torn.
	w.st.s.unlink(mediaPath(w.st.dir, w.msn))
	w.log.undo()
	if w.media != nil {
		w.media.Close()
	}
	w.begun, w.media = false, nil
	w.rotate()
}

// shut leaves the open files as a crash would.
func (w *writer) shut() {
	if w.media != nil {
		w.media.Close()
	}
	if w.log != nil {
		w.log.release()
	}
}

// leftOut tells that a closed segment is not kept.
func (st *Recorder) leftOut(msn uint64) {
	if st.left != nil {
		st.left(msn)
	}
}

// failed counts an error of the disk, and the segment that it cost.
func (st *Recorder) failed(err error) {
	st.s.count(func(s *Stats) { s.Errors++ })
	st.mu.Lock()
	defer st.mu.Unlock()
	st.fail(err)
}
