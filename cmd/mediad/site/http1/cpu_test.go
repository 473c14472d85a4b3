package http1_test

import (
	"syscall"
	"testing"
	"time"
)

// usedCPU is the time, user and system, that this process has used: other
// processes on the machine change it far less than the time on the clock.
func usedCPU(t testing.TB) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
