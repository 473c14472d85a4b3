package replay

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"mediad/cmd/mediad/ffmpeg"
	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/packager/m3u8"
)

// Bounds of downloads, which only hosts can request: how many are kept at once,
// waiting or done, how long one may take, and how long its file stays. The
// configuration bounds the bytes of all files together. ffmpeg reports its
// progress twice a second, so a file may exceed that bound by what ffmpeg writes
// between two reports.
const (
	maxDownloads    = 8
	downloadTimeout = 2 * time.Hour
	downloadStays   = time.Hour
)

// Downloads makes MP4 files of recordings with an external ffmpeg, one at a
// time. It implements api.Downloads.
type Downloads struct {
	dir     string // for the files; emptied by Run
	program string // as in the configuration; may be empty
	replays *Replays
	limit   int64        // bytes of all files
	media   http.Handler // serves the segments of a recording
	log     *slog.Logger
	queue   chan *download // has room for maxDownloads; sends happen with mu held, and never wait

	mu sync.Mutex
	// Guarded by mu.
	jobs map[string]*download
}

// download is one file. Its program and list do not change; the rest is guarded
// by Downloads.mu.
type download struct {
	program ffmpeg.Program
	list    *m3u8.Media
	state   api.Download
	key     string // of the request that began it; "": none
	written int64  // bytes, so far
	stopped bool
	cancel  context.CancelFunc // while it runs
}

// DownloadOptions of Downloads.
type DownloadOptions struct {
	Dir     string // for the files; Run empties it
	FFmpeg  string // as in the configuration; "": the one in PATH
	Limit   int64  // bytes of all files
	Replays *Replays
	Media   http.Handler // serves the segments of a recording
	Log     *slog.Logger
}

// NewDownloads starts nothing.
func NewDownloads(o DownloadOptions) *Downloads {
	return &Downloads{
		dir: o.Dir, program: o.FFmpeg, limit: o.Limit, replays: o.Replays, media: o.Media, log: o.Log,
		queue: make(chan *download, maxDownloads), jobs: map[string]*download{},
	}
}

func (d *Downloads) file(id string) string { return filepath.Join(d.dir, id+".mp4") }

