package viewers

import (
	"maps"
	"math"
	"testing"
	"time"

	"mediad/overlay"
)

// TestMinutesOfThePicture: what a viewer did stands in the minute of the picture that was
// watched, also behind the live edge and in a recording; a date that no picture has is the
// clock's. Who has watched for ten seconds counts once. A refused write loses nothing.
func TestMinutesOfThePicture(t *testing.T) {
	running(t, func(t *testing.T, c *Counter, s *memoryStore) {
		now := func() float64 { return float64(time.Now().UnixMilli()) / 1000 }
		first := time.Now().Unix() / 60
		s.close(true)
		beat := func(id uint64, at float64, watched time.Duration, likes int) {
			c.Beat("show", overlay.Beacon{Viewer: id, At: at, Watched: watched, Likes: likes, Impressions: []string{"corn"}})
		}
		beat(1, now(), 4*time.Second, 1)
		beat(2, now()-300, 12*time.Second, 2) // five minutes behind
		beat(3, 125, 10*time.Second, 0)       // a recording
		beat(4, math.NaN(), time.Second, 0)   // live, and its date is not known
		beat(5, 5e9, time.Second, 0)          // a date that is not there yet
		time.Sleep(Every)
		beat(1, now(), 10*time.Second, 0)
		time.Sleep(Every)
		beat(1, now(), 10*time.Second, 0)
		s.close(false)
		time.Sleep(keep + 2*time.Second)
		want := map[overlay.Minute]overlay.Watch{
			{N: first}:           {Time: 26 * time.Second, Peak: 5, Views: 3, Effective: 1, Likes: 1, Impressions: 5},
			{N: first - 5}:       {Time: 12 * time.Second, Views: 1, Effective: 1, Likes: 2, Impressions: 1},
			{Replay: true, N: 2}: {Time: 10 * time.Second, Views: 1, Effective: 1, Impressions: 1},
		}
		if got := s.kept("show").Minutes; !maps.Equal(got, want) {
			t.Errorf("kept %+v, want %+v", got, want)
		}
	})
}

// TestMinutesAreBounded: forged places of the picture take no more room than there is.
func TestMinutesAreBounded(t *testing.T) {
	c := New(Options{Store: &memoryStore{}})
	for n := range 2 * minutes {
		c.Beat("show", overlay.Beacon{Viewer: uint64(n), At: float64(n * 60), Watched: time.Second})
	}
	if n := len(c.find("show").fresh.Minutes); n != minutes {
		t.Errorf("%d minutes, not %d", n, minutes)
	}
}
