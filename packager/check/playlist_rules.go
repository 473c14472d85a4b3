package check

import "fmt"

// The rules of playlists, each by clause and name: "8216bis" is
// draft-pantos-hls-rfc8216bis-22, "Apple" the HLS authoring specification.
// Broken syntax is reported under the clause that package m3u8 names.
const (
	ruleSyntax = "8216bis 4 syntax"

	// One version by itself.
	ruleVersion        = "8216bis 8 version is what is needed"
	ruleSegmentLength  = "8216bis 4.4.3.1 segment within target duration"
	rulePartLength     = "8216bis 4.4.4.9 part within part target"
	rulePartShort      = "8216bis 4.4.4.9 part at least 85 % of part target"
	rulePartSum        = "8216bis 3.2 parts add up to their segment"
	ruleHoldBack       = "8216bis 4.4.3.8 part hold back at least twice the part target"
	ruleHoldBackApple  = "Apple 14.3 part hold back at least three times the part target"
	ruleBlockReload    = "8216bis 4.4.3.8 low latency needs CAN-BLOCK-RELOAD=YES"
	ruleSkipUntil      = "8216bis 4.4.3.8 skip boundary at least six target durations"
	ruleSkipBoundary   = "8216bis 6.2.5.1 only what lies beyond the skip boundary is skipped"
	ruleHoldBackPlain  = "8216bis 4.4.3.8 hold back at least three target durations"
	ruleNoSegment      = "hls.js parts need a full segment beside them"
	ruleOldParts       = "8216bis 6.2.2 parts leave three target durations behind the end"
	ruleHintListed     = "8216bis 4.4.5.3 hint names a part not yet listed"
	ruleDated          = "Apple 8.4 live segments carry a date"
	ruleDates          = "8216bis 6.2.1 dates follow durations"
	ruleDiscontinuity0 = "Apple 8.15 discontinuity sequence from the first version on"
	ruleType           = "8216bis 6.2.1 playlist type fits the kind"
	ruleKind           = "kind of playlist"
	ruleRangeUndated   = "8216bis 4.4.5.1 date range needs a dated segment"
	ruleURITwice       = "8216bis 4.4.4 a URI stands once"

	// One version after another.
	ruleSkip              = "8216bis 4.4.5.2 skipped segments were listed before"
	ruleDelta             = "8216bis 6.3.7 a delta update and the list before make the full list"
	ruleSequenceBack      = "8216bis 6.2.2 media sequence never goes back"
	ruleDiscontinuityBack = "8216bis 6.2.2 discontinuity sequence never goes back"
	ruleDiscontinuities   = "8216bis 6.2.2 discontinuity sequence counts removed discontinuities"
	ruleTargetConstant    = "8216bis 6.2.1 target duration is constant"
	rulePartConstant      = "gohlslib part target is constant"
	ruleControlConstant   = "8216bis 4.4.3.8 server control is constant"
	ruleTypeConstant      = "8216bis 6.2.1 playlist type is constant"
	ruleAfterEnd          = "8216bis 6.2.1 nothing changes after the end"
	ruleSegmentChanged    = "8216bis 6.2.1 a listed segment never changes"
	ruleSegmentGone       = "8216bis 6.2.2 only the oldest segments leave"
	ruleTypedRemoval      = "8216bis 6.2.1 a typed playlist keeps its segments"
	ruleWindow            = "8216bis 6.2.2 no removal below three target durations"
	rulePartChanged       = "8216bis 6.2.1 a listed part never changes"
	rulePartGone          = "8216bis 6.2.1 only the oldest parts leave"
	rulePartEarly         = "hls.js parts stay in the last two whole segments"
	rulePartLate          = "8216bis 6.2.1 a closed segment gains no part"
	ruleHintKept          = "8216bis 6.2.6 the hinted part is the next one"
	ruleNameReused        = "8216bis 6.2.1 a name is never used again"
	ruleRangeGone         = "8216bis 6.2.1 a date range stays while its date is listed"
	ruleRangeChanged      = "8216bis 4.4.5.1 a date range never changes"
	ruleRangeReused       = "8216bis 4.4.5.1 a date range ID is never used again"
)

// findings gathers violations.
type findings struct{ list []Violation }

func (f *findings) add(rule, format string, args ...any) {
	f.list = append(f.list, Violation{Rule: rule, Detail: fmt.Sprintf(format, args...)})
}

// PlaylistRules lists the rules that Playlist knows, as Violation.Rule names
// them; broken syntax is apart.
func PlaylistRules() []string {
	return []string{
		ruleVersion, ruleSegmentLength, rulePartLength,
		rulePartShort, rulePartSum, ruleHoldBack, ruleHoldBackApple,
		ruleBlockReload, ruleSkipUntil, ruleNoSegment, ruleOldParts,
		ruleHintListed, ruleDated, ruleDates, ruleDiscontinuity0,
		ruleType, ruleKind, ruleRangeUndated, ruleURITwice,
		ruleSkip, ruleSequenceBack, ruleDiscontinuityBack, ruleDiscontinuities,
		ruleTargetConstant, rulePartConstant, ruleControlConstant, ruleTypeConstant,
		ruleAfterEnd, ruleSegmentChanged, ruleSegmentGone, ruleTypedRemoval,
		ruleWindow, rulePartChanged, rulePartGone, rulePartEarly,
		rulePartLate, ruleHintKept, ruleNameReused, ruleRangeGone,
		ruleRangeChanged, ruleRangeReused,
	}
}
