package flv

import "fmt"

// Frame types and CodecIDs, FLV E.4.3.1.
const (
	frameKey     = 1
	frameCommand = 5
	codecAVC     = 7
)

// ParseVideo reads the body of a video message.
func ParseVideo(body []byte) (Packet, error) {
	if len(body) == 0 {
		return Packet{}, nil
	}
	if body[0]&0x80 != 0 {
		return parseExVideo(body)
	}
	frame, codec := body[0]>>4, body[0]&15
	if frame == frameCommand {
		return Packet{}, nil // one byte that tells a player about seeking
	}
	if codec != codecAVC {
		return Packet{}, &UnsupportedError{Codec: videoCodec(codec), Video: true}
	}
	if len(body) < 5 {
		// Some encoders send only the two bytes of "end of sequence".
		if len(body) > 1 && body[1] == 2 {
			return Packet{}, nil
		}
		return Packet{}, errShort
	}
	p := Packet{Key: frame == frameKey, Data: body[5:]}
	switch body[1] { // AVCPacketType
	case 0:
		p.Kind = Config
	case 1:
		p.Kind, p.Offset = Frame, si24(body[2:])
	case 2:
		return Packet{}, nil
	default:
		return Packet{}, fmt.Errorf("unknown AVC packet type %d", body[1])
	}
	return p, nil
}

// parseExVideo reads the header of E-RTMP "Enhanced Video".
func parseExVideo(body []byte) (Packet, error) {
	frame := body[0] >> 4 & 7
	h, err := readExHeader(body, exVideoTracks)
	if err != nil || h.kind != exMedia {
		return Packet{Kind: h.packetKind()}, err
	}
	if frame == frameCommand {
		return Packet{}, nil
	}
	if string(h.fourCC[:]) != "avc1" {
		if h.track > 0 {
			return Packet{Kind: Extra}, nil
		}
		return Packet{}, &UnsupportedError{Codec: fourCC(string(h.fourCC[:])), Video: true}
	}
	p := Packet{Key: frame == frameKey, Data: h.rest, Track: h.track}
	switch h.packet {
	case exSequenceStart:
		p.Kind = Config
	case exFrames: // with SI24 composition time for AVC
		if len(h.rest) < 3 {
			return Packet{}, errShort
		}
		p.Kind, p.Offset, p.Data = Frame, si24(h.rest), h.rest[3:]
	case exFramesX: // composition time 0, not sent
		p.Kind = Frame
	case exSequenceEnd, exMetadata:
		return Packet{}, nil
	default:
		return Packet{}, fmt.Errorf("unknown Enhanced RTMP video packet type %d", h.packet)
	}
	return p, nil
}
