package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mediad/packager/m3u8"
)

// skips asks for delta updates with each value of _HLS_skip that the server offers. A
// server that offers none must ignore both.
func (d *Doctor) skips(ctx context.Context) {
	words := []string{"YES"}
	if d.media.CanSkipUntil == 0 || attribute(d.text, "#EXT-X-SERVER-CONTROL", "CAN-SKIP-DATERANGES") == "YES" {
		words = append(words, "v2")
	}
	for _, word := range words {
		d.skip(ctx, word)
	}
}

func (d *Doctor) skip(ctx context.Context, word string) {
	full := d.limited(ctx, d.list)
	a := d.limited(ctx, d.asking("_HLS_skip", word))
	d.heard(a, blocking)
	m, err := m3u8.Parse([]byte(tame(string(full.text()))))
	if !full.ok() || err != nil {
		return
	}
	text := string(a.text())
	delta := strings.Contains(text, "#EXT-X-SKIP:")
	could := skippable(m)
	d.ledger.judge("A4.12", a.ok() && isList(a.text()) && (delta || could == 0) && (!delta || m.CanSkipUntil > 0), a.place(),
		a.heads("Content-Type")+lineWith(text, "#EXT-X-SKIP:", "#EXT-X-SERVER-CONTROL"),
		fmt.Sprintf("a delta update was asked for; CAN-SKIP-UNTIL is %v, %d segments could be skipped, EXT-X-SKIP is there: %t", m.CanSkipUntil, could, delta))
	if delta {
		d.delta(a, m)
		d.skipRanges(ctx, a, m, word)
	}
}

// skippable counts the segments beyond the skip boundary (RFC 8216bis 6.2.5.1).
func skippable(m *m3u8.Media) int {
	if m.CanSkipUntil == 0 {
		return 0
	}
	behind := m.CanSkipUntil
	for i := len(m.Segments) - 1; i >= 0; i-- {
		if behind -= m.Segments[i].Duration; behind < 0 {
			return i
		}
	}
	return 0
}

// delta compares a delta update with the full playlist that was read before it.
func (d *Doctor) delta(a *answer, full *m3u8.Media) {
	text := string(a.text())
	line := lineWith(text, "#EXT-X-SKIP:")
	m, err := m3u8.Parse([]byte(tame(text)))
	if err != nil {
		d.ledger.bad("A4.14", a.place(), line, err.Error())
		return
	}
	wrong := ""
	switch {
	case m.Sequence < full.Sequence:
		wrong = fmt.Sprintf("EXT-X-MEDIA-SEQUENCE is %d, before it was %d", m.Sequence, full.Sequence)
	case upcoming(m) < upcoming(full):
		wrong = fmt.Sprintf("with %d skipped the last segment is %d, in the full playlist it was %d", m.Skipped, upcoming(m)-1, upcoming(full)-1)
	}
	numbers := map[string]uint64{}
	for i, s := range full.Segments {
		numbers[s.URI] = full.Sequence + uint64(i)
	}
	for i := m.Skipped; i < len(m.Segments) && wrong == ""; i++ {
		msn := m.Sequence + uint64(i)
		if was, known := numbers[m.Segments[i].URI]; known && was != msn {
			wrong = fmt.Sprintf("with %d skipped %q is segment %d, in the full playlist %d", m.Skipped, m.Segments[i].URI, msn, was)
		}
	}
	rest := m.CanSkipUntil
	for i := m.Skipped; i < len(m.Segments); i++ {
		rest -= m.Segments[i].Duration
	}
	if wrong == "" && rest > 0 {
		wrong = fmt.Sprintf("the %d segments that are left reach back less than CAN-SKIP-UNTIL, %v", len(m.Segments)-m.Skipped, m.CanSkipUntil)
	}
	d.ledger.judge("A4.14", wrong == "", a.place(), line, wrong)
}

// skipRanges judges which date ranges a delta update leaves out. Only a request with
// v2 may get fewer, and its answer names those that have left the playlist.
func (d *Doctor) skipRanges(ctx context.Context, a *answer, before *m3u8.Media, word string) {
	text := string(a.text())
	m, err := m3u8.Parse([]byte(tame(text)))
	after, e := m3u8.Parse([]byte(tame(string(d.limited(ctx, d.list).text()))))
	if err != nil || e != nil {
		return // the first is judged already
	}
	wrong := ""
	switch named := ids(m); {
	case word == "v2" && !m.SkippedRanges:
		wrong = "RECENTLY-REMOVED-DATERANGES is missing"
	case word != "v2" && m.SkippedRanges:
		wrong = "RECENTLY-REMOVED-DATERANGES was not asked for"
	case word == "v2":
		for _, id := range m.RemovedRanges {
			if slices.Contains(named, id) {
				wrong = fmt.Sprintf("date range %q is listed and said to be removed", id)
			}
		}
	default:
		still := ids(after)
		for _, id := range ids(before) {
			if !slices.Contains(named, id) && slices.Contains(still, id) {
				wrong = fmt.Sprintf("date range %q is left out", id)
			}
		}
	}
	d.ledger.judge("A4.14", wrong == "", a.place(), lineWith(text, "#EXT-X-SKIP:"), wrong)
}

func ids(m *m3u8.Media) (out []string) {
	for _, r := range m.DateRanges {
		out = append(out, r.ID)
	}
	return out
}
