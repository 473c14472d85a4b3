// Package datadir makes sure that only one server at a time uses a data
// directory.
//
// Acquire locks the file "lock" in it before anything else there is read. The lock
// is a flock of the system: it ends with the process, so nobody has to remove
// anything after a crash. The text in the file is for people: who holds the lock,
// since when, and at which addresses.
package datadir

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// fileName is the file in the data directory that is locked.
const fileName = "lock"

// Holder is the process that uses a data directory.
type Holder struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host,omitempty"`
	Since time.Time `json:"since"`
	HTTP  string    `json:"http,omitempty"` // its address, as others on the machine reach it
	RTMP  string    `json:"rtmp,omitempty"`
	// Leaving: it was told to stop.
	Leaving bool `json:"leaving,omitempty"`
}

// String describes the holder in words.
func (h Holder) String() string {
	if h.PID == 0 {
		return "another process"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "process %d", h.PID)
	if host, err := os.Hostname(); h.Host != "" && (err != nil || host != h.Host) {
		fmt.Fprintf(&b, " on %s", h.Host)
	}
	fmt.Fprintf(&b, ", which runs since %s", h.Since.Format(time.DateTime))
	if h.HTTP != "" {
		fmt.Fprintf(&b, " at %s", h.HTTP)
	}
	if h.Leaving {
		b.WriteString(" and was told to stop")
	}
	return b.String()
}

// Options say how long a start waits. The zero value is for a server.
type Options struct {
	// Patience is how long Acquire waits for another running server; 0: 5 s. If
	// that server was told to stop, Acquire waits three times as long, since a
	// shutdown takes a few seconds.
	Patience time.Duration
	// Log is told what Acquire waits for; nil: slog's default.
	Log *slog.Logger
}

// ErrInUse is wrapped where another process has the directory.
var ErrInUse = errors.New("data_dir is in use")

// Lock is a data directory that this process has. One goroutine uses it.
type Lock struct {
	file       *os.File // nil: the file system has no locks
	unwritable bool     // nothing can be written into file
	me         Holder
}

// again is the pause between two attempts.
const again = 50 * time.Millisecond

// Acquire takes a data directory for this process, or tells which process has
// it.
func Acquire(ctx context.Context, dir string, o Options) (*Lock, error) {
	if o.Patience <= 0 {
		o.Patience = 5 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make data directory: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, fileName), os.O_RDWR|os.O_CREATE, 0o644)
	full := errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
	if full {
		f, err = os.Open(dir) // a first start of this version on a full disk: the directory can be locked as well
	}
	if err != nil {
		return nil, fmt.Errorf("lock data directory: %w", err)
	}
	l := &Lock{file: f, unwritable: full, me: Holder{PID: os.Getpid(), Since: time.Now().Truncate(time.Second)}}
	l.me.Host, _ = os.Hostname()
	err = l.wait(ctx, dir, o)
	if noLocks(err) {
		o.Log.Warn("the file system of data_dir has no locks: make sure that only one server uses it", "data_dir", dir, "err", err)
		l.file, err = nil, f.Close()
		return l, err
	}
	if err == nil {
		err = l.write()
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return l, nil
}

// wait waits for the lock. It waits longer if the holder was told to stop.
func (l *Lock) wait(ctx context.Context, dir string, o Options) error {
	began, told := time.Now(), false
	for {
		err := flock(l.file)
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return err
		}
		other, patience := l.other(), o.Patience
		if other.Leaving {
			patience *= 3
		}
		if time.Since(began) >= patience {
			return fmt.Errorf("%w: %s is that of %s; stop that one, or give this one a data_dir of its own", ErrInUse, dir, other)
		}
		if !told {
			o.Log.Warn("another mediad uses data_dir; waiting for its end", "data_dir", dir, "other", other.String(), "at_most", patience)
			told = true
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(again):
		}
	}
}

// flock tries once to lock a file.
func flock(f *os.File) error {
	for {
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// noLocks tells whether an error means that the file system has no locks.
func noLocks(err error) bool {
	return errors.Is(err, syscall.ENOLCK) || errors.Is(err, syscall.ENOSYS) || errors.Is(err, syscall.ENOTSUP)
}

// other reads who has the lock; the zero value: it cannot be read (yet).
func (l *Lock) other() Holder {
	text := make([]byte, 4096)
	n, _ := l.file.ReadAt(text, 0)
	var h Holder
	if json.Unmarshal(text[:n], &h) != nil {
		return Holder{}
	}
	return h
}

// write writes who this process is. A reader finds the old text or the new
// one, or for a moment neither, but never a mixture that looks valid.
func (l *Lock) write() error {
	if l.file == nil || l.unwritable {
		return nil
	}
	text, err := json.Marshal(l.me)
	if err == nil {
		text = append(text, '\n')
		if _, err = l.file.WriteAt(text, 0); err == nil {
			err = l.file.Truncate(int64(len(text)))
		}
	}
	// A full disk must not prevent the start: the lock works all the same.
	if err != nil && !errors.Is(err, syscall.ENOSPC) && !errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("lock data directory: %w", err)
	}
	return nil
}

// At records the addresses of this process.
func (l *Lock) At(http, rtmp string) error {
	l.me.HTTP, l.me.RTMP = http, rtmp
	return l.write()
}

// Leave records that this process was told to stop, so that the next one
// waits.
func (l *Lock) Leave() error {
	l.me.Leaving = true
	return l.write()
}

// Close releases the directory. The file stays: if it were removed, two
// waiting processes could each lock a file of their own.
func (l *Lock) Close() error {
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}
