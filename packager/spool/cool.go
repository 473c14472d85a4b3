package spool

import "time"

// warm is how long a segment stays in the page cache once it is on the disk: as
// long as whoever follows the plain playlist takes to come for it.
const warm = 10 * time.Second

// cooling are segments whose bytes the page cache should let go of. A broadcast
// would else fill all memory with what nobody reads, at the price of a fresh page
// for each of its pages; let go of, the same pages are used again. Who goes back in
// a show has its segments read from the disk.
type cooling struct {
	letGo func(path string)
	files []cooled // by time; those of the last 10 s
}

type cooled struct {
	path  string
	since time.Time
}

// add takes what was just synced, and lets go of what was long enough ago.
func (c *cooling) add(batch []written, now time.Time) {
	for _, w := range batch {
		if w.media != nil {
			c.files = append(c.files, cooled{w.media.Name(), now})
		}
	}
	n := 0
	for n < len(c.files) && now.Sub(c.files[n].since) >= warm {
		c.letGo(c.files[n].path)
		n++
	}
	c.files = append(c.files[:0], c.files[n:]...)
}
