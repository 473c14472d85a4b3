package overlay

import (
	"encoding/json"
	"time"
)

// Chapter is a stretch of a show in which one product was spoken about.
type Chapter struct {
	Product  Card // as it was pinned
	From, To time.Time
}

// Rules of chapters: shorter ones are slips, and a product that comes back so
// soon was never gone.
const (
	shortestChapter = 5 * time.Second
	chapterPause    = 30 * time.Second
)

// Chapters tells what was spoken about when, on the dates of the picture: log has
// the show's events for the picture. A chapter begins with a pin and ends when its product is taken down,
// another is pinned or the show ends; one that is still open ends at end. An event
// that has not landed itself, as a pin made before air, counts from the next event
// that has. If none follows, it never was in the picture.
func Chapters(log []Event, end time.Time) []Chapter {
	var out []Chapter
	open := -1 // index of the chapter that is not over
	shut := func(at time.Time) {
		if open >= 0 {
			out[open].To, open = at, -1
		}
	}
	landed := landings(log)
	for i, e := range log {
		at := landed[i]
		if at.IsZero() || at.After(end) {
			break
		}
		switch e.Kind {
		case KindProductPin:
			shut(at)
			out, open = append(out, Chapter{Product: cardOf(e), From: at}), len(out)
		case KindProductUnpin:
			if open >= 0 && out[open].Product.ID == e.Product {
				shut(at)
			}
		case KindShowEnd:
			shut(at)
		}
	}
	shut(end)
	return joined(long(joined(out)))
}

// landings gives the date at which each event was in the picture; zero: never.
func landings(log []Event) []time.Time {
	out := make([]time.Time, len(log))
	var next time.Time
	for i := len(log) - 1; i >= 0; i-- {
		if log[i].Landed != nil {
			next = log[i].Landed.Date
		}
		out[i] = next
	}
	return out
}

func cardOf(e Event) Card {
	var payload struct {
		Product Card `json:"product"`
	}
	if json.Unmarshal(e.Payload, &payload) != nil || payload.Product.ID != e.Product {
		return Card{ID: e.Product}
	}
	return payload.Product
}

// joined makes one of neighbours that are the same product with a short pause.
func joined(chapters []Chapter) []Chapter {
	var out []Chapter
	for _, c := range chapters {
		if n := len(out) - 1; n >= 0 && out[n].Product.ID == c.Product.ID && c.From.Sub(out[n].To) < chapterPause {
			out[n].To = c.To
			continue
		}
		out = append(out, c)
	}
	return out
}

// long leaves out stretches that are too short to be a chapter.
func long(chapters []Chapter) []Chapter {
	var out []Chapter
	for _, c := range chapters {
		if c.To.Sub(c.From) >= shortestChapter {
			out = append(out, c)
		}
	}
	return out
}
