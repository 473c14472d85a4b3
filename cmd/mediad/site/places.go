package site

import (
	"log/slog"
	"math"
	"syscall"

	"mediad/cmd/mediad/site/hall"
)

// Places shares out the connections that are wished for, as far as the files that this
// process may have open do for them. Where they do not, it warns.
func Places(w hall.Wish, log *slog.Logger) hall.Places {
	files := openFiles()
	p := hall.Share(files, w)
	if p.Short {
		log.Warn("fewer connections than configured: the system lets mediad open too few files; raise ulimit -n (LimitNOFILE= of a systemd unit)",
			"files", files, "would_do", p.Files, "http", p.HTTP, "rtmp", p.RTMP)
	}
	return p
}

// openFiles is how many files this process may have open; Go has raised that to
// all it may have.
func openFiles() int {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return 1024
	}
	return int(min(l.Cur, math.MaxInt32))
}
