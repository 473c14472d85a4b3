// Package parts runs the parts of a server side by side, and ends them within a
// bounded time: a disk that hangs lets no system call return, and must not keep the
// process.
package parts

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"
)

// ErrHangs is why Wait and Within do not wait any longer.
var ErrHangs = errors.New("the server ends without waiting any longer")

// Group is a number of parts that end together.
type Group struct {
	ctx context.Context // of the parts
	end context.CancelFunc
	log *slog.Logger

	mu sync.Mutex
	// Guarded by mu.
	running []string // names
	err     error    // the first
	ended   chan struct{}
}

// New makes a group whose parts run until ctx ends, or one of them fails. The
// context that it gives is the parts'.
func New(ctx context.Context, log *slog.Logger) (*Group, context.Context) {
	g := &Group{log: log, ended: make(chan struct{}, 1)}
	g.ctx, g.end = context.WithCancel(ctx)
	return g, g.ctx
}

// Go runs a part. Its name stands in what people read.
func (g *Group) Go(name string, run func(context.Context) error) {
	g.mu.Lock()
	g.running = append(g.running, name)
	g.mu.Unlock()
	go func() {
		err := run(g.ctx)
		g.mu.Lock()
		defer g.mu.Unlock()
		i := slices.Index(g.running, name)
		g.running = slices.Delete(g.running, i, i+1)
		if err != nil {
			if g.err == nil {
				g.err = err
			}
			g.end()
		}
		select {
		case g.ended <- struct{}{}:
		default:
		}
	}()
}

// Wait waits for all parts, and gives the first error. Once the group's context has
// ended it waits only so long, and then names the parts that have not ended.
func (g *Group) Wait(patience time.Duration) error {
	defer g.end()
	over, late := g.ctx.Done(), (<-chan time.Time)(nil)
	for {
		g.mu.Lock()
		left, err := slices.Clone(g.running), g.err
		g.mu.Unlock()
		if len(left) == 0 {
			return err
		}
		select {
		case <-g.ended:
		case <-over:
			timer := time.NewTimer(patience)
			defer timer.Stop()
			over, late = nil, timer.C
		case <-late:
			return errors.Join(err, hangs(g.log, patience, left...))
		}
	}
}

// Within does something that may hang, and waits for it only so long.
func Within(patience time.Duration, name string, log *slog.Logger, do func() error) error {
	done := make(chan error, 1)
	go func() { done <- do() }()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		return hangs(log, patience, name)
	}
}

func hangs(log *slog.Logger, patience time.Duration, names ...string) error {
	slices.Sort(names)
	all := strings.Join(names, ", ")
	log.Error("the server ends without these parts, which do not end, as when a disk does not answer; nothing that was acknowledged is lost", "parts", all, "waited", patience)
	return fmt.Errorf("%w for %s", ErrHangs, all)
}
