package overlay

import (
	"testing"
	"time"
)

// TestPoints is the rule: what a viewer did, and how many points that is.
func TestPoints(t *testing.T) {
	rates := DefaultPoints()
	for _, c := range []struct {
		rates PointRates
		did   Earned
		want  int64
	}{
		{rates, Earned{}, 0},
		{rates, Earned{Minutes: 7}, 7},
		{rates, Earned{Minutes: 7, Comments: 3, Friends: 2}, 7 + 6 + 10},
		{rates, Earned{Minutes: 10_000, Comments: 10_000, Friends: 10_000}, MaxPointMinutes + 2*MaxPointComments + 5*MaxPointFriends},
		{PointRates{Comment: 100}, Earned{Minutes: 90, Comments: 1, Friends: 4}, 100},
	} {
		if got := c.rates.Points(c.did); got != c.want {
			t.Errorf("%+v at %+v: %d points, want %d", c.did, c.rates, got, c.want)
		}
	}
	for _, bad := range []PointRates{{Minute: -1}, {Comment: 1001}, {Friend: 1001}} {
		if CodeOf(bad.Checked()) != Invalid {
			t.Errorf("%+v is taken", bad)
		}
	}
}

// TestMinutesOnAir: only time on air counts, and none before the viewer came.
func TestMinutesOnAir(t *testing.T) {
	start := time.Date(2026, 6, 1, 20, 0, 0, 0, time.UTC)
	at := func(minutes float64) time.Time { return start.Add(time.Duration(minutes * float64(time.Minute))) }
	on := []Broadcast{{Begun: at(0), Ended: at(10)}, {Begun: at(20)}}
	for _, c := range []struct {
		from, to float64
		want     int64
	}{{0, 5, 5}, {4, 10, 6}, {4, 20, 6}, {-5, 30, 20}, {12, 19, 0}, {9.5, 20.5, 1}, {9.5, 20.4, 0}, {25, 24, 0}} {
		if got := MinutesOnAir(on, at(c.from), at(c.to)); got != c.want {
			t.Errorf("from %v to %v: %d minutes, want %d", c.from, c.to, got, c.want)
		}
	}
}

// TestRewardGives: what a viewer is told who cannot have it.
func TestRewardGives(t *testing.T) {
	for _, c := range []struct {
		reward Reward
		left   int64
		want   Code
	}{
		{Reward{Points: 50}, 50, ""}, {Reward{Points: 50}, 49, Conflict}, {Reward{Points: 50, Ended: true}, 50, Conflict},
		{Reward{Points: 50, Total: 2, Taken: 2}, 50, Limit}, {Reward{Points: 50, Total: 2, Taken: 1}, 50, ""},
	} {
		if err := c.reward.Gives(c.left); (err != nil) != (c.want != "") || err != nil && CodeOf(err) != c.want {
			t.Errorf("%+v with %d points: %v, want %q", c.reward, c.left, err, c.want)
		}
	}
}
