package overlay

import (
	"fmt"
	"slices"
	"time"
)

// CuesASecond is how many cues a show takes in a second, whoever sends them: more than a
// host can do and a viewer can follow, and little beside the picture. What comes with a
// cue, such as the unpin that makes room for a pin, does not count.
const CuesASecond = 5

// Pace is when cues of a show came, or are due, as milliseconds of Unix time.
type Pace []int64

// Recent leaves out what is too long ago to matter, and what is from the future: of a clock
// that was set back.
func (p Pace) Recent(now time.Time) Pace {
	ms := now.UnixMilli()
	return slices.DeleteFunc(slices.Clone(p), func(at int64) bool { return at <= ms-1000 || at > ms+1000 })
}

// Fits tells whether one more cue may come at a moment: no second with it then has more
// than limit.
func (p Pace) Fits(at time.Time, limit int) bool {
	all := append(slices.Clone(p), at.UnixMilli())
	slices.Sort(all)
	own, _ := slices.BinarySearch(all, at.UnixMilli())
	for i := max(0, own-limit); i <= own && i+limit < len(all); i++ {
		if all[i+limit]-all[i] < 1000 {
			return false
		}
	}
	return true
}

// Free gives the first moment from now on at which one more cue fits.
func (p Pace) Free(now time.Time, limit int) time.Time {
	if p.Fits(now, limit) {
		return now
	}
	all := slices.Clone(p)
	slices.Sort(all)
	for _, at := range all {
		if free := time.UnixMilli(at + 1000).UTC(); free.After(now) && p.Fits(free, limit) {
			return free
		}
	}
	return now.Add(time.Second)
}

// TooSoon refuses a cue of a show that takes no more of them until a moment.
type TooSoon struct {
	Until time.Time
	Limit int
}

func (e *TooSoon) Error() string { return e.Unwrap().Error() }

// Unwrap gives the refusal in words.
func (e *TooSoon) Unwrap() error {
	return &Error{TooMany, fmt.Sprintf("the show takes %d cues in a second, and that many have come or are due; send it again in a moment", e.Limit)}
}
