package webhook

import (
	"net/netip"
	"time"
)

const (
	// answerFor is how long an answer of the webhook is valid: long enough for
	// an encoder that reconnects, short enough for a changed decision.
	answerFor  = 10 * time.Second
	maxAnswers = 1024
)

// question is what an answer of the webhook depends on: everything in the
// request except the publisher's port.
type question struct {
	room, protocol, encoder, query string
	address                        netip.Addr
}

// answer is a yes, or a no with a reason for the encoder.
type answer struct {
	yes    bool
	reason string
	until  time.Time
}

// answers holds the recent answers. It knows no clock; the zero value is
// ready.
type answers struct{ kept map[question]answer }

func (a *answers) get(q question, now time.Time) (answer, bool) {
	x, ok := a.kept[q]
	return x, ok && now.Before(x.until)
}

// keep remembers an answer. Too many questions only mean that others are
// asked again.
func (a *answers) keep(q question, x answer, now time.Time) {
	if len(a.kept) >= maxAnswers {
		for old, y := range a.kept {
			if !now.Before(y.until) {
				delete(a.kept, old)
			}
		}
	}
	if a.kept == nil || len(a.kept) >= maxAnswers {
		a.kept = map[question]answer{}
	}
	x.until = now.Add(answerFor)
	a.kept[q] = x
}
