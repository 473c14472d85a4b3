package sim

import (
	"sync/atomic"
	"time"
)

// meter counts times by the millisecond, up to ten seconds: whatever is beyond counts as ten.
type meter struct{ ms [10_001]atomic.Uint32 }

func (m *meter) add(d time.Duration) {
	m.ms[min(max(d.Milliseconds(), 0), int64(len(m.ms)-1))].Add(1)
}

// take gives what was counted since the last call.
func (m *meter) take() tally {
	var t tally
	for n := range m.ms {
		if many := int(m.ms[n].Swap(0)); many > 0 {
			t.all += many
			t.steps = append(t.steps, step{n, many})
		}
	}
	return t
}

// tally is what a meter has counted, the shortest first.
type tally struct {
	all   int
	steps []step
}

type step struct{ ms, many int }

// at gives the time, in milliseconds, that a share of all does not exceed.
func (t tally) at(share float64) float64 {
	sum := 0
	for _, s := range t.steps {
		if sum += s.many; float64(sum) >= share*float64(t.all) {
			return float64(s.ms)
		}
	}
	return 0
}

// beyond counts those of more than d.
func (t tally) beyond(d time.Duration) (many int) {
	for _, s := range t.steps {
		if s.ms > int(d.Milliseconds()) {
			many += s.many
		}
	}
	return many
}
