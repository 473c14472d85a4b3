package thumbs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"
)

// Bounds of one run of ffmpeg.
const (
	runFor      = 10 * time.Second
	mostPicture = 1 << 20 // bytes
)

// Runner takes pictures with ffmpeg, one at a time. Make it with NewRunner.
type Runner struct {
	command func(ctx context.Context, args ...string) *exec.Cmd
	turn    chan struct{} // holds a value while one runs
}

// NewRunner gives a Runner that starts ffmpeg by command, which adds the name to
// its arguments and sees that it ends with ctx.
func NewRunner(command func(ctx context.Context, args ...string) *exec.Cmd) *Runner {
	return &Runner{command: command, turn: make(chan struct{}, 1)}
}

// errTooLarge: nobody asked for a picture of that size.
var errTooLarge = fmt.Errorf("the picture has more than %d bytes", mostPicture)

// picture decodes the first key frame of media, which is MPEG-TS, and gives it
// as JPEG or PNG, not larger than w and h (0: any height), upright and with
// square pixels.
func (r *Runner) picture(ctx context.Context, media io.Reader, codec string, w, h int) ([]byte, error) {
	return r.run(ctx, media, "mpegts", scale(w, h), codec)
}

// run decodes the first key frame of media in a format, and gives what a filter makes of it.
func (r *Runner) run(ctx context.Context, media io.Reader, format, filter, codec string) ([]byte, error) {
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, runFor)
	defer cancel()
	cmd := r.command(ctx, "-nostdin", "-v", "error", "-threads", "1", "-protocol_whitelist", "pipe",
		"-skip_frame", "nokey", "-f", format, "-i", "pipe:0",
		"-map", "0:v:0", "-frames:v", "1", "-vf", filter, "-c:v", codec, "-q:v", "4", "-threads", "1", "-f", "image2pipe", "pipe:1")
	out, said := &head{most: mostPicture, full: cancel}, &head{most: 2048}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = media, out, said
	err := cmd.Run()
	switch cause := bytes.TrimSpace(said.data); {
	case out.over:
		return nil, fmt.Errorf("run ffmpeg: %w", errTooLarge)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, fmt.Errorf("run ffmpeg: it took more than %v", runFor)
	case err != nil && len(cause) > 0:
		return nil, fmt.Errorf("run ffmpeg: %w: %s", err, cause)
	case err != nil:
		return nil, fmt.Errorf("run ffmpeg: %w", err)
	case len(out.data) == 0:
		return nil, errors.New("run ffmpeg: it found no key frame")
	}
	return out.data, nil
}

// scale is a filter that shrinks a picture into a box, never enlarges it, and
// evens out pixels that are not square.
func scale(w, h int) string {
	width := fmt.Sprintf("min(%d,iw*sar)", w)
	if h > 0 {
		width = fmt.Sprintf("min(%s,%d*dar)", width, h)
	}
	return fmt.Sprintf("scale=w='max(2,trunc(%s/2)*2)':h='max(2,trunc(ow/dar/2+0.5)*2)',setsar=1", width)
}

// head keeps the beginning of what is written, and calls full when more comes.
type head struct {
	most int
	full func() // may be nil
	data []byte
	over bool
}

func (h *head) Write(p []byte) (int, error) {
	room := h.most - len(h.data)
	h.data = append(h.data, p[:min(room, len(p))]...)
	if len(p) > room && !h.over {
		h.over = true
		if h.full != nil {
			h.full()
		}
	}
	return len(p), nil
}
