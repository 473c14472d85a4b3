// Package picture makes pictures of products out of files that people send.
//
// In go the bytes of a file that nobody trusts, out go two JPEGs that this package has
// drawn itself: one for cards and pages, and a small one for lists. Nothing of the file
// but its pixels gets through: no place where a photo was taken, and no code for a
// browser. What a file claims to be does not matter; its bytes do. A picture is judged
// by its header before memory is taken for it.
package picture

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"

	"github.com/bep/imagemeta"
	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"mediad/overlay"
)

// Bounds of what is read.
const (
	MaxBytes  = 10 << 20
	maxPixels = 25_000_000 // a progressive JPEG of that size takes 200 MB while it is read
	minSide   = 16
	maxRatio  = 20 // of the longer side to the shorter one
)

// Sides of what is made, in pixels.
const (
	largeSide = 1600
	smallSide = 320
)

// Picture is what is kept of a file.
type Picture struct {
	Large, Small  []byte // JPEG
	Width, Height int    // of Large
}

type format struct {
	name   string
	marks  func(file []byte) bool
	config func(file []byte) (image.Config, error)
	decode func(file []byte) (image.Image, error)
}

func formats() []format {
	begins := func(with ...string) func([]byte) bool {
		return func(file []byte) bool {
			for _, w := range with {
				if bytes.HasPrefix(file, []byte(w)) {
					return true
				}
			}
			return false
		}
	}
	return []format{
		{"JPEG", begins("\xff\xd8\xff"),
			func(f []byte) (image.Config, error) { return jpeg.DecodeConfig(bytes.NewReader(f)) },
			func(f []byte) (image.Image, error) { return jpeg.Decode(bytes.NewReader(f)) }},
		{"PNG", begins("\x89PNG\r\n\x1a\n"),
			func(f []byte) (image.Config, error) { return png.DecodeConfig(bytes.NewReader(f)) },
			func(f []byte) (image.Image, error) { return png.Decode(bytes.NewReader(f)) }},
		{"GIF", begins("GIF87a", "GIF89a"),
			func(f []byte) (image.Config, error) { return gif.DecodeConfig(bytes.NewReader(f)) },
			func(f []byte) (image.Image, error) { return gif.Decode(bytes.NewReader(f)) }}, // the first picture alone
		{"WebP", func(f []byte) bool { return len(f) > 12 && string(f[:4]) == "RIFF" && string(f[8:12]) == "WEBP" },
			func(f []byte) (image.Config, error) { return webp.DecodeConfig(bytes.NewReader(f)) },
			func(f []byte) (image.Image, error) { return webp.Decode(bytes.NewReader(f)) }},
	}
}

// Make reads a file and draws its picture anew. Its errors are for users.
func Make(file []byte) (Picture, error) {
	if len(file) > MaxBytes {
		return Picture{}, overlay.Errorf(overlay.TooLarge, "file: has more than %d MiB; make the picture smaller", MaxBytes>>20)
	}
	for _, f := range formats() {
		if f.marks(file) {
			return f.make(file)
		}
	}
	return Picture{}, overlay.Errorf(overlay.Invalid, "file: is no picture that can be read; send a JPEG, PNG, GIF or WebP")
}

func (f format) make(file []byte) (Picture, error) {
	broken := overlay.Errorf(overlay.Invalid, "file: is a broken %s, or one of a kind that cannot be read; save it again, or send a JPEG", f.name)
	c, err := f.config(file)
	if err != nil {
		return Picture{}, broken
	}
	if err := judge(c.Width, c.Height); err != nil {
		return Picture{}, err
	}
	from, err := f.decode(file)
	if err != nil {
		return Picture{}, broken
	}
	if b := from.Bounds(); judge(b.Dx(), b.Dy()) != nil {
		return Picture{}, broken // it is not what its header says
	}
	large := scaled(from, largeSide)
	small := scaled(large, smallSide)
	turn := orientation(file, f.name)
	large, small = turned(large, turn), turned(small, turn)
	p := Picture{Width: large.Rect.Dx(), Height: large.Rect.Dy()}
	if p.Large, err = encoded(large); err != nil {
		return Picture{}, err
	}
	p.Small, err = encoded(small)
	return p, err
}

func judge(width, height int) error {
	switch {
	case width < minSide || height < minSide:
		return overlay.Errorf(overlay.Invalid, "file: the picture has %d × %d pixels, at least %d × %d are needed", width, height, minSide, minSide)
	case width > maxPixels || height > maxPixels || width*height > maxPixels: // two ints that may not overflow
		return overlay.Errorf(overlay.TooLarge, "file: the picture has %d × %d pixels, and at most %d million are read; make it smaller", width, height, maxPixels/1_000_000)
	case width > height*maxRatio || height > width*maxRatio:
		return overlay.Errorf(overlay.Invalid, "file: the picture is more than %d times as long as wide; cut it", maxRatio)
	}
	return nil
}

// scaled draws a picture on white, at most side pixels wide and high. What can be seen
// through would have another ground on each page.
func scaled(from image.Image, side int) *image.RGBA {
	b := from.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > side {
		w, h = max(1, w*side/long), max(1, h*side/long)
	}
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(to, to.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(to, to.Rect, from, b, draw.Over, nil)
	return to
}

// orientation gives how a camera says that its picture is to be turned, from 1 (not at
// all) to 8 (Exif 2.32, 4.6.4).
func orientation(file []byte, name string) int {
	kinds := map[string]imagemeta.ImageFormat{"JPEG": imagemeta.JPEG, "PNG": imagemeta.PNG, "WebP": imagemeta.WebP}
	kind, ok := kinds[name]
	if !ok {
		return 1
	}
	found := 1
	// What a broken header says of the turn is not worth an error.
	_, _ = imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(file), ImageFormat: kind, Sources: imagemeta.EXIF, LimitNumTags: 500, LimitTagSize: 1000,
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool { return tag.Tag == "Orientation" && tag.Namespace == "IFD0" },
		HandleTag: func(tag imagemeta.TagInfo) error {
			if n, ok := tag.Value.(uint16); ok && n >= 1 && n <= 8 {
				found = int(n)
			}
			return imagemeta.ErrStopWalking
		},
	})
	return found
}

// turned gives a picture as it stands upright.
func turned(from *image.RGBA, how int) *image.RGBA {
	if how == 1 {
		return from
	}
	w, h := from.Rect.Dx(), from.Rect.Dy()
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	if how >= 5 {
		to = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch how {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			copy(to.Pix[to.PixOffset(tx, ty):][:4], from.Pix[from.PixOffset(x, y):][:4])
		}
	}
	return to
}

func encoded(m image.Image) ([]byte, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 84}); err != nil {
		return nil, errors.Join(errors.New("draw a picture"), err)
	}
	return out.Bytes(), nil
}
