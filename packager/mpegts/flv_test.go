package mpegts

import (
	"encoding/binary"
	"os"
	"testing"

	"mediad/ingest"
)

// readFLV gives the tracks and units of an FLV file with H.264 and AAC, with
// timestamps that begin at base and AAC on its sample clock, which is what the
// ingest and the packager do. It trusts the file.
func readFLV(t testing.TB, path string, base int64) ([]ingest.Track, []ingest.Unit) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	tracks := []ingest.Track{{Codec: ingest.H264}, {Codec: ingest.AAC}}
	var units []ingest.Unit
	var samples, audioStart int64
	for data = data[13:]; len(data) > 0; {
		n := int(data[1])<<16 | int(data[2])<<8 | int(data[3])
		ms := int64(data[7])<<24 | int64(data[4])<<16 | int64(data[5])<<8 | int64(data[6])
		kind, body := data[0], data[11:11+n]
		data = data[11+n+4:]
		switch {
		case kind == 9 && body[1] == 0:
			tracks[0].SPS, tracks[0].PPS = readAVCC(body[5:])
		case kind == 9 && body[1] == 1:
			cts := int64(int32(uint32(body[2])<<24|uint32(body[3])<<16|uint32(body[4])<<8) >> 8)
			units = append(units, ingest.Unit{
				Track: 0, DTS: base + ms*90, PTS: base + (ms+cts)*90, Key: body[0]>>4 == 1, NALs: readNALs(body[5:]),
			})
		case kind == 8 && body[1] == 0:
			c := body[2:]
			tracks[1].Config = c
			tracks[1].SampleRate = []int{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050}[c[0]&7<<1|c[1]>>7]
			tracks[1].Channels = int(c[1] >> 3 & 0xf)
		case kind == 8:
			if samples == 0 {
				audioStart = base + ms*90
			}
			pts := audioStart + samples*90000/int64(tracks[1].SampleRate)
			samples += 1024
			units = append(units, ingest.Unit{Track: 1, DTS: pts, PTS: pts, NALs: [][]byte{body[2:]}})
		}
	}
	if len(units) == 0 || len(tracks[0].SPS) == 0 || len(tracks[1].Config) == 0 {
		t.Fatalf("%s holds no H.264 and AAC", path)
	}
	return tracks, units
}

// readAVCC reads an AVCDecoderConfigurationRecord.
func readAVCC(b []byte) (sps, pps [][]byte) {
	take := func(n int) (sets [][]byte) {
		for range n {
			size := int(binary.BigEndian.Uint16(b))
			sets = append(sets, b[2:2+size])
			b = b[2+size:]
		}
		return sets
	}
	n := int(b[5] & 0x1f)
	b = b[6:]
	sps = take(n)
	n = int(b[0])
	b = b[1:]
	return sps, take(n)
}

func readNALs(b []byte) (nals [][]byte) {
	for len(b) > 0 {
		n := int(binary.BigEndian.Uint32(b))
		nals = append(nals, b[4:4+n])
		b = b[4+n:]
	}
	return nals
}
