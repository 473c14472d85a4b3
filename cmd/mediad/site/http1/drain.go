package http1

import (
	"context"
	"sync"
)

// Drain waits until everybody is gone. Who is still there when ctx ends is cut off.
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
