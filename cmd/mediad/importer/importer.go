// Package importer brings files of products into the catalogue: files that somebody
// sends, files at an address, and files that the command mediad import reads.
//
// In go files; out go rows of the store, and what is wrong in words for users. A file
// is on the disk before anybody is told that its import has begun, and what is begun
// goes on after a crash. One file is read at a time, since each of them keeps the
// database busy.
package importer

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"mediad/overlay"
	"mediad/overlay/catalogue"
	"mediad/overlay/store"
)

// Options of an Importer.
type Options struct {
	Store *store.Store
	Dir   string // where files wait until they are read; it is made if missing
	Log   *slog.Logger
	// Public tells which addresses files may be fetched from; nil: those of the public
	// internet alone.
	Public func(netip.Addr) bool
	// Rest is called behind each step, with the time that it took; see Rest.
	Rest func(ctx context.Context, worked time.Duration)
}

// Importer is safe for concurrent use.
type Importer struct {
	o      Options
	wake   chan struct{} // has room for one
	taking chan struct{} // a place for each upload
}

// maxUploads is how many files may arrive at once.
const maxUploads = 4

// New makes an Importer. Run does its work.
func New(o Options) *Importer {
	if o.Public == nil {
		o.Public = overlay.PublicAddress
	}
	if o.Rest == nil {
		o.Rest = func(context.Context, time.Duration) {}
	}
	return &Importer{o: o, wake: make(chan struct{}, 1), taking: make(chan struct{}, maxUploads)}
}

// Upload keeps a file, and begins its import. A request that was sent before, by its key,
// begins nothing.
func (i *Importer) Upload(ctx context.Context, job overlay.Import, file io.Reader, actor string, once store.Once) (overlay.Import, error) {
	select {
	case i.taking <- struct{}{}:
		defer func() { <-i.taking }()
	default:
		return job, overlay.Errorf(overlay.TooMany, "%d files arrive at this moment already; try again when one is there", maxUploads)
	}
	name := i.o.Store.NewID()
	hash := sha256.New()
	hash.Write(once.Body[:])
	if err := i.keep(name, io.TeeReader(file, hash)); err != nil {
		return job, err
	}
	hash.Sum(once.Body[:0])
	made, fresh, err := i.o.Store.CreateImport(ctx, job, store.ImportFile{Name: name}, actor, once)
	if err != nil || !fresh {
		return made, errors.Join(err, os.Remove(i.path(name)))
	}
	i.Wake()
	return made, nil
}

// Fetch begins the import of a file at an address.
func (i *Importer) Fetch(ctx context.Context, job overlay.Import, address, actor string, once store.Once) (overlay.Import, error) {
	address, err := overlay.CheckedAddress(address)
	if err != nil {
		return job, err
	}
	job.Source = address
	made, _, err := i.o.Store.CreateImport(ctx, job, store.ImportFile{Name: i.o.Store.NewID(), Address: address}, actor, once)
	if err == nil {
		i.Wake()
	}
	return made, err
}

// Apply decides that an import is applied.
func (i *Importer) Apply(ctx context.Context, id string, confirm []string, actor string) (overlay.Import, error) {
	after, err := i.o.Store.ConfirmImport(ctx, id, confirm, actor)
	if err == nil {
		i.Wake()
	}
	return after, err
}

// Wake lets the work go on: there may be something to do.
func (i *Importer) Wake() {
	select {
	case i.wake <- struct{}{}:
	default:
	}
}

func (i *Importer) path(name string) string { return filepath.Join(i.o.Dir, filepath.Base(name)) }

