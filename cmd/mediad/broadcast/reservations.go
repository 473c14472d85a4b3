package broadcast

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"mediad/overlay"
	"mediad/packager"
)

// Numbers are reserved in blocks before they are used. So the media path
// never waits for the database, and a number that a viewer may have seen is
// never used again, even after kill -9. A block is about four minutes of
// two-second segments.
const (
	msnBlock  = 128
	partBlock = 64 * msnBlock
)

// reservations reserves the numbers of every broadcast before they are used.
// Broadcasts do not wait for each other.
type reservations struct {
	save func(ctx context.Context, epoch string, m overlay.Numbers) error
	log  *slog.Logger
	wake chan struct{} // holds a value when a broadcast asks

	mu sync.Mutex
	// Guarded by mu.
	of map[string]*reservation // by epoch
}

// reservation is one broadcast's. Its fields are guarded by reservations.mu.
type reservation struct {
	saved   overlay.Numbers
	pending overlay.Numbers // requested, and not yet known to be saved; valid if asked
	asked   bool
	busy    bool // a goroutine of Run saves the request
}

// reservationRetry is the pause after a reservation that failed.
const reservationRetry = time.Second

func newReservations(save func(context.Context, string, overlay.Numbers) error, log *slog.Logger) *reservations {
	return &reservations{save: save, log: log, wake: make(chan struct{}, 1), of: map[string]*reservation{}}
}

// begin reserves the first block of a broadcast before its first number is
// used.
func (k *reservations) begin(ctx context.Context, epoch string, m packager.Numbers) error {
	ahead := reserve(m)
	if err := k.save(ctx, epoch, ahead); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.of[epoch] = &reservation{saved: ahead}
	return nil
}

// end forgets a broadcast. It returns the used numbers, if they may not be
// reserved yet; unsaved is false if all are.
func (k *reservations) end(epoch string) (m overlay.Numbers, unsaved bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	r := k.of[epoch]
	if r == nil {
		return overlay.Numbers{}, false
	}
	delete(k.of, epoch)
	return r.pending, r.asked
}

// advance is told which numbers are in use. It does not block.
func (k *reservations) advance(epoch string, m packager.Numbers) {
	k.mu.Lock()
	defer k.mu.Unlock()
	r := k.of[epoch]
	if r == nil {
		return
	}
	fresh := m.MSN+msnBlock/2 < r.saved.MSN && m.Part+partBlock/2 < r.saved.Part
	if fresh && m.Discontinuities == r.saved.Discontinuities && m.Target == r.saved.Target && m.PartTarget == r.saved.PartTarget {
		return
	}
	r.pending, r.asked = reserve(m), true
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// unused gives numbers that a former process cannot have reached, even if it
// went on for long without being able to reserve any, as on a full disk: no
// stream has more than two segments or 32 parts a second.
func unused(m packager.Numbers, since time.Duration) packager.Numbers {
	seconds := uint64(max(since, 0)/time.Second) + 1
	m.MSN += 2 * seconds
	m.Part += 32 * seconds
	return m
}

func reserve(m packager.Numbers) overlay.Numbers {
	return overlay.Numbers{
		MSN: m.MSN + msnBlock, Part: m.Part + partBlock,
		Discontinuities: m.Discontinuities, Target: m.Target, PartTarget: m.PartTarget,
	}
}

// Run saves the numbers that advance requests, until ctx is done. A broadcast has a
// goroutine of its own while it has a request.
func (k *reservations) Run(ctx context.Context) error {
	var broadcasts sync.WaitGroup
	defer broadcasts.Wait()
	for {
		k.mu.Lock()
		for epoch, r := range k.of {
			if r.asked && !r.busy {
				r.busy = true
				broadcasts.Go(func() { k.keep(ctx, epoch, r) })
			}
		}
		k.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil
		case <-k.wake:
		}
	}
}

// keep saves the requests of a broadcast until there are none. If the database
// refuses one, as on a full disk, keep tries again; meanwhile the broadcast
// goes on to use numbers.
func (k *reservations) keep(ctx context.Context, epoch string, r *reservation) {
	failing := false
	for {
		k.mu.Lock()
		m := r.pending
		if !r.asked || k.of[epoch] != r || ctx.Err() != nil {
			r.busy = false
			k.mu.Unlock()
			return
		}
		k.mu.Unlock()
		if err := k.save(ctx, epoch, m); err != nil {
			if !failing && ctx.Err() == nil {
				k.log.Error("sequence numbers of a broadcast cannot be reserved; the broadcast continues without a reservation", "epoch", epoch,
					"err", fmt.Errorf("reserve up to segment %d: %w", m.MSN, err))
			}
			failing = true
			select {
			case <-ctx.Done():
			case <-time.After(reservationRetry):
			}
			continue
		}
		if failing {
			k.log.Info("numbers of the broadcast are reserved again", "epoch", epoch)
		}
		failing = false
		k.mu.Lock()
		r.saved = m
		r.asked = r.pending != m
		k.mu.Unlock()
	}
}
