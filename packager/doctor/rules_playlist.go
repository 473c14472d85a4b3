package doctor

// Reasons why a rule could not be judged.
const (
	needsParts   = "no part was listed"
	needsRanges  = "no EXT-X-DATERANGE was listed"
	needsChange  = "the playlist did not change while it was followed"
	needsLeaving = "nothing was removed from the playlist while it was followed"
	needsBlock   = "blocking reload is not offered"
	needsTS      = "the media is not MPEG-TS, or no media came"
	needsEnd     = "the broadcast did not end"
	needsMedia   = "no media came"
)

func playlistRules() []Rule {
	return []Rule{
		{"A1.0", Must, "The playlist has valid syntax.", "RFC 8216bis 4", ""},
		{"A1.1", Must, "A playlist with parts has EXT-X-PART-INF with PART-TARGET.", "RFC 8216bis 4.4.3.7", needsParts},
		{"A1.2", Must, "A low-latency playlist has CAN-BLOCK-RELOAD=YES and PART-HOLD-BACK.", "RFC 8216bis 4.4.3.8", needsParts},
		{"A1.2b", Must, "EXT-X-SERVER-CONTROL never changes, and is the same in all media playlists.", "RFC 8216bis 4.4.3.8, 6.2.4", needsChange},
		{"A1.3", Must, "PART-HOLD-BACK is at least twice PART-TARGET.", "RFC 8216bis 4.4.3.8", needsParts},
		{"A1.3b", Should, "PART-HOLD-BACK is at least three times PART-TARGET.", "RFC 8216bis 4.4.3.8; Apple authoring 14.3", needsParts},
		{"A1.3c", Must, "HOLD-BACK is at least three target durations.", "RFC 8216bis 4.4.3.8", "the playlist has no HOLD-BACK"},
		{"A1.4", Must, "No part is longer than PART-TARGET.", "RFC 8216bis 4.4.4.9", needsParts},
		{"A1.5", Must, "A part lasts at least 85 % of PART-TARGET, except independent parts, gaps, and the last part of a segment.", "RFC 8216bis 4.4.4.9", needsParts},
		{"A1.7", Player, "PART-TARGET never changes.", "seen on iOS", needsParts},
		{"A1.9", Must, "The duration of each segment, rounded to whole seconds, is at most EXT-X-TARGETDURATION.", "RFC 8216bis 4.4.3.1", "no segment was listed"},
		{"A1.9b", Must, "EXT-X-TARGETDURATION never changes.", "RFC 8216bis 6.2.1", needsChange},
		{"A1.9c", Must, "With EXT-X-INDEPENDENT-SEGMENTS, every segment begins with a picture that can be decoded without earlier pictures.", "RFC 8216bis 4.4.2.1", "the playlist has no EXT-X-INDEPENDENT-SEGMENTS, or no segment was read"},
		{"A1.10", Must, "EXT-X-VERSION is high enough for the tags of the playlist.", "RFC 8216bis 8", ""},
		{"A1.10b", Player, "EXT-X-VERSION is not higher than necessary: a client refuses a version that it does not know.", "RFC 8216bis 8", ""},
		{"A1.11", Must, "Parts and segments are listed in time: a part within PART-TARGET, and a segment within 1.5 target durations, after the one before (plus a quarter of a second for the network).", "RFC 8216bis 6.2.1", needsChange},
		{"A1.12", Must, "Entries are added only at the end of a playlist, and only the oldest entries are removed. Listed entries never change.", "RFC 8216bis 6.2.1", needsChange},
		{"A1.13", Must, "The media sequence number and the discontinuity sequence number never go back.", "RFC 8216bis 6.2.2", needsChange},
		{"A1.14", Player, "The first whole segment of a low-latency playlist has a media sequence number above 0.", "hls.js polls at 0", needsParts},
		{"A1.15", Player, "A playlist with parts lists at least one whole segment.", "hls.js treats the playlist as empty otherwise", needsParts},
		{"A1.16", Should, "A live playlist lists at least six segments after its first segment has been removed.", "Apple authoring 8.11", "nothing was removed from the playlist yet"},
		{"A1.16b", Must, "A segment is removed only if at least three target durations remain in the playlist.", "RFC 8216bis 6.2.2", needsLeaving},
		{"A1.17", Must, "Segments and parts can still be fetched for some time after they were removed from the playlist: a segment for the duration of the playlist, a part for three target durations.", "RFC 8216bis 6.2.2", needsLeaving},
		{"A1.18", Should, "Parts are removed from the playlist when they are more than three target durations before its end.", "RFC 8216bis 6.2.2", needsParts},
		{"A1.18b", Player, "The last two whole segments keep their parts.", "hls.js leaves its low-latency mode otherwise", needsParts},
		{"A1.19", Must, "The parts of a segment are listed before the segment, and their durations add up to its duration.", "RFC 8216bis 3.2", needsParts},
		{"A1.20", Must, "EXT-X-DISCONTINUITY and EXT-X-PROGRAM-DATE-TIME are listed before the first part of their segment.", "RFC 8216bis 4.4.4.9", needsParts},
		{"A1.21", Must, "A segment contains exactly the media of its parts.", "RFC 8216bis 3.2", needsParts},
		{"A1.22", Must, "Parts with an IDR picture have INDEPENDENT=YES, and other parts do not.", "RFC 8216bis 4.4.4.9", "no MPEG-TS part with pictures was read"},
		{"A1.23", Must, "There is at most one preload hint of each type. It names the part that is listed next, and no part that is listed already.", "RFC 8216bis 4.4.5.3, 6.2.6", "there was no preload hint"},
		{"A1.24", Must, "A low-latency playlist has EXT-X-RENDITION-REPORT for every other media playlist of the presentation.", "RFC 8216bis 4.4.5.4, B.1", "there is only one media playlist, or no parts"},
		{"A1.24b", Must, "A rendition report gives the last segment and part of the other playlist.", "RFC 8216bis 4.4.5.4", "there was no rendition report"},
		{"A1.26", Must, "A live playlist does not have the type VOD, its type never changes, and a playlist with a type keeps all its segments.", "RFC 8216bis 4.4.3.5, 6.2.1", ""},
		{"A1.27", Must, "A playlist with EXT-X-ENDLIST has no preload hint and no open segment, and never changes.", "RFC 8216bis 4.4.5.3, 6.2.1", needsEnd},
		{"A1.28", Player, "A live low-latency playlist has no EXT-X-START: hls.js prefers it to PART-HOLD-BACK.", "hls.js", needsParts},
	}
}

