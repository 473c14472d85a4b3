package doctor

import (
	"fmt"
	"strings"
	"time"

	"mediad/packager/check"
	"mediad/packager/m3u8"
)

// near is how far the times in a playlist may differ from those of the media: the
// length of a picture at 20 pictures a second.
const near = 50 * time.Millisecond

// encrypted tells whether a playlist names a key for any of its media (RFC 8216bis
// 4.4.4.4).
func encrypted(text string) bool {
	for line := range strings.Lines(text) {
		if key, ok := strings.CutPrefix(line, "#EXT-X-KEY:"); ok && !strings.Contains(key, "METHOD=NONE") {
			return true
		}
	}
	return false
}

// unit judges one part, or one segment that has no parts. head says that it begins its
// segment. entry is a part's entry in the playlist.
func (d *Doctor) unit(where string, data []byte, listed time.Duration, head bool, entry *m3u8.Part) {
	r, l := &d.reader, d.ledger
	if encrypted(d.text) {
		if !r.other {
			d.report.Notes = append(d.report.Notes, "The media is encrypted: the rules of MPEG-TS were not applied.")
		}
		r.other = true
		return
	}
	if !isTS(data) {
		if len(data) > 8 && (string(data[4:8]) == "moof" || string(data[4:8]) == "styp" || string(data[4:8]) == "emsg" || string(data[4:8]) == "prft") {
			if !r.other {
				d.report.Notes = append(d.report.Notes, "The media is fMP4: the rules of MPEG-TS were not applied.")
			}
			r.other = true
			return
		}
		if r.other {
			return
		}
	}
	coding := check.Code(data)
	d.code(coding)
	contract := strings.Contains(string(data), "mediad.cue")
	for _, v := range r.ts.Part(data) {
		switch {
		case v.Rule == check.RuleNoID3:
			if r.noID3 == "" {
				r.noID3, r.noID3At = dump(data, v.Offset), where
			}
			continue
		case (v.Rule == check.RuleCueFrame || v.Rule == check.RuleCueText) && !contract:
			continue
		}
		for _, id := range d.numbers.rules[v.Rule] {
			l.bad(id, where, dump(data, v.Offset), v.Detail)
		}
	}
	d.numbers.looked(l, inMedia(&r.ts, coding))
	video, cues := r.ts.Video(), r.ts.Cues()
	if video.Units > 0 {
		if head {
			l.judge("B1.8b", video.Key, where, dump(data, 0), "the segment's first picture is no IDR")
			if claims := strings.Contains(d.text, "#EXT-X-INDEPENDENT-SEGMENTS"); claims {
				l.judge("A1.9c", video.Key, where, lineWith(d.text, "#EXT-X-INDEPENDENT-SEGMENTS"), "the segment's first picture is no IDR")
			}
		}
		if entry != nil {
			l.judge("A1.22", entry.Independent == (video.Keys > 0), where, lineWith(d.text, `"`+entry.URI+`"`),
				fmt.Sprintf("INDEPENDENT is %t, and the part holds %d IDR pictures", entry.Independent, video.Keys))
		}
	}
	span := video
	if span.Units == 0 {
		span = r.ts.Audio()
	}
	if span.Units > 0 {
		d.times(where, data, span, listed, head, video.Units > 0)
	}
	if video.Units > 0 {
		r.pictures += video.Frames
		r.lasting += listed
	}
	if head {
		r.stated = false
	}
	d.cues(where, data, cues, head)
}

// times compares the times of a unit in the playlist with its timestamps.
func (d *Doctor) times(where string, data []byte, span check.Span, listed time.Duration, head, video bool) {
	r, l := &d.reader, d.ledger
	here := spot{known: true, first: span.FirstDTS, shown: span.MinPTS, duration: listed}
	if r.last.known {
		lasted := between(here.first, r.last.first)
		off := (lasted - r.last.duration).Abs()
		jumped := lasted <= 0 || off > time.Second
		l.judge("A2.1", !jumped, where, dump(data, 0), fmt.Sprintf("the timestamps move by %v, where %v are listed, without EXT-X-DISCONTINUITY", lasted, r.last.duration))
		if video && !jumped {
			l.judge("B1.12b", off <= near, where, lineWith(d.text, r.listedAs()), fmt.Sprintf("the part or segment before it is listed with %v and lasts %v", r.last.duration, lasted))
		}
	}
	r.last = here
	if head {
		if r.head.known && !r.date.IsZero() && !r.headDate.IsZero() {
			off := r.date.Sub(r.headDate) - between(here.shown, r.head.shown)
			l.judge("A2.6b", off.Abs() <= near, where, lineWith(d.text, r.date.UTC().Format("15:04:05.000")),
				fmt.Sprintf("the date moves by %v, the media by %v", r.date.Sub(r.headDate), between(here.shown, r.head.shown)))
		}
		r.head, r.headDate = here, r.date
	}
	if at := r.dateOf(here.shown); !at.IsZero() {
		if r.from.IsZero() {
			r.from = at
		}
		r.to = at.Add(listed)
	}
}

// listedAs is the text by which the playlist names the unit before the present one.
func (r *reader) listedAs() string {
	if n := len(r.uris); n > 1 {
		return `"` + r.uris[n-2] + `"`
	}
	return "#EXTINF"
}

// dateOf gives the date of a PTS, counted from the head of the present segment.
func (r *reader) dateOf(pts int64) time.Time {
	if !r.head.known || r.headDate.IsZero() || !r.headDate.Equal(r.date) {
		return time.Time{}
	}
	return r.headDate.Add(between(pts, r.head.shown))
}

// between is the time from b to a, over the wrap of 33 bits.
func between(a, b int64) time.Duration {
	const wrap = 1 << 33
	ticks := (a-b+wrap/2)&(wrap-1) - wrap/2
	return time.Duration(ticks) * time.Second / 90000
}

// code gathers the codings of the streams.
func (d *Doctor) code(c check.Coding) {
	if c.Video != "" {
		d.reader.coding.Video, d.reader.coding.Width, d.reader.coding.Height = c.Video, c.Width, c.Height
	}
	if c.Audio != "" {
		d.reader.coding.Audio = c.Audio
	}
}
