package doctor

import (
	"fmt"
	"strings"
)

// conclude judges the rules that can be judged only at the end.
func (d *Doctor) conclude() {
	r, l := &d.reader, d.ledger
	timed := len(r.seen) > 0
	for _, t := range d.media.DateRanges {
		timed = timed || t.Class == cueClass
	}
	if timed {
		l.judge("B1.4b", r.noID3 == "", r.noID3At, r.noID3, "the PMT does not declare timed ID3")
		d.lonely()
	}
	if d.top == nil || r.measured == 0 {
		return
	}
	v := d.top.Variants[0]
	where := d.opts.URL
	if limit := float64(v.Bandwidth) * 1.25; r.measured > 0 {
		l.judge("A5.1", r.peak < limit, r.peakAt, fmt.Sprintf("BANDWIDTH=%d\nmeasured: %.0f bit/s", v.Bandwidth, r.peak), "the segment needs more than the variant declares")
	}
	if v.AverageBandwidth > 0 && r.measured >= 3 && r.length > 0 {
		mean := float64(r.bits) / r.length.Seconds()
		l.judge("A5.2", mean < float64(v.AverageBandwidth)*1.1, where,
			fmt.Sprintf("AVERAGE-BANDWIDTH=%d\nmeasured over %v: %.0f bit/s", v.AverageBandwidth, r.length, mean), "the stream needs more than the variant declares")
	}
	d.concludeCoding(where)
	if seconds := r.lasting.Seconds(); v.FrameRate > 0 && r.pictures > 0 && seconds >= 1 {
		rate := float64(r.pictures) / seconds
		l.judge("A5.6", rate > v.FrameRate*0.95 && rate < v.FrameRate*1.05, where,
			fmt.Sprintf("FRAME-RATE=%.3f\nmeasured over %.1f s: %.3f", v.FrameRate, seconds, rate), "the pictures come at another rate")
	}
}

// concludeCoding compares RESOLUTION and CODECS of the variant with the streams.
func (d *Doctor) concludeCoding(where string) {
	v, c, l := d.top.Variants[0], d.reader.coding, d.ledger
	if v.Width > 0 && c.Width > 0 {
		l.judge("A5.5", v.Width == c.Width && v.Height == c.Height, where, fmt.Sprintf("RESOLUTION=%dx%d\nSPS: %dx%d", v.Width, v.Height, c.Width, c.Height), "the pictures have another size")
	}
	if v.Codecs == "" || c.Video == "" && c.Audio == "" {
		return
	}
	var strange, missing []string
	have := strings.Split(strings.ToLower(v.Codecs), ",")
	for _, want := range []string{c.Video, c.Audio} {
		found := want == ""
		for _, h := range have {
			found = found || sameCodec(strings.TrimSpace(h), want)
		}
		if !found {
			missing = append(missing, want)
		}
	}
	for _, h := range have {
		if h = strings.TrimSpace(h); !sameCodec(h, c.Video) && !sameCodec(h, c.Audio) {
			strange = append(strange, h)
		}
	}
	l.judge("A5.4", len(strange)+len(missing) == 0, where, fmt.Sprintf("CODECS=%q\nthe streams: %s %s", v.Codecs, c.Video, c.Audio),
		fmt.Sprintf("not named: %s; named and not there: %s", strings.Join(missing, " "), strings.Join(strange, " ")))
}

// sameCodec compares a codec in CODECS with one of a stream. ADTS does not show the
// extensions of AAC (SBR, PS).
func sameCodec(listed, found string) bool {
	if listed == found {
		return listed != ""
	}
	return found == "mp4a.40.2" && (listed == "mp4a.40.5" || listed == "mp4a.40.29")
}
