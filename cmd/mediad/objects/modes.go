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

// CloseToOthers keeps other users of the machine from media that are protected:
// files are 0640 and directories 0750 from now on, and those that hold what was
// there before are closed. Secrets are always 0600.
func CloseToOthers(ctx context.Context, c config.Config, log *slog.Logger) error {
	if !c.Playback.Protect {
		return nil
	}
	syscall.Umask(syscall.Umask(others) | others) // a stricter one stays
	if err := closeDir(c.SpoolDir()); err != nil {
		return err
	}
	// It may be on another machine's disk.
	ctx, cancel := context.WithTimeout(ctx, StartWait)
	defer cancel()
	_, err := untilDone(ctx, func() (struct{}, error) { return struct{}{}, closeDir(c.ObjectsDir()) })
	if errors.Is(err, context.DeadlineExceeded) {
		log.Error("the object directory does not answer; it is closed to other users, as playback.protect asks, when it does", "dir", c.ObjectsDir())
		return nil
	}
	return err
}

// others are the permissions that other users have no more.
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
