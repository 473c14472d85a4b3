package site

import (
	"log/slog"
	"math"
	"syscall"

	"mediad/cmd/mediad/site/connlimit"
)

// ConnectionLimits divides the open files of this process among the configured connections. It
// warns if there are too few files.
func ConnectionLimits(w connlimit.Wanted, log *slog.Logger) connlimit.Limits {
	files := openFiles()
	p := connlimit.Divide(files, w)
	if p.Short {
		log.Warn("fewer connections than configured: the system lets mediad open too few files; raise ulimit -n (LimitNOFILE= of a systemd unit)",
			"files", files, "would_do", p.Files, "http", p.HTTP, "rtmp", p.RTMP)
	}
	return p
}

// openFiles tells how many files this process may have open. Go has raised that
// to the hard limit.
func openFiles() int {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return 1024
	}
	return int(min(l.Cur, math.MaxInt32))
}
