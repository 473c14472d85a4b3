package replay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"net/http"
	"time"

	"mediad/packager/layout"
)

// Cards gives the picture of a link preview, as JPEG, of a stored poster or segment. It fails with fs.ErrNotExist where
// there is none, and with cache.ErrFull where too many are asked for. The caller calls done.
type Cards func(ctx context.Context, name layout.Name) (jpeg []byte, done func(), err error)

// cardAge is how long others keep a picture. A show that is deleted is gone from caches after that.
const cardAge = "max-age=600"

// moment answers with the picture of a moment: the first key frame of its segment. Behind the end it is the last one.
func (s *Replays) moment(cards Cards) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		second, ok := layout.MomentSecond(r.PathValue("file"))
		k, done := s.answerOr(w, r)
		if k == nil {
			return
		}
		defer done()
		name, err := k.at(time.Duration(second) * time.Second)
		if err == nil && !ok {
			err = fs.ErrNotExist
		}
		s.picture(w, r, cards, name, err)
	}
}

// card answers with the poster of a show's last broadcast that has one, or, where none has (yet), with a picture out of
// the middle of the recording.
func (s *Replays) card(cards Cards) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		k, done := s.answerOr(w, r)
		if k == nil {
			return
		}
		defer done()
		if len(k.parts) == 0 {
			s.failed(w, r, fs.ErrNotExist)
			return
		}
		jpeg, read, err := cards(r.Context(), k.parts[len(k.parts)-1].of.Poster())
		if err == nil {
			defer read()
			writeCard(w, r, jpeg)
			return
		}
		if !errors.Is(err, fs.ErrNotExist) {
			s.failed(w, r, err)
			return
		}
		name, err := k.at(k.length / 2)
		s.picture(w, r, cards, name, err)
	}
}

// picture answers with the picture of a segment. err says why there is none.
func (s *Replays) picture(w http.ResponseWriter, r *http.Request, cards Cards, name layout.Name, err error) {
	if err != nil {
		s.failed(w, r, err)
		return
	}
	jpeg, done, err := cards(r.Context(), name)
	if err != nil {
		s.failed(w, r, err)
		return
	}
	defer done()
	writeCard(w, r, jpeg)
}

func writeCard(w http.ResponseWriter, r *http.Request, jpeg []byte) {
	h := w.Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Cache-Control", cardAge)
	h.Set("ETag", fmt.Sprintf(`"%08x"`, crc32.ChecksumIEEE(jpeg)))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(jpeg))
}

// at gives the segment of a moment of the recording, in playing time. Its error wraps fs.ErrNotExist where there is no
// recording.
func (k *replay) at(moment time.Duration) (name layout.Name, err error) {
	media, err := k.recording()
	if err != nil {
		return name, err
	}
	if media == nil || len(media.Segments) == 0 {
		return name, fmt.Errorf("picture of a moment: %w", fs.ErrNotExist)
	}
	uri := media.Segments[len(media.Segments)-1].URI
	for _, segment := range media.Segments {
		if moment < segment.Duration {
			uri = segment.URI
			break
		}
		moment -= segment.Duration
	}
	name, ok := layout.ParsePath(uri)
	if !ok {
		return name, fmt.Errorf("picture of a moment: %q is no segment", uri)
	}
	return name, nil
}

// Place gives the place of a date in the recording of a show, in playing time. What is not recorded yet lies at its end.
func (s *Replays) Place(ctx context.Context, show string, date time.Time) (time.Duration, error) {
	k, done, err := s.load(ctx, show)
	if err != nil {
		return 0, busy(err)
	}
	defer done()
	media, err := k.recording()
	if media == nil || err != nil {
		return 0, err
	}
	return media.Offset(date), nil
}
