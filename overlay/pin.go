package overlay

import "time"

// MaxPinned is how many products are over the picture at once. One more takes
// down the oldest.
const MaxPinned = 3

// Pin is a product shown over the picture.
type Pin struct {
	ID      string // of the cue that pinned it
	Show    string
	Product Product // at its newest revision
	At      time.Time
}
