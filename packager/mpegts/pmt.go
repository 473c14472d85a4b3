package mpegts

// metadataPointer is the metadata_pointer_descriptor that Apple's "Timed
// Metadata for HTTP Live Streaming" 2 asks for in the program's loop (ISO/IEC
// 13818-1 2.6.58): format and application format "see identifier", "ID3 ",
// service 0, carried in this same program.
const metadataPointer = "\x25\x0F\xFF\xFFID3 \xFFID3 \x00\x1F\x00\x01"

// metadata is the metadata_descriptor of the ID3 stream (2.6.60): the same
// identifiers and service, no decoder configuration.
const metadata = "\x26\x0D\xFF\xFFID3 \xFFID3 \x00\x0F"

// pmtPayload gives a PMT packet's payload: pointer_field and one section (2.4.4.8).
// It must fit one packet, because hls.js reads no further. It declares the tracks
// that are there, and always ID3, which could later be added only with a
// DISCONTINUITY.
func pmtPayload(video, audio bool) []byte {
	pcr := pidVideo
	if !video {
		pcr = pidAudio
	}
	s := []byte{
		0x02, 0xB0, 0, // table_id; section_length comes below
		0, program, 0xC1, // program_number; version 0, current
		0, 0, // section 0 of 0
		0xE0 | byte(pcr>>8), byte(pcr),
		0xF0, byte(len(metadataPointer)),
	}
	s = append(s, metadataPointer...)
	if video {
		s = appendStream(s, typeH264, pidVideo, "")
	}
	if audio {
		s = appendStream(s, typeADTS, pidAudio, "")
	}
	s = appendStream(s, typeID3, pidID3, metadata)
	s[2] = byte(len(s) - 3 + 4) // from behind the field to the end of the CRC
	c := crc32(s)
	s = append(s, byte(c>>24), byte(c>>16), byte(c>>8), byte(c))
	return append([]byte{0}, s...)
}

func appendStream(s []byte, kind byte, pid int, descriptor string) []byte {
	s = append(s, kind, 0xE0|byte(pid>>8), byte(pid), 0xF0, byte(len(descriptor)))
	return append(s, descriptor...)
}

// crc32 is the CRC of ISO/IEC 13818-1 annex A. It is not reflected, unlike that of
// the standard library. It runs once for each Writer, so it needs no table.
func crc32(b []byte) uint32 {
	crc := ^uint32(0)
	for _, c := range b {
		crc ^= uint32(c) << 24
		for range 8 {
			if crc&(1<<31) != 0 {
				crc = crc<<1 ^ 0x04C11DB7
			} else {
				crc <<= 1
			}
		}
	}
	return crc
}
