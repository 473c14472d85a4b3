package m3u8

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	grafov "github.com/grafov/m3u8"
)

// Protocol versions. A player must refuse a version that it does not know, so a
// playlist declares only the version that it needs. Low-Latency tags need none. In
// version 6, TARGETDURATION bounds the rounded duration; EXT-X-SKIP needs 9, and 10
// where it leaves out date ranges (8216bis 8).
const (
	version       = 6
	versionDelta  = 9
	versionRanges = 10
)

// Bytes writes the playlist. The same value always gives the same bytes. It
// fails if a value cannot be written as legal text.
func (m *Media) Bytes() ([]byte, error) {
	if err := m.legal(); err != nil {
		return nil, fmt.Errorf("write media playlist: %w", err)
	}
	kept := m.Segments[m.Skipped:]
	list, err := grafov.NewMediaPlaylist(uint(len(kept)), uint(len(kept)))
	if err != nil {
		return nil, fmt.Errorf("write media playlist: %w", err)
	}
	list.SetVersion(version)
	if m.Skipped > 0 {
		list.SetVersion(versionDelta)
	}
	if m.SkippedRanges {
		list.SetVersion(versionRanges)
	}
	list.SeqNo = m.Sequence
	list.SetCustomTag(m.header())

	w := writer{low: m.PartTarget > 0, ranges: sorted(m.DateRanges)}
	for i := range kept {
		var tags bytes.Buffer
		if i == 0 && m.Skipped > 0 {
			// Before the first kept segment and after MEDIA-SEQUENCE
			// (8216bis 4.4.5.2); grafov writes the header's tag too early.
			m.writeSkip(&tags)
		}
		written := w.segment(&tags, &kept[i])
		s := &grafov.MediaSegment{URI: kept[i].URI, Duration: written.Seconds()}
		if tags.Len() > 0 {
			s.Custom = map[string]grafov.CustomTag{"": lines(tags.Bytes())}
		}
		if err := list.AppendSegment(s); err != nil {
			return nil, fmt.Errorf("write media playlist: %w", err)
		}
	}
	// grafov raises the target to each segment rounded up: set it back.
	list.TargetDuration = float64(m.TargetDuration)

	// The buffer of Encode belongs to grafov, so the rest goes to a copy. grafov
	// cannot write what follows the last closed segment.
	out := bytes.NewBuffer(slices.Clone(list.Encode().Bytes()))
	if w.low && len(m.Open.Parts) > 0 {
		open := m.Open
		open.Gap, open.Duration = false, 0
		w.segment(out, &open)
	}
	w.rest(out)
	if w.low && m.Hint != "" {
		out.WriteString("#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"" + m.Hint + "\"\n")
	}
	for _, r := range m.Reports {
		out.WriteString("#EXT-X-RENDITION-REPORT:URI=\"" + r.URI + "\",LAST-MSN=" + strconv.FormatUint(r.MSN, 10))
		if r.Part >= 0 {
			out.WriteString(",LAST-PART=" + strconv.Itoa(r.Part))
		}
		out.WriteByte('\n')
	}
	if m.Ended {
		out.WriteString("#EXT-X-ENDLIST\n")
	}
	return out.Bytes(), nil
}

// header gathers all playlist tags that grafov does not write, or writes otherwise,
// into one custom tag. Several custom tags would come in random order.
func (m *Media) header() lines {
	var b bytes.Buffer
	if m.Type != "" {
		// grafov would put the withdrawn EXT-X-ALLOW-CACHE behind EVENT.
		b.WriteString("#EXT-X-PLAYLIST-TYPE:" + m.Type + "\n")
	}
	if m.Type == "" || m.DiscontinuitySequence > 0 {
		// The tag must be there from the first version on (Apple authoring
		// 8.15). grafov leaves it out while it is 0.
		b.WriteString("#EXT-X-DISCONTINUITY-SEQUENCE:" + strconv.FormatUint(m.DiscontinuitySequence, 10) + "\n")
	}
	if m.Start > 0 {
		b.WriteString("#EXT-X-START:TIME-OFFSET=" + seconds(m.Start) + ",PRECISE=YES\n")
	}
	if m.PartTarget > 0 || m.HoldBack > 0 {
		b.WriteString("#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES")
		if m.CanSkipUntil > 0 {
			// Where date ranges are used, delta updates should skip them as well
			// (Apple authoring 14.5).
			b.WriteString(",CAN-SKIP-UNTIL=" + seconds(m.CanSkipUntil) + ",CAN-SKIP-DATERANGES=YES")
		}
		if m.PartTarget > 0 {
			b.WriteString(",PART-HOLD-BACK=" + seconds(m.PartHoldBack) + "\n")
			b.WriteString("#EXT-X-PART-INF:PART-TARGET=" + seconds(m.PartTarget) + "\n")
		} else {
			b.WriteString(",HOLD-BACK=" + seconds(m.HoldBack) + "\n")
		}
	}
	return lines(b.Bytes())
}

func (m *Media) writeSkip(b *bytes.Buffer) {
	fmt.Fprintf(b, "#EXT-X-SKIP:SKIPPED-SEGMENTS=%d", m.Skipped)
	if m.SkippedRanges {
		b.WriteString(`,RECENTLY-REMOVED-DATERANGES="` + strings.Join(m.RemovedRanges, "\t") + `"`)
	}
	b.WriteByte('\n')
}

// sorted orders ranges by their start without touching the caller's slice.
func sorted(ranges []DateRange) []DateRange {
	out := slices.Clone(ranges)
	slices.SortStableFunc(out, func(a, b DateRange) int { return round(a.Start).Compare(round(b.Start)) })
	return out
}

// lines is finished text that travels through grafov as one custom tag. grafov
// ends it with a line break of its own.
type lines []byte

var _ grafov.CustomTag = lines(nil)

func (lines) TagName() string  { return "" }
func (l lines) String() string { return string(bytes.TrimSuffix(l, []byte("\n"))) }

// Encode returns nil, which grafov leaves out, when there is nothing to write.
func (l lines) Encode() *bytes.Buffer {
	if len(l) == 0 {
		return nil
	}
	return bytes.NewBufferString(l.String())
}
