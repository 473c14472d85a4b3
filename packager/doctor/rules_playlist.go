package doctor

// Reasons why a rule could not be judged.
const (
	needsParts   = "no part was listed"
	needsRanges  = "no EXT-X-DATERANGE was listed"
	needsChange  = "the playlist did not change while it was followed"
	needsLeaving = "nothing left the playlist while it was followed"
	needsBlock   = "blocking reload is not offered"
	needsTS      = "the media is not MPEG-TS, or none came"
	needsEnd     = "the broadcast did not end"
	needsMedia   = "no media came"
)

func playlistRules() []Rule {
	return []Rule{
		{"A1.0", Must, "The playlist is legal text.", "RFC 8216bis 4", ""},
		{"A1.1", Must, "Where parts are listed, EXT-X-PART-INF names PART-TARGET.", "RFC 8216bis 4.4.3.7", needsParts},
		{"A1.2", Must, "A low-latency playlist offers CAN-BLOCK-RELOAD=YES and names PART-HOLD-BACK.", "RFC 8216bis 4.4.3.8", needsParts},
		{"A1.2b", Must, "EXT-X-SERVER-CONTROL never changes, and is the same in all media playlists.", "RFC 8216bis 4.4.3.8, 6.2.4", needsChange},
		{"A1.3", Must, "PART-HOLD-BACK is at least twice PART-TARGET.", "RFC 8216bis 4.4.3.8", needsParts},
		{"A1.3b", Should, "PART-HOLD-BACK is at least three times PART-TARGET.", "RFC 8216bis 4.4.3.8; Apple authoring 14.3", needsParts},
		{"A1.3c", Must, "HOLD-BACK is at least three target durations.", "RFC 8216bis 4.4.3.8", "the playlist names no HOLD-BACK"},
		{"A1.4", Must, "No part is longer than PART-TARGET.", "RFC 8216bis 4.4.4.9", needsParts},
		{"A1.5", Must, "A part lasts at least 85 % of PART-TARGET, but for independent parts, gaps, and the last of a segment.", "RFC 8216bis 4.4.4.9", needsParts},
		{"A1.7", Player, "PART-TARGET never changes.", "seen on iOS", needsParts},
		{"A1.9", Must, "No segment, rounded to whole seconds, is longer than EXT-X-TARGETDURATION.", "RFC 8216bis 4.4.3.1", "no segment was listed"},
		{"A1.9b", Must, "EXT-X-TARGETDURATION never changes.", "RFC 8216bis 6.2.1", needsChange},
		{"A1.9c", Must, "With EXT-X-INDEPENDENT-SEGMENTS every segment begins with a picture that needs none before it.", "RFC 8216bis 4.4.2.1", "the playlist does not claim EXT-X-INDEPENDENT-SEGMENTS, or no segment was read"},
		{"A1.10", Must, "EXT-X-VERSION is at least what the playlist's tags need.", "RFC 8216bis 8", ""},
		{"A1.10b", Player, "EXT-X-VERSION is not higher than needed: a client refuses a version that it does not know.", "RFC 8216bis 8", ""},
		{"A1.11", Must, "Parts and segments are listed as soon as their time is over: a part within PART-TARGET, a segment within 1.5 target durations of the one before (plus a quarter of a second for the network).", "RFC 8216bis 6.2.1", needsChange},
		{"A1.12", Must, "A playlist only grows at its end and loses its oldest entries: what is listed is never edited.", "RFC 8216bis 6.2.1", needsChange},
		{"A1.13", Must, "The media sequence number and the discontinuity sequence number never go back.", "RFC 8216bis 6.2.2", needsChange},
		{"A1.14", Player, "The first whole segment of a low-latency playlist has a media sequence number above 0.", "hls.js polls at 0", needsParts},
		{"A1.15", Player, "There is a whole segment beside the parts.", "hls.js takes the playlist for empty", needsParts},
		{"A1.16", Should, "A live playlist lists at least six segments, once it has lost one.", "Apple authoring 8.11", "nothing has left the playlist yet"},
		{"A1.16b", Must, "No segment leaves while fewer than three target durations remain.", "RFC 8216bis 6.2.2", needsLeaving},
		{"A1.17", Must, "What has left the playlist can still be fetched for a while: a segment for a playlist's length, a part for three target durations.", "RFC 8216bis 6.2.2", needsLeaving},
		{"A1.18", Should, "Parts leave the list when they are more than three target durations behind its end.", "RFC 8216bis 6.2.2", needsParts},
		{"A1.18b", Player, "The last two whole segments keep their parts.", "hls.js leaves its low-latency mode otherwise", needsParts},
		{"A1.19", Must, "The parts of a segment stand before it, and add up to it.", "RFC 8216bis 3.2", needsParts},
		{"A1.20", Must, "DISCONTINUITY and PROGRAM-DATE-TIME stand before the first part of their segment.", "RFC 8216bis 4.4.4.9", needsParts},
		{"A1.21", Must, "A segment holds exactly the media of its parts.", "RFC 8216bis 3.2", needsParts},
		{"A1.22", Must, "INDEPENDENT=YES stands on the parts with an IDR picture, and on no other.", "RFC 8216bis 4.4.4.9", "no part of MPEG-TS with pictures was read"},
		{"A1.23", Must, "There is one preload hint of a type; it names the part that is listed next, not one listed already.", "RFC 8216bis 4.4.5.3, 6.2.6", "no preload hint was given"},
		{"A1.24", Must, "A low-latency playlist reports on every other media playlist of the presentation.", "RFC 8216bis 4.4.5.4, B.1", "there is only one media playlist, or no parts"},
		{"A1.26", Must, "A live playlist is not of type VOD, its type never changes, and one with a type loses no segment.", "RFC 8216bis 4.4.3.5, 6.2.1", ""},
		{"A1.27", Must, "After EXT-X-ENDLIST there is no hint and no open segment, and nothing changes.", "RFC 8216bis 4.4.5.3, 6.2.1", needsEnd},
		{"A1.28", Player, "A live low-latency playlist has no EXT-X-START: hls.js puts it above the hold-back.", "hls.js", needsParts},
	}
}

