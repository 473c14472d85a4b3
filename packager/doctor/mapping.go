package doctor

import (
	"strings"

	"mediad/packager/m3u8"
)

// listRule gives the number of a rule of check.Playlist; empty for what is
// judged here in another way.
func listRule(rule string) string {
	switch rule {
	case "8216bis 4.4.3.1 segment within target duration":
		return "A1.9"
	case "8216bis 4.4.4.9 part within part target":
		return "A1.4"
	case "8216bis 4.4.4.9 part at least 85 % of part target":
		return "A1.5"
	case "8216bis 3.2 parts add up to their segment":
		return "A1.19"
	case "8216bis 4.4.3.8 part hold back at least twice the part target":
		return "A1.3"
	case "Apple 14.3 part hold back at least three times the part target":
		return "A1.3b"
	case "8216bis 4.4.3.8 low latency needs CAN-BLOCK-RELOAD=YES":
		return "A1.2"
	case "8216bis 4.4.3.8 skip boundary at least six target durations":
		return "A4.15"
	case "hls.js parts need a full segment beside them":
		return "A1.15"
	case "8216bis 6.2.2 parts leave three target durations behind the end":
		return "A1.18"
	case "8216bis 4.4.5.3 hint names a part not yet listed", "8216bis 6.2.6 the hinted part is the next one":
		return "A1.23"
	case "8216bis 6.2.1 dates follow durations":
		return "A2.6"
	case "Apple 8.15 discontinuity sequence from the first version on":
		return "A2.2"
	case "8216bis 6.2.1 playlist type fits the kind", "8216bis 6.2.1 playlist type is constant", "8216bis 6.2.1 a typed playlist keeps its segments":
		return "A1.26"
	case "8216bis 4.4.5.1 date range needs a dated segment", "8216bis 4.4.5.1 a date range ID is never used again":
		return "A3.2"
	case "8216bis 4.4.5.2 skipped segments were listed before":
		return "A4.14"
	case "8216bis 6.2.2 media sequence never goes back", "8216bis 6.2.2 discontinuity sequence never goes back":
		return "A1.13"
	case "8216bis 6.2.2 discontinuity sequence counts removed discontinuities":
		return "A2.2b"
	case "8216bis 6.2.1 target duration is constant":
		return "A1.9b"
	case "gohlslib part target is constant":
		return "A1.7"
	case "8216bis 4.4.3.8 server control is constant":
		return "A1.2b"
	case "8216bis 6.2.1 nothing changes after the end":
		return "A1.27"
	case "8216bis 6.2.2 no removal below three target durations":
		return "A1.16b"
	case "hls.js parts stay in the last two whole segments":
		return "A1.18b"
	case "8216bis 6.2.1 a date range stays while its date is listed":
		return "A3.6"
	case "8216bis 4.4.5.1 a date range never changes":
		return "A3.4"
	case "8216bis 4.4.4 a URI stands once", "8216bis 6.2.1 a name is never used again",
		"8216bis 6.2.1 a listed segment never changes", "8216bis 6.2.2 only the oldest segments leave",
		"8216bis 6.2.1 a listed part never changes", "8216bis 6.2.1 only the oldest parts leave",
		"8216bis 6.2.1 a closed segment gains no part":
		return "A1.12"
	}
	// The version is judged by what is needed, the kind is not known, and a date
	// may hold for the segments behind its own too.
	return ""
}

// listRulesFor lists the rules that check.Playlist and the parser have looked at
// in a version without fault.
func listRulesFor(m *m3u8.Media, changed bool) []string {
	ids := []string{"A1.9", "A1.26", "A2.2"}
	parts := len(m.Open.Parts) > 0
	dates := 0
	for _, s := range m.Segments {
		parts = parts || len(s.Parts) > 0
		if !s.Date.IsZero() {
			dates++
		}
	}
	if parts {
		ids = append(ids, "A1.1", "A1.2", "A1.3", "A1.3b", "A1.4", "A1.5", "A1.15", "A1.18", "A1.19", "A1.20")
	}
	if dates > 1 {
		ids = append(ids, "A2.6")
	}
	if m.Hint != "" {
		ids = append(ids, "A1.23")
	}
	if len(m.DateRanges) > 0 {
		ids = append(ids, "A3.2", "A3.3", "A3.4", "A3.5")
	}
	if m.CanSkipUntil > 0 {
		ids = append(ids, "A4.15")
	}
	if m.Ended {
		ids = append(ids, "A1.27")
	}
	if !changed {
		return ids
	}
	ids = append(ids, "A1.2b", "A1.9b", "A1.12", "A1.13", "A2.2b")
	if m.PartTarget > 0 {
		ids = append(ids, "A1.7", "A1.18b")
	}
	if len(m.DateRanges) > 0 {
		ids = append(ids, "A3.6")
	}
	return ids
}

// clauseRule gives the number of the rule that broken syntax breaks.
func clauseRule(bad *m3u8.SyntaxError, text string) string {
	clause := strings.TrimPrefix(bad.Clause, "8216bis ")
	has := func(words string) bool { return strings.Contains(bad.Detail, words) }
	line := ""
	if bad.Line > 0 {
		line = strings.Split(text, "\n")[bad.Line-1]
	}
	switch {
	case clause == "4.4.3.7":
		return "A1.1"
	case clause == "4.4.3.8":
		return "A1.2"
	case clause == "4.4.4.9" && has("between EXTINF"):
		return "A1.19"
	case clause == "4.4.4.9" && has("behind the first part"):
		return "A1.20"
	case clause == "4.4.3.5":
		return "A1.26"
	case clause == "4.4.5.3" && has("ENDLIST"), clause == "6.2.1":
		return "A1.27"
	case clause == "4.4.5.3":
		return "A1.23"
	case clause == "4.4.5.2", clause == "8":
		return "A4.14"
	case clause == "4.4.5.1" && has("repeats"):
		return "A3.4"
	case clause == "4.4.5.1" && has("END-"):
		return "A3.3"
	case clause == "4.4.5.1" && has("no START-DATE"):
		return "A3.2"
	case strings.HasPrefix(line, "#EXT-X-DATERANGE:"):
		return "A3.5"
	}
	return "A1.0"
}

// streamRule gives the number of a rule of check.TS.
func streamRule(rule, detail string) string {
	switch {
	case rule == "B1.1" && strings.Contains(detail, "packet is not the"):
		return "B1.1b"
	case rule == "B1.4" && strings.Contains(detail, "is not declared"):
		return "B6.11"
	}
	switch rule {
	case "13818-1 2.4.3.2", "13818-1 2.4.3.4":
		return "B0.1"
	case "13818-1 2.4.4", "13818-1 2.4.4.8":
		return "B0.2"
	case "13818-1 2.4.3.7":
		return "B0.3"
	case "14496-3 1.A.2":
		return "B0.4"
	case "14496-3 4.4.2.1":
		return "B0.5"
	case "Cue":
		return "B5"
	case "G":
		return "G.1"
	case "G5":
		return "G.5"
	case "ID3":
		return "B1.4b"
	}
	return rule
}
