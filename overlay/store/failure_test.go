package store

import (
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"

	"mediad/overlay"
)

// Words for users are said once, however many layers an error passes.
func TestFailureIsSaidOnce(t *testing.T) {
	cause := &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	err := failure(fmt.Errorf("list rooms: %w", failure(cause)))
	if n := strings.Count(err.Error(), "cannot be reached"); n != 1 || overlay.CodeOf(err) != overlay.Unavailable || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("said %d times: %v", n, err)
	}
}
