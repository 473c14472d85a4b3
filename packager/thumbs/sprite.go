package thumbs

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
)

// sprite is a sheet of tiles. Its first picture decides how large they are;
// others are fitted in.
type sprite struct {
	sheet *image.RGBA // nil: no picture yet
	tiles int         // that it is to hold
	w, h  int         // of one tile
}

// box is the size of the next picture at most.
func (s *sprite) box() (w, h int) {
	if s.sheet == nil {
		return tileSide, tileSide
	}
	return s.w, s.h
}

// put lays a PNG into place number n.
func (s *sprite) put(n int, picture []byte) error {
	img, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return fmt.Errorf("decode picture: %w", err)
	}
	size := img.Bounds().Size()
	if s.sheet == nil {
		s.w, s.h = min(size.X, tileSide), min(size.Y, tileSide)
		s.sheet = image.NewRGBA(image.Rect(0, 0, min(s.tiles, perRow)*s.w, (s.tiles+perRow-1)/perRow*s.h))
		draw.Draw(s.sheet, s.sheet.Bounds(), image.Black, image.Point{}, draw.Src)
	}
	// It lies in the middle of its place. If it is too large, its edges are cut.
	at := image.Pt((s.w-size.X)/2, (s.h-size.Y)/2)
	place := s.place(n)
	draw.Draw(s.sheet, place, img, img.Bounds().Min.Sub(at), draw.Src)
	return nil
}

// repeat copies a picture from one place to another.
func (s *sprite) repeat(from, to int) {
	draw.Draw(s.sheet, s.place(to), s.sheet, s.place(from).Min, draw.Src)
}

func (s *sprite) place(n int) image.Rectangle {
	return image.Rect(0, 0, s.w, s.h).Add(image.Pt(n%perRow*s.w, n/perRow*s.h))
}

func (s *sprite) jpeg() ([]byte, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, s.sheet, &jpeg.Options{Quality: 70}); err != nil {
		return nil, fmt.Errorf("encode sprite: %w", err)
	}
	return b.Bytes(), nil
}

// cues names the tiles of a sheet.
func (s *sprite) cues(tiles []tile, image string) []Cue {
	out := make([]Cue, len(tiles))
	for i, t := range tiles {
		p := s.place(i)
		out[i] = Cue{From: t.from, To: t.to, Image: image, X: p.Min.X, Y: p.Min.Y, W: s.w, H: s.h}
	}
	return out
}
