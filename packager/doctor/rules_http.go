package doctor

func tableRules() []Rule {
	return []Rule{
		{"A4.1", Must, "A request without directives is answered at once.", "RFC 8216bis 6.2.5", ""},
		{"A4.2", Must, "_HLS_part without _HLS_msn is answered 400.", "RFC 8216bis 6.2.5.2", needsBlock},
		{"A4.3", Should, "Directives that are no numbers are answered 400.", "RFC 8216bis 6.2.5.2", needsBlock},
		{"A4.4", Must, "_HLS_msn alone waits for the whole segment.", "RFC 8216bis 6.2.5.2", needsBlock},
		{"A4.5", Must, "_HLS_msn and _HLS_part wait for that part.", "RFC 8216bis 6.2.5.2", needsBlock},
		{"A4.6", Must, "A part beyond the last of a closed segment means the first of the next.", "RFC 8216bis 6.2.5.2", needsBlock},
		{"A4.7", Must, "What is listed already is answered at once, however old.", "RFC 8216bis 6.2.5.2", needsBlock},
		{"A4.8", Should, "A media sequence number more than two ahead is answered 400.", "RFC 8216bis 6.2.5.2", needsBlock},
		{"A4.9", Should, "A part far beyond the advance part limit is answered 400.", "RFC 8216bis 6.2.5.2", needsBlock},
		{"A4.10", Should, "A request is held for three target durations at most, then answered 503.", "RFC 8216bis 6.2.5.2", needsBlock},
		{"A4.11", Must, "After EXT-X-ENDLIST all directives are ignored.", "RFC 8216bis 6.2.5", needsEnd},
		{"A4.12", Must, "_HLS_skip brings a delta update where CAN-SKIP-UNTIL is offered and something can be skipped, otherwise a full playlist.", "RFC 8216bis 6.2.5.1", ""},
		{"A4.13", Must, "Other parameters are ignored, and order does not matter.", "RFC 8216bis 6.2.5", ""},
		{"A4.14", Must, "A delta update skips only what is beyond the boundary, counts it right, and leads to the full playlist.", "RFC 8216bis 4.4.5.2, 6.2.5.1", "no delta update came"},
		{"A4.15", Must, "CAN-SKIP-UNTIL is at least six target durations.", "RFC 8216bis 4.4.3.8", "delta updates are not offered"},
		{"A4.16", Must, "A request for the hinted part waits for the part and brings it whole.", "RFC 8216bis 6.2.6", "no preload hint was given"},
		{"A4.16b", Must, "The body of a hinted part comes in one go, not as its media is made.", "RFC 8216bis 6.2.6", "no preload hint was given"},
		{"A4.17", Must, "Media that is neither listed nor hinted is answered 404 at once.", "RFC 8216bis 6.2.6", "no name could be made up from what is listed"},
	}
}

func multivariantRules() []Rule {
	const single = "the address is a media playlist"
	return []Rule{
		{"A5.0", Must, "The multivariant playlist is legal text; every variant has BANDWIDTH and a URI.", "RFC 8216bis 4.4.6.2", single},
		{"A5.1", Should, "The peak bit rate of a live variant stays below 125 % of BANDWIDTH.", "Apple authoring 9.14", single + ", or no whole segment was read"},
		{"A5.2", Should, "The mean bit rate stays below 110 % of AVERAGE-BANDWIDTH.", "Apple authoring 9.14", single + ", AVERAGE-BANDWIDTH is missing, or less than three segments were read"},
		{"A5.3", Should, "A variant names AVERAGE-BANDWIDTH and CODECS, and with pictures RESOLUTION and FRAME-RATE.", "Apple authoring 9.1, 9.2, 9.13, 9.15", single},
		{"A5.4", Must, "CODECS names what is in the stream, and nothing else.", "RFC 8216bis 4.4.6.2", single + ", CODECS is missing, or " + needsTS},
		{"A5.5", Should, "RESOLUTION is that of the pictures.", "RFC 8216bis 4.4.6.2", single + ", RESOLUTION is missing, or " + needsTS},
		{"A5.6", Should, "FRAME-RATE is that of the pictures, within a twentieth.", "RFC 8216bis 4.4.6.2", single + ", FRAME-RATE is missing, or " + needsTS},
		{"A5.7", Must, "All variants have the same target duration.", "RFC 8216bis 6.2.4", "there is only one media playlist"},
		{"A5.8", Should, "Media is served without redirects.", "Apple authoring 8.18", needsMedia},
		{"A5.9", Must, "SCORE is on all variants or on none.", "Apple authoring 9.19", single},
		{"A5.10", Player, "HEVC and AV1 are not carried in MPEG-TS: Apple's players take them in fMP4 only.", "Apple authoring 1.5, 1.39", needsTS},
	}
}

