package replay

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"mediad/cmd/mediad/ffmpeg"
	"mediad/packager/layout"
	"mediad/packager/m3u8"
)

// remux makes one MP4 of a recording: an external ffmpeg copies the streams, and
// nothing is encoded. ffmpeg reads each continuous stretch as one transport
// stream, from a port of the loopback interface, under a random path that lives
// as long as the work. So it needs neither HTTPS nor signed addresses.
type remux struct {
	program  ffmpeg.Program
	dir      string
	media    http.Handler // serves list's URIs
	list     *m3u8.Media
	progress func(part float64, bytes int64) error // an error ends the work
}

// run makes the file and returns its size. On an error it leaves no file.
func (m remux) run(ctx context.Context, file string) (size int64, err error) {
	if err := os.MkdirAll(m.dir, 0o700); err != nil {
		return 0, fmt.Errorf("make folder for downloads: %w", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("listen for ffmpeg: %w", err)
	}
	runs, secret := stretches(m.list.Segments), "/"+rand.Text()+"/"
	ctx, broken := context.WithCancelCause(ctx)
	defer broken(nil)
	server := &http.Server{Handler: m.source(secret, runs, broken), ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	defer func() {
		if cerr := server.Close(); cerr != nil && err == nil {
			err = cerr
		}
		<-served // always ErrServerClosed by now
	}()
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(os.Remove(file)))
		}
	}()
	script := file + ".ffconcat"
	defer func() { err = errors.Join(err, ignoreMissing(os.Remove(script))) }()
	if err := os.WriteFile(script, []byte(concat("http://"+l.Addr().String()+secret, runs)), 0o600); err != nil {
		return 0, fmt.Errorf("write script for ffmpeg: %w", err)
	}
	if err := m.copy(ctx, script, file); err != nil {
		return 0, err
	}
	info, err := os.Stat(file)
	if err != nil {
		return 0, fmt.Errorf("look at download: %w", err)
	}
	return info.Size(), nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// stretches splits a list of segments at discontinuities.
func stretches(list []m3u8.Segment) (out [][]m3u8.Segment) {
	for i, s := range list {
		if i == 0 || s.Discontinuity {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], s)
	}
	return out
}

func length(segments []m3u8.Segment) (d time.Duration) {
	for _, s := range segments {
		d += s.Duration
	}
	return d
}

// concat writes the script for ffmpeg's concat demuxer: each stretch begins
// where the one before ends, whatever its timestamps are.
func concat(base string, runs [][]m3u8.Segment) string {
	var b strings.Builder
	b.WriteString("ffconcat version 1.0\n")
	for i, run := range runs {
		fmt.Fprintf(&b, "file '%s%s'\nduration %.3f\n", base, layout.SegmentFile(uint64(i)), length(run).Seconds())
	}
	return b.String()
}

// source serves stretches, each as one transport stream. If a segment does not
// come whole, it calls broken, since ffmpeg takes a cut connection for the end
// of the stream.
func (m remux) source(secret string, runs [][]m3u8.Segment, broken context.CancelCauseFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ok := strings.CutPrefix(r.URL.Path, secret)
		n, number := layout.SegmentNumber(name)
		if !ok || !number || n >= uint64(len(runs)) {
			http.NotFound(w, r)
			return
		}
		for _, s := range runs[n] {
			one, err := http.NewRequestWithContext(r.Context(), http.MethodGet, s.URI, nil)
			if err != nil {
				panic(http.ErrAbortHandler)
			}
			answer := &bodyOnly{to: w, header: http.Header{}}
			m.media.ServeHTTP(answer, one)
			if gone := answer.gone || r.Context().Err() != nil; gone || !answer.whole() {
				if !gone {
					broken(fmt.Errorf("segment %s could not be read whole: status %d, %d bytes", s.URI, answer.status, answer.sent))
				}
				panic(http.ErrAbortHandler)
			}
		}
	})
}

// bodyOnly lets the bodies of good answers through.
type bodyOnly struct {
	to     http.ResponseWriter
	header http.Header
	status int
	sent   int64
	gone   bool // the reader has left
}

// whole tells whether all announced bytes came: a store may break off within
// an object.
func (b *bodyOnly) whole() bool {
	if b.status != 0 && b.status != http.StatusOK {
		return false
	}
	promised := b.header.Get("Content-Length")
	return promised == "" || promised == strconv.FormatInt(b.sent, 10)
}

func (b *bodyOnly) Header() http.Header    { return b.header }
func (b *bodyOnly) WriteHeader(status int) { b.status = status }
func (b *bodyOnly) Write(p []byte) (int, error) {
	if b.status != 0 && b.status != http.StatusOK {
		return len(p), nil
	}
	n, err := b.to.Write(p)
	b.sent += int64(n)
	b.gone = b.gone || err != nil
	return n, err
}

// copy runs the program.
func (m remux) copy(ctx context.Context, script, file string) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	cmd := m.program.Command(ctx, "-nostdin", "-v", "error", "-xerror", "-progress", "pipe:1", "-nostats",
		"-f", "concat", "-safe", "0", "-protocol_whitelist", "file,http,tcp", "-i", script,
		"-map", "0:v?", "-map", "0:a?", "-c", "copy", "-movflags", "+faststart", "-f", "mp4", "-y", file)
	said := &closing{}
	cmd.Stderr = said
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("start ffmpeg: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start ffmpeg: %w", err)
	}
	total := length(m.list.Segments)
	var part float64
	var size int64
	for lines := bufio.NewScanner(out); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), "=")
		n, err := strconv.ParseInt(value, 10, 64)
		switch {
		case name == "out_time_us" && err == nil && n > 0:
			part = min(0.99, float64(n)/float64(total.Microseconds()))
		case name == "total_size" && err == nil:
			size = n
		case name == "progress": // ends each report
			if err := m.progress(part, size); err != nil {
				stop(err)
			}
		}
	}
	if err := cmd.Wait(); err != nil {
		if cause := context.Cause(ctx); cause != nil {
			return fmt.Errorf("run ffmpeg: %w", cause)
		}
		return fmt.Errorf("run ffmpeg: %w: %s", err, bytes.TrimSpace(said.last))
	}
	return context.Cause(ctx) // also for a file that ended early and looks whole
}

// closing keeps the last bytes that are written to it.
type closing struct{ last []byte }

func (t *closing) Write(p []byte) (int, error) {
	const most = 2048
	t.last = append(t.last, p...)
	t.last = t.last[max(0, len(t.last)-most):]
	return len(p), nil
}
