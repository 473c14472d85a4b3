package importer

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// lower is how much nicer than the server an import is: where the processors have not
// enough time for both, it gets about a tenth of one, and media the rest.
const lower = 10

// yield lets the goroutine have a thread of its own, which gives way to others. The thread
// ends with the goroutine. SQLite works on it, too; while a host waits for a small step of
// the import, the host waits for this thread.
func yield() error {
	runtime.LockOSThread()
	raw, err := unix.Getpriority(unix.PRIO_PROCESS, 0) // 20 less the niceness; 0 is the thread
	if err != nil {
		return err
	}
	return unix.Setpriority(unix.PRIO_PROCESS, 0, min(20-raw+lower, 19))
}
