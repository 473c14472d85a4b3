package spool

import "time"

// cachedFor is how long a segment stays in the page cache once it is on the disk: until
// players of the plain playlist have fetched it.
const cachedFor = 10 * time.Second

// evictions are segments that are to leave the page cache. Otherwise a broadcast would fill
// all memory with segments that nobody reads, and would need a fresh page for each of its
// pages; this way the same pages are used again. For viewers who go back in a show the
// segments are read from the disk.
type evictions struct {
	evict func(path string)
	files []cached // by time; those of the last 10 s
}

type cached struct {
	path  string
	since time.Time
}

// add takes files that were just synced, and lets go of those synced long enough ago.
func (c *evictions) add(batch []written, now time.Time) {
	for _, w := range batch {
		if w.media != nil {
			c.files = append(c.files, cached{w.media.Name(), now})
		}
	}
	n := 0
	for n < len(c.files) && now.Sub(c.files[n].since) >= cachedFor {
		c.evict(c.files[n].path)
		n++
	}
	c.files = append(c.files[:0], c.files[n:]...)
}