// keep writes a file to the disk, whole or not at all.
func (i *Importer) keep(name string, from io.Reader) (err error) {
	if err := os.MkdirAll(i.o.Dir, 0o700); err != nil {
		return fmt.Errorf("make the directory of imports: %w", err)
	}
	f, err := os.OpenFile(i.path(name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("keep a file: %w", err)
	}
	n, err := io.Copy(f, io.LimitReader(from, catalogue.MaxBytes+1))
	if err == nil && n > catalogue.MaxBytes {
		err = overlay.Errorf(overlay.TooLarge, "the file has more than %d MiB; divide it", catalogue.MaxBytes>>20)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(i.path(name)))
	}
	dir, err := os.Open(i.o.Dir) // its name must be there after a crash, too
	if err != nil {
		return fmt.Errorf("keep a file: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// again is how long the work pauses after an error that may pass.
const again = 5 * time.Second

// Run works on what is begun until ctx is done.
func (i *Importer) Run(ctx context.Context) error {
	ended := make(chan error)
	go func() { // has a thread of its own
		if err := yield(); err != nil {
			i.o.Log.WarnContext(ctx, "imports do not give way to media", "err", err)
		}
		ended <- i.run(ctx)
	}()
	return <-ended
}

func (i *Importer) run(ctx context.Context) error {
	for ctx.Err() == nil {
		i.forgetStrays(ctx)
		pause := time.Hour
		// Leftovers go first: an import may prepare anew what one of them had prepared.
		err := i.o.Store.SweepImports(ctx)
		next, started := i.o.Store.StartFeeds(ctx)
		if !next.IsZero() {
			pause = min(pause, max(time.Until(next), again))
		}
		worked := i.work(ctx)
		if worked == errWaits {
			worked, pause = nil, again
		}
		if err = errors.Join(err, started, worked, i.o.Store.IndexProducts(ctx)); err != nil && ctx.Err() == nil {
			i.o.Log.ErrorContext(ctx, "an import cannot go on now; it is tried again", "err", err)
			pause = again
		}
		timer := time.NewTimer(pause)
		select {
		case <-i.wake:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
	return nil
}

// forgetStrays removes files that no import waits for: a crash has interrupted them.
func (i *Importer) forgetStrays(ctx context.Context) {
	open, err := i.o.Store.OpenImports(ctx)
	files, lerr := os.ReadDir(i.o.Dir)
	if err != nil || lerr != nil {
		if err = errors.Join(err, lerr); !errors.Is(err, fs.ErrNotExist) {
			i.o.Log.WarnContext(ctx, "files of interrupted imports stay", "err", err)
		}
		return
	}
	waits := map[string]bool{}
	for _, o := range open {
		waits[o.File.Name] = true
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil || waits[f.Name()] || time.Since(info.ModTime()) < 6*time.Hour { // one may arrive at this moment, over a slow line
			continue
		}
		if err := os.Remove(i.path(f.Name())); err != nil {
			i.o.Log.WarnContext(ctx, "the file of an interrupted import stays", "err", err)
		}
	}
}

// errWaits: another import is being applied, by another process.
var errWaits = errors.New("an import waits for another")

// work takes the open imports one step further, until none is left, or none of them can
// go on. One that fails does not stop the others.
func (i *Importer) work(ctx context.Context) error {
	for {
		open, err := i.o.Store.OpenImports(ctx)
		if err != nil || len(open) == 0 {
			return err
		}
		var failed error
		waiting := 0
		for _, o := range open {
			if err := i.step(ctx, o); err == errWaits {
				waiting++
			} else {
				failed = errors.Join(failed, err)
			}
		}
		if failed != nil {
			return failed
		}
		if waiting == len(open) {
			return errWaits
		}
	}
}

func (i *Importer) step(ctx context.Context, o store.OpenImport) error {
	if o.State == overlay.ImportApplying {
		if err := i.o.Store.ApplyImport(ctx, o.ID); err != nil {
			return err
		}
		i.o.Log.InfoContext(ctx, "an import is applied", "import", o.ID, "org", o.Org, "new", o.New, "changed", o.Changed)
		return nil
	}
	if o.State == overlay.ImportReady { // without a dry run, and without warnings
		_, err := i.o.Store.ConfirmImport(ctx, o.ID, nil, "import")
		if overlay.CodeOf(err) == overlay.Conflict {
			return errWaits
		}
		return err
	}
	err := i.read(ctx, o)
	var words *overlay.Error
	if errors.As(err, &words) && words.Code != overlay.Unavailable {
		i.o.Log.InfoContext(ctx, "an import has failed", "import", o.ID, "org", o.Org, "reason", words.Message)
		err = i.o.Store.FailImport(ctx, o.ID, words.Message)
	}
	if err != nil {
		return err
	}
	if err := os.Remove(i.path(o.File.Name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		i.o.Log.WarnContext(ctx, "the file of an import stays", "err", err)
	}
	return nil
}

func (i *Importer) read(ctx context.Context, o store.OpenImport) (err error) {
	if o.File.Address != "" {
		if err := os.Remove(i.path(o.File.Name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := i.fetch(ctx, o.File); err != nil {
			return err
		}
	}
	f, err := os.Open(i.path(o.File.Name))
	if errors.Is(err, fs.ErrNotExist) {
		return overlay.Errorf(overlay.Gone, "the server has lost the file; send it again")
	}
	if err != nil {
		return fmt.Errorf("open the file of an import: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	from := time.Now()
	_, err = Read(ctx, i.o.Store, o.Import, f, func(int64, int64) {
		i.o.Rest(ctx, time.Since(from))
		from = time.Now()
	})
	return err
}
