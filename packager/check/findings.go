package check

import (
	"fmt"
	"strings"

	"mediad/packager/m3u8"
)

// findings gathers the violations of a text.
type findings struct {
	text   string
	places map[string]int // offsets of names and tags; nil until they are needed
	list   []Violation
}

// add notes a violation, at the tag that its rule is about.
func (f *findings) add(rule RuleID, format string, args ...any) { f.at("", rule, format, args...) }

// at notes a violation at the line that has the name: a URI, or the ID of a date
// range.
func (f *findings) at(name string, rule RuleID, format string, args ...any) {
	f.list = append(f.list, Violation{Rule: rule, Detail: fmt.Sprintf(format, args...), Offset: f.find(name, rule.tag())})
}

// find gives the offset of the first line with the name, or else of the first with
// the tag. It gives 0 where there is neither.
func (f *findings) find(name, tag string) int {
	if f.places == nil {
		f.index()
	}
	if at, ok := f.places[name]; ok && name != "" {
		return at
	}
	return f.places[tag]
}

// index finds the lines at which violations are shown. It does so once, because a text
// may have a violation in each line. A line without a tag is a URI.
func (f *findings) index() {
	f.places = map[string]int{}
	at := 0
	note := func(name string) {
		if _, known := f.places[name]; !known {
			f.places[name] = at
		}
	}
	for line := range strings.Lines(f.text) {
		text := strings.TrimRight(line, "\r\n")
		tag, value, _ := strings.Cut(text, ":")
		switch {
		case !strings.HasPrefix(text, "#"):
			note(text)
		case tag == "#EXT-X-PART":
			note(attribute(value, "URI"))
		case tag == "#EXT-X-DATERANGE":
			note(attribute(value, "ID"))
		}
		if strings.HasPrefix(tag, "#EXT") {
			note(tag)
		}
		at += len(line)
	}
}

// attribute gives the value of an attribute in a list; "" where it has none.
func attribute(list, name string) string {
	all, _ := m3u8.Attributes(list)
	for _, a := range all {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}

// nameOf is the name of a segment in the text: its URI or, while it is open, the URI
// of its first part.
func nameOf(s *m3u8.Segment) string {
	if s.URI == "" && len(s.Parts) > 0 {
		return s.Parts[0].URI
	}
	return s.URI
}

// tag is the tag that a rule is about, or "" for rules whose violations name a URI or
// an ID.
func (id RuleID) tag() string {
	switch id {
	case RuleVersion:
		return "#EXT-X-VERSION"
	case RuleHoldBack, RuleHoldBackApple, RuleHoldBackPlain, RuleBlockReload, RuleControlConstant, RuleSkipUntil:
		return "#EXT-X-SERVER-CONTROL"
	case RulePartConstant, RuleKind:
		return "#EXT-X-PART-INF"
	case RuleTargetConstant:
		return "#EXT-X-TARGETDURATION"
	case RuleType, RuleTypeConstant:
		return "#EXT-X-PLAYLIST-TYPE"
	case RuleSequenceBack, RuleSegmentGone, RuleTypedRemoval, RuleWindow:
		return "#EXT-X-MEDIA-SEQUENCE"
	case RuleDiscontinuityBack, RuleDiscontinuities:
		return "#EXT-X-DISCONTINUITY-SEQUENCE"
	case RuleSkip, RuleSkipBoundary, RuleDelta:
		return "#EXT-X-SKIP"
	case RuleNoSegment, RulePartGone, RulePartEarly:
		return "#EXT-X-PART"
	case RuleHintKept:
		return "#EXT-X-PRELOAD-HINT"
	case RuleRangeGone:
		return "#EXT-X-DATERANGE"
	case RuleAfterEnd:
		return "#EXT-X-ENDLIST"
	}
	return ""
}
