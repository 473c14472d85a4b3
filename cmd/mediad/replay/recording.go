package replay

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"mediad/overlay"
	"mediad/packager/m3u8"
)

// replay is what is known about the recording of one show. It does not
// change.
type replay struct {
	room     string
	list     *packed // with the chapters; nil: there is no recording (yet)
	track    *packed // the chapters as WebVTT
	parts    []stretch
	length   time.Duration // of the recording
	chapters []chapter
	shown    []overlay.Shown
	until    time.Time // it may be kept
}

// size is about how much memory it takes.
func (k *replay) size() int64 {
	n := 512 + 512*int64(len(k.chapters)) + 128*int64(len(k.parts)) + 512*int64(len(k.shown))
	for _, text := range []*packed{k.list, k.track} {
		if text != nil {
			n += int64(len(text.zipped))
		}
	}
	return n
}

// chapter is a chapter with its place in the recording.
type chapter struct {
	overlay.Chapter
	start      time.Duration // from the show's begin, in playing time
	recorded   bool          // at and length are known
	at, length time.Duration // in playing time
}

// newReplay finds the chapters of a show and their places in its recording, and
// writes them into that.
func newReplay(show overlay.Show, media *m3u8.Media, log []overlay.Event, now time.Time) (*replay, error) {
	out := &replay{room: show.Room}
	var end time.Time // of the recording
	if media != nil {
		last := media.Segments[len(media.Segments)-1]
		end = last.Date.Add(last.Duration)
	}
	until := end
	if show.State != overlay.ShowEnded || media == nil {
		until = now
	}
	for _, c := range overlay.Chapters(log, until) {
		ch := chapter{Chapter: c, start: max(c.From.Sub(show.Started), 0)}
		if media != nil && c.From.Before(end) {
			ch.recorded, ch.at = true, media.Offset(c.From)
			ch.start, ch.length = ch.at, media.Offset(c.To)-ch.at
			if ch.length == 0 {
				continue // the whole chapter lies in a gap of the recording
			}
			media.DateRanges = append(media.DateRanges, m3u8.DateRange{
				ID: fmt.Sprintf("chapter-%d", len(out.chapters)+1), Class: "mediad.chapter", Start: media.At(ch.at),
				// The duration is in playing time: readers add it to the place of Start.
				Duration: ch.length.Round(time.Millisecond),
				Attrs:    []m3u8.Attr{{Name: "X-MEDIAD-PRODUCT", Value: c.Product.ID}, {Name: "X-MEDIAD-TITLE", Value: quotable(c.Product.Title)}},
			})
		}
		out.chapters = append(out.chapters, ch)
	}
	out.shown = overlay.ShownIn(log)
	var err error
	if out.track, err = zip([]byte(chapterTrack(out.chapters))); media == nil || err != nil {
		return out, err
	}
	out.parts = stretchesOf(media.Segments)
	for _, segment := range media.Segments {
		out.length += segment.Duration
	}
	out.list, err = pack(media)
	return out, err
}

// place gives chapters that are not recorded yet their place in the future
// recording. on gives the place of a moment in the broadcast on air, which
// follows the recorded media.
func (k *replay) place(media *m3u8.Media, on func(time.Time) time.Duration) {
	var before time.Duration
	if media != nil {
		for _, s := range media.Segments {
			before += s.Duration
		}
	}
	for i := range k.chapters {
		if c := &k.chapters[i]; !c.recorded {
			c.start = before + on(c.From)
		}
	}
}

// quotable makes a text fit between the quotes of an attribute.
func quotable(s string) string {
	return strings.ReplaceAll(overlay.Plain(s, len(s)), `"`, "'")
}

// recording gives the whole recording; nil: there is none.
func (k *replay) recording() (*m3u8.Media, error) {
	if k.list == nil {
		return nil, nil
	}
	text, err := k.list.text()
	if err != nil {
		return nil, err
	}
	return m3u8.Parse(text)
}

// speaksOf tells whether the recording has a stretch about a product.
func (k *replay) speaksOf(product string) bool {
	return slices.ContainsFunc(k.chapters, func(c chapter) bool { return c.Product.ID == product && c.recorded })
}

// clip gives the parts of a recording in which a product is spoken about;
// nil: there are none.
func (k *replay) clip(product string) (*m3u8.Media, error) {
	var spans []m3u8.Span
	for _, c := range k.chapters {
		if c.Product.ID == product && c.recorded {
			spans = append(spans, m3u8.Span{From: c.From, To: c.To})
		}
	}
	media, err := k.recording()
	if media == nil || err != nil {
		return nil, err
	}
	return media.Excerpt(spans), nil
}
