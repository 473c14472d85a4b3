package archive

import (
	"fmt"
	"os"
	"time"
)

// Rebuild writes the journal of an epoch anew, from what is known of it otherwise.
// ended: nothing follows, and its last playlists are stored or rendered next.
// Nobody else may write the journal meanwhile, and there must be records.
func (j Journals) Rebuild(e Epoch, records []Record, ended bool) error {
	w, err := j.a.stored(e.Room, e.Epoch)
	if err != nil {
		return err
	}
	o := w.open
	if o == nil {
		o = &opening{Version: 1, Target: 1, Window: 30 * time.Second}
		if prev, err := j.a.before(e.Room, e.Epoch); err != nil {
			return err
		} else if prev.open != nil {
			shown := prev.listing()
			o.Discontinuities = shown.discontinuities() + 1
		}
	}
	lines := []line{{Open: o}}
	for _, t := range w.stores { // all that was found is in the one of now
		lines = []line{{Store: t.store}, {Open: o}}
	}
	for i, r := range records {
		if i > 0 && r.MSN <= records[i-1].MSN {
			return fmt.Errorf("write the journal of epoch %s anew: segment %d comes behind %d", e.Epoch, r.MSN, records[i-1].MSN)
		}
		if err := r.listable(); err != nil {
			return fmt.Errorf("write the journal of epoch %s anew: segment %d: %w", e.Epoch, r.MSN, err)
		}
		o.Target = max(o.Target, r.target())
		lines = append(lines, recordLine(r))
	}
	if ended {
		lines = append(lines, line{End: true}, line{Done: true})
	}
	text, err := encode(lines)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(j.a.disk().Room(e.Room), 0o755); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	return replace(j.a.disk().Journal(e), text)
}
