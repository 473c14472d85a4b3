package mpegts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/asticode/go-astits"

	"mediad/ingest"
)

// Writer packs the units of one set of tracks. Its continuity counters run on over
// all its parts (docs/conformance.md B1.13). So one Writer serves until the tracks
// change or the timestamps jump. Then a new one begins after a DISCONTINUITY, where
// counters may break (RFC 8216bis 3).
//
// A Writer is used by one goroutine. After an error of Unit, ID3, Begin or End
// the open part is unusable, and so is the Writer.
type Writer struct {
	tracks []ingest.Codec
	mux    *astits.Muxer
	out    out    // where mux writes
	pmt    []byte // payload of every PMT packet
	pmtCC  uint8

	clock   clock
	video   video
	audio   audio
	lastID3 [2]int64 // the last tag's PTS, as given and as written

	tag tagPacket // scratch
}

// out lets the muxer, whose destination is fixed, write into the open part. It is nil
// between parts.
type out struct{ *bytes.Buffer }

// NewWriter gives a Writer for tracks: at most one H.264 and at most one AAC,
// at least one of them.
func NewWriter(tracks []ingest.Track) (*Writer, error) {
	w := &Writer{lastID3: [2]int64{math.MinInt64, math.MinInt64}}
	// The library repeats the tables after a number of PES packets, also in the
	// middle of a part. With this number, it never does.
	w.mux = astits.NewMuxer(context.Background(), &w.out,
		astits.MuxerOptTablesRetransmitPeriod(math.MaxInt),
		astits.WithTransportStreamID(1), astits.WithPMTPID(pidPMT))

	var err error
	var hasVideo, hasAudio bool
	for i, t := range tracks {
		switch {
		case t.Codec == ingest.H264 && !hasVideo:
			hasVideo = true
			err = errors.Join(w.declare(pidVideo, typeH264), w.video.init(t))
		case t.Codec == ingest.AAC && !hasAudio:
			hasAudio = true
			err = errors.Join(w.declare(pidAudio, typeADTS), w.audio.init(t))
		default:
			err = fmt.Errorf("a second or unknown %v track", t.Codec)
		}
		if err != nil {
			return nil, fmt.Errorf("declare track %d: %w", i, err)
		}
		w.tracks = append(w.tracks, t.Codec)
	}
	if !hasVideo && !hasAudio {
		return nil, errors.New("no track to write")
	}
	if err := w.declare(pidID3, typeID3); err != nil {
		return nil, fmt.Errorf("declare ID3: %w", err)
	}
	// The library writes tables in front of every random access point of its PCR
	// PID. ID3 has no such point, and the library's own PMT is never used.
	w.mux.SetPCRPID(pidID3)

	w.pmt = pmtPayload(hasVideo, hasAudio)
	w.audio.alone = !hasVideo
	return w, nil
}

func (w *Writer) declare(pid uint16, kind uint8) error {
	return w.mux.AddElementaryStream(astits.PMTElementaryStream{
		ElementaryPID: pid, StreamType: astits.StreamType(kind),
	})
}

// Begin opens a part: PAT and PMT are appended to dst, and so is all that
// follows until End. dst must not be used by anybody else before End.
func (w *Writer) Begin(dst *bytes.Buffer) error {
	if w.out.Buffer != nil {
		return errors.New("begin part: the one before is not ended")
	}
	w.out.Buffer = dst
	w.video.fresh = true

	// PAT first, PMT second, each in one packet: docs/conformance.md B1.1, B1.3.
	// WriteTables writes the library's own PMT behind the PAT; ours replaces it.
	if _, err := w.mux.WriteTables(); err != nil {
		return fmt.Errorf("write PAT: %w", err)
	}
	dst.Truncate(dst.Len() - packetSize)
	if _, err := w.mux.WritePacket(&astits.Packet{
		Header: astits.PacketHeader{
			ContinuityCounter: w.pmtCC, HasPayload: true, PayloadUnitStartIndicator: true, PID: pidPMT,
		},
		Payload: w.pmt,
	}); err != nil {
		return fmt.Errorf("write PMT: %w", err)
	}
	w.pmtCC = (w.pmtCC + 1) & 0xf
	return nil
}

// Unit writes one access unit into the open part. u's timestamps are those of
// the output, with PTS >= DTS, and DTS rises from unit to unit of a track;
// anything else is an error. Its slices are not kept.
//
// Audio frames are held until there are about 100 ms of them, or until End.
func (w *Writer) Unit(u ingest.Unit) error {
	switch {
	case w.out.Buffer == nil:
		return errors.New("write unit: no part is open")
	case u.Track < 0 || u.Track >= len(w.tracks):
		return fmt.Errorf("write unit: no track %d", u.Track)
	case u.PTS < u.DTS:
		return fmt.Errorf("write %v unit: PTS %d is below DTS %d", w.tracks[u.Track], u.PTS, u.DTS)
	}
	var err error
	if codec := w.tracks[u.Track]; codec.Video() {
		err = w.picture(u)
	} else {
		err = w.frame(u)
	}
	if err != nil {
		return fmt.Errorf("write %v unit: %w", w.tracks[u.Track], err)
	}
	return nil
}

// End closes the open part. It writes the audio that was held, so that the part is
// whole (docs/conformance.md B1.5). Only then are its bytes ready.
func (w *Writer) End() error {
	if w.out.Buffer == nil {
		return errors.New("end part: none is open")
	}
	if err := w.flushAudio(); err != nil {
		return fmt.Errorf("end part: %w", err)
	}
	w.out.Buffer = nil
	return nil
}
