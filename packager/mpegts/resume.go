package mpegts

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/asticode/go-astits"

	"mediad/ingest/aac"
)

// KeyPicture gives the NAL units of the first IDR picture in a part that a Writer
// made, or nil where there is none. They lie in memory of their own.
func KeyPicture(part []byte) (nals [][]byte) {
	packets(part, func(pid uint16, pes *astits.PESData) bool {
		if pid != pidVideo {
			return true
		}
		nals = units(pes.Data)
		key := slices.ContainsFunc(nals, func(nal []byte) bool { return nal[0]&0x1f == nalIDR })
		if !key {
			nals = nil
		}
		return !key
	})
	return nals
}

// Continue makes a new Writer continue media that another Writer, of the same tracks,
// has written: with its counters and its program clock. end is the output DTS at which
// media ends. Continue gives the PTS at which the last sound ends, or end where there
// is no sound.
func (w *Writer) Continue(media []byte, end int64) (sound int64, err error) {
	counters := map[uint16]uint8{}
	clock, timed := int64(0), false
	for d := astits.NewDemuxer(context.Background(), bytes.NewReader(media)); ; {
		p, err := d.NextPacket()
		if err != nil {
			break // media of a Writer is whole, so this is its end
		}
		if p.Header.HasPayload {
			counters[p.Header.PID] = p.Header.ContinuityCounter
		}
		if p.Header.HasAdaptationField && p.AdaptationField.HasPCR {
			clock, timed = near(p.AdaptationField.PCR.Base, end), true
		}
	}
	if timed {
		w.clock.last, w.clock.running = clock, true
	}
	for pid, counter := range counters {
		switch pid {
		case pidPMT:
			w.pmtCC = (counter + 1) & 0xf
		case pidVideo:
			w.video.cc = counter
		case pidAudio:
			w.audio.cc = counter
		case pidPAT, pidID3:
			// The library does not let us set these, so packets that nobody reads
			// move them on.
			if err := w.skip(pid, int(counter)+1); err != nil {
				return end, fmt.Errorf("go on after other media: %w", err)
			}
		}
	}
	if w.clock.cc = w.video.cc; w.audio.alone {
		w.clock.cc = w.audio.cc
	}
	sound = end
	packets(media, func(pid uint16, pes *astits.PESData) bool {
		if o := pes.Header.OptionalHeader; pid == pidAudio && o != nil && o.PTS != nil {
			sound = near(o.PTS.Base, end) + w.audio.length(frames(pes.Data))
		}
		return true
	})
	return sound, nil
}

// skip writes n packets of tables or tags, and drops them.
func (w *Writer) skip(pid uint16, n int) error {
	var nowhere bytes.Buffer
	w.out.Buffer = &nowhere
	defer func() { w.out.Buffer = nil }()
	w.tag.reset(0, []byte{0})
	for range n {
		var err error
		if pid == pidPAT {
			_, err = w.mux.WriteTables()
		} else {
			_, err = w.mux.WriteData(&w.tag.data)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// packets gives the PES packets of media until take has enough.
func packets(media []byte, take func(pid uint16, pes *astits.PESData) bool) {
	for d := astits.NewDemuxer(context.Background(), bytes.NewReader(media)); ; {
		data, err := d.NextData()
		if err != nil || data.PES != nil && !take(data.FirstPacket.Header.PID, data.PES) {
			return
		}
	}
}

// units gives the NAL units of a byte stream (ISO/IEC 14496-10 B.1), none empty.
func units(stream []byte) (out [][]byte) {
	for piece := range bytes.SplitSeq(stream, []byte{0, 0, 1}) {
		// A start code's fourth byte; a NAL unit does not end in a zero.
		if piece = bytes.TrimRight(piece, "\x00"); len(piece) > 0 {
			out = append(out, piece)
		}
	}
	return out
}

// frames counts the ADTS frames of a PES packet.
func frames(data []byte) (n int64) {
	for {
		_, _, rest, err := aac.Next(data)
		if err != nil {
			return n
		}
		data = rest
		n++
	}
}

// near unwraps a timestamp of 33 bits (2.4.3.7): the one closest to at.
func near(stamp, at int64) int64 {
	const half = (timeMask + 1) / 2
	return at + (stamp-at+half)&timeMask - half
}
