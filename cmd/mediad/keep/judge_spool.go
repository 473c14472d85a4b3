package keep

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// underway: a spooled segment that is younger may be one that is just being
// written, or put.
const underway = time.Minute

// judgeSpool judges the segments of an epoch on the local disk. While the epoch
// is on air or being stored, the local disk also keeps files that the store has,
// for the live window.
func (s *Survey) judgeSpool(e *epoch) {
	over := e.row == nil || e.settled()
	var last uint64 // last segment that the store has, or never will have
	if e.journal != nil && len(e.journal.Records) > 0 {
		last = e.journal.Records[len(e.journal.Records)-1].MSN
	}
	var waiting, size int64
	for _, f := range e.spooled {
		if _, err := os.Lstat(f.Path); errors.Is(err, fs.ErrNotExist) {
			continue // its server has stored it meanwhile
		}
		at := Finding{Room: e.Room, Epoch: e.Epoch.Epoch, File: f.Path}
		switch {
		case over:
			at.Kind, at.Text = SpoolOrphan, "nobody will store the spooled segment "+f.Path
			s.orphan(at, f.Modified)
		case f.MSN > 0 && f.MSN <= last, s.o.Now().Sub(f.Modified) < underway:
		case f.Damaged == nil:
			waiting, size = waiting+1, size+f.Size
		default:
			at.Kind, at.Text = SpoolDamaged, fmt.Sprintf("the spooled segment %s cannot be stored: %v", f.Path, f.Damaged)
			s.find(at)
		}
	}
	if waiting > 0 {
		s.find(Finding{Kind: SpoolWaiting, Room: e.Room, Epoch: e.Epoch.Epoch, Text: fmt.Sprintf(
			"%d segments of broadcast %s of room %s (%d kB) wait in the spool for the store", waiting, e.Epoch.Epoch, e.Room, size/1000)})
	}
}
