package spool

import (
	"os"
	"sync/atomic"
)

// recordLog is a file of records that is being written. It is closed when neither
// its writer nor a segment that waits to be synced holds it. Bytes that were written
// never change.
type recordLog struct {
	*os.File
	holders atomic.Int32

	// Its writer's.
	size     int64
	base     int64 // where the open segment begins
	segments int
}

// beginLog makes the file, in the place of one that nothing could be read of.
func beginLog(path string) (*recordLog, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return nil, err
	}
	l := &recordLog{File: f}
	l.hold()
	return l, nil
}

// full tells whether the next segment belongs into another file.
func (l *recordLog) full() bool { return l.segments >= maxLogged || l.size >= maxLog }

// begin notes that a segment begins here.
func (l *recordLog) begin() { l.base, l.segments = l.size, l.segments+1 }

func (l *recordLog) write(text []byte) error {
	n, err := l.Write(text)
	l.size += int64(n)
	return err
}

// undo takes back what was written of the open segment.
func (l *recordLog) undo() {
	_ = l.Truncate(l.base) // its media is gone, so nobody reads what stays
}

func (l *recordLog) hold() { l.holders.Add(1) }

func (l *recordLog) release() error {
	if l.holders.Add(-1) > 0 {
		return nil
	}
	return l.Close()
}
