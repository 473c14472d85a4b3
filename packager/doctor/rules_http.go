package doctor

func tableRules() []Rule {
	return []Rule{
		{"A4.1", Must, "A request without directives is answered immediately.", "RFC 8216bis 6.2.5", ""},
		{"A4.2", Must, "A request with _HLS_part and without _HLS_msn is answered with 400.", "RFC 8216bis 6.2.5.2", needsBlock},
		{"A4.3", Should, "A request with a directive that is not a number is answered with 400.", "RFC 8216bis 6.2.5.2", needsBlock},
		{"A4.4", Must, "A request with only _HLS_msn waits for the whole segment.", "RFC 8216bis 6.2.5.2", needsBlock},
		{"A4.5", Must, "A request with _HLS_msn and _HLS_part waits for that part.", "RFC 8216bis 6.2.5.2", needsBlock},
		{"A4.6", Must, "A request for a part after the last part of a complete segment is a request for the first part of the next segment.", "RFC 8216bis 6.2.5.2", needsBlock},
		{"A4.7", Must, "A request for a segment or part that is already listed is answered immediately, however old it is.", "RFC 8216bis 6.2.5.2", needsBlock},
		{"A4.8", Should, "A request for a media sequence number that is more than two ahead is answered with 400.", "RFC 8216bis 6.2.5.2", needsBlock},
		{"A4.9", Should, "A request for a part far beyond the advance part limit is answered with 400.", "RFC 8216bis 6.2.5.2", needsBlock},
		{"A4.10", Should, "A request waits for at most three target durations, and is then answered with 503.", "RFC 8216bis 6.2.5.2", needsBlock},
		{"A4.11", Must, "After EXT-X-ENDLIST, all directives are ignored.", "RFC 8216bis 6.2.5", needsEnd},
		{"A4.12", Must, "A request with _HLS_skip gets a delta update if CAN-SKIP-UNTIL is offered and something can be skipped. Otherwise it gets a full playlist.", "RFC 8216bis 6.2.5.1", ""},
		{"A4.13", Must, "Other query parameters are ignored, and the order of parameters does not matter.", "RFC 8216bis 6.2.5", ""},
		{"A4.14", Must, "A delta update skips only segments beyond the skip boundary, counts them correctly, and gives the full playlist together with the version before.", "RFC 8216bis 4.4.5.2, 6.2.5.1", "no delta update came"},
		{"A4.15", Must, "CAN-SKIP-UNTIL is at least six target durations.", "RFC 8216bis 4.4.3.8", "delta updates are not offered"},
		{"A4.16", Must, "A request for the hinted part waits until the part is complete, and gets the whole part.", "RFC 8216bis 6.2.6", "there was no preload hint"},
		{"A4.16b", Must, "The body of a hinted part is sent as a whole, not while the part is being made.", "RFC 8216bis 6.2.6", "there was no preload hint"},
		{"A4.17", Must, "A request for media that is neither listed nor hinted is answered with 404 immediately.", "RFC 8216bis 6.2.6", "no other URL can be made from the listed ones"},
	}
}

func multivariantRules() []Rule {
	const single = "the address is a media playlist"
	return []Rule{
		{"A5.0", Must, "The multivariant playlist has valid syntax. Every variant has BANDWIDTH and a URI.", "RFC 8216bis 4.4.6.2", single},
		{"A5.1", Should, "The peak bit rate of a live variant stays below 125 % of BANDWIDTH.", "Apple authoring 9.14", single + ", or no whole segment was read"},
		{"A5.2", Should, "The average bit rate of a live variant stays below 110 % of AVERAGE-BANDWIDTH.", "Apple authoring 9.14", single + ", AVERAGE-BANDWIDTH is missing, or fewer than three segments were read"},
		{"A5.3", Should, "Every variant has AVERAGE-BANDWIDTH and CODECS. A variant with pictures also has RESOLUTION and FRAME-RATE.", "Apple authoring 9.1, 9.2, 9.13, 9.15", single},
		{"A5.4", Must, "CODECS lists exactly the codecs of the stream.", "RFC 8216bis 4.4.6.2", single + ", CODECS is missing, or " + needsTS},
		{"A5.5", Should, "RESOLUTION is the size of the pictures.", "RFC 8216bis 4.4.6.2", single + ", RESOLUTION is missing, or " + needsTS},
		{"A5.6", Should, "FRAME-RATE is the rate of the pictures within 5 %.", "RFC 8216bis 4.4.6.2", single + ", FRAME-RATE is missing, or " + needsTS},
		{"A5.7", Must, "All variants have the same target duration.", "RFC 8216bis 6.2.4", "there is only one media playlist"},
		{"A5.8", Should, "Media is served without redirects.", "Apple authoring 8.18", needsMedia},
		{"A5.9", Must, "Either all variants have SCORE, or none has.", "Apple authoring 9.19", single},
		{"A5.16", Player, "Segments and parts of one number are alike in all variants: duration, date, discontinuity.", "hls.js switches by numbers and dates; RFC 8216bis 6.2.4", "there is only one media playlist"},
		{"A5.10", Player, "HEVC and AV1 are not carried in MPEG-TS: Apple's players play them only in fMP4.", "Apple authoring 1.5, 1.39", needsTS},
	}
}

