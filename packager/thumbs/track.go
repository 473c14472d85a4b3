package thumbs

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"mediad/packager/vtt"
)

// Cue says where the picture of a stretch of playing time is: a rectangle of an
// image, in pixels, as a media fragment (W3C Media Fragments 4.2.2).
type Cue struct {
	From, To   time.Duration
	Image      string // a URI without fragment
	X, Y, W, H int
}

// Text writes cues as a WebVTT metadata track.
func Text(cues []Cue) []byte {
	var b strings.Builder
	b.WriteString("WEBVTT\n")
	for _, c := range cues {
		fmt.Fprintf(&b, "\n%s --> %s\n%s#xywh=%d,%d,%d,%d\n", vtt.Time(c.From), vtt.Time(c.To), c.Image, c.X, c.Y, c.W, c.H)
	}
	return []byte(b.String())
}

// errTrack: a track that this package did not write.
var errTrack = errors.New("it is not a track of thumbnails")

// Parse reads what Text wrote.
func Parse(text []byte) (cues []Cue, err error) {
	blocks := strings.Split(strings.TrimRight(string(text), "\n"), "\n\n")
	if blocks[0] != "WEBVTT" {
		return nil, fmt.Errorf("parse thumbnails: %w", errTrack)
	}
	for _, block := range blocks[1:] {
		times, picture, _ := strings.Cut(block, "\n")
		from, to, _ := strings.Cut(times, " --> ")
		image, place, _ := strings.Cut(picture, "#xywh=")
		c := Cue{Image: image}
		var bad [3]error
		c.From, bad[0] = unstamp(from)
		c.To, bad[1] = unstamp(to)
		bad[2] = numbers(place, ",", &c.X, &c.Y, &c.W, &c.H)
		if err := errors.Join(bad[:]...); err != nil || image == "" || c.To <= c.From {
			return nil, fmt.Errorf("parse thumbnails: %q: %w", block, errTrack)
		}
		cues = append(cues, c)
	}
	return cues, nil
}

func unstamp(s string) (time.Duration, error) {
	var h, m, sec, ms int
	err := numbers(strings.Replace(s, ".", ":", 1), ":", &h, &m, &sec, &ms)
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(sec)*time.Second + time.Duration(ms)*time.Millisecond, err
}

// numbers reads as many as there are places for; none may be negative.
func numbers(s, between string, to ...*int) error {
	parts := strings.Split(s, between)
	if len(parts) != len(to) {
		return errTrack
	}
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 10, 31)
		if err != nil {
			return errTrack
		}
		*to[i] = int(n)
	}
	return nil
}

// Shift moves cues by an offset and puts base in front of their images' names.
func Shift(cues []Cue, by time.Duration, base string) []Cue {
	out := make([]Cue, len(cues))
	for i, c := range cues {
		c.From, c.To, c.Image = c.From+by, c.To+by, base+c.Image
		out[i] = c
	}
	return out
}