func dateRules() []Rule {
	return []Rule{
		{"A2.1", Must, "Where timestamps or tracks begin anew, EXT-X-DISCONTINUITY stands.", "RFC 8216bis 4.4.4.3", needsTS},
		{"A2.2", Should, "EXT-X-DISCONTINUITY-SEQUENCE is there from the first version on.", "Apple authoring 8.15", ""},
		{"A2.2b", Must, "EXT-X-DISCONTINUITY-SEQUENCE counts the discontinuities that have left.", "RFC 8216bis 6.2.2", needsChange},
		{"A2.4", Must, "What is listed without EXT-X-GAP can be fetched.", "RFC 8216bis 6.2.1, 4.4.4.7", needsMedia},
		{"A2.5", Must, "A live playlist dates its segments.", "Apple authoring 8.4; RFC 8216bis B.1", ""},
		{"A2.5b", Should, "Dates have milliseconds and a zone.", "RFC 8216bis 4.4.4.6", "no date was listed"},
		{"A2.6", Must, "Dates follow the durations: each segment begins where the one before ends.", "RFC 8216bis 6.2.1", "fewer than two dates were listed"},
		{"A2.6b", Must, "Dates follow the timestamps of the media, within 50 ms.", "RFC 8216bis 6.2.1", "fewer than two dated segments of MPEG-TS were read"},
		{"A3.1", Player, "Every product cue in the stream has its twin in the playlist, and every twin its cue.", "Apple authoring 8.21; our own contract", "no product cue was seen"},
		{"A3.2", Must, "A date range has an ID that is never used again, a START-DATE, and dated segments beside it.", "RFC 8216bis 4.4.5.1", needsRanges},
		{"A3.3", Must, "A date range's END-DATE is START-DATE plus DURATION; END-ON-NEXT needs CLASS and neither of them.", "RFC 8216bis 4.4.5.1", needsRanges},
		{"A3.4", Must, "What is said of a date range is never changed or taken back.", "RFC 8216bis 4.4.5.1", needsRanges},
		{"A3.5", Must, "The attributes of a date range are legal values; client attributes are strings, hexadecimal or numbers.", "RFC 8216bis 4.2, 4.4.5.1", needsRanges},
		{"A3.6", Must, "A date range stays as long as its date is listed.", "RFC 8216bis 6.2.1", needsRanges},
		{"A3.7", Player, "A twin's START-DATE is the date of its cue's picture, within 50 ms.", "our own contract", "no product cue and its twin were seen"},
		{"A3.8", Player, "The last segment has a date where date ranges are listed.", "hls.js drops the ranges otherwise", needsRanges},
		{"A3.9", Should, "Delta updates beside date ranges skip those too.", "Apple authoring 14.5", "no delta updates with date ranges"},
	}
}
