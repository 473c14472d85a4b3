package archive

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"mediad/packager/layout"
)

// Usage is what the journal of an epoch, or several of them, say is stored, in
// whichever store.
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

// measured is a Usage with the journal from which it comes.
type measured struct {
	Usage
	good int64       // bytes that are counted: whole lines
	file os.FileInfo // as it was then
}

// Usage tells how much of an epoch is stored; the zero value if nothing is known of it.
// Of a journal that has grown only the new lines are read.
func (a *Archive) Usage(room, epoch string) (Usage, error) {
	if err := layout.Of(room, epoch).Check(); err != nil {
		return Usage{}, err
	}
	path := a.disk().Journal(layout.Of(room, epoch))
	a.mu.Lock()
	m := a.usage[path]
	a.mu.Unlock()
	next, err := m.again(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Usage{}, nil
	}
	if err != nil {
		return Usage{}, fmt.Errorf("read journal: %w", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.usage == nil {
		a.usage = make(map[string]measured)
	}
	a.usage[path] = next
	return next.Usage, nil
}

// again measures the journal as it is now. One that was replaced by another file
// is read from its beginning.
func (m measured) again(path string) (measured, error) {
	f, err := os.Open(path)
	if err != nil {
		return measured{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return measured{}, err
	}
	if m.file == nil || !os.SameFile(m.file, info) || info.Size() < m.good {
		m = measured{}
	}
	m.file = info
	if info.Size() == m.good {
		return m, nil
	}
	text, err := io.ReadAll(io.NewSectionReader(f, m.good, info.Size()-m.good))
	if err != nil {
		return measured{}, err
	}
	w := read(text)
	m.Usage, m.good = m.Usage.Add(usage(w.records)), m.good+w.good
	return m, nil
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