func httpRules() []Rule {
	return []Rule{
		{"A6.1", Must, "The Content-Type of playlists is application/vnd.apple.mpegurl or audio/mpegurl.", "Apple authoring 10.4; RFC 8216bis 4", ""},
		{"A6.2", Should, "The Content-Type of MPEG-TS is video/mp2t.", "Apple authoring 10.4", needsTS},
		{"A6.3", Should, "Caches keep a playlist that was requested without directives for at most half a target duration, or one second if that is longer.", "RFC 8216bis 6.2.5", ""},
		{"A6.4", Should, "Caches may keep media for as long as it is listed. The URL of media is never used for other media.", "RFC 8216bis C", needsMedia},
		{"A6.5", Should, "Caches keep errors for at most one second.", "RFC 8216bis C", "no error was answered"},
		{"A6.6", Player, "Every answer, also an error, has Access-Control-Allow-Origin.", "browsers hide the answer from the player otherwise", ""},
		{"A6.6b", Player, "No answer has both Access-Control-Allow-Origin: * and Access-Control-Allow-Credentials.", "Fetch standard", ""},
		{"A6.7", Player, "Access-Control-Expose-Headers contains Age: hls.js needs it to find the live edge behind a cache.", "hls.js", ""},
		{"A6.8", Player, "OPTIONS requests are answered, and Range is an allowed header.", "Fetch standard", ""},
		{"A6.9", Should, "Playlists are compressed for clients that ask for it.", "Apple authoring 10.1; RFC 8216bis 6.2.1", ""},
		{"A6.10", Must, "A playlist that is served compressed and uncompressed has Vary: Accept-Encoding.", "RFC 9110 12.5.5", "playlists are not compressed"},
		{"A6.11", Should, "Media has no Content-Encoding.", "Apple authoring 10.1", needsMedia},
		{"A6.12", Must, "The compressed and the uncompressed playlist have different strong ETags.", "RFC 9110 8.8.3.3", "playlists are not compressed, or have no ETag"},
		{"A6.13", Should, "A request for a byte range of a segment is answered with 206 and exactly these bytes.", "RFC 9110 15.3.7", needsMedia},
		{"A6.14", Should, "A request for a byte range behind the end of a segment is answered with 416.", "RFC 9110 15.5.17", needsMedia},
		{"A6.15", Player, "Last-Modified of a live playlist is within three target durations of Date.", "Apple authoring 8.24", "playlists have no Last-Modified"},
		{"A6.16", Must, "A blocking request with If-None-Match is not answered with 304 before the playlist has changed.", "RFC 8216bis 6.2.5.2", needsBlock + ", or playlists have no ETag"},
		{"A6.17", Should, "Playlists and media set no cookies: caches do not share such answers.", "RFC 9111 7.3", ""},
	}
}

func cacheRules() []Rule {
	const asked = "--cdn was not given"
	return []Rule{
		{"A6.20", Should, "A cache answers only with what has not expired, by Age and by the entries of a playlist. Age is a whole number.", "RFC 9111 4.2, 5.1; RFC 8216bis C", asked + ", or the playlist was not followed for longer than its lifetime"},
		{"A6.21", Must, "Identical blocking requests at the same time get the same version of the playlist with the same bytes, or a later version.", "RFC 8216bis C", asked + ", or " + needsBlock},
		{"A6.22", Should, "Of identical blocking requests, only one goes to the origin.", "RFC 8216bis C", asked + ", or no header tells cache hits from cache misses"},
		{"A6.23", Must, "An error for media that did not exist yet is no longer served once the media exists.", "RFC 9111 4", asked + ", or no media came that had been requested too early"},
		{"A6.24", Must, "Requests with different directives never share a cached answer.", "RFC 8216bis 6.2.5", asked + ", or " + needsBlock},
		{"A6.25", Must, "A client that did not ask for compression never gets a compressed answer. Compressed and uncompressed answers have the same text.", "RFC 9111 4.1", asked},
		{"A6.26", Must, "Media that is fetched again has the same bytes and the same ETag.", "RFC 9110 8.8.3; RFC 8216bis 6.2.1", asked + ", or " + needsMedia},
	}
}
