package doctor

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"mediad/packager/m3u8"
)

// version judges an answer with the next version of the playlist.
func (d *Doctor) version(a *answer) {
	text := string(a.text())
	if text == d.text && d.media != nil {
		return
	}
	where := a.place()
	tamed := tame(text)
	m, err := m3u8.Parse([]byte(tamed))
	if bad := (*m3u8.SyntaxError)(nil); errors.As(err, &bad) {
		d.ledger.bad(d.numbers.faults[bad.Fault], where, syntaxPlace(text, bad), bad.Detail)
		if d.media == nil {
			d.text = text
		}
		return
	}
	if d.media != nil && d.blocks() && !strings.Contains(a.url.RawQuery, "_HLS_msn=") && older(m, d.media) {
		return // a cache may answer the plain request with an older version
	}
	d.report.Versions++
	changed := d.media != nil
	for _, v := range d.judge.Next([]byte(tamed)) {
		for _, id := range d.numbers.rules[v.Rule] {
			d.ledger.bad(id, where, lineFor(text, tamed, v.Offset), v.Detail)
		}
	}
	d.numbers.looked(d.ledger, inList(m, changed))
	if changed {
		d.leaving(m)
	}
	d.own(m, text, where)
	d.pace.grow(d.media, m, a.done)
	d.text, d.media = text, m
	d.remember(m, a.done)
	d.target, d.ended = time.Duration(m.TargetDuration)*time.Second, m.Ended
	d.listed = 0
	for _, s := range m.Segments {
		d.listed += s.Duration
	}
}

// syntaxPlace shows the line of a syntax error, or another line of the text where the
// error has none.
func syntaxPlace(text string, bad *m3u8.SyntaxError) string {
	if bad.Line > 0 {
		lines := strings.Split(text, "\n")
		if bad.Line <= len(lines) {
			return fmt.Sprintf("line %d: %s", bad.Line, strings.TrimRight(lines[bad.Line-1], "\r"))
		}
	}
	return lineWith(text, "#EXT-X-SERVER-CONTROL", "#EXT-X-PART", "#EXT-X-SKIP", "#EXTM3U")
}

// lineFor shows the line of a text in which a violation was found. offset is a place in
// the tamed text, which has the same number of lines.
func lineFor(text, tamed string, offset int) string {
	n := strings.Count(tamed[:offset], "\n")
	from := 0
	for range n {
		from += strings.IndexByte(text[from:], '\n') + 1
	}
	return numbered(text, from)
}

// own judges the rules that package check does not have.
func (d *Doctor) own(m *m3u8.Media, text, where string) {
	l := d.ledger
	line := func(words ...string) string { return lineWith(text, append(words, "#EXTM3U")...) }
	if m.PartTarget > 0 && !m.Ended {
		l.judge("A1.14", m.Sequence+uint64(len(m.Segments)) > 1, where, line("#EXT-X-MEDIA-SEQUENCE"), "the last whole segment has number 0")
		l.judge("A1.28", !strings.Contains(text, "#EXT-X-START:"), where, line("#EXT-X-START:"), "players start there instead of at the hold-back")
	}
	if hold := attribute(text, "#EXT-X-SERVER-CONTROL", "HOLD-BACK"); hold != "" {
		at, err := time.ParseDuration(hold + "s")
		l.judge("A1.3c", err == nil && at >= 3*time.Duration(m.TargetDuration)*time.Second, where, line("#EXT-X-SERVER-CONTROL"),
			fmt.Sprintf("HOLD-BACK is %s s, the target duration %d s", hold, m.TargetDuration))
	}
	least, most := versionsFor(text, m)
	declared := declaredVersion(text)
	l.judge("A1.10", declared >= least, where, line("#EXT-X-VERSION"), fmt.Sprintf("version %d, at least %d is needed", declared, least))
	l.judge("A1.10b", declared <= most, where, line("#EXT-X-VERSION"), fmt.Sprintf("version %d, %d would do", declared, most))
	if m.CanSkipUntil > 0 && len(m.DateRanges) > 0 {
		l.judge("A3.9", attribute(text, "#EXT-X-SERVER-CONTROL", "CAN-SKIP-DATERANGES") == "YES", where, line("#EXT-X-SERVER-CONTROL"), "date ranges are sent again and again")
	}
	if n := len(m.Segments); n > 0 && len(m.DateRanges) > 0 && !m.Ended {
		dated := !m.Segments[n-1].Date.IsZero()
		l.judge("A3.8", dated, where, lastLines(text), "the last segment has no date")
	}
	d.ownDates(m, text, where)
	if d.media != nil && m.Sequence > d.media.Sequence && !m.Ended {
		l.judge("A1.16", len(m.Segments) >= 6, where, line("#EXT-X-MEDIA-SEQUENCE"), fmt.Sprintf("%d segments are left", len(m.Segments)))
	}
	if len(d.peer) > 0 && m.PartTarget > 0 && !m.Ended {
		d.reports(text, where)
	}
}

// ownDates judges how dates are written.
func (d *Doctor) ownDates(m *m3u8.Media, text, where string) {
	if !m.Ended && len(m.Segments) > 0 {
		d.ledger.judge("A2.5", strings.Contains(text, "#EXT-X-PROGRAM-DATE-TIME:"), where, lineWith(text, "#EXTINF"), "there is no EXT-X-PROGRAM-DATE-TIME")
	}
	precise := regexp.MustCompile(`^#EXT-X-PROGRAM-DATE-TIME:\S+[.,]\d{3,}(Z|[+-]\d\d:?\d\d)$`)
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if strings.HasPrefix(line, "#EXT-X-PROGRAM-DATE-TIME:") {
			d.ledger.judge("A2.5b", precise.MatchString(line), where, lineWith(text, line), "the date has no milliseconds, or no zone")
		}
	}
}

// versionsFor gives the least version that a text's tags need, and the highest one
// that is useful for it.
func versionsFor(text string, m *m3u8.Media) (least, most int) {
	least = 1
	need := func(n int, marks ...string) {
		for _, mark := range marks {
			if strings.Contains(text, mark) {
				least = max(least, n)
			}
		}
	}
	need(4, "#EXT-X-BYTERANGE:", "#EXT-X-I-FRAMES-ONLY")
	need(6, "#EXT-X-MAP:")
	need(8, "#EXT-X-DEFINE:")
	need(9, "#EXT-X-SKIP:")
	need(10, "RECENTLY-REMOVED-DATERANGES=")
	need(11, "QUERYPARAM=")
	if regexp.MustCompile(`(?m)^#EXTINF:\d+\.\d`).MatchString(text) {
		least = max(least, 3)
	}
	return least, max(least, 6)
}

func declaredVersion(text string) int {
	n := 1
	if at := regexp.MustCompile(`(?m)^#EXT-X-VERSION:(\d{1,4})`).FindStringSubmatch(text); at != nil {
		fmt.Sscan(at[1], &n)
	}
	return n
}

// attribute reads an attribute of a tag's first occurrence.
func attribute(text, tag, name string) string {
	for line := range strings.Lines(text) {
		if rest, found := strings.CutPrefix(strings.TrimRight(line, "\r\n"), tag+":"); found {
			list, _ := m3u8.Attributes(rest)
			for _, a := range list {
				if a.Name == name {
					return a.Value
				}
			}
			return ""
		}
	}
	return ""
}

// older tells whether a version ends a little before another one.
func older(m, than *m3u8.Media) bool {
	return !m.Ended && upcoming(than) < upcoming(m)+3 && reachOf(than).beyond(reachOf(m))
}
