package packager

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"mediad/packager/layout"
	"mediad/packager/m3u8"
	"mediad/packager/thumbs"
)

// maxReplay bounds the text of one stored playlist: some two days of it.
const maxReplay = 16 << 20

// Replay joins the stored playlists of a show's broadcasts into one, in their
// order, each after a DISCONTINUITY. Broadcasts that have no stored playlist
// (yet) are left out: missing; with none left the error wraps fs.ErrNotExist. Its
// segments are addressed below /live/.
func (l *Live) Replay(ctx context.Context, room string, epochs []string) (replay *m3u8.Media, missing []string, err error) {
	if l.store == nil {
		return nil, nil, fmt.Errorf("replay of room %q: nothing is stored: %w", room, fs.ErrNotExist)
	}
	all := m3u8.Media{Type: "VOD", Ended: true}
	for _, epoch := range epochs {
		from := layout.Of(room, epoch)
		m, err := l.storedPlaylist(ctx, from.Recording().Key())
		if errors.Is(err, fs.ErrNotExist) {
			missing = append(missing, epoch)
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		// Nobody wants to wait through a gap in a replay.
		listed := m.Segments
		m.LeaveOut(func(i int) bool { return listed[i].Gap })
		for i := range m.Segments {
			m.Segments[i].URI = from.FolderPath() + m.Segments[i].URI
		}
		if len(all.Segments) > 0 && len(m.Segments) > 0 {
			m.Segments[0].Discontinuity = true
		}
		all.TargetDuration = max(all.TargetDuration, m.TargetDuration)
		all.Segments = append(all.Segments, m.Segments...)
		all.DateRanges = append(all.DateRanges, m.DateRanges...)
	}
	if len(all.Segments) == 0 {
		return nil, nil, fmt.Errorf("replay of room %q: %w", room, fs.ErrNotExist)
	}
	return &all, missing, nil
}

func (l *Live) storedPlaylist(ctx context.Context, key string) (*m3u8.Media, error) {
	text, err := l.storedText(ctx, key)
	if err != nil {
		return nil, err
	}
	m, err := m3u8.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	return m, nil
}

func (l *Live) storedText(ctx context.Context, key string) ([]byte, error) {
	body, _, err := l.store.Open(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, maxReplay+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	if len(text) > maxReplay {
		return nil, fmt.Errorf("read %s: it is longer than %d bytes", key, maxReplay)
	}
	return text, nil
}

// Thumbs gives the thumbnails of a broadcast that is over, in its own playing
// time; the error wraps fs.ErrNotExist where there are none (yet).
func (l *Live) Thumbs(ctx context.Context, of layout.Broadcast) ([]thumbs.Cue, error) {
	text, err := l.storedText(ctx, of.Track().Key())
	if err != nil {
		return nil, err
	}
	return thumbs.Parse(text)
}
