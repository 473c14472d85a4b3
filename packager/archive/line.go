package archive

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"mediad/packager/m3u8"
)

// A journal is a text of lines, each one JSON object with exactly one member.
// First comes "store", and once more wherever another store takes over (or where
// an older journal goes on, that does not say it); "open"; then a "segment" for each that was acknowledged or given up, in order; then,
// once the broadcast has ended and all of it is stored, "end", and "done" when
// its last playlists are stored too.
type line struct {
	Store   string   `json:"store,omitempty"` // older journals do not say it
	Open    *opening `json:"open,omitempty"`
	Segment *entry   `json:"segment,omitempty"`
	End     bool     `json:"end,omitempty"`
	Done    bool     `json:"done,omitempty"`
}

// opening is what stays the same for an epoch's whole life.
type opening struct {
	Version int `json:"v"`
	// Target is TARGETDURATION in seconds (constant: RFC 8216bis 6.2.1).
	Target int `json:"target"`
	// Window is fixed too: a longer one would bring back what was removed.
	Window time.Duration `json:"window_ns"`
	// Discontinuities is where the epoch's DISCONTINUITY-SEQUENCE begins.
	Discontinuities uint64 `json:"discontinuities"`
}

// entry is a Record as the journal writes it.
type entry struct {
	MSN           uint64        `json:"msn"`
	Duration      time.Duration `json:"ns"`
	Date          time.Time     `json:"date"`
	Discontinuity bool          `json:"discontinuity,omitempty"`
	Gap           bool          `json:"gap,omitempty"`
	StandIn       bool          `json:"stand_in,omitempty"` // older journals do not say it
	Bytes         int64         `json:"bytes"`
	Ranges        []dateRange   `json:"ranges,omitempty"`
}

type dateRange struct {
	ID    string      `json:"id"`
	Class string      `json:"class,omitempty"`
	Start time.Time   `json:"start"`
	Attrs [][2]string `json:"attrs,omitempty"`
}

func recordLine(r Record) line {
	e := &entry{r.MSN, r.Duration, r.Date, r.Discontinuity, r.Gap, r.StandIn, r.Bytes, nil}
	for _, d := range r.DateRanges {
		out := dateRange{ID: d.ID, Class: d.Class, Start: d.Start}
		for _, a := range d.Attrs {
			out.Attrs = append(out.Attrs, [2]string{a.Name, a.Value})
		}
		e.Ranges = append(e.Ranges, out)
	}
	return line{Segment: e}
}

func (e *entry) record() Record {
	r := Record{e.MSN, e.Duration, e.Date.UTC(), e.Discontinuity, e.Gap, e.StandIn, e.Bytes, nil}
	for _, d := range e.Ranges {
		out := m3u8.DateRange{ID: d.ID, Class: d.Class, Start: d.Start}
		for _, a := range d.Attrs {
			out.Attrs = append(out.Attrs, m3u8.Attr{Name: a[0], Value: a[1]})
		}
		r.DateRanges = append(r.DateRanges, out)
	}
	return r
}

// written is what a journal says.
type written struct {
	open    *opening      // nil: nothing was stored yet
	records []Record      // MSNs rise
	stores  []storePeriod // nil: the journal does not say
	end     bool
	done    bool
	good    int64 // bytes up to the end of the last whole line
	bad     int   // lines that say nothing legal
}

// storePeriod is from which record on a store acknowledged them. The first holds for
// all before it too.
type storePeriod struct {
	store string
	first int // index into records
}

// store is where the epoch's playlists are now; "": the journal does not say.
func (w *written) store() string {
	if n := len(w.stores); n > 0 {
		return w.stores[n-1].store
	}
	return ""
}

// here gives the records as the playlists of the present store list them: what
// another one acknowledged is a gap, for as long as the broadcast is not back
// there.
func (w *written) here() []Record {
	out := slices.Clone(w.records)
	for i, t := range w.stores {
		first, end := t.first, len(out)
		if i == 0 {
			first = 0
		}
		if i+1 < len(w.stores) {
			end = w.stores[i+1].first
		}
		if t.store == w.store() {
			continue
		}
		for j := first; j < end; j++ {
			out[j].Gap = true
		}
	}
	return out
}

// read takes a journal as a crash may have left it: the last line may be torn.
// What does not make sense is counted and passed over, so that one bad block of
// a disk does not take a whole broadcast with it.
func read(text []byte) written {
	var w written
	for {
		i := bytes.IndexByte(text[w.good:], '\n')
		if i < 0 {
			break
		}
		if !w.line(text[w.good : w.good+int64(i)]) {
			w.bad++
		}
		w.good += int64(i) + 1
	}
	if w.open == nil && len(w.records) > 0 {
		w.open = &opening{Version: 1, Target: 1, Window: 30 * time.Second}
		for _, r := range w.records {
			w.open.Target = max(w.open.Target, r.target())
		}
	}
	return w
}

func (w *written) line(text []byte) bool {
	var l line
	if json.Unmarshal(text, &l) != nil {
		return false
	}
	switch {
	case l.Store != "":
		w.stores = append(w.stores, storePeriod{l.Store, len(w.records)})
	case l.Open != nil:
		if w.open != nil || l.Open.Version != 1 || l.Open.Target < 1 || l.Open.Target > 3600 || l.Open.Window < 0 {
			return false
		}
		w.open = l.Open
	case l.Segment != nil:
		r := l.Segment.record()
		if n := len(w.records); n > 0 && r.MSN <= w.records[n-1].MSN || r.Bytes < 0 || r.listable() != nil {
			return false
		}
		w.records = append(w.records, r)
	case l.End:
		w.end = true
	case l.Done:
		w.done = true
	default:
		return false
	}
	return true
}

// listing is what the plain playlist lists after all that is written.
func (w *written) listing() listing {
	out := listing{target: w.open.Target, length: w.open.Window, dropped: w.open.Discontinuities}
	for _, r := range w.here() {
		out.add(r)
	}
	return out
}

func encode(lines []line) ([]byte, error) {
	var out bytes.Buffer
	for i := range lines {
		text, err := json.Marshal(&lines[i])
		if err != nil {
			return nil, fmt.Errorf("encode journal line: %w", err)
		}
		out.Write(text)
		out.WriteByte('\n')
	}
	return out.Bytes(), nil
}
