package packager

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"sync"
	"time"

	"mediad/ingest"
	"mediad/packager/layout"
	"mediad/packager/m3u8"
)

// list is one text of a window, made once however many ask.
type list struct {
	once sync.Once
	made *rendered
}

// rendered is a playlist's text.
type rendered struct {
	plain []byte
	err   error
	etag  string
	label label
	// lasting is the lifetime as the answer to a blocking request.
	lasting []string

	zip         sync.Once
	zipped      []byte
	zippedLabel label
	zipErr      error
}

// newRendered is what a text becomes for those who ask.
func newRendered(etag string, text []byte, err error) *rendered {
	return &rendered{plain: text, err: err, etag: etag, label: newLabel(etag, len(text))}
}

// zippers are what texts are compressed with: each takes more memory than most texts.
var zippers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// playlist is the full list.
func (w *window) playlist() *rendered { return w.update(skipNothing) }

// update is updateOf of the first rendition.
func (w *window) update(s skip) *rendered { return w.updateOf(layout.Main, s) }

// updateOf renders the window in a rendition at first need, without what may be skipped.
func (w *window) updateOf(r layout.Rendition, s skip) *rendered {
	n := 0
	if s != skipNothing {
		if n = w.skippable(); n == 0 {
			s = skipNothing // EXT-X-SKIP of nothing is not defined
		}
	}
	l := &w.texts(r)[s]
	l.once.Do(func() {
		m := w.mediaOf(r)
		w.shorten(m, s, n)
		part := w.nextPart
		if w.whole {
			part = 0 // parts do not change the text
		}
		text, err := m.Bytes()
		tag := fmt.Sprintf(`"%d.%d.%t.%d"`, w.lastMSN(), part, w.ended, s)
		if len(w.others) > 0 {
			tag = tagOf(text) // a rendition may come or go without a new part
		}
		l.made = newRendered(tag, text, err)
		l.made.lasting = []string{w.forAll()}
	})
	return l.made
}

// gzip compresses the text at first need.
func (r *rendered) gzip() ([]byte, error) {
	r.zip.Do(func() {
		var buf bytes.Buffer
		z := zippers.Get().(*gzip.Writer)
		defer zippers.Put(z)
		z.Reset(&buf)
		if _, r.zipErr = z.Write(r.plain); r.zipErr == nil {
			r.zipErr = z.Close()
		}
		r.zipped = buf.Bytes()
		r.zippedLabel = newLabel(strings.TrimSuffix(r.etag, `"`)+`.gz"`, len(r.zipped))
	})
	return r.zipped, r.zipErr
}

// media is mediaOf of the first rendition.
func (w *window) media() *m3u8.Media { return w.mediaOf(layout.Main) }

// mediaOf makes a playlist of the window in a rendition.
func (w *window) mediaOf(r layout.Rendition) *m3u8.Media {
	pt := ingest.Duration(w.partTarget)
	m := &m3u8.Media{
		TargetDuration:        int(w.target / ingest.Clock),
		Sequence:              w.segments[0].msn,
		DiscontinuitySequence: w.dropped,
		PartTarget:            pt,
		PartHoldBack:          holdBack(pt),
		CanSkipUntil:          ingest.Duration(w.skipUntil),
		Ended:                 w.ended,
	}
	// Parts leave the list when they are three target durations behind its end
	// (RFC 8216bis 4.4.4.9, 6.2.2). The open segment and the two before it are
	// never longer than that; strict readers accept no parts before them.
	withParts := len(w.segments) - 2
	m.Segments = make([]m3u8.Segment, len(w.segments))
	for i, s := range w.segments {
		m.Segments[i] = m3u8.Segment{
			URI:           layout.SegmentFile(s.msn),
			Duration:      ingest.Duration(s.duration),
			Date:          s.date,
			Discontinuity: s.discontinuity,
			Gap:           s.in(r) == nil,
		}
		if i >= withParts && !w.ended {
			m.Segments[i].Parts = partEntries(s.parts, r)
		}
		m.DateRanges = append(m.DateRanges, s.cues...)
	}
	if !w.ended {
		m.Hint = layout.PartFile(w.nextPart)
		if len(w.open.parts) > 0 {
			m.Open = m3u8.Segment{Date: w.open.date, Discontinuity: w.open.discontinuity, Parts: partEntries(w.open.parts, r)}
		}
	}
	m.DateRanges = append(m.DateRanges, w.open.cues...)
	if w.whole {
		w.segmentsOnly(m)
	}
	m.Reports = w.reports(r)
	return m
}

// holdBack is PART-HOLD-BACK: at least three PART-TARGETs (RFC 8216bis 4.4.3.8
// SHOULD, AVPlayer MUST), and a fifth of one. With three alone playback starts at the
// very end of a part, where the audio of that part is already over; VHS then asks for the
// same part again and again.
func holdBack(partTarget time.Duration) time.Duration {
	return (3*partTarget + partTarget/5).Round(time.Millisecond)
}

func partEntries(parts []*part, r layout.Rendition) []m3u8.Part {
	out := make([]m3u8.Part, len(parts))
	for i, p := range parts {
		q := p.in(r)
		out[i] = m3u8.Part{URI: layout.PartFile(p.number), Duration: ingest.Duration(p.duration), Independent: q != nil && q.independent, Gap: q == nil}
	}
	return out
}

// peak gives the highest and the mean bit rate of the listed segments of a rendition, in
// bits a second, tables and cues included.
func (w *window) peak(r layout.Rendition) (peak, mean int) {
	var bits, ticks int64
	for _, s := range w.segments {
		parts := s.in(r)
		if s.duration == 0 || parts == nil {
			continue
		}
		b := int64(sizeOf(parts)) * 8
		bits, ticks = bits+b, ticks+s.duration
		if s.duration >= w.target/2 {
			// A sliver that a lost publisher left tells nothing of the rate.
			peak = max(peak, int(b*ingest.Clock/s.duration))
		}
	}
	if ticks > 0 {
		mean = int(bits * ingest.Clock / ticks)
	}
	if mean == 0 && r == layout.Main {
		mean = w.rate // the list has gaps alone: as it was before them
	}
	return max(peak, mean), mean
}

// longestWait is less than the ten seconds after which hls.js gives up.
const longestWait = 8 * time.Second

// holdLimit is how long a request may wait: three target durations (RFC
// 8216bis 6.2.5.2), and for the first segment, which fixes them and may be a long
// GOP, as long as any.
func (w *window) holdLimit() time.Duration {
	if !w.ready() {
		return longestWait
	}
	return min(3*ingest.Duration(w.target), longestWait)
}
