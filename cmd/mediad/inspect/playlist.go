package inspect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"mediad/packager/check"
	"mediad/packager/m3u8"
)

// mediaPlaylist fetches everything that a media playlist lists, one after the
// other, and writes the timing of each part.
func mediaPlaylist(ctx context.Context, w io.Writer, list fetched) error {
	m, err := m3u8.Parse(list.body)
	if err != nil {
		return fmt.Errorf("inspect %s: %w", list.url, err)
	}
	fmt.Fprintf(w, "media playlist %s\n", list.url)
	fmt.Fprintf(w, "media sequence %d, discontinuity sequence %d, %d segments, target duration %d s", m.Sequence, m.DiscontinuitySequence, len(m.Segments), m.TargetDuration)
	if m.PartTarget > 0 {
		fmt.Fprintf(w, ", part target %v, hold back %v", m.PartTarget, m.PartHoldBack)
	}
	if m.Ended {
		fmt.Fprint(w, ", ended")
	}
	fmt.Fprintf(w, ", %d date ranges\n", len(m.DateRanges))
	for _, v := range new(check.Playlist).Next(list.body) {
		fmt.Fprintf(w, "  violation: %s\n", v)
	}
	fmt.Fprintln(w)

	t := tour{list: list, left: maxFetches}
	for i := m.Skipped; i < len(m.Segments) && err == nil; i++ {
		err = t.segment(ctx, m.Sequence+uint64(i), &m.Segments[i], m.Segments[i].Duration)
	}
	if err == nil && len(m.Open.Parts) > 0 {
		err = t.segment(ctx, m.Sequence+uint64(len(m.Segments)), &m.Open, 0)
	}
	t.write(w)
	return err
}

// tour goes through the media of a playlist.
type tour struct {
	list fetched
	left int // fetches that may still be made
	ts   check.TS
	rows []row
	cues []string
	bad  []string
}

// row describes one part.
type row struct {
	msn          uint64
	name         string
	date         time.Time
	listed       time.Duration // 0: the playlist does not say
	size         int
	took         time.Duration // 0: it was fetched with the row above
	first        int64         // DTS
	media        bool
	key, cut     bool
	gone         bool
	frames, cues int
}

// segment fetches the parts of s, or s itself if not all parts are listed.
func (t *tour) segment(ctx context.Context, msn uint64, s *m3u8.Segment, whole time.Duration) error {
	if s.Discontinuity {
		t.ts.Discontinuity()
	}
	var listed time.Duration
	for _, p := range s.Parts {
		listed += p.Duration
	}
	if len(s.Parts) > 0 && listed >= whole {
		date := s.Date
		for i, p := range s.Parts {
			r := row{msn: msn, name: p.URI, date: date, listed: p.Duration, cut: s.Discontinuity && i == 0}
			if err := t.resource(ctx, r, p.Gap || s.Gap); err != nil {
				return err
			}
			date = date.Add(p.Duration)
		}
		return nil
	}
	return t.resource(ctx, row{msn: msn, name: s.URI, date: s.Date, listed: s.Duration, cut: s.Discontinuity}, s.Gap)
}

// resource fetches the part of r. A part that is gone is noted in the row: a
// live playlist moves on meanwhile.
func (t *tour) resource(ctx context.Context, r row, gap bool) error {
	if t.left--; t.left < 0 {
		return fmt.Errorf("inspect: stopped after %d fetches", maxFetches)
	}
	u, err := t.list.url.Parse(r.name)
	if err != nil {
		return fmt.Errorf("inspect: %w", err)
	}
	var got fetched
	if !gap {
		if got, err = fetch(ctx, u.String(), maxMedia); err != nil && !errors.Is(err, errGone) {
			return fmt.Errorf("inspect: %w", err)
		}
	}
	if gap || err != nil {
		r.gone = true
		t.rows = append(t.rows, r)
		t.ts.Discontinuity()
		return nil
	}
	parts := check.Parts(got.body)
	for i, data := range parts {
		r.size, r.took = len(data), got.took
		if i > 0 {
			r.took, r.cut = 0, false
		}
		if len(parts) > 1 { // the listed times are the whole segment's
			r.listed = 0
			if i > 0 {
				r.date = time.Time{}
			}
		}
		t.part(r, data)
	}
	return nil
}

func (t *tour) part(r row, data []byte) {
	for _, v := range t.ts.Part(data) {
		t.bad = append(t.bad, fmt.Sprintf("%s: %s", r.name, v))
	}
	span := t.ts.Video()
	r.key = span.Key
	if span.Units == 0 {
		span = t.ts.Audio()
	}
	r.first, r.media, r.frames = span.FirstDTS, span.Units > 0, span.Frames
	for _, c := range t.ts.Cues() {
		r.cues++
		t.cues = append(t.cues, fmt.Sprintf("%s  PTS %d (%.3f s)  %s", r.name, c.PTS, float64(c.PTS)/90000, check.Printable(string(c.JSON))))
	}
	t.rows = append(t.rows, r)
}

// measured is the time from a row's first unit to the next row's.
func (t *tour) measured(i int) string {
	if i+1 >= len(t.rows) || !t.rows[i].media || !t.rows[i+1].media || t.rows[i+1].cut || t.rows[i+1].gone {
		return "-"
	}
	d := (t.rows[i+1].first - t.rows[i].first) & (1<<33 - 1) // the clock has 33 bits
	return fmt.Sprintf("%.3f", float64(d)/90000)
}

func (t *tour) write(w io.Writer) {
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tab, "segment\tname\tdate\tlisted\tmeasured\tbytes\tframes\tcues\tfetch\tbegins with")
	for i, r := range t.rows {
		date, listed, took, begins := "-", "-", "-", "-"
		if !r.date.IsZero() {
			date = r.date.Format("15:04:05.000")
		}
		if r.listed > 0 {
			listed = fmt.Sprintf("%.3f", r.listed.Seconds())
		}
		if r.took > 0 {
			took = fmt.Sprintf("%.1f ms", float64(r.took.Microseconds())/1000)
		}
		switch {
		case r.gone:
			begins = "not there"
		case r.key:
			begins = "IDR"
		}
		if r.cut {
			begins += ", discontinuity"
		}
		fmt.Fprintf(tab, "%d\t%s\t%s\t%s\t%s\t%d\t%d\t%d\t%s\t%s\n", r.msn, r.name, date, listed, t.measured(i), r.size, r.frames, r.cues, took, begins)
	}
	tab.Flush()
	for _, c := range t.cues {
		fmt.Fprintf(w, "cue: %s\n", c)
	}
	for _, b := range t.bad {
		fmt.Fprintf(w, "violation: %s\n", b)
	}
	if len(t.bad) == 0 && len(t.rows) > 0 {
		fmt.Fprintln(w, "no rule of MPEG-TS is broken")
	}
}
