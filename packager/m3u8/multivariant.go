package m3u8

import (
	"bytes"
	"fmt"
	"math"
	"slices"

	grafov "github.com/grafov/m3u8"
)

// Multivariant is the playlist that names all media playlists of a broadcast.
//
// It never carries EXT-X-INDEPENDENT-SEGMENTS: a segment may begin inside a
// group of pictures that is longer than the target duration.
type Multivariant struct {
	Variants []Variant
}

// Variant is one media playlist and what a player needs to play it.
type Variant struct {
	URI string
	// Bandwidth is the highest segment bit rate in bits a second, required;
	// AverageBandwidth the long-term one, 0 if not known.
	Bandwidth, AverageBandwidth int
	Codecs                      string // RFC 6381, as "avc1.64001f,mp4a.40.2"
	Width, Height               int    // 0 without video
	FrameRate                   float64
}

// Bytes writes the playlist. It fails if a value cannot be written as legal
// text.
func (m *Multivariant) Bytes() ([]byte, error) {
	list := grafov.NewMasterPlaylist()
	list.SetVersion(version)
	for _, v := range m.Variants {
		if err := v.legal(); err != nil {
			return nil, fmt.Errorf("write multivariant playlist: variant %q: %w", v.URI, err)
		}
		p := grafov.VariantParams{
			Bandwidth:        uint32(v.Bandwidth),
			AverageBandwidth: uint32(v.AverageBandwidth),
			Codecs:           v.Codecs,
			FrameRate:        v.FrameRate,
		}
		if v.Width > 0 && v.Height > 0 {
			p.Resolution = fmt.Sprintf("%dx%d", v.Width, v.Height)
		}
		list.Append(v.URI, nil, p)
	}
	// PROGRAM-ID left the protocol with version 6 (8216bis 8), but grafov
	// always writes it.
	return bytes.ReplaceAll(slices.Clone(list.Encode().Bytes()),
		[]byte("\n#EXT-X-STREAM-INF:PROGRAM-ID=0,"), []byte("\n#EXT-X-STREAM-INF:")), nil
}

func (v *Variant) legal() error {
	switch {
	case v.Bandwidth <= 0 || v.Bandwidth > math.MaxUint32: // 8216bis 4.4.6.2
		return fmt.Errorf("bandwidth %d", v.Bandwidth)
	case v.AverageBandwidth < 0 || v.AverageBandwidth > math.MaxUint32:
		return fmt.Errorf("average bandwidth %d", v.AverageBandwidth)
	case !(v.FrameRate >= 0 && v.FrameRate < 1000):
		return fmt.Errorf("frame rate %v", v.FrameRate)
	}
	if err := legalQuoted(v.Codecs); err != nil {
		return fmt.Errorf("codecs: %w", err)
	}
	return legalURI(v.URI)
}
