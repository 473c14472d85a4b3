package storage

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// alone checks that a file is open nowhere else. It takes a lease: a process that opens
// the file now waits until f is closed.
func alone(f *os.File) error {
	fd := int(f.Fd())
	var fsys unix.Statfs_t
	if err := unix.Fstatfs(fd, &fsys); err != nil {
		return err
	}
	if !local(int64(fsys.Type)) {
		return errors.ErrUnsupported
	}
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

// local tells whether files of a file system can only be opened through this kernel. A
// lease says nothing about the users of other file systems, such as NFS.
func local(kind int64) bool {
	switch kind {
	case unix.EXT4_SUPER_MAGIC, unix.XFS_SUPER_MAGIC, unix.BTRFS_SUPER_MAGIC, unix.F2FS_SUPER_MAGIC, unix.TMPFS_MAGIC, unix.OVERLAYFS_SUPER_MAGIC:
		return true
	}
	return false
}

// exchange exchanges the names of two files in one step.
func exchange(one, other string) error {
	return unix.Renameat2(unix.AT_FDCWD, one, unix.AT_FDCWD, other, unix.RENAME_EXCHANGE)
}
