package flv

// Packet types of E-RTMP that audio and video share, and those of one of them.
const (
	exSequenceStart = 0
	exFrames        = 1
	exSequenceEnd   = 2
	exFramesX       = 3 // video
	exMetadata      = 4 // video: colour info; audio: multichannel config
	exModEx         = 7
)

// The packet types that announce several tracks.
const (
	exVideoTracks = 6
	exAudioTracks = 5
)

// exKind says whether an extended header was followed by media of the first
// track, of a further one, or by something else.
type exKind uint8

const (
	exOther exKind = iota
	exMedia
	exExtra
)

type exHeader struct {
	kind   exKind
	packet byte
	track  byte
	fourCC [4]byte
	rest   []byte
}

func (h exHeader) packetKind() Kind {
	if h.kind == exExtra {
		return Extra
	}
	return Nothing
}

// readExHeader reads an extended header up to the codec's own bytes: E-RTMP
// "ExVideoTagHeader" and "ExAudioTagHeader". tracks is the packet type of
// several tracks.
func readExHeader(body []byte, tracks byte) (exHeader, error) {
	packet, rest := body[0]&15, body[1:]
	for packet == exModEx {
		var err error
		if packet, rest, err = skipModEx(rest); err != nil {
			return exHeader{}, err
		}
	}
	if packet == exMetadata {
		return exHeader{}, nil
	}
	numbered := packet == tracks
	if numbered {
		if len(rest) < 1 {
			return exHeader{}, errShort
		}
		// Only the form with one track per message is read; OBS sends no other.
		if rest[0]>>4 != 0 {
			return exHeader{kind: exExtra}, nil
		}
		packet, rest = rest[0]&15, rest[1:]
	}
	if len(rest) < 4 {
		return exHeader{}, errShort
	}
	h := exHeader{kind: exMedia, packet: packet, fourCC: [4]byte(rest), rest: rest[4:]}
	if numbered {
		if len(h.rest) < 1 {
			return exHeader{}, errShort
		}
		h.track, h.rest = h.rest[0], h.rest[1:] // 0 is the default track
	}
	return h, nil
}

// skipModEx skips one modifier: its size (a byte, or 255 and two bytes, each
// plus one), its data, and a byte that holds the next packet type. The only
// modifier defined is a nanosecond offset, which milliseconds cannot hold.
func skipModEx(b []byte) (packet byte, rest []byte, err error) {
	if len(b) < 1 {
		return 0, nil, errShort
	}
	size := int(b[0]) + 1
	b = b[1:]
	if size == 256 {
		if len(b) < 2 {
			return 0, nil, errShort
		}
		size = (int(b[0])<<8 | int(b[1])) + 1
		b = b[2:]
	}
	if len(b) < size+1 {
		return 0, nil, errShort
	}
	return b[size] & 15, b[size+1:], nil
}
