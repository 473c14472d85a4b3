package check

// RuleID is a rule of this package. Violations show its String: a clause and a
// statement; for rules of MPEG-TS, a number of docs/conformance.md, or a clause.
type RuleID uint8

// The rules, in the order of the table.
const (
	NoRule     RuleID = iota // no violation has it
	RuleSyntax               // playlists are legal text; Violation.Clause names the broken clause

	// One version of a playlist by itself.
	RuleVersion
	RuleSegmentLength
	RulePartLength
	RulePartShort
	RulePartSum
	RuleHoldBack
	RuleHoldBackApple
	RuleBlockReload
	RuleSkipUntil
	RuleSkipBoundary
	RuleHoldBackPlain
	RuleNoSegment
	RuleOldParts
	RuleHintListed
	RuleDated
	RuleDates
	RuleDiscontinuity0
	RuleType
	RuleKind
	RuleRangeUndated
	RuleURITwice

	// One version after another.
	RuleSkip
	RuleDelta
	RuleSequenceBack
	RuleDiscontinuityBack
	RuleDiscontinuities
	RuleTargetConstant
	RulePartConstant
	RuleControlConstant
	RuleTypeConstant
	RuleAfterEnd
	RuleSegmentChanged
	RuleSegmentGone
	RuleTypedRemoval
	RuleWindow
	RulePartChanged
	RulePartGone
	RulePartEarly
	RulePartLate
	RuleHintKept
	RuleNameReused
	RuleRangeGone
	RuleRangeChanged
	RuleRangeReused

	// A playlist in an object store, beyond those of every playlist.
	RuleStoredNamed
	RuleStoredBack

	// MPEG-TS.
	RulePacket
	RuleAdaptation
	RuleSection
	RulePMT
	RulePESHeader
	RuleADTSHeader
	RuleSound
	RuleWholePackets
	RuleTablesFirst
	RulePAT
	RuleOnePacketTables
	RuleTablesStay
	RuleNoID3
	RuleWholePES
	RuleStreamTypes
	RuleForeignCodec
	RuleAnnexB
	RuleIndicators
	RulePCR
	RuleTimestamp
	RuleDTS
	RuleAudioOverlap
	RuleContinuity
	RuleDescriptors
	RuleID3
	RuleCueFrame
	RuleCueText
	RuleCueInPart
	RuleCueOrder
	RuleCueAlone
	RuleUndeclared
	RuleParameterSets
	RulePictures

	ruleEnd // the number of rules, and NoRule
)

// Rule is what a RuleID stands for.
type Rule struct {
	// Source is a clause, a player that needs the rule, or a number of
	// docs/conformance.md. Of the clauses, "8216bis" is
	// draft-pantos-hls-rfc8216bis-22, "Apple" the HLS authoring specification,
	// and "13818-1" and "14496-3" are standards of ISO/IEC.
	Source string
	Says   string
}

