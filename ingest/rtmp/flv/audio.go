package flv

import "fmt"

// SoundFormats, FLV E.4.2.1 and E-RTMP "Enhanced Audio".
const (
	formatEx  = 9
	formatAAC = 10
)

// ParseAudio reads the body of an audio message. An empty one, or a frame without
// payload, is silence; a configuration may be empty.
func ParseAudio(body []byte) (Packet, error) {
	if len(body) == 0 {
		return Packet{}, nil
	}
	switch format := body[0] >> 4; format {
	case formatEx:
		return parseExAudio(body)
	case formatAAC:
	default:
		return Packet{}, &UnsupportedError{Codec: audioCodec(format)}
	}
	if len(body) < 2 {
		return Packet{}, nil
	}
	switch body[1] { // AACPacketType
	case 0:
		return Packet{Kind: Config, Data: body[2:]}, nil
	case 1:
		if len(body) == 2 {
			return Packet{}, nil
		}
		return Packet{Kind: Frame, Data: body[2:]}, nil
	}
	return Packet{}, fmt.Errorf("unknown AAC packet type %d", body[1])
}

// parseExAudio reads the header of E-RTMP "Enhanced Audio".
func parseExAudio(body []byte) (Packet, error) {
	h, err := readExHeader(body, exAudioTracks)
	if err != nil || h.kind != exMedia {
		return Packet{Kind: h.packetKind()}, err
	}
	if h.track > 0 {
		return Packet{Kind: Extra}, nil
	}
	if string(h.fourCC[:]) != "mp4a" {
		return Packet{}, &UnsupportedError{Codec: fourCC(string(h.fourCC[:]))}
	}
	switch h.packet {
	case exSequenceEnd:
		return Packet{}, nil
	case exSequenceStart, exFrames:
	default:
		return Packet{}, fmt.Errorf("unknown Enhanced RTMP audio packet type %d", h.packet)
	}
	if h.packet == exSequenceStart {
		return Packet{Kind: Config, Data: h.rest}, nil
	}
	if len(h.rest) == 0 {
		return Packet{}, nil
	}
	return Packet{Kind: Frame, Data: h.rest}, nil
}
