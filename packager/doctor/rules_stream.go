package doctor

func streamRules() []Rule {
	const (
		needsID3   = "no timed ID3 was seen"
		needsVideo = "no pictures in MPEG-TS came"
		needsAudio = "no AAC in MPEG-TS came"
		needsCue   = "no product cue was seen"
	)
	return []Rule{
		{"B0.1", Must, "Transport packets and adaptation fields are well formed.", "ISO/IEC 13818-1 2.4.3.2, 2.4.3.4", needsTS},
		{"B0.2", Must, "Tables are well formed, and their CRCs are correct.", "ISO/IEC 13818-1 2.4.4", needsTS},
		{"B0.3", Must, "PES headers are well formed.", "ISO/IEC 13818-1 2.4.3.7", needsTS},
		{"B0.4", Must, "The ADTS header stays the same.", "ISO/IEC 14496-3 1.A.2", needsAudio},
		{"B0.5", Must, "After each ADTS header comes a frame of sound that decoders can decode.", "ISO/IEC 14496-3 4.4.2.1", needsAudio},
		{"B1.1", Must, "Every part, or segment without parts, consists of whole packets and contains a PAT and a PMT.", "RFC 8216bis 3.1.1", needsTS},
		{"B1.1b", Should, "The first two packets of a part, or of a segment without parts, are the PAT and the PMT.", "RFC 8216bis 3.1.1", needsTS},
		{"B1.2", Player, "The PAT lists one program and no network PID.", "hls.js reads only the first entry", needsTS},
		{"B1.3", Player, "The PAT and the PMT each fit into one packet.", "hls.js reads only the first packet", needsTS},
		{"B1.4", Must, "PIDs and the PMT do not change without a discontinuity.", "RFC 8216bis 4.4.4.3", needsTS},
		{"B1.4b", Player, "Timed ID3 is declared before the first cue comes.", "media3 and AVPlayer fix their tracks at the start", needsCue + " in the playlist or the stream"},
		{"B1.5", Player, "Every PES packet is within one part, and contains one picture or whole frames of audio.", "hls.js flushes its demuxer at each part's end", needsTS},
		{"B1.6", Player, "The streams are H.264, AAC in ADTS and timed ID3, at most one of each. The PCR is on the PID of the pictures.", "what all players support in MPEG-TS", needsTS},
		{"B1.7", Must, "Pictures are in Annex B format, begin with a delimiter, and have SPS and PPS before each IDR picture.", "ISO/IEC 13818-1 2.14", needsVideo},
		{"B1.8", Should, "Only IDR pictures have random_access_indicator, and all pictures have data_alignment_indicator.", "ISO/IEC 13818-1 2.4.3.5, 2.4.3.7", needsVideo},
		{"B1.8b", Should, "Every segment begins with an IDR picture.", "Apple authoring 7.4", needsVideo},
		{"B1.9", Must, "PCRs are at most 100 ms apart, in the first packet of their PID, and below every DTS that follows.", "ISO/IEC 13818-1 2.7.2", needsTS},
		{"B1.10", Player, "Every PES packet has a timestamp, and none is 0.", "Shaka treats 0 as no timestamp", needsTS},
		{"B1.11", Must, "DTS rises, and is not above PTS.", "ISO/IEC 13818-1 2.4.3.7", needsTS},
		{"B1.12", Should, "Frames of audio do not overlap.", "ISO/IEC 13818-1 2.7.4", needsAudio},
		{"B1.12b", Should, "EXTINF and DURATION match the media within 50 ms.", "Apple authoring 8.1", needsTS},
		{"B1.13", Must, "Continuity counters continue from part to part and from segment to segment.", "ISO/IEC 13818-1 2.4.3.3", needsTS},
		{"B2", Must, "The PMT contains the two descriptors of timed ID3, byte for byte.", "Apple, Timed Metadata for HLS", "no timed ID3 is declared"},
		{"B3", Must, "A PES packet of ID3 has stream_id 0xBD, is aligned, has a PTS and no DTS, and contains one valid ID3v2.4 tag.", "Apple, Timed Metadata for HLS; ID3v2.4", needsID3},
		{"B4", Player, "A product cue is one TXXX frame with the description mediad.cue.", "our own contract", needsCue},
		{"B5", Player, "A product cue is a JSON object of at most 2,048 bytes.", "our own contract", needsCue},
		{"B6.1", Player, "The PTS of a cue is within the part that carries the cue.", "hls.js never shows it otherwise", needsCue},
		{"B6.4", Player, "After the first cue, every segment begins with the state.", "our own contract", "no segment came after a cue"},
		{"B6.7", Player, "The PTS of each cue is greater than the PTS of the cue before.", "players merge or drop cues with the same time", needsCue},
		{"B6.10", Player, "Every part that carries a cue also carries pictures or sound.", "hls.js ignores the cue otherwise", needsCue},
		{"B6.11", Player, "The stream has no packets with a PID that the PMT does not declare.", "hls.js begins its scan again", needsTS},
		{"G.1", Player, "SPS and PPS come before the first picture of every part.", "Shaka and video.js fail otherwise", needsVideo},
		{"G.5", Player, "If a stream has pictures, every part contains a picture.", "video.js and Shaka stop after a part with sound only", needsVideo},
	}
}
