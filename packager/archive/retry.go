package archive

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// Pauses between attempts: 0.2 s, doubled each time up to 10 s, each shortened
// or lengthened by up to a half, so that many streams do not come back at once.
const (
	firstPause   = 200 * time.Millisecond
	longestPause = 10 * time.Second
	jitter       = 0.5
)

// retry does something until it succeeds, fails for good, or ctx ends; the
// error then says which.
func (a *Archive) retry(ctx context.Context, log *slog.Logger, do func() error) error {
	began, failures := time.Now(), 0
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		// Retry tries once even when it is too late.
		if ctx.Err() != nil {
			return struct{}{}, context.Cause(ctx)
		}
		err := do()
		if err == nil || ctx.Err() != nil {
			return struct{}{}, err
		}
		failures++
		a.failed()
		var p interface{ Permanent() bool }
		if errors.As(err, &p) && p.Permanent() {
			err = backoff.Permanent(err)
		}
		return struct{}{}, err
	},
		backoff.WithBackOff(&backoff.ExponentialBackOff{
			InitialInterval: firstPause, MaxInterval: longestPause, Multiplier: 2, RandomizationFactor: jitter,
		}),
		backoff.WithMaxElapsedTime(0),
		backoff.WithNotify(func(err error, pause time.Duration) {
			// Powers of two: an outage of an hour must not fill the log.
			if failures&(failures-1) == 0 {
				log.Warn("storing fails, trying again", "attempts", failures, "pause", pause.Round(time.Millisecond), "err", err)
			}
		}))
	if err == nil && failures > 0 {
		log.Info("stored after failures", "attempts", failures+1, "took", time.Since(began).Round(time.Millisecond))
	}
	return err
}

// attempt does something with an object until it succeeds or fails for good,
// each time in one of the slots and within Timeout. A room whose calls do not return
// even then keeps no slot from others.
func (a *Archive) attempt(ctx context.Context, slots chan struct{}, log *slog.Logger, key string, do func(context.Context) error) error {
	return a.retry(ctx, log.With("key", key), func() error {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		free := sync.OnceFunc(func() { <-slots })
		defer free()
		// A call that goes on behind its time, as on a disk that hangs, counts no more.
		defer time.AfterFunc(a.opts.Timeout, free).Stop()
		ctx, cancel := context.WithTimeout(ctx, a.opts.Timeout)
		defer cancel()
		return do(ctx)
	})
}

func (a *Archive) failed() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.stats.FailedAttempts++
}
