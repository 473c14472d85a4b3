package archive

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// Usage is what the journal of an epoch, or several of them, say is stored.
type Usage struct {
	Segments int           // that have an object
	Bytes    int64         // of these
	Gaps     int           // that have none
	Duration time.Duration // of all, gaps included
}

// Add sums two.
func (u Usage) Add(v Usage) Usage {
	return Usage{u.Segments + v.Segments, u.Bytes + v.Bytes, u.Gaps + v.Gaps, u.Duration + v.Duration}
}

// measured is a Usage with the journal's size and date from which it comes.
type measured struct {
	Usage
	size int64
	date time.Time
}

// Usage tells how much of an epoch is stored; the zero value where nothing is
// known of it. A journal is read again only when it has changed.
func (a *Archive) Usage(room, epoch string) (Usage, error) {
	if err := errors.Join(named("room", room), named("epoch", epoch)); err != nil {
		return Usage{}, err
	}
	path := a.journalPath(room, epoch)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Usage{}, nil
	}
	if err != nil {
		return Usage{}, fmt.Errorf("read journal: %w", err)
	}
	a.mu.Lock()
	m, ok := a.usage[path]
	a.mu.Unlock()
	if ok && m.size == info.Size() && m.date.Equal(info.ModTime()) {
		return m.Usage, nil
	}
	w, err := a.stored(room, epoch)
	if err != nil {
		return Usage{}, err
	}
	m = measured{usage(w.records), info.Size(), info.ModTime()}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.usage == nil {
		a.usage = make(map[string]measured)
	}
	a.usage[path] = m
	return m.Usage, nil
}

func usage(records []Record) (u Usage) {
	for _, r := range records {
		u.Duration += r.Duration
		if r.Gap {
			u.Gaps++
			continue
		}
		u.Segments++
		u.Bytes += r.Bytes
	}
	return u
}
