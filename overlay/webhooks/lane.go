package webhooks

import (
	"slices"
	"time"

	"mediad/overlay"
)

const (
	mostInLane = 4               // tries of one webhook at once
	slowAnswer = 3 * time.Second // a webhook that takes longer is slow
)

// lane is what goes on at one webhook.
type lane struct {
	going   map[string]string // deliveries that are being tried, and what they are about
	counted int               // of these, how many count among those of slow lanes
	failed  int               // tries in a row
	late    bool              // the last answer came late
	until   time.Time         // the webhook rests until then
}

func (l *lane) slow() bool { return l.failed > 0 || l.late }

// room says how many tries may be begun, and from when on. due is when the next of them is
// due; zero: at once, though the webhook rests.
func (l *lane) room(now, due time.Time) (from time.Time, n int) {
	if due.IsZero() { // somebody waits for it
		return now, max(1, mostInLane-len(l.going))
	}
	if overlay.WebhookRest(l.failed) > 0 { // whether it answers again is asked with one of them
		n = 1 - len(l.going)
	} else {
		n = mostInLane - len(l.going)
	}
	if l.until.After(due) {
		due = l.until
	}
	return due, max(n, 0)
}

// takes tells whether a delivery may be begun: of one order or one show, one at a time,
// so that they come in their order.
func (l *lane) takes(d overlay.DueDelivery) bool {
	if _, goes := l.going[d.ID]; goes {
		return false
	}
	for _, subject := range l.going {
		if subject == d.Subject {
			return false
		}
	}
	return true
}

// done notes how a try went; news: the webhook fails since now.
func (l *lane) done(now time.Time, r overlay.WebhookResult) (news bool) {
	l.late = time.Duration(r.Attempt.Took)*time.Millisecond > slowAnswer
	if r.State == overlay.DeliveryTaken {
		l.failed, l.until = 0, time.Time{}
		return false
	}
	l.failed++
	l.until = slices.MaxFunc([]time.Time{l.until, now.Add(overlay.WebhookRest(l.failed)), now.Add(r.After)}, time.Time.Compare)
	return l.failed == 1
}
