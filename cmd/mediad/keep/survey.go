package keep

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"mediad/overlay"
	"mediad/overlay/store"
	"mediad/packager/archive"
	"mediad/packager/layout"
	"mediad/packager/spool"
	"mediad/storage"
)

// orphanAge is how old an orphan must be before it may be deleted: an object
// that a server is just putting is unknown for a moment.
const orphanAge = 24 * time.Hour

// SurveyOptions say what is compared. All but Progress and Now are needed.
type SurveyOptions struct {
	Rows    *store.Store
	Objects Objects
	Dir     string // of the journals and the spool
	// Alone: no server runs, and none starts during a repair. Then a broadcast on
	// air that has lost its journal can be judged and repaired too.
	Alone bool
	// Temps are patterns of files that a crash leaves half-written.
	Temps []string
	// Progress is called, after about each second of work, with what is done;
	// nil: no reports.
	Progress func(text string)
	Now      func() time.Time // nil: time.Now
}

// Survey is a comparison of database, journals, spool and object store.
type Survey struct {
	Objects  int       `json:"objects"`
	Bytes    int64     `json:"bytes"`
	Epochs   int       `json:"epochs"`
	Findings []Finding `json:"findings"`

	o        SurveyOptions
	journals archive.Journals
	known    map[archive.Epoch]*epoch
	rooms    []string
	expected int      // segments that are stored according to the journals
	seen     int      // of these
	unlisted []string // objects that should exist and are not in the list
}

// epoch is what is known about one broadcast.
type epoch struct {
	archive.Epoch
	journal *archive.Journal // nil: there is none
	row     *overlay.Broadcast
	show    overlay.Show // of the row
	objects map[string]storage.Info
	spooled []spool.File
}

// settled tells whether no server puts or deletes objects of the epoch any
// more.
func (e *epoch) settled() bool {
	return e.journal != nil && e.journal.Done && (e.row == nil || !e.row.Ended.IsZero()) && e.show.Deleting.IsZero()
}

// Look makes a survey. It changes nothing. It reads the journals first, then the
// spool and the objects, then the rows. So everything that a journal names
// exists by the time the later ones are read, whatever a server does meanwhile,
// and a broadcast that is done according to its journal has left the spool.
func Look(ctx context.Context, o SurveyOptions) (*Survey, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	s := &Survey{o: o, Findings: []Finding{}, journals: archive.OpenJournals(o.Dir), known: map[archive.Epoch]*epoch{}}
	if err := s.readJournals(ctx); err != nil {
		return nil, err
	}
	if err := s.readSpool(); err != nil {
		return nil, err
	}
	loose, err := s.list(ctx)
	if err != nil {
		return nil, fmt.Errorf("list objects: %w", err)
	}
	if err := s.readRows(ctx); err != nil {
		return nil, err
	}
	var all []*epoch
	for _, e := range s.known {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b *epoch) int {
		return strings.Compare(a.Room+"/"+a.Epoch.Epoch, b.Room+"/"+b.Epoch.Epoch)
	})
	s.Epochs = len(all)
	for _, e := range all {
		if err := s.judge(ctx, e); err != nil {
			return nil, err
		}
	}
	if err := s.askAgain(ctx); err != nil {
		return nil, err
	}
	for _, room := range s.rooms {
		if err := s.judgePlain(ctx, room, all); err != nil {
			return nil, err
		}
	}
	for _, info := range loose {
		s.orphan(Finding{Kind: ObjectOrphan, Key: info.Key, Text: "no room has the object " + info.Key}, info.Modified)
	}
	return s, s.temps()
}

// sample is how many unlisted objects Look asks for if the list has none of the
// objects that it should have: it is then the wrong store, or a list that cannot be
// relied on.
const sample = 20

// askAgain asks the store for each object that the list leaves out. If one
// exists, the list cannot be relied on, and there is no survey.
func (s *Survey) askAgain(ctx context.Context) error {
	ask := s.unlisted
	if s.seen == 0 && len(ask) > sample {
		ask = ask[:sample]
	}
	asking, ctx := errgroup.WithContext(ctx)
	asking.SetLimit(workers)
	for _, key := range ask {
		asking.Go(func() error {
			_, ok, err := stat(ctx, s.o.Objects, key)
			if err == nil && ok {
				err = fmt.Errorf("%w: it leaves out %s, which is there. Nothing is judged by it, and nothing was changed", storage.ErrListing, key)
			}
			return err
		})
	}
	return asking.Wait()
}

func (s *Survey) find(f Finding) { s.Findings = append(s.Findings, f) }

// orphan adds the finding of an object or a file that belongs to nothing.
func (s *Survey) orphan(f Finding, since time.Time) {
	if f.Young = s.o.Now().Sub(since) < orphanAge; f.Young {
		f.Text += "; it is younger than a day, and stays"
	}
	s.find(f)
}

func (s *Survey) epoch(e archive.Epoch) *epoch {
	k := s.known[e]
	if k == nil {
		k = &epoch{Epoch: e, objects: map[string]storage.Info{}}
		s.known[e] = k
	}
	return k
}

func (s *Survey) readJournals(ctx context.Context) error {
	all, err := s.journals.List()
	if err != nil {
		return err
	}
	for _, e := range all {
		if s.epoch(e).journal, err = s.journals.Read(e); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	s.o.Progress(fmt.Sprintf("%d journals read", len(all)))
	return nil
}

func (s *Survey) readSpool() error {
	all, err := spool.Look(s.o.Dir)
	if err != nil {
		return err
	}
	for _, f := range all {
		e := s.epoch(archive.Epoch{Room: f.Room, Epoch: f.Epoch})
		e.spooled = append(e.spooled, f)
	}
	s.o.Progress(fmt.Sprintf("%d spooled segments read", len(all)))
	return nil
}

// list sorts the objects by epoch, and returns those that the check at a
// server's start left behind.
func (s *Survey) list(ctx context.Context) (loose []storage.Info, err error) {
	err = each(ctx, s.o.Objects, probes, func(info storage.Info) error {
		s.Objects, s.Bytes = s.Objects+1, s.Bytes+info.Size
		loose = append(loose, info)
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = each(ctx, s.o.Objects, prefix, func(info storage.Info) error {
		of, ok := layout.Owner(info.Key)
		if !ok {
			return nil
		}
		s.Objects, s.Bytes = s.Objects+1, s.Bytes+info.Size
		if s.Objects%(10*storage.MaxList) == 0 {
			s.o.Progress(fmt.Sprintf("%d objects listed", s.Objects))
		}
		if of.Epoch == "" {
			s.rooms = append(s.rooms, of.Room)
		} else {
			s.epoch(of).objects[info.Key] = info
		}
		return nil
	})
	s.o.Progress(fmt.Sprintf("%d objects listed", s.Objects))
	return loose, err
}

func (s *Survey) readRows(ctx context.Context) error {
	rows, err := s.o.Rows.AllBroadcasts(ctx)
	if err != nil {
		return err
	}
	shows := map[string]overlay.Show{}
	for i, b := range rows {
		show, ok := shows[b.Show]
		if !ok {
			if show, err = s.o.Rows.GetShow(ctx, b.Show); err != nil {
				return err
			}
			shows[b.Show] = show
		}
		e := s.epoch(archive.Epoch{Room: b.Room, Epoch: b.Epoch})
		e.row, e.show = &rows[i], show
	}
	s.o.Progress(fmt.Sprintf("%d broadcasts in the database", len(rows)))
	return nil
}
