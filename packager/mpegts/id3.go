package mpegts

import (
	"errors"
	"fmt"
)

// maxTag is the size of the largest tag that fits one PES packet: PES_packet_length
// has 16 bits and counts eight bytes of header. media3 wants a tag in one packet.
const maxTag = 1<<16 - 1 - 8

// ID3 writes one tag into the open part, as one PES packet (protocol reference B3).
// pts must rise from tag to tag, because players merge or drop tags of the same PTS.
func (w *Writer) ID3(pts int64, tag []byte) error {
	switch given := w.lastID3[0]; {
	case w.out.Buffer == nil:
		return errors.New("write ID3: no part is open")
	case len(tag) == 0 || len(tag) > maxTag:
		return fmt.Errorf("write ID3: a tag of %d bytes does not fit one PES packet", len(tag))
	case pts <= given:
		return fmt.Errorf("write ID3: PTS %d does not rise above %d", pts, given)
	}
	at := pts
	if at <= w.lastID3[1] {
		at = w.lastID3[1] + 1
	}
	if at&timeMask == 0 {
		at++ // Shaka treats a PTS of zero as no PTS
	}
	w.lastID3 = [2]int64{pts, at}

	w.tag.reset(at, tag)
	if _, err := w.mux.WriteData(&w.tag.data); err != nil {
		return fmt.Errorf("write ID3: %w", err)
	}
	return nil
}