// Rule gives the statement and its source.
func (id RuleID) Rule() Rule {
	if id >= ruleEnd {
		return Rule{}
	}
	return [ruleEnd]Rule{
		RuleSyntax: {"8216bis 4", "syntax"},

		RuleVersion:        {"8216bis 8", "version fits the tags"},
		RuleSegmentLength:  {"8216bis 4.4.3.1", "segment within target duration"},
		RulePartLength:     {"8216bis 4.4.4.9", "part within part target"},
		RulePartShort:      {"8216bis 4.4.4.9", "part at least 85 % of part target"},
		RulePartSum:        {"8216bis 3.2", "parts add up to their segment"},
		RuleHoldBack:       {"8216bis 4.4.3.8", "part hold back at least twice the part target"},
		RuleHoldBackApple:  {"Apple 14.3", "part hold back at least three times the part target"},
		RuleBlockReload:    {"8216bis 4.4.3.8", "low latency needs CAN-BLOCK-RELOAD=YES"},
		RuleSkipUntil:      {"8216bis 4.4.3.8", "skip boundary at least six target durations"},
		RuleSkipBoundary:   {"8216bis 6.2.5.1", "only segments beyond the skip boundary are skipped"},
		RuleHoldBackPlain:  {"8216bis 4.4.3.8", "hold back at least three target durations"},
		RuleNoSegment:      {"hls.js", "a playlist with parts lists a whole segment"},
		RuleOldParts:       {"8216bis 6.2.2", "parts are removed three target durations before the end"},
		RuleHintListed:     {"8216bis 4.4.5.3", "hint names a part that is not listed yet"},
		RuleDated:          {"Apple 8.4", "live segments carry a date"},
		RuleDates:          {"8216bis 6.2.1", "dates match durations"},
		RuleDiscontinuity0: {"Apple 8.15", "every version has a discontinuity sequence"},
		RuleType:           {"8216bis 6.2.1", "playlist type fits the kind"},
		RuleKind:           {"", "kind of playlist"},
		RuleRangeUndated:   {"8216bis 4.4.5.1", "date range needs a dated segment"},
		RuleURITwice:       {"8216bis 4.4.4", "no URI is listed twice"},

		RuleSkip:              {"8216bis 4.4.5.2", "skipped segments were listed before"},
		RuleDelta:             {"8216bis 6.3.7", "a delta update and the list before make the full list"},
		RuleSequenceBack:      {"8216bis 6.2.2", "media sequence never goes back"},
		RuleDiscontinuityBack: {"8216bis 6.2.2", "discontinuity sequence never goes back"},
		RuleDiscontinuities:   {"8216bis 6.2.2", "discontinuity sequence counts removed discontinuities"},
		RuleTargetConstant:    {"8216bis 6.2.1", "target duration is constant"},
		RulePartConstant:      {"gohlslib", "part target is constant"},
		RuleControlConstant:   {"8216bis 4.4.3.8", "server control is constant"},
		RuleTypeConstant:      {"8216bis 6.2.1", "playlist type is constant"},
		RuleAfterEnd:          {"8216bis 6.2.1", "nothing changes after the end"},
		RuleSegmentChanged:    {"8216bis 6.2.1", "a listed segment never changes"},
		RuleSegmentGone:       {"8216bis 6.2.2", "only the oldest segments are removed"},
		RuleTypedRemoval:      {"8216bis 6.2.1", "a typed playlist keeps its segments"},
		RuleWindow:            {"8216bis 6.2.2", "no removal below three target durations"},
		RulePartChanged:       {"8216bis 6.2.1", "a listed part never changes"},
		RulePartGone:          {"8216bis 6.2.1", "only the oldest parts are removed"},
		RulePartEarly:         {"hls.js", "parts stay in the last two whole segments"},
		RulePartLate:          {"8216bis 6.2.1", "no part is added to a closed segment"},
		RuleHintKept:          {"8216bis 6.2.6", "the hinted part is the next one"},
		RuleNameReused:        {"8216bis 6.2.1", "a name is never used again"},
		RuleRangeGone:         {"8216bis 6.2.1", "a date range stays while its date is listed"},
		RuleRangeChanged:      {"8216bis 4.4.5.1", "a date range never changes"},
		RuleRangeReused:       {"8216bis 4.4.5.1", "a date range ID is never used again"},

		RuleStoredNamed: {"A6", "a stored playlist names only what is stored"},
		RuleStoredBack:  {"8216bis 6.2.2", "a stored playlist never goes back"},

		RulePacket:          {"13818-1 2.4.3.2", "transport packets are well formed"},
		RuleAdaptation:      {"13818-1 2.4.3.4", "adaptation fields are well formed"},
		RuleSection:         {"13818-1 2.4.4", "table sections are well formed, and their CRCs are correct"},
		RulePMT:             {"13818-1 2.4.4.8", "the PMT is well formed"},
		RulePESHeader:       {"13818-1 2.4.3.7", "PES headers are well formed"},
		RuleADTSHeader:      {"14496-3 1.A.2", "the ADTS header stays the same"},
		RuleSound:           {"14496-3 4.4.2.1", "after each ADTS header comes a frame that decoders can decode"},
		RuleWholePackets:    {"B1.1", "a part consists of whole packets, and contains a PAT and a PMT"},
		RuleTablesFirst:     {"B1.1b", "the PAT is first and the PMT second"},
		RulePAT:             {"B1.2", "one program, no network PID"},
		RuleOnePacketTables: {"B1.3", "each table lies in one packet"},
		RuleTablesStay:      {"B1.4", "PIDs and PMT do not change"},
		RuleNoID3:           {"B1.4b", "timed ID3 is declared, with or without cues"},
		RuleWholePES:        {"B1.5", "every PES packet is within one part, and contains one picture or whole frames of audio"},
		RuleStreamTypes:     {"B1.6", "stream types; PCR PID"},
		RuleForeignCodec:    {"B1.6", "HEVC, AV1 and similar codecs are not carried in MPEG-TS"},
		RuleAnnexB:          {"B1.7", "H.264 is Annex B: a delimiter first, no filler, SPS and PPS before an IDR picture"},
		RuleIndicators:      {"B1.8", "random_access_indicator on IDR pictures, data_alignment_indicator on all"},
		RulePCR:             {"B1.9", "a PCR in the first packet of its PID, at most 100 ms apart, rising, below every DTS that follows"},
		RuleTimestamp:       {"B1.10", "every PES packet has a PTS, and none is 0"},
		RuleDTS:             {"B1.11", "DTS rises; DTS <= PTS <= DTS + 60 s"},
		RuleAudioOverlap:    {"B1.12", "frames of audio do not overlap"},
		RuleContinuity:      {"B1.13", "continuity counters continue"},
		RuleDescriptors:     {"B2", "the two descriptors of timed ID3"},
		RuleID3:             {"B3", "ID3 in PES: stream_id 0xBD, aligned, a PTS and no DTS, a valid tag"},
		RuleCueFrame:        {"B4", "a cue is one tag with one TXXX frame mediad.cue"},
		RuleCueText:         {"B5", "a cue is a JSON object of at most 2,048 bytes"},
		RuleCueInPart:       {"B6.1", "the PTS of a cue is within its part"},
		RuleCueOrder:        {"B6.7", "the PTS of cues rises"},
		RuleCueAlone:        {"B6.10", "no cue without media"},
		RuleUndeclared:      {"B6.11", "no PID that the PMT does not declare"},
		RuleParameterSets:   {"G.1", "SPS and PPS come before the first picture of a part"},
		RulePictures:        {"G.5", "a part with sound contains a picture, if the program has pictures"},
	}[id]
}

// String is how violations name the rule.
func (id RuleID) String() string {
	r := id.Rule()
	switch {
	case r.Source == "":
		return r.Says
	case id >= firstTS:
		return r.Source
	}
	return r.Source + " " + r.Says
}

// firstTS is the first of the rules of MPEG-TS.
const firstTS = RulePacket

// OfTS tells whether the rule is one of MPEG-TS, and not of playlists.
func (id RuleID) OfTS() bool { return id >= firstTS && id < ruleEnd }

// Rules lists them all.
func Rules() []RuleID {
	var out []RuleID
	for id := RuleSyntax; id < ruleEnd; id++ {
		out = append(out, id)
	}
	return out
}
