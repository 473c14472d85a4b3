package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"mediad/cmd/mediad/config"
)

// closeToOthers keeps other users of the machine from media that are protected:
// files are 0640 and directories 0750 from now on, and those that hold what was
// there before are closed. Secrets are always 0600.
func closeToOthers(c config.Config) error {
	if !c.Playback.Protect {
		return nil
	}
	const others = 0o027
	syscall.Umask(syscall.Umask(others) | others) // a stricter one stays
	for _, dir := range []string{c.DataPath("spool"), c.ObjectsDir()} {
		info, err := os.Stat(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil && info.Mode().Perm()&others != 0 {
			err = os.Chmod(dir, info.Mode().Perm()&^others)
		}
		if err != nil {
			return fmt.Errorf("close %s to other users, as playback.protect asks: %w", dir, err)
		}
	}
	return nil
}
