package spool

import (
	"os"

	"golang.org/x/sys/unix"
)

// evict lets the page cache forget a file. It is a hint: one that cannot be given
// costs memory alone.
func evict(path string) {
	f, err := os.Open(path)
	if err != nil {
		return // it is not needed any more
	}
	defer f.Close()
	_ = unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED)
}
