package thumbs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"time"

	"mediad/packager/layout"
	"mediad/packager/m3u8"
)

// Bounds of what is read of a broadcast.
const (
	mostPlaylist = 16 << 20 // bytes
	// mostMedia is how much of a segment is read: its first key frame is near
	// its begin.
	mostMedia = 16 << 20
	storeFor  = time.Minute
)

// A broadcast is given up after so many tiles for which ffmpeg failed: from the
// begin, as where there is sound alone, and in all.
const (
	mostFailedFirst = 3
	mostFailed      = 15
)

// errNoPictures: trying again with this ffmpeg is of no use.
var errNoPictures = errors.New("no pictures could be made")

// errDeleted: the broadcast went while its pictures were made.
var errDeleted = errors.New("the broadcast was deleted")

// make gives a broadcast what it lacks. The track comes last: where it is, all
// is done. It fails with fs.ErrNotExist where there is no replay (yet).
func (m *Maker) make(ctx context.Context, b Broadcast) error {
	done, err := m.exists(ctx, b.Track())
	if done || err != nil {
		return err
	}
	text, err := m.read(ctx, b.Recording().Key(), mostPlaylist)
	if err != nil {
		return err
	}
	list, err := m3u8.Parse(text)
	if err != nil {
		return fmt.Errorf("%w: read the replay's playlist: %w", errNoPictures, err)
	}
	segments := listed(list)
	if len(segments) == 0 {
		return fmt.Errorf("%w: the replay has no media", errNoPictures)
	}
	if err := m.poster(ctx, b, segments); err != nil {
		return err
	}
	tiles := plan(segments)
	sheet, err := m.draw(ctx, b, tiles)
	if err != nil {
		return err
	}
	jpeg, err := sheet.jpeg()
	if err != nil {
		return fmt.Errorf("%w: %w", errNoPictures, err)
	}
	if err := m.put(ctx, b.Sprite(), jpeg); err != nil {
		return err
	}
	if err := m.put(ctx, b.Track(), Text(sheet.cues(tiles, b.Sprite().File()))); err != nil {
		return err
	}
	m.o.Log.Info("thumbnails made", "room", b.Room, "epoch", b.Epoch, "tiles", len(tiles), "bytes", len(jpeg))
	return nil
}

// poster stores the last picture that was taken on air, or one of the end.
func (m *Maker) poster(ctx context.Context, b Broadcast, segments []m3u8.Segment) error {
	there, err := m.exists(ctx, b.Poster())
	if there || err != nil {
		return err
	}
	jpeg := m.o.Posters.taken(b.Room, b.Epoch)
	if jpeg == nil {
		media, err := m.segment(ctx, b, segments[len(segments)-1].URI)
		if err != nil {
			return err
		}
		// Where it fails the thumbnails fail as well, and say why.
		if jpeg, err = m.o.Runner.picture(ctx, bytes.NewReader(media), "mjpeg", posterWidth, 0); err != nil {
			return nil
		}
	}
	return m.put(ctx, b.Poster(), jpeg)
}

// draw takes the pictures of the tiles. One that fails shows its neighbour.
func (m *Maker) draw(ctx context.Context, b Broadcast, tiles []tile) (*sprite, error) {
	s := &sprite{tiles: len(tiles)}
	first, failed := -1, 0
	for i, t := range tiles {
		media, err := m.segment(ctx, b, t.uri)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		var picture []byte
		if err == nil {
			w, h := s.box()
			picture, err = m.o.Runner.picture(ctx, bytes.NewReader(media), "png", w, h)
		}
		if err == nil {
			err = s.put(i, picture)
		}
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err == nil && first < 0:
			first = i
		case err == nil:
		default:
			failed++
			if failed >= mostFailed || first < 0 && (failed >= mostFailedFirst || failed == len(tiles)) {
				return nil, fmt.Errorf("%w: %w", errNoPictures, err)
			}
			if first >= 0 {
				s.repeat(i-1, i)
			}
		}
	}
	for i := range first {
		s.repeat(first, i)
	}
	return s, nil
}

func (m *Maker) segment(ctx context.Context, b Broadcast, uri string) ([]byte, error) {
	return m.read(ctx, path.Join(b.Folder(), uri), mostMedia)
}

func (m *Maker) read(ctx context.Context, key string, most int64) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, storeFor)
	defer cancel()
	return read(ctx, m.o.Store, key, most)
}

func (m *Maker) exists(ctx context.Context, name layout.Name) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, storeFor)
	defer cancel()
	return exists(ctx, m.o.Store, name.Key())
}

// put stores a picture, unless the broadcast was deleted meanwhile: nobody would
// delete what comes later. Whoever deletes takes the playlist first and then
// what is left, so looking after the put is enough. It fails with errDeleted.
func (m *Maker) put(ctx context.Context, name layout.Name, body []byte) error {
	ctx, cancel := context.WithTimeout(ctx, storeFor)
	defer cancel()
	key := name.Key()
	if err := put(ctx, m.o.Store, key, body); err != nil {
		return err
	}
	still, err := exists(ctx, m.o.Store, name.Recording().Key())
	if still || err != nil {
		return err
	}
	if err := m.o.Store.Delete(ctx, key); err != nil {
		return fmt.Errorf("take back %s: %w", key, err)
	}
	return errDeleted
}
