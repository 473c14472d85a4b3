package broadcast

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
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

// reservations keeps the reserved numbers of every broadcast ahead of their use.
type reservations struct {
	save func(ctx context.Context, epoch string, m overlay.Marks) error
	log  *slog.Logger
	wake chan struct{}

	mu sync.Mutex
	// Guarded by mu.
	saved   map[string]overlay.Marks // by epoch
	pending map[string]overlay.Marks // asked for, and not known to be saved
}

// reservationRetry is how long a reservation that failed waits.
const reservationRetry = time.Second

func newReservations(save func(context.Context, string, overlay.Marks) error, log *slog.Logger) *reservations {
	return &reservations{
		save: save, log: log, wake: make(chan struct{}, 1),
		saved: map[string]overlay.Marks{}, pending: map[string]overlay.Marks{},
	}
}

// begin reserves the first block of a broadcast before its first number is
// used.
func (k *reservations) begin(ctx context.Context, epoch string, m packager.Marks) error {
	ahead := reserve(m)
	if err := k.save(ctx, epoch, ahead); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.saved[epoch] = ahead
	return nil
}

// end forgets a broadcast. It gives what has been used and may not be reserved:
// unsaved is false if there is nothing such.
func (k *reservations) end(epoch string) (m overlay.Marks, unsaved bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	m, unsaved = k.pending[epoch]
	delete(k.saved, epoch)
	delete(k.pending, epoch)
	return m, unsaved
}

// advance hears how far the numbers are. It does not block.
func (k *reservations) advance(epoch string, m packager.Marks) {
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

// Run saves what advance asks for until ctx is done. What the database does not
// take, as on a full disk, is asked for again: the numbers go on meanwhile.
func (k *reservations) Run(ctx context.Context) error {
	failing := false
	for {
		retry := (<-chan time.Time)(nil)
		wake := (<-chan struct{})(k.wake)
		if failing {
			retry, wake = time.After(reservationRetry), nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-wake:
		case <-retry:
		}
		err := k.savePending(ctx)
		switch {
		case err != nil && !failing:
			k.log.Error("numbers of a broadcast cannot be reserved; it goes on without", "err", err)
		case err == nil && failing:
			k.log.Info("numbers of broadcasts are reserved again")
		}
		failing = err != nil
	}
}

// savePending gives the last error, if there is one.
func (k *reservations) savePending(ctx context.Context) (failed error) {
	k.mu.Lock()
	pending := maps.Clone(k.pending)
	k.mu.Unlock()
	for epoch, m := range pending {
		if err := k.save(ctx, epoch, m); err != nil {
			failed = fmt.Errorf("reserve up to segment %d of %s: %w", m.MSN, epoch, err)
			continue
		}
		k.mu.Lock()
		if k.pending[epoch] == m {
			delete(k.pending, epoch)
		}
		if _, ok := k.saved[epoch]; ok {
			k.saved[epoch] = m
		}
		k.mu.Unlock()
	}
	return failed
}
