package spool

import (
	"errors"
	"os"
)

// Disk has the calls with which a Spool changes what is on the disk. On a disk that
// hangs none of them returns.
type Disk interface {
	Write(f *os.File, media []byte) error
	Sync(f *os.File) error
	SyncFolder(dir string) error
	Remove(path string) error // os.Remove
}

// Local is the Disk of the operating system.
type Local struct{}

func (Local) Write(f *os.File, media []byte) error {
	_, err := f.Write(media)
	return err
}

func (Local) Sync(f *os.File) error { return f.Sync() }

func (Local) SyncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (Local) Remove(path string) error { return os.Remove(path) }
