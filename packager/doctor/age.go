package doctor

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"mediad/packager/m3u8"
)

// grain is how much an answer may be older than its lifetime, because caches count
// ages in whole seconds.
const grain = time.Second

// cached tells whether an answer says that it came from a cache; told is false where
// it says nothing. Age: 0 says nothing: an answer that has just come from the origin
// has it, and so have the answers of requests that waited for that one.
func cached(h http.Header) (hit, told bool) {
	status := strings.ToLower(h.Get("Cache-Status") + " " + h.Get("X-Cache") + " " + h.Get("CF-Cache-Status") + " " + h.Get("X-Cache-Status"))
	for _, word := range []string{"hit", "collapsed", "stale", "updating"} {
		if strings.Contains(status, word) {
			return true, true
		}
	}
	for _, word := range []string{"miss", "fwd=", "expired"} {
		if strings.Contains(status, word) {
			return false, true
		}
	}
	age, err := strconv.ParseUint(h.Get("Age"), 10, 31)
	return err == nil && age > 0, err == nil && age > 0
}

// aged judges the header Age, where an answer has it.
func (d *Doctor) aged(a *answer) {
	value := a.header.Get("Age")
	if value == "" {
		return
	}
	age, err := strconv.ParseUint(value, 10, 31)
	life, keeps := lifetime(a.header)
	d.ledger.judge("A6.20", err == nil && (!keeps || time.Duration(age)*time.Second <= life+grain), a.place(),
		a.heads("Age", "Cache-Control"), "the answer's age is no number, or beyond its lifetime")
}

// maxMoments bounds for how many versions the time is remembered.
const maxMoments = 1024

// reach is how far a version lists.
type reach struct {
	msn   uint64 // of the open segment
	parts int    // number of its listed parts
	ended bool
}

func reachOf(m *m3u8.Media) reach { return reach{upcoming(m), len(m.Open.Parts), m.Ended} }

// beyond tells whether one version lists more than another.
func (r reach) beyond(o reach) bool {
	return r.msn > o.msn || r.msn == o.msn && r.parts > o.parts || r.ended && !o.ended
}

// moment is the time when a version of the playlist came: the origin had it by then.
type moment struct {
	reach
	at time.Time
}

// remember notes when a version came.
func (d *Doctor) remember(m *m3u8.Media, at time.Time) {
	if len(d.moments) == maxMoments {
		d.moments = d.moments[1:]
	}
	d.moments = append(d.moments, moment{reachOf(m), at})
}

// glance sometimes asks for the playlist without directives, and judges its age by
// its entries: it is at least as old as the first known version that lists more. So
// glance finds a cache that keeps answers for too long, whatever its headers say.
func (d *Doctor) glance(ctx context.Context) {
	if !d.opts.CDN || d.ended || time.Since(d.glanced) < time.Second {
		return
	}
	d.glanced = time.Now()
	a := d.limited(ctx, d.list, "Accept-Encoding", "gzip")
	d.heard(a, playlist)
	d.aged(a)
	m, err := m3u8.Parse([]byte(tame(string(a.text()))))
	life, keeps := lifetime(a.header)
	if !a.ok() || err != nil || !keeps || len(d.moments) == 0 || a.sent.Sub(d.moments[0].at) <= life+grain {
		return
	}
	old := time.Duration(0)
	for _, v := range d.moments {
		if v.beyond(reachOf(m)) {
			old = a.sent.Sub(v.at)
			break
		}
	}
	d.ledger.judge("A6.20", old <= life+grain, a.place(), a.heads("Age", "Cache-Control")+lastLines(string(a.text())),
		fmt.Sprintf("a version that came %v earlier lists more: the answer is older than its lifetime, %v", old.Round(time.Millisecond), life))
}
