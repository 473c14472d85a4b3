// Package ffmpeg finds the external ffmpeg, and prepares runs of it that end with
// whoever asked for them.
//
// In flows what the configuration names; out flow commands that are not started.
// The package never decides what ffmpeg does.
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

// Find looks for what the configuration names, or for what PATH has. Only
// a name that leads nowhere is an error.
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

// Command is a run of ffmpeg behind everything else on the machine, that ends
// with ctx, children included.
func (f Program) Command(ctx context.Context, args ...string) *exec.Cmd {
	name := string(f)
	if nice, err := exec.LookPath("nice"); err == nil {
		name, args = nice, append([]string{"-n", "10", string(f)}, args...)
	}
	cmd := exec.CommandContext(ctx, name, args...)
	// A group of its own: a wrapper's children go with it, and Ctrl-C is ours.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	return cmd
}
