package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"mediad/overlay"
	"mediad/packager"
)

// Numbers are reserved in blocks ahead of their use, so that the media path
// never waits for the database and a number that a viewer may have seen is
// never used again, even after kill -9. A block is some four minutes of
// two-second segments.
const (
	msnBlock  = 128
	partBlock = 64 * msnBlock
)

// marks keeps the reserved numbers of every broadcast ahead of their use.
type marks struct {
	save func(ctx context.Context, epoch string, m overlay.Marks) error
	log  *slog.Logger
	wake chan struct{}

	mu sync.Mutex
	// Guarded by mu.
	saved   map[string]overlay.Marks // by epoch
	pending map[string]overlay.Marks
}

func newMarks(save func(context.Context, string, overlay.Marks) error, log *slog.Logger) *marks {
	return &marks{
		save: save, log: log, wake: make(chan struct{}, 1),
		saved: map[string]overlay.Marks{}, pending: map[string]overlay.Marks{},
	}
}

// begin reserves the first block of a broadcast before its first number is
// used.
func (k *marks) begin(ctx context.Context, epoch string, m packager.Marks) error {
	ahead := reserve(m)
	if err := k.save(ctx, epoch, ahead); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.saved[epoch] = ahead
	return nil
}

// end forgets a broadcast.
func (k *marks) end(epoch string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.saved, epoch)
	delete(k.pending, epoch)
}

// advance hears how far the numbers are. It does not block.
func (k *marks) advance(epoch string, m packager.Marks) {
	k.mu.Lock()
	defer k.mu.Unlock()
	saved, ok := k.saved[epoch]
	if !ok {
		return
	}
	fresh := m.MSN+msnBlock/2 < saved.MSN && m.Part+partBlock/2 < saved.Part
	if fresh && m.Discontinuities == saved.Discontinuities && m.Target == saved.Target && m.PartTarget == saved.PartTarget {
		return
	}
	k.pending[epoch] = reserve(m)
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// unused gives numbers that a former process cannot have reached, even if it
// went on for long without being able to reserve any, as on a full disk: no
// stream has more than two segments or 32 parts a second.
func unused(m packager.Marks, since time.Duration) packager.Marks {
	seconds := uint64(max(since, 0)/time.Second) + 1
	m.MSN += 2 * seconds
	m.Part += 32 * seconds
	return m
}

func reserve(m packager.Marks) overlay.Marks {
	return overlay.Marks{
		MSN: m.MSN + msnBlock, Part: m.Part + partBlock,
		Discontinuities: m.Discontinuities, Target: m.Target, PartTarget: m.PartTarget,
	}
}

// Run saves what advance asks for until ctx is done.
func (k *marks) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-k.wake:
		}
		k.mu.Lock()
		pending := k.pending
		k.pending = map[string]overlay.Marks{}
		k.mu.Unlock()
		for epoch, m := range pending {
			if err := k.save(ctx, epoch, m); err != nil {
				k.log.Error("numbers of a broadcast could not be reserved", "epoch", epoch, "err", err)
				continue
			}
			k.mu.Lock()
			if _, ok := k.saved[epoch]; ok {
				k.saved[epoch] = m
			}
			k.mu.Unlock()
		}
	}
}
