package mpegts

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/asticode/go-astits"
)

// TestPacketsAreTheLibrarys compares our PES packets with those of go-astits, byte by
// byte: every size around a packet's, every combination of fields, and payloads in
// any pieces.
func TestPacketsAreTheLibrarys(t *testing.T) {
	var want bytes.Buffer
	mux := astits.NewMuxer(context.Background(), &want, astits.MuxerOptTablesRetransmitPeriod(math.MaxInt))
	for _, pid := range []uint16{pidVideo, pidAudio} {
		if err := mux.AddElementaryStream(astits.PMTElementaryStream{ElementaryPID: pid}); err != nil {
			t.Fatal(err)
		}
	}
	mux.SetPCRPID(pidVideo)
	if _, err := mux.WriteTables(); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	payload := make([]byte, 70000)
	for i := range payload {
		payload[i] = byte(r.Uint32())
	}
	counters := map[uint16]*uint8{pidVideo: new(uint8), pidAudio: new(uint8)}
	*counters[pidVideo], *counters[pidAudio] = firstCC, firstCC
	for i := range 6000 {
		size := 1 + i%800
		if i%97 == 0 {
			size = 65500 + i%100
		}
		p := pes{pid: pidVideo, stream: streamVideo, pts: r.Int64N(1 << 33), timed: r.IntN(2) == 0}
		if r.IntN(2) == 0 {
			p.pid, p.stream = pidAudio, streamAudio
		}
		p.dts, p.pcr, p.random = p.pts, r.Int64N(1<<33), p.timed && p.pid != pidVideo && r.IntN(2) == 0
		if r.IntN(2) == 0 {
			p.dts = r.Int64N(1 << 33)
		}
		var pieces [][]byte
		for rest := payload[:size]; len(rest) > 0; {
			n := min(1+r.IntN(400), len(rest))
			pieces, rest = append(pieces, rest[:n]), rest[n:]
		}
		var got bytes.Buffer
		p.append(&got, counters[p.pid], pieces)
		want.Reset()
		if _, err := mux.WriteData(libraryPES(p, payload[:size])); err != nil {
			t.Fatal(err)
		}
		g, w := got.Bytes(), want.Bytes()
		if len(g) != len(w) {
			t.Fatalf("%d bytes in %d pieces, %+v: %d bytes instead of %d", size, len(pieces), p, len(g), len(w))
		}
		for at := 0; at < len(g); at += packetSize {
			if g, w := g[at:at+packetSize], w[at:at+packetSize]; !bytes.Equal(g, w) {
				t.Fatalf("%d bytes in %d pieces, %+v: packet %d is\n% x\ninstead of\n% x", size, len(pieces), p, at/packetSize, g, w)
			}
		}
	}
}

func libraryPES(p pes, payload []byte) *astits.MuxerData {
	optional := &astits.PESOptionalHeader{
		DataAlignmentIndicator: true, PTSDTSIndicator: astits.PTSDTSIndicatorOnlyPTS, PTS: &astits.ClockReference{Base: p.pts},
	}
	if p.dts != p.pts {
		optional.PTSDTSIndicator, optional.DTS = astits.PTSDTSIndicatorBothPresent, &astits.ClockReference{Base: p.dts}
	}
	d := &astits.MuxerData{PID: p.pid, PES: &astits.PESData{
		Header: &astits.PESHeader{StreamID: p.stream, OptionalHeader: optional}, Data: payload,
	}}
	if p.timed {
		d.AdaptationField = &astits.PacketAdaptationField{HasPCR: true, PCR: &astits.ClockReference{Base: p.pcr}, RandomAccessIndicator: p.random}
	}
	return d
}