// StartDownload implements api.Downloads.
func (d *Downloads) StartDownload(ctx context.Context, show, product, key string) (api.Download, error) {
	program, err := ffmpeg.Find(d.program) // each time: ffmpeg may have been installed since
	if err != nil || program == "" {
		return api.Download{}, overlay.Errorf(overlay.Unsupported, "downloads need ffmpeg, which this server does not have: install it, and try again")
	}
	list, err := d.replays.media(ctx, show, product)
	if err != nil {
		return api.Download{}, err
	}
	if list == nil && product != "" {
		return api.Download{}, overlay.Errorf(overlay.NotFound, "the recording has no chapter about this product")
	}
	if list == nil {
		return api.Download{}, overlay.Errorf(overlay.NotFound, "there is no recording of this (yet)")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, j := range d.jobs {
		if key == "" || j.key != key {
			continue
		}
		if j.state.Show != show || j.state.Product != product {
			return api.Download{}, overlay.Errorf(overlay.Invalid, "Idempotency-Key: was used for another request; use a new one")
		}
		return j.state, nil
	}
	if len(d.jobs) >= maxDownloads {
		d.forgetFailed()
	}
	if len(d.jobs) >= maxDownloads {
		return api.Download{}, overlay.Errorf(overlay.Conflict, "%d downloads are being made or kept; delete one, or wait", len(d.jobs))
	}
	if used := d.bytes(); used >= d.limit {
		return api.Download{}, overlay.Errorf(overlay.Conflict, "the files of downloads take %d MB, and no more than %d MB are allowed (downloads.limit): delete one, or wait", used/1e6, d.limit/1e6)
	}
	j := &download{program: program, key: key, list: list, state: api.Download{ID: rand.Text(), Show: show, Product: product, State: "waiting"}}
	d.enqueue(j)
	return j.state, nil
}

// bytes sums the sizes of all files. mu is held.
func (d *Downloads) bytes() (n int64) {
	for _, j := range d.jobs {
		n += j.written
	}
	return n
}

// errDownloads is the error of a file that does not fit within the bound.
var errDownloads = errors.New("the file would be larger than downloads.limit leaves room for: delete other downloads, or raise it")

// enqueue is called with mu held, and with a place in jobs.
func (d *Downloads) enqueue(j *download) {
	// Cancelled downloads are still in the queue, behind one that may run for
	// hours.
	for range len(d.queue) {
		select {
		case waiting := <-d.queue:
			if !waiting.stopped {
				d.queue <- waiting // nobody else sends
			}
		default: // Run took the last
		}
	}
	d.queue <- j // at most maxDownloads-1 are in it
	d.jobs[j.state.ID] = j
}

// forgetFailed makes room: it removes the oldest failed download, which has no
// file. mu is held.
func (d *Downloads) forgetFailed() {
	var first *download
	for _, j := range d.jobs {
		if j.state.State == "failed" && (first == nil || j.state.Expires.Before(first.state.Expires)) {
			first = j
		}
	}
	if first != nil {
		d.remove(first)
	}
}

// find is called with mu held.
func (d *Downloads) find(show, id string) (*download, error) {
	if j := d.jobs[id]; j != nil && j.state.Show == show {
		return j, nil
	}
	return nil, overlay.Errorf(overlay.NotFound, "there is no such download")
}

// Download implements api.Downloads.
func (d *Downloads) Download(show, id string) (api.Download, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	j, err := d.find(show, id)
	if err != nil {
		return api.Download{}, err
	}
	return j.state, nil
}

// CancelDownload implements api.Downloads.
func (d *Downloads) CancelDownload(show, id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	j, err := d.find(show, id)
	if err != nil {
		return err
	}
	d.remove(j)
	return nil
}

// remove forgets a download, even while it runs. mu is held.
func (d *Downloads) remove(j *download) {
	delete(d.jobs, j.state.ID)
	j.stopped = true
	if j.cancel != nil {
		j.cancel() // the goroutine that makes it removes the file
		return
	}
	if err := os.Remove(d.file(j.state.ID)); err != nil && !errors.Is(err, os.ErrNotExist) {
		d.log.Error("file of a download could not be removed", "err", err)
	}
}

// ServeDownload implements api.Downloads.
func (d *Downloads) ServeDownload(w http.ResponseWriter, r *http.Request, show, id string) error {
	state, err := d.Download(show, id)
	if err != nil {
		return err
	}
	if state.State != "done" {
		return overlay.Errorf(overlay.Conflict, "the file is not ready: its state is %s", state.State)
	}
	if _, err := d.replays.show(r.Context(), show); err != nil {
		return err
	}
	f, err := os.Open(d.file(id))
	if err != nil {
		return fmt.Errorf("open download: %w", err)
	}
	defer f.Close()
	name := show
	if state.Product != "" {
		name += "-" + state.Product
	}
	w.Header().Set("Content-Type", "video/mp4")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.mp4"`, name))
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// Run makes the requested files, and removes old ones, until ctx ends.
func (d *Downloads) Run(ctx context.Context) error {
	if err := os.RemoveAll(d.dir); err != nil { // of a former process
		d.log.Error("old downloads could not be removed", "err", err)
	}
	clock := time.NewTicker(time.Minute)
	defer clock.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case j := <-d.queue:
			d.work(ctx, j)
		case now := <-clock.C:
			d.expire(now)
		}
	}
}

func (d *Downloads) expire(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, j := range d.jobs {
		if e := j.state.Expires; !e.IsZero() && now.After(e) {
			d.remove(j)
		}
	}
}

// work makes one file.
func (d *Downloads) work(ctx context.Context, j *download) {
	ctx, cancel := context.WithTimeout(ctx, downloadTimeout)
	defer cancel()
	d.mu.Lock()
	if j.stopped {
		d.mu.Unlock()
		return
	}
	j.cancel, j.state.State = cancel, "running"
	d.mu.Unlock()
	size, err := remux{program: j.program, dir: d.dir, media: d.media, list: j.list, progress: func(p float64, bytes int64) error {
		d.mu.Lock()
		defer d.mu.Unlock()
		if j.state.Progress, j.written = p, bytes; d.bytes() > d.limit {
			return errDownloads
		}
		return nil
	}}.run(ctx, d.file(j.state.ID))
	d.mu.Lock()
	defer d.mu.Unlock()
	j.cancel, j.state.Expires = nil, time.Now().Add(downloadStays)
	switch {
	case err == nil && !j.stopped:
		j.state.State, j.state.Progress, j.state.Bytes, j.written = "done", 1, size, size
		j.state.File = "/api/v1/shows/" + j.state.Show + "/download/" + j.state.ID + "/file"
	case j.stopped:
		d.remove(j)
	default:
		d.log.Error("download failed", "show", j.state.Show, "err", err)
		j.state.State, j.state.Problem, j.written = "failed", "ffmpeg could not make the file; the server's log says why", 0
		if errors.Is(err, errDownloads) {
			j.state.Problem = errDownloads.Error()
		}
	}
}
