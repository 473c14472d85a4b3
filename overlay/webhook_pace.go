package overlay

import "time"

// Bounds of deliveries.
const (
	WebhookLife     = 24 * time.Hour     // how long a thing is tried to be told
	WebhookPatience = 3 * 24 * time.Hour // after how long a webhook is switched off that takes nothing
	WebhookKeep     = 7 * 24 * time.Hour // how long a delivery that has ended is kept
	WebhookHandOver = 24 * time.Hour     // how long a former secret signs beside the new one
	MaxDeliveries   = 100_000            // that wait for one webhook
	MostRetryAfter  = 4 * time.Hour      // that the server there may ask for
)

// WebhookAgain is how long a delivery waits that was tried so many times. share, from 0 to
// 1, spreads deliveries that failed together over a tenth of the time.
func WebhookAgain(tried int, share float64) time.Duration {
	pauses := []time.Duration{5 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour}
	pause := pauses[min(max(tried, 1), len(pauses))-1]
	return pause + time.Duration(share*float64(pause)/10)
}

// WebhookNext is when a delivery is tried again that has failed so many times; false: it
// is given up, since it was tried for WebhookLife. after is how long the server there
// asked to wait.
func WebhookNext(queued, now time.Time, tried int, share float64, after time.Duration) (next time.Time, again bool) {
	next = now.Add(max(WebhookAgain(tried, share), after))
	return next, !next.After(queued.Add(WebhookLife))
}

// WebhookRest is how long a webhook is left alone that took nothing so many times in a
// row, though more is due: who does not answer is not asked for each thing anew.
func WebhookRest(failed int) time.Duration {
	const enough = 3
	if failed < enough {
		return 0
	}
	return min(time.Second<<min(failed-enough, 10), time.Minute)
}

// WebhookWork is a webhook with what is due there.
type WebhookWork struct {
	ID     string
	URL    string
	Secret string
	Former string // "": there is none, or its time is over
	Due    []DueDelivery
}

// DueDelivery is what is sent now.
type DueDelivery struct {
	ID, Message, Type, Subject string
	Body                       string
	Tries                      int
	Queued                     time.Time
	Attempts                   []Attempt
}

// WebhookResult is how a try went.
type WebhookResult struct {
	Webhook, Delivery string
	Queued            time.Time // of the delivery that was tried: a replay in between begins anew
	State             DeliveryState
	Next              time.Time // when it waits
	Attempt           Attempt
	Gone              bool          // the server there is gone for good
	After             time.Duration // how long the server there asks to be left alone
}
