package sim

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// usage knows how much of the processors the simulator takes, and the server, where it has
// metrics.
type usage struct {
	http    *http.Client
	address string // of the metrics; "": unknown
}

// spent is CPU time until now.
type spent struct {
	self, server time.Duration
	known        bool // of the server
}

func (u *usage) now(ctx context.Context) (s spent) {
	var self syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &self) // it fails on a bad address only
	s.self = time.Duration(self.Utime.Nano() + self.Stime.Nano())
	if u.address != "" {
		s.server, s.known = u.ofServer(ctx)
	}
	return s
}

func (u *usage) ofServer(ctx context.Context) (time.Duration, bool) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.address, nil)
	if err != nil {
		return 0, false
	}
	res, err := u.http.Do(r)
	if err != nil {
		return 0, false
	}
	defer func() { _ = res.Body.Close() }()
	for lines := bufio.NewScanner(io.LimitReader(res.Body, maxAnswer)); lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), "process_cpu_seconds_total "); ok {
			seconds, err := strconv.ParseFloat(text, 64)
			return time.Duration(seconds * float64(time.Second)), err == nil
		}
	}
	return 0, false
}
