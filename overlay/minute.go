package overlay

import "time"

// Bounds of the minutes of a show: what lies beyond is of no picture, or forged.
const (
	liveBehind  = 12 * time.Hour // a viewer may go back that far in a live show
	liveAhead   = time.Minute    // of a viewer's clock
	longestPlay = 48 * time.Hour // of a recording
	firstDate   = 1e8            // at is a Unix time from here on: no recording is that long
)

// Minute is one of the picture's time line: while live by its date, in minutes of Unix time,
// in a replay from the beginning of the recording.
type Minute struct {
	Replay bool
	N      int64
}

// Watch is what viewers did while they watched a minute of the picture.
type Watch struct {
	Time        time.Duration
	Peak        int64 // the most viewers at a time; while live alone
	Views       int64 // players that began to play there
	Effective   int64 // of viewers who had watched for EffectiveAfter there
	Likes       int64
	Impressions int64 // cards in sight for a second
}

// EffectiveAfter is how long a viewer has watched who is no passer-by.
const EffectiveAfter = 10 * time.Second

// Plus adds what was watched of the same minute.
func (w Watch) Plus(o Watch) Watch {
	return Watch{w.Time + o.Time, max(w.Peak, o.Peak), w.Views + o.Views, w.Effective + o.Effective, w.Likes + o.Likes, w.Impressions + o.Impressions}
}

// Minute gives the minute of the picture that a beacon tells of. One that a live show cannot
// have is that of the clock.
func (b Beacon) Minute(now time.Time) Minute {
	if b.At >= 0 && b.At < firstDate {
		return Minute{true, int64(min(b.At, longestPlay.Seconds())) / 60}
	}
	if at := float64(now.UnixMilli()) / 1000; b.At > at-liveBehind.Seconds() && b.At < at+liveAhead.Seconds() {
		return Minute{false, int64(b.At) / 60}
	}
	return Minute{false, now.Unix() / 60}
}
