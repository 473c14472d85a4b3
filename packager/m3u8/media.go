// Package m3u8 turns values into playlist text and text into values.
//
// A Media or a Multivariant becomes the bytes that a player gets, and the bytes of
// a playlist become such a value. grafov/m3u8 writes what it knows (the frame of a
// playlist, EXTINF, URIs, STREAM-INF); the Low-Latency tags, which it does not
// know, are given to it as custom tags.
//
// The package holds no state, knows no clock and does no I/O. It refuses values
// that cannot be written as legal text (a quote in an attribute, a line break in
// a URI). Package check judges all other rules, and whether a playlist may follow
// the version before it.
//
// "8216bis" in comments is draft-pantos-hls-rfc8216bis-22.
package m3u8

import "time"

// Media is one version of a media playlist.
//
// Every time in it is written in whole milliseconds, see grid.
type Media struct {
	// TargetDuration is EXT-X-TARGETDURATION in seconds, at least 1.
	TargetDuration int
	// Sequence is the media sequence number of the first of Segments.
	Sequence uint64
	// DiscontinuitySequence counts the DISCONTINUITY tags that left the list.
	DiscontinuitySequence uint64
	// PartTarget is PART-TARGET; 0 makes a playlist without parts and hint,
	// whatever the other fields say.
	PartTarget time.Duration
	// PartHoldBack is PART-HOLD-BACK, in Low-Latency playlists only.
	PartHoldBack time.Duration
	// HoldBack is HOLD-BACK, in playlists without parts only. Other than 0, it
	// offers blocking reload there as well (CAN-BLOCK-RELOAD).
	HoldBack time.Duration
	// CanSkipUntil is CAN-SKIP-UNTIL, with CAN-SKIP-DATERANGES=YES; 0 offers no
	// delta updates. It needs PartTarget or HoldBack.
	CanSkipUntil time.Duration
	// Segments are the closed segments, oldest first.
	Segments []Segment
	// Open is the segment that still grows: only its Date, Discontinuity and
	// Parts count, and without Parts it is not written at all.
	Open Segment
	// Hint is the URI for EXT-X-PRELOAD-HINT:TYPE=PART; "" writes none.
	Hint string
	// Reports tell where other renditions end. They stand at the end of the text.
	Reports []Report
	// DateRanges stand in the text in front of the part that they fall into.
	DateRanges []DateRange
	// Type is EXT-X-PLAYLIST-TYPE: "", "VOD" or "EVENT".
	Type string
	// Ended writes EXT-X-ENDLIST; Open.Parts and Hint must then be empty.
	Ended bool
	// Start is where players are to begin, from the list's begin; 0 says nothing.
	Start time.Duration
	// Skipped makes a delta update that leaves out the first Skipped of
	// Segments. Parse gives those back as empty values.
	Skipped int
	// SkippedRanges makes a delta update that leaves out older DateRanges too:
	// DateRanges then holds only the newer ones, and RemovedRanges the IDs of
	// those that left the playlist recently.
	SkippedRanges bool
	RemovedRanges []string
}

// Segment is one media segment.
type Segment struct {
	URI      string
	Duration time.Duration // the sum of all its parts, listed or not
	// Date is when its first frame was captured; the zero time writes no
	// EXT-X-PROGRAM-DATE-TIME.
	Date               time.Time
	Discontinuity, Gap bool
	// Parts are those still listed: the last ones of a closed segment, or none.
	Parts []Part
}

// Part is one partial segment.
type Part struct {
	URI              string
	Duration         time.Duration
	Independent, Gap bool
}

// Report is EXT-X-RENDITION-REPORT.
type Report struct {
	URI  string
	MSN  uint64 // LAST-MSN
	Part int    // LAST-PART; below 0: none
}

// DateRange is something that happens at one moment, or that lasts, such as a chapter
// of a recording.
type DateRange struct {
	ID, Class string
	Start     time.Time
	Duration  time.Duration // always written, also where it is 0
	Attrs     []Attr
}

// Attr is one client attribute of a DateRange. Name begins with "X-" and holds
// only A-Z, 0-9 and "-"; Value is written as a quoted string and so may hold
// neither quotes nor line breaks (8216bis 4.2).
type Attr struct{ Name, Value string }
