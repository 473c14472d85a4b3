package rtmp

import (
	"fmt"
	"time"
)

// rateSeconds is the time over which a publisher's bit rate is averaged. For a short
// time an encoder may send much faster: a key frame, or data that had to wait for the
// network.
const rateSeconds = 10

// rate watches a publisher's bit rate. It knows no clock.
type rate struct {
	limit   int64 // bits a second; 0: none
	begun   time.Time
	last    uint64 // the count of bytes so far
	second  int64  // the latest, from begun
	seconds [rateSeconds]uint64
}

// newRate begins with the bytes that have been read before.
func newRate(limit int64, now time.Time, bytes uint64) rate {
	return rate{limit: limit, begun: now, last: bytes}
}

// read takes the number of bytes read so far. It fails when the last ten seconds,
// the present one included, have more than the limit allows.
func (r *rate) read(now time.Time, bytes uint64) error {
	if r.limit <= 0 {
		return nil
	}
	second := max(int64(now.Sub(r.begun)/time.Second), r.second)
	for s := max(r.second, second-rateSeconds) + 1; s <= second; s++ {
		r.seconds[s%rateSeconds] = 0
	}
	r.second = second
	r.seconds[second%rateSeconds] += bytes - r.last
	r.last = bytes
	var sum uint64
	for _, n := range r.seconds {
		sum += n
	}
	if average := sum * 8 / rateSeconds; average > uint64(r.limit) {
		return fmt.Errorf("the stream has %d kb/s on an average of %d s; the server takes at most %d kb/s: lower the bit rate of the encoder",
			average/1000, rateSeconds, r.limit/1000)
	}
	return nil
}
