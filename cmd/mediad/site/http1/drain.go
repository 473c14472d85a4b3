package http1

import (
	"context"
	"sync"
)

// Drain waits until all connections have ended. If ctx ends first, it calls cut,
// which must close the rest.
func Drain(ctx context.Context, gone *sync.WaitGroup, cut func()) {
	empty := make(chan struct{})
	go func() {
		gone.Wait()
		close(empty)
	}()
	select {
	case <-empty:
	case <-ctx.Done():
		cut()
	}
}
