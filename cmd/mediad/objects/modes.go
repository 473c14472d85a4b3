package objects

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"syscall"

	"mediad/cmd/mediad/config"
)

// CloseToOthers keeps other users of the machine away from protected media:
// from now on files are 0640 and directories 0750, and directories with
// existing media are closed too. Secrets are always 0600.
func CloseToOthers(ctx context.Context, c config.Config, log *slog.Logger) error {
	if !c.Playback.Protect {
		return nil
	}
	syscall.Umask(syscall.Umask(others) | others) // a stricter umask stays
	if err := closeDir(c.SpoolDir()); err != nil {
		return err
	}
	// The directory may be on the disk of another machine, and hang.
	ctx, cancel := context.WithTimeout(ctx, StartWait)
	defer cancel()
	_, err := untilDone(ctx, func() (struct{}, error) { return struct{}{}, closeDir(c.ObjectsDir()) })
	if errors.Is(err, context.DeadlineExceeded) {
		log.Error("the object directory does not answer; when it does, it will be closed to other users (playback.protect)", "dir", c.ObjectsDir())
		return nil
	}
	return err
}

// others are the permissions that are removed from other users.
const others = 0o027

func closeDir(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && info.Mode().Perm()&others != 0 {
		err = os.Chmod(dir, info.Mode().Perm()&^others)
	}
	if err != nil {
		return fmt.Errorf("close %s to other users, as playback.protect asks: %w", dir, err)
	}
	return nil
}
