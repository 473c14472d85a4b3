package storage

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// alone sees that a file is open nowhere else, and keeps whoever would open it now
// waiting until f is closed.
func alone(f *os.File) error {
	fd := int(f.Fd())
	var info unix.Stat_t
	if err := unix.Fstat(fd, &info); err != nil {
		return err
	}
	if info.Nlink != 1 {
		return errInUse
	}
	_, err := unix.FcntlInt(uintptr(fd), unix.F_SETLEASE, unix.F_WRLCK)
	if errors.Is(err, unix.EAGAIN) {
		return errInUse
	}
	return err
}

// exchange lets two files change names, in one step.
func exchange(one, other string) error {
	return unix.Renameat2(unix.AT_FDCWD, one, unix.AT_FDCWD, other, unix.RENAME_EXCHANGE)
}
