// Package logs writes the program's log. Text from strangers is made plain in it,
// and the number of lines that others can cause is bounded: requests and
// connections from strangers cannot fill the disk with warnings.
package logs

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

const (
	burst  = 100                    // lines of one message that pass at once
	each   = 500 * time.Millisecond // one more line passes in this time
	kept   = 1024                   // messages that are counted one by one; the rest count as one
	others = ""                     // the message for the rest
)

// Bounded passes lines on to next. Of warnings and errors with the same message,
// whatever their attributes, a hundred pass at once and two more each second. The
// others are counted, and the next line that passes says how many there were
// (left_out). Lines below slog.LevelWarn always pass.
func Bounded(next slog.Handler) slog.Handler {
	return handler{next: next, said: &said{by: map[string]*bucket{}}}
}

type handler struct {
	next slog.Handler
	said *said
}

// said is shared by all loggers that were made of one.
type said struct {
	// mu guards what is below.
	mu sync.Mutex
	by map[string]*bucket
}

// bucket holds how many lines of one message may still pass.
type bucket struct {
	lines int
	last  time.Time // when lines was counted
	out   int
}

func (h handler) Enabled(ctx context.Context, l slog.Level) bool { return h.next.Enabled(ctx, l) }

func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{next: h.next.WithAttrs(attrs), said: h.said}
}

func (h handler) WithGroup(name string) slog.Handler {
	return handler{next: h.next.WithGroup(name), said: h.said}
}

func (h handler) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelWarn {
		passes, out := h.said.take(r.Message, r.Time)
		if !passes {
			return nil
		}
		if out > 0 {
			r = r.Clone()
			r.AddAttrs(slog.Int("left_out", out))
		}
	}
	return h.next.Handle(ctx, r)
}

// take tells whether a line passes, and how many lines before it were left
// out.
func (s *said) take(message string, now time.Time) (passes bool, out int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.by[message]
	if b == nil && len(s.by) >= kept {
		message = others
		b = s.by[message]
	}
	if b == nil {
		b = &bucket{lines: burst, last: now}
		s.by[message] = b
	}
	if n := int(now.Sub(b.last) / each); n > 0 {
		b.lines = min(burst, b.lines+n)
		b.last = b.last.Add(time.Duration(n) * each)
	}
	if b.lines == 0 {
		b.out++
		return false, 0
	}
	b.lines--
	out, b.out = b.out, 0
	return true, out
}
