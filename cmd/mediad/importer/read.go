package importer

import (
	"context"
	"io"
	"maps"
	"slices"
	"time"

	"mediad/overlay"
	"mediad/overlay/catalogue"
	"mediad/overlay/store"
)

// batch is how many rows are compared and kept at once.
const batch = 500

// maxTime bounds the reading of one file, however slow the machine is.
const maxTime = 30 * time.Minute

// Read reads the file of an import from its beginning, and compares it with the
// catalogue. Nothing of it is visible after that. progress is told how many bytes are
// read; nil: nobody is.
func Read(ctx context.Context, s *store.Store, job overlay.Import, file io.ReadSeeker, progress func(done, total int64)) (overlay.Import, error) {
	limited, cancel := context.WithTimeoutCause(ctx, maxTime, overlay.Errorf(overlay.TooLarge, "the file could not be read within %v; divide it", maxTime))
	defer cancel()
	after, err := read(limited, s, job, file, progress)
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		err = context.Cause(limited)
	}
	return after, err
}

func read(ctx context.Context, s *store.Store, job overlay.Import, file io.ReadSeeker, progress func(done, total int64)) (overlay.Import, error) {
	if err := s.BeginImport(ctx, job.ID); err != nil {
		return job, err
	}
	var items []store.ImportItem
	var done, total int64
	named := map[string]bool{} // SKUs that only rejected rows have
	keep := func() error {
		if progress != nil {
			progress(done, total)
		}
		err := s.AddImportRows(ctx, job, items, done, total)
		for _, i := range items {
			if i.Reason == "" {
				delete(named, i.SKU)
			} else if i.SKU != "" && !i.Again {
				named[i.SKU] = true
			}
		}
		items = items[:0]
		return err
	}
	o := catalogue.Options{Currency: job.Currency, Now: time.Now(), Progress: func(d, t int64) { done, total = d, t }}
	err := catalogue.Read(ctx, file, o, func(i catalogue.Item) error {
		items = append(items, store.ImportItem{Row: int64(i.Row), SKU: i.SKU, Title: i.Title, Again: i.Again, Reason: i.Reason, Change: i.Change})
		if len(items) < batch {
			return nil
		}
		return keep()
	})
	if err == nil {
		err = keep()
	}
	if err != nil {
		return job, err
	}
	return s.EndImportReading(ctx, job.ID, slices.Collect(maps.Keys(named)))
}
