// Package ffmpeg finds the external ffmpeg, and prepares runs of it that end with
// their caller.
//
// Input: the path in the configuration. Output: commands that are not started
// yet. The package never decides what ffmpeg does.
package ffmpeg

import (
	"context"
	"fmt"
	"os/exec"
	"syscall"
	"time"
)

// Program is the path of the program; "": there is none.
type Program string

// Find looks for the ffmpeg that the configuration names, or else in PATH.
// Only a configured name that cannot be found is an error.
func Find(named string) (Program, error) {
	if named == "" {
		path, err := exec.LookPath("ffmpeg")
		if err != nil {
			return "", nil
		}
		return Program(path), nil
	}
	path, err := exec.LookPath(named)
	if err != nil {
		return "", fmt.Errorf("ffmpeg: %w", err)
	}
	return Program(path), nil
}

// Command prepares a run of ffmpeg with low priority. It ends with ctx, child
// processes included.
func (f Program) Command(ctx context.Context, args ...string) *exec.Cmd {
	name := string(f)
	if nice, err := exec.LookPath("nice"); err == nil {
		name, args = nice, append([]string{"-n", "10", string(f)}, args...)
	}
	cmd := exec.CommandContext(ctx, name, args...)
	// The run has a process group of its own: the children of a wrapper are
	// killed with it, and Ctrl-C reaches only this program.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	return cmd
}
