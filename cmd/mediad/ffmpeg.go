package main

import (
	"context"
	"fmt"
	"os/exec"
	"syscall"
	"time"
)

// ffmpeg is the path of the program; "": there is none.
type ffmpeg string

// findFFmpeg looks for what the configuration names, or for what PATH has. Only
// a name that leads nowhere is an error.
func findFFmpeg(named string) (ffmpeg, error) {
	if named == "" {
		path, err := exec.LookPath("ffmpeg")
		if err != nil {
			return "", nil
		}
		return ffmpeg(path), nil
	}
	path, err := exec.LookPath(named)
	if err != nil {
		return "", fmt.Errorf("ffmpeg: %w", err)
	}
	return ffmpeg(path), nil
}

// command is a run of ffmpeg behind everything else on the machine, that ends
// with ctx, children included.
func (f ffmpeg) command(ctx context.Context, args ...string) *exec.Cmd {
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
