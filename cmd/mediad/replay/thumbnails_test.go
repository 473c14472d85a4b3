package replay

import (
	"context"
	"io"
	"slices"
	"testing"
	"time"

	"mediad/packager"
	"mediad/packager/layout"
	"mediad/packager/m3u8"
	"mediad/packager/thumbs"
	"mediad/storage"
)

// objects lets the packager read a store.
type objects struct{ store *storage.Dir }

func (o objects) Open(ctx context.Context, key string) (io.ReadCloser, int64, error) {
	found, err := o.store.Get(ctx, key)
	return found.Body, found.Size, err
}

func (o objects) OpenAt(ctx context.Context, key string, _, _ int64) (io.ReadCloser, int64, error) {
	return o.Open(ctx, key)
}

// A room may have the same name as a folder in it.
func TestThumbnailsOfAnyRoom(t *testing.T) {
	for _, room := range []string{"demo", "main", "domain", "tea-main", "main-tea"} {
		store, err := storage.NewDir(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if err := store.Prepare(); err != nil {
			t.Fatal(err)
		}
		first, second := layout.Of(room, "01a"), layout.Of(room, "01b")
		for _, b := range []layout.Broadcast{first, second} {
			if err := store.Put(t.Context(), b.Track().Key(), thumbs.Text([]thumbs.Cue{{To: 2 * time.Second, Image: b.Sprite().File(), W: 1, H: 1}})); err != nil {
				t.Fatal(err)
			}
		}
		var segments []m3u8.Segment
		for _, name := range []layout.Name{first.Segment(1), first.Segment(2), second.Segment(3)} {
			segments = append(segments, m3u8.Segment{URI: name.Path(), Duration: 2 * time.Second})
		}
		parts := stretchesOf(segments)
		if want := []stretch{{first, 0}, {second, 4 * time.Second}}; !slices.Equal(parts, want) {
			t.Errorf("room %s: broadcasts %+v, want %+v", room, parts, want)
		}
		cues, whole, err := New(Options{Live: packager.NewLive(objects{store})}).showThumbs(t.Context(), parts)
		if err != nil || !whole || len(cues) != 2 {
			t.Errorf("room %s: %+v, whole %t, %v", room, cues, whole, err)
			continue
		}
		for i, cue := range cues {
			if want := "/live/" + room + "/" + parts[i].of.Epoch + "/thumbs.jpg"; cue.Image != want {
				t.Errorf("room %s: thumbnail %s, want %s", room, cue.Image, want)
			}
		}
	}
}