func dateRules() []Rule {
	return []Rule{
		{"A2.1", Must, "EXT-X-DISCONTINUITY is listed where timestamps are not continuous or tracks change.", "RFC 8216bis 4.4.4.3", needsTS},
		{"A2.2", Should, "Every version of the playlist has EXT-X-DISCONTINUITY-SEQUENCE.", "Apple authoring 8.15", ""},
		{"A2.2b", Must, "EXT-X-DISCONTINUITY-SEQUENCE counts the discontinuities that were removed from the playlist.", "RFC 8216bis 6.2.2", needsChange},
		{"A2.4", Must, "Every listed segment and part that is not marked as a gap can be fetched.", "RFC 8216bis 6.2.1, 4.4.4.7", needsMedia},
		{"A2.5", Must, "The segments of a live playlist have dates (EXT-X-PROGRAM-DATE-TIME).", "Apple authoring 8.4; RFC 8216bis B.1", ""},
		{"A2.5b", Should, "Dates have milliseconds and a time zone.", "RFC 8216bis 4.4.4.6", "no date was listed"},
		{"A2.6", Must, "Dates match the durations: each segment begins when the segment before it ends.", "RFC 8216bis 6.2.1", "fewer than two dates were listed"},
		{"A2.6b", Must, "Dates match the timestamps of the media within 50 ms.", "RFC 8216bis 6.2.1", "fewer than two dated segments of MPEG-TS were read"},
		{"A3.1", Player, "Every product cue in the stream has its EXT-X-DATERANGE in the playlist, and every such EXT-X-DATERANGE has its cue in the stream.", "Apple authoring 8.21; our own contract", "no product cue was seen"},
		{"A3.2", Must, "A date range has a unique ID and a START-DATE, and the playlist has segments with dates.", "RFC 8216bis 4.4.5.1", needsRanges},
		{"A3.3", Must, "The END-DATE of a date range is its START-DATE plus its DURATION. A date range with END-ON-NEXT has CLASS, and neither END-DATE nor DURATION.", "RFC 8216bis 4.4.5.1", needsRanges},
		{"A3.4", Must, "The attributes of a date range are never changed or removed.", "RFC 8216bis 4.4.5.1", needsRanges},
		{"A3.5", Must, "The attributes of a date range have valid values. Client attributes are strings, hexadecimal sequences or numbers.", "RFC 8216bis 4.2, 4.4.5.1", needsRanges},
		{"A3.6", Must, "A date range stays in the playlist as long as the segments of its date.", "RFC 8216bis 6.2.1", needsRanges},
		{"A3.7", Player, "The START-DATE of a cue's EXT-X-DATERANGE is the date of the cue's picture, within 50 ms.", "our own contract", "no product cue with its EXT-X-DATERANGE was seen"},
		{"A3.8", Player, "If date ranges are listed, the last segment has a date.", "hls.js drops the ranges otherwise", needsRanges},
		{"A3.9", Should, "If a playlist has date ranges, its delta updates can skip date ranges too.", "Apple authoring 14.5", "there were no delta updates and date ranges"},
	}
}