func httpRules() []Rule {
	return []Rule{
		{"A6.1", Must, "Playlists are application/vnd.apple.mpegurl.", "Apple authoring 10.4; RFC 8216bis 4", ""},
		{"A6.2", Should, "MPEG-TS is video/mp2t.", "Apple authoring 10.4", needsTS},
		{"A6.3", Should, "A playlist asked for without directives is not kept by caches for longer than half a target duration, or a second.", "RFC 8216bis 6.2.5", ""},
		{"A6.4", Should, "Media may be kept by caches for as long as it is listed; its name is never used again.", "RFC 8216bis C", needsMedia},
		{"A6.5", Should, "Errors are kept by caches for a second at most.", "RFC 8216bis C", "no error was answered"},
		{"A6.6", Player, "Every answer, errors too, has Access-Control-Allow-Origin.", "browsers hide it from the player otherwise", ""},
		{"A6.6b", Player, "Access-Control-Allow-Origin: * does not stand with Access-Control-Allow-Credentials.", "Fetch standard", ""},
		{"A6.7", Player, "Access-Control-Expose-Headers names Age: without it hls.js does not tune in through a cache.", "hls.js", ""},
		{"A6.8", Player, "OPTIONS is answered, and Range is an allowed header.", "Fetch standard", ""},
		{"A6.9", Should, "Playlists are compressed for those who ask.", "Apple authoring 10.1; RFC 8216bis 6.2.1", ""},
		{"A6.10", Must, "A playlist that exists compressed and plain has Vary: Accept-Encoding.", "RFC 9110 12.5.5", "playlists are not compressed"},
		{"A6.11", Should, "Media is not compressed again.", "Apple authoring 10.1", needsMedia},
		{"A6.12", Must, "The compressed and the plain playlist have different strong ETags.", "RFC 9110 8.8.3.3", "playlists are not compressed, or have no ETag"},
		{"A6.13", Should, "A range of a segment is answered 206 with just these bytes.", "RFC 9110 15.3.7", needsMedia},
		{"A6.14", Should, "A range behind the end of a segment is answered 416.", "RFC 9110 15.5.17", needsMedia},
		{"A6.15", Player, "Last-Modified of a live playlist lies within three target durations of Date.", "Apple authoring 8.24", "playlists have no Last-Modified"},
		{"A6.16", Must, "A blocking request with If-None-Match is not answered 304 before there is something new.", "RFC 8216bis 6.2.5.2", needsBlock + ", or playlists have no ETag"},
		{"A6.17", Should, "Playlists and media set no cookies: caches do not share such answers.", "RFC 9111 7.3", ""},
	}
}

func cacheRules() []Rule {
	const asked = "--cdn was not given"
	return []Rule{
		{"A6.20", Should, "What a cache answers is within its lifetime: by Age, a whole number where it stands, and a playlist by what it lists.", "RFC 9111 4.2, 5.1; RFC 8216bis C", asked + ", or the playlist was not followed for longer than its lifetime"},
		{"A6.21", Must, "Identical blocking requests that are asked together get one and the same version of the playlist in the same bytes, or a later one.", "RFC 8216bis C", asked + ", or " + needsBlock},
		{"A6.22", Should, "Identical blocking requests go to the origin once.", "RFC 8216bis C", asked + ", or no header tells hits from misses"},
		{"A6.23", Must, "An error for what is not there yet does not outlive its coming.", "RFC 9111 4", asked + ", or nothing came that had been asked for too early"},
		{"A6.24", Must, "Requests with different directives never share an answer.", "RFC 8216bis 6.2.5", asked + ", or " + needsBlock},
		{"A6.25", Must, "A compressed answer is never given to those who did not ask for one, and is the same text.", "RFC 9111 4.1", asked},
		{"A6.26", Must, "Media fetched again has the same bytes and the same ETag.", "RFC 9110 8.8.3; RFC 8216bis 6.2.1", asked + ", or " + needsMedia},
	}
}
