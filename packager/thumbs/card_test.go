package thumbs

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"io/fs"
	"testing"

	"mediad/packager/layout"
)

// objects is a store in memory that only reads.
type objects map[string][]byte

func (o objects) Open(_ context.Context, key string) (io.ReadCloser, int64, error) {
	body, there := o[key]
	if !there {
		return nil, 0, fs.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
}
func (objects) Put(context.Context, string, []byte) error { return errors.New("it only reads") }
func (objects) Delete(context.Context, string) error      { return errors.New("it only reads") }
func bright(c color.Color) bool                           { r, g, b, _ := c.RGBA(); return r+g+b > 3*0xb000 }
func decoded(t *testing.T, body []byte) (picture image.Image) {
	t.Helper()
	picture, err := jpeg.Decode(bytes.NewReader(body))
	if err != nil || picture.Bounds().Size() != image.Pt(CardWidth, CardHeight) {
		t.Fatalf("the card is no picture of its size: %v", err)
	}
	return picture
}

// TestCard: whatever shape the picture has, the card has its own. A wide picture fills it; an upright one stands whole
// in its middle, and beside it is its darker shade.
func TestCard(t *testing.T) {
	white := func(size string) []byte {
		return media(t, "-f", "lavfi", "-i", "color=white:size="+size+":rate=10", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
	}
	b := layout.Of("demo", "01a")
	r := NewRunner(run)
	for size, full := range map[string]bool{"1920x1080": true, "640x360": true, "1280x640": true, "540x960": false, "480x480": false, "1440x360": false} {
		o := objects{b.Segment(7).Key(): white(size)}
		got, err := r.Card(t.Context(), o, b.Segment(7))
		if err != nil {
			t.Errorf("%s: %v", size, err)
			continue
		}
		picture := decoded(t, got)
		if !bright(picture.At(CardWidth/2, CardHeight/2)) {
			t.Errorf("%s: the picture is not in the middle", size)
		}
		if bright(picture.At(5, 5)) != full {
			t.Errorf("%s: the corner is filled by the picture: %v, want %v", size, !full, full)
		}
	}
	poster, err := r.picture(t.Context(), bytes.NewReader(white("640x360")), "mjpeg", posterWidth, 0)
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Card(t.Context(), objects{b.Poster().Key(): poster}, b.Poster())
	if err != nil {
		t.Fatal(err)
	}
	decoded(t, got)
	for _, name := range []layout.Name{b.Poster(), b.Segment(8)} {
		if _, err := r.Card(t.Context(), objects{}, name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is not there: %v", name.Key(), err)
		}
	}
}
