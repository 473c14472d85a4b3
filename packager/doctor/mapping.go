package doctor

import (
	"mediad/packager/check"
	"mediad/packager/m3u8"
)

// judged says which other packages judge a rule of the doctor: the rules of package
// check and the faults of package m3u8. of is what must be there to judge it.
type judged struct {
	id     string
	of     seen
	rules  []check.RuleID
	faults []m3u8.Fault
}

func judgedByOthers() []judged {
	type by = []check.RuleID
	type text = []m3u8.Fault
	return []judged{
		{"A1.0", everyList, nil, text{m3u8.IllegalText}},
		{"A1.1", withParts, nil, text{m3u8.NoPartTarget}},
		{"A1.2", withParts, by{check.RuleBlockReload}, text{m3u8.NoHoldBack}},
		{"A1.2b", change, by{check.RuleControlConstant}, nil},
		{"A1.3", withParts, by{check.RuleHoldBack}, nil},
		{"A1.3b", withParts, by{check.RuleHoldBackApple}, nil},
		{"A1.4", withParts, by{check.RulePartLength}, nil},
		{"A1.5", withParts, by{check.RulePartShort}, nil},
		{"A1.7", partsAgain, by{check.RulePartConstant}, nil},
		{"A1.9", everyList, by{check.RuleSegmentLength}, nil},
		{"A1.9b", change, by{check.RuleTargetConstant}, nil},
		{"A1.12", change, by{check.RuleURITwice, check.RuleNameReused, check.RuleSegmentChanged, check.RuleSegmentGone, check.RulePartChanged, check.RulePartGone, check.RulePartLate}, nil},
		{"A1.13", change, by{check.RuleSequenceBack, check.RuleDiscontinuityBack}, nil},
		{"A1.15", withParts, by{check.RuleNoSegment}, nil},
		{"A1.16b", elsewhere, by{check.RuleWindow}, nil},
		{"A1.18", withParts, by{check.RuleOldParts}, nil},
		{"A1.18b", partsAgain, by{check.RulePartEarly}, nil},
		{"A1.19", withParts, by{check.RulePartSum}, text{m3u8.PartBehindEXTINF}},
		{"A1.20", withParts, nil, text{m3u8.TagBehindPart}},
		{"A1.23", withHint, by{check.RuleHintListed, check.RuleHintKept}, text{m3u8.WrongHint}},
		{"A1.26", everyList, by{check.RuleType, check.RuleTypeConstant, check.RuleTypedRemoval}, text{m3u8.WrongType}},
		{"A1.27", withEnd, by{check.RuleAfterEnd}, text{m3u8.OpenAfterEnd}},
		{"A2.2", everyList, by{check.RuleDiscontinuity0}, nil},
		{"A2.2b", change, by{check.RuleDiscontinuities}, nil},
		{"A2.6", withDates, by{check.RuleDates}, nil},
		{"A3.2", withRanges, by{check.RuleRangeUndated, check.RuleRangeReused}, text{m3u8.RangeWithoutStart}},
		{"A3.3", withRanges, nil, text{m3u8.WrongRangeEnd}},
		{"A3.4", withRanges, by{check.RuleRangeChanged}, text{m3u8.RangeChanged}},
		{"A3.5", withRanges, nil, text{m3u8.IllegalRange}},
		{"A3.6", rangesAgain, by{check.RuleRangeGone}, nil},
		{"A4.14", elsewhere, by{check.RuleSkip}, text{m3u8.WrongSkip}},
		{"A4.15", withSkips, by{check.RuleSkipUntil}, nil},
		{"A5.10", everyTS, by{check.RuleForeignCodec}, nil},

		{"B0.1", everyTS, by{check.RulePacket, check.RuleAdaptation}, nil},
		{"B0.2", everyTS, by{check.RuleSection, check.RulePMT}, nil},
		{"B0.3", everyTS, by{check.RulePESHeader}, nil},
		{"B0.4", withAudio, by{check.RuleADTSHeader}, nil},
		{"B0.5", withAudio, by{check.RuleSound}, nil},
		{"B1.1", everyTS, by{check.RuleWholePackets}, nil},
		{"B1.1b", everyTS, by{check.RuleTablesFirst}, nil},
		{"B1.2", everyTS, by{check.RulePAT}, nil},
		{"B1.3", everyTS, by{check.RuleOnePacketTables}, nil},
		{"B1.4", everyTS, by{check.RuleTablesStay}, nil},
		{"B1.4b", elsewhere, by{check.RuleNoID3}, nil},
		{"B1.5", everyTS, by{check.RuleWholePES}, nil},
		{"B1.6", everyTS, by{check.RuleStreamTypes, check.RuleForeignCodec}, nil},
		{"B1.7", withVideo, by{check.RuleAnnexB}, nil},
		{"B1.8", withVideo, by{check.RuleIndicators}, nil},
		{"B1.9", everyTS, by{check.RulePCR}, nil},
		{"B1.10", everyTS, by{check.RuleTimestamp}, nil},
		{"B1.11", everyTS, by{check.RuleDTS}, nil},
		{"B1.12", withAudio, by{check.RuleAudioOverlap}, nil},
		{"B1.13", everyTS, by{check.RuleContinuity}, nil},
		{"B2", withID3, by{check.RuleDescriptors}, nil},
		{"B3", withCues, by{check.RuleID3}, nil},
		{"B4", withCues, by{check.RuleCueFrame}, nil},
		{"B5", withCues, by{check.RuleCueText}, nil},
		{"B6.1", withCues, by{check.RuleCueInPart}, nil},
		{"B6.7", withCues, by{check.RuleCueOrder}, nil},
		{"B6.10", withCues, by{check.RuleCueAlone}, nil},
		{"B6.11", everyTS, by{check.RuleUndeclared}, nil},
		{"G.1", withVideo, by{check.RuleParameterSets}, nil},
		{"G.5", withVideo, by{check.RulePictures}, nil},
	}
}

// leftOut are the rules of package check that the doctor judges in another way, or not
// at all. It judges the version by the tags (A1.10), a live list without dates by A2.5,
// HOLD-BACK by A1.3c, and delta updates with requests of its own. It does not know the
// kind of the playlist, and follows no stored playlist.
func leftOut() []check.RuleID {
	return []check.RuleID{
		check.RuleSyntax, check.RuleVersion, check.RuleKind, check.RuleDated, check.RuleHoldBackPlain, check.RuleSkipBoundary,
		check.RuleDelta, check.RuleStoredNamed, check.RuleStoredBack,
	}
}
