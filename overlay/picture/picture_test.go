package picture

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"mediad/overlay"
)

// flag is a picture whose upper left corner is red, all else green.
func flag(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.NRGBA{G: 160, A: 255})
			if x < w/2 && y < h/2 {
				m.Set(x, y, color.NRGBA{R: 220, A: 255})
			}
		}
	}
	return m
}

func asPNG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asJPEG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withTurn puts an Exif header into a JPEG that says how it is to be turned.
func withTurn(file []byte, how byte) []byte {
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(how) + "\x00\x00\x00\x00\x00\x00"
	segment := "\xff\xe1\x00" + string(rune(len(exif)+2)) + exif
	return append(append(append([]byte{}, file[:2]...), segment...), file[2:]...)
}

func made(t *testing.T, file []byte) (Picture, image.Image) {
	t.Helper()
	p, err := Make(file)
	if err != nil {
		t.Fatal(err)
	}
	m, err := jpeg.Decode(bytes.NewReader(p.Large))
	if err != nil {
		t.Fatal(err)
	}
	return p, m
}

func isRed(m image.Image, x, y int) bool {
	r, g, _, _ := m.At(x, y).RGBA()
	return r > g
}

func TestKinds(t *testing.T) {
	var g bytes.Buffer
	if err := gif.Encode(&g, flag(60, 40), nil); err != nil {
		t.Fatal(err)
	}
	// A WebP of libwebp: 32 × 32 red pixels, without loss.
	w, err := base64.StdEncoding.DecodeString("UklGRhwAAABXRUJQVlA4TA8AAAAvH8AHAAcQ9Y/+ByKi/wEA")
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{"PNG": asPNG(t, flag(60, 40)), "JPEG": asJPEG(t, flag(60, 40)), "GIF": g.Bytes(), "WebP": w} {
		t.Run(name, func(t *testing.T) {
			p, m := made(t, file)
			if !isRed(m, 2, 2) {
				t.Errorf("the corner is %v", m.At(2, 2))
			}
			if b := m.Bounds(); b.Dx() != p.Width || b.Dy() != p.Height {
				t.Errorf("%v, told %d × %d", b, p.Width, p.Height)
			}
		})
	}
}

func TestTurns(t *testing.T) {
	// Where the red corner is seen, for each value of the header: left or right, up or down.
	for how, at := range map[byte]string{1: "lu", 2: "ru", 3: "rd", 4: "ld", 5: "lu", 6: "ru", 7: "rd", 8: "ld"} {
		p, m := made(t, withTurn(asJPEG(t, flag(64, 32)), how))
		if upright := how < 5; (p.Width > p.Height) != upright {
			t.Errorf("turn %d: %d × %d", how, p.Width, p.Height)
		}
		x, y := p.Width/4, p.Height/4
		if at[0] == 'r' {
			x = p.Width * 3 / 4
		}
		if at[1] == 'd' {
			y = p.Height * 3 / 4
		}
		if !isRed(m, x, y) {
			t.Errorf("turn %d: no red at %s", how, at)
		}
		if bytes.Contains(p.Large, []byte("Exif")) {
			t.Errorf("turn %d: the header of the camera is kept", how)
		}
	}
}

func TestSizes(t *testing.T) {
	p, _ := made(t, asPNG(t, flag(2000, 1000)))
	small, err := jpeg.DecodeConfig(bytes.NewReader(p.Small))
	if err != nil {
		t.Fatal(err)
	}
	if p.Width != 1600 || p.Height != 800 || small.Width != 320 || small.Height != 160 {
		t.Errorf("%d × %d, small %d × %d", p.Width, p.Height, small.Width, small.Height)
	}
}

func TestTransparencyIsWhite(t *testing.T) {
	_, m := made(t, asPNG(t, image.NewNRGBA(image.Rect(0, 0, 40, 40))))
	if r, g, b, _ := m.At(20, 20).RGBA(); r < 0xf000 || g < 0xf000 || b < 0xf000 {
		t.Errorf("the ground is %v", m.At(20, 20))
	}
}

func TestRefused(t *testing.T) {
	// A PNG of 30,000 × 30,000 pixels in a few bytes, as its header says.
	bomb := asPNG(t, image.NewGray(image.Rect(0, 0, 16, 16)))
	huge := append([]byte{}, bomb...)
	copy(huge[16:], "\x00\x00\x75\x30\x00\x00\x75\x30")
	copy(huge[29:], "\xf7\x5b\x85\x67")
	for name, c := range map[string]struct {
		file []byte
		code overlay.Code
		says string
	}{
		"nothing":      {nil, overlay.Invalid, "no picture"},
		"a page":       {[]byte("<svg onload=alert(1)>"), overlay.Invalid, "no picture"},
		"cut":          {asJPEG(t, flag(60, 40))[:200], overlay.Invalid, "broken JPEG"},
		"only a head":  {[]byte("\x89PNG\r\n\x1a\n"), overlay.Invalid, "broken PNG"},
		"small":        {asPNG(t, flag(8, 40)), overlay.Invalid, "at least 16"},
		"a line":       {asPNG(t, flag(16, 400)), overlay.Invalid, "times as long"},
		"too large":    {make([]byte, MaxBytes+1), overlay.TooLarge, "10 MiB"},
		"many pixels":  {asPNG(t, image.NewGray(image.Rect(0, 0, 6000, 5000))), overlay.TooLarge, "25 million"},
		"a false head": {huge, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Make(c.file)
			if c.code == "" {
				if err == nil {
					t.Fatal("it was made")
				}
				return
			}
			if overlay.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v", err)
			}
		})
	}
}
