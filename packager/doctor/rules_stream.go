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
		{"B0.2", Must, "Tables are well formed, and their CRCs right.", "ISO/IEC 13818-1 2.4.4", needsTS},
		{"B0.3", Must, "PES headers are well formed.", "ISO/IEC 13818-1 2.4.3.7", needsTS},
		{"B0.4", Must, "The ADTS header stays the same.", "ISO/IEC 14496-3 1.A.2", needsAudio},
		{"B0.5", Must, "Behind each ADTS header stands a frame of sound that decoders understand.", "ISO/IEC 14496-3 4.4.2.1", needsAudio},
		{"B1.1", Must, "Every part, or segment without parts, is whole packets and holds a PAT and a PMT.", "RFC 8216bis 3.1.1", needsTS},
		{"B1.1b", Should, "Its first two packets are the PAT and the PMT.", "RFC 8216bis 3.1.1", needsTS},
		{"B1.2", Player, "The PAT lists one program and no network PID.", "hls.js reads only the first entry", needsTS},
		{"B1.3", Player, "PAT and PMT each fit one packet.", "hls.js reads no further", needsTS},
		{"B1.4", Must, "PIDs and the PMT stay the same up to a discontinuity.", "RFC 8216bis 4.4.4.3", needsTS},
		{"B1.4b", Player, "Timed ID3 is declared before the first cue comes.", "media3 and AVPlayer fix their tracks at the start", needsCue + " in the playlist or the stream"},
		{"B1.5", Player, "PES packets do not straddle parts; one picture, or whole frames of audio, in each.", "hls.js flushes its demuxer at each part's end", needsTS},
		{"B1.6", Player, "Stream types are H.264, AAC in ADTS and timed ID3, one of each at most; the PCR is on the pictures' PID.", "what all players take in MPEG-TS", needsTS},
		{"B1.7", Must, "Pictures are Annex B, begin with a delimiter, and have SPS and PPS before each IDR.", "ISO/IEC 13818-1 2.14", needsVideo},
		{"B1.8", Should, "random_access_indicator is on IDR pictures only, data_alignment_indicator on all pictures.", "ISO/IEC 13818-1 2.4.3.5, 2.4.3.7", needsVideo},
		{"B1.8b", Should, "Every segment begins with an IDR picture.", "Apple authoring 7.4", needsVideo},
		{"B1.9", Must, "PCRs are at most 100 ms apart, in the first packet of their PID, and below every DTS that follows.", "ISO/IEC 13818-1 2.7.2", needsTS},
		{"B1.10", Player, "Every PES packet has a timestamp, and none is 0.", "Shaka takes 0 for none", needsTS},
		{"B1.11", Must, "DTS rises, and is not above PTS.", "ISO/IEC 13818-1 2.4.3.7", needsTS},
		{"B1.12", Should, "Frames of audio do not overlap.", "ISO/IEC 13818-1 2.7.4", needsAudio},
		{"B1.12b", Should, "EXTINF and DURATION are the media's, within 50 ms.", "Apple authoring 8.1", needsTS},
		{"B1.13", Must, "Continuity counters run on over parts and segments.", "ISO/IEC 13818-1 2.4.3.3", needsTS},
		{"B2", Must, "The PMT carries the two descriptors of timed ID3, byte for byte.", "Apple, Timed Metadata for HLS", "no timed ID3 is declared"},
		{"B3", Must, "A PES packet of ID3 has stream_id 0xBD, is aligned, has a PTS alone, and holds one legal ID3v2.4 tag.", "Apple, Timed Metadata for HLS; ID3v2.4", needsID3},
		{"B4", Player, "A product cue is one TXXX frame mediad.cue.", "our own contract", needsCue},
		{"B5", Player, "A product cue is a JSON object of at most 2,048 bytes.", "our own contract", needsCue},
		{"B6.1", Player, "A cue's time lies in the part that carries it.", "hls.js never shows it otherwise", needsCue},
		{"B6.4", Player, "Once there were cues, every segment begins with the state.", "our own contract", "no segment came behind a cue"},
		{"B6.7", Player, "The times of cues rise.", "players merge or drop those of one time", needsCue},
		{"B6.10", Player, "No part carries a cue without pictures or sound.", "hls.js ignores it", needsCue},
		{"B6.11", Player, "No PID is sent that the PMT does not declare.", "hls.js scans anew", needsTS},
		{"G.1", Player, "SPS and PPS stand before the first picture of every part.", "Shaka and video.js fail otherwise", needsVideo},
		{"G.5", Player, "Every part of a stream with pictures holds one.", "video.js and Shaka end behind sound alone", needsVideo},
	}
}
