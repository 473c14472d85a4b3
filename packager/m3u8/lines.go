package m3u8

import (
	"bytes"
	"strconv"
	"time"
)

// dateLayout has fixed milliseconds and a zone: grafov's own layout drops
// trailing zeros, and with them the precision that Apple asks for.
const dateLayout = "2006-01-02T15:04:05.000Z07:00"

// writer writes the lines in front of a segment's EXTINF. The open segment has
// the same lines, so that a segment's text does not change when it closes.
type writer struct {
	low    bool // write parts
	ranges []DateRange
	done   int // ranges already written
}

// segment writes the tags of s: first what applies to it as a whole, which must
// stand before its first part (8216bis 4.4.4.9), then its parts. It returns the
// segment's written duration.
func (w *writer) segment(b *bytes.Buffer, s *Segment) time.Duration {
	if s.Discontinuity {
		b.WriteString("#EXT-X-DISCONTINUITY\n")
	}
	if !s.Date.IsZero() {
		b.WriteString("#EXT-X-PROGRAM-DATE-TIME:")
		b.WriteString(stamp(s.Date))
		b.WriteByte('\n')
	}
	if s.Gap {
		b.WriteString("#EXT-X-GAP\n")
	}
	var listed time.Duration
	for _, p := range s.Parts {
		listed += p.Duration
	}
	// The grid runs over the whole segment, so a part is written the same
	// after the parts before it have left the list.
	g := newGrid(s.Date)
	whole := max(s.Duration, listed) // in a parsed text, rounding may make Duration shorter
	total := g.step(whole - listed)
	for _, p := range s.Parts {
		d := g.step(p.Duration)
		total += d
		if w.low {
			w.rangesBefore(b, s, g.at)
			writePart(b, p, d)
		}
	}
	w.rangesBefore(b, s, g.at)
	return total
}

// rangesBefore writes the date ranges that start before the moment end. So a range
// comes into the text together with the part that it falls into, and each version
// of a playlist only appends to the one before (8216bis 6.2.1).
func (w *writer) rangesBefore(b *bytes.Buffer, s *Segment, end time.Time) {
	for !s.Date.IsZero() && w.done < len(w.ranges) && round(w.ranges[w.done].Start).Before(end) {
		writeRange(b, &w.ranges[w.done])
		w.done++
	}
}

// rest writes the ranges that start after everything listed.
func (w *writer) rest(b *bytes.Buffer) {
	for ; w.done < len(w.ranges); w.done++ {
		writeRange(b, &w.ranges[w.done])
	}
}

func writePart(b *bytes.Buffer, p Part, d time.Duration) {
	b.WriteString("#EXT-X-PART:DURATION=")
	b.WriteString(seconds(d))
	b.WriteString(`,URI="`)
	b.WriteString(p.URI)
	b.WriteByte('"')
	if p.Independent {
		b.WriteString(",INDEPENDENT=YES")
	}
	if p.Gap {
		b.WriteString(",GAP=YES")
	}
	b.WriteByte('\n')
}

func writeRange(b *bytes.Buffer, d *DateRange) {
	b.WriteString(`#EXT-X-DATERANGE:ID="`)
	b.WriteString(d.ID)
	if d.Class != "" {
		b.WriteString(`",CLASS="`)
		b.WriteString(d.Class)
	}
	b.WriteString(`",START-DATE="`)
	b.WriteString(stamp(d.Start))
	b.WriteString(`",DURATION=`)
	if d.Duration == 0 {
		b.WriteByte('0')
	} else {
		b.WriteString(seconds(d.Duration))
	}
	for _, a := range d.Attrs {
		b.WriteByte(',')
		b.WriteString(a.Name)
		b.WriteString(`="`)
		b.WriteString(a.Value)
		b.WriteByte('"')
	}
	b.WriteByte('\n')
}

// stamp writes a date.
func stamp(t time.Time) string { return round(t).UTC().Format(dateLayout) }

// seconds writes a duration of whole milliseconds.
func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', 3, 64)
}
