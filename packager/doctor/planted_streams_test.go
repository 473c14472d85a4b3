package doctor_test

import (
	"slices"

	"mediad/packager/check/checktest"
)

func plantedStreams() []violation {
	return []violation{
		part("B0.1", "transport error", func(p packets) packets { p[len(p)-1][1] |= 0x80; return p }),
		part("B0.2", "CRC of the PAT", func(p packets) packets { p[0][20] ^= 1; return p }),
		part("B0.3", "PES flags", func(p packets) packets { return p.pes(audio, 0, func(b []byte) { b[6] &^= 0x80 }) }),
		laterPart("B0.4", "ADTS of MPEG-2", func(p packets) packets { return p.replace("FFF1 4C", "FFF9 4C") }),
		part("B0.5", "ADTS in ADTS", func(p packets) packets {
			return p.pes(audio, 0, func(b []byte) { copy(b[21:], []byte{0xFF, 0xF1, 0x4C, 0x80, 0x10, 0x1F, 0xFC}) })
		}),
		part("B1.1", "bytes at the end", func(p packets) packets { return append(p, []byte{0x47, 1}) }),
		part("B1.1b", "no PAT", func(p packets) packets { return p[1:] }),
		part("B6.11", "undeclared PID", func(p packets) packets {
			return append(p, append([]byte{0x47, 0x41, 0x23, 0x10}, make([]byte, 184)...))
		}),
		part("B1.2", "two programs", func(p packets) packets {
			return p.section(0, func(s []byte) []byte { return append(s, 0, 2, 0xF1, 0) })
		}),
		part("B1.3", "long PMT", func(p packets) packets { p[1][6], p[1][7] = 0xB0, 0xF0; return p }),
		laterPart("B1.4", "PMT version", func(p packets) packets {
			return p.section(1, func(s []byte) []byte { s[5] = 0xC3; return s })
		}),
		part("B1.4b", "ID3 is not declared", func(p packets) packets {
			return p.section(1, func(s []byte) []byte { return s[:len(s)-20] })
		}),
		part("B1.5", "length of an audio PES", func(p packets) packets { return p.pes(audio, 0, func(b []byte) { b[5]-- }) }),
		part("B1.6", "private stream", func(p packets) packets {
			return p.section(1, func(s []byte) []byte { return append(s, 0x06, 0xE1, 0x03, 0xF0, 0x00) })
		}),
		part("B1.7", "no delimiter", func(p packets) packets { return p.replace("00000001 09F0", "00000001 06F0") }),
		part("B1.8", "not aligned", func(p packets) packets { return p.pes(video, 1, func(b []byte) { b[6] = 0x80 }) }),
		part("B1.8b", "no IDR", func(p packets) packets { return p.replace("00000001 65", "00000001 41") }),
		part("B1.9", "no PCR", func(p packets) packets {
			if i := p.find(video, 0); p[i][5]&0x10 != 0 {
				p[i][5] &^= 0x10
				for j := 6; j < 12; j++ {
					p[i][j] = 0xFF
				}
			}
			return p
		}),
		part("B1.10", "no PTS", func(p packets) packets { return p.pes(audio, 0, func(b []byte) { b[7] = 0 }) }),
		part("B1.11", "DTS stands", func(p packets) packets {
			var first int64
			p.pes(video, 0, func(b []byte) { first = getTime(b[9:]) })
			return p.pes(video, 1, func(b []byte) { checktest.SetTime(b[9:], first) })
		}),
		part("B1.12", "audio overlaps", func(p packets) packets {
			return p.pes(audio, 1, func(b []byte) { checktest.SetTime(b[9:], getTime(b[9:])-4000) })
		}),
		list("B1.12b", "parts are written short", sub(`DURATION=0\.200`, "DURATION=0.140")),
		part("B1.13", "a packet is lost", func(p packets) packets {
			i := p.find(video, 0) + 1
			return slices.Delete(p, i, i+1)
		}),
		part("G.1", "no SPS", func(p packets) packets { return p.replace("00000001 67", "00000001 6F") }),
		laterPart("G.5", "no picture", func(p packets) packets {
			return slices.DeleteFunc(p, func(b []byte) bool { return pid(b) == video })
		}),
	}
}

func plantedCues() []violation {
	return []violation{
		part("B2", "metadata descriptor", func(p packets) packets {
			return p.section(1, func(s []byte) []byte { s[len(s)-2] = 1; return s })
		}),
		part("B3", "stream_id", func(p packets) packets { return p.pes(timed, 0, func(b []byte) { b[3] = 0xFC }) }),
		part("B3", "not aligned", func(p packets) packets { return p.pes(timed, 0, func(b []byte) { b[6] = 0x80 }) }),
		part("B3", "Latin-1", func(p packets) packets { return p.replace("03 6D6564696164", "00 6D6564696164") }),
		part("B3", "size", func(p packets) packets { return p.pes(timed, 0, func(b []byte) { b[14+9]++ }) }),
		part("B4", "another frame", func(p packets) packets { return p.replace("54585858", "54585859") }),
		part("B5", "no JSON", func(p packets) packets { return p.replace("7B2276223A31", "7B2276223B31") }),
		part("B6.1", "cue before its part", func(p packets) packets {
			return p.pes(timed, 0, func(b []byte) { checktest.SetTime(b[9:], getTime(b[9:])-90000) })
		}),
		part("B6.4", "no state", func(p packets) packets { return p.replace("227374617465 22", "227374617433 22") }),
		part("B6.7", "two at one time", func(p packets) packets {
			return p.pes(timed, 1, func(b []byte) { checktest.SetTime(b[9:], getTime(b[9:])-1) })
		}),
		part("B6.10", "cue alone", func(p packets) packets {
			if p.find(timed, 0) < 0 {
				return p
			}
			return slices.DeleteFunc(p, func(b []byte) bool { return pid(b) == video || pid(b) == audio })
		}),
	}
}
