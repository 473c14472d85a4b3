package reminders

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"

	"mediad/overlay"
	"mediad/overlay/outward"
)

// PushOptions of a Push.
type PushOptions struct {
	Private, Public string // our key for push services (RFC 8292), in base64url
	Subscriber      string // whom they write to when something is wrong: https:// or an e-mail address
	Base            string // path prefix of our pages
	// Allowed says which addresses of push services are reached; nil: public ones, by TLS.
	Allowed func(netip.Addr) bool
}

// Push sends over Web Push: a small message, encrypted for the browser that shows it
// (RFC 8291). It is safe for concurrent use.
type Push struct {
	o      PushOptions
	client *http.Client
}

const pushTimeout = 10 * time.Second

// NewPush makes a Push.
func NewPush(o PushOptions) *Push {
	allowed := o.Allowed
	if allowed == nil {
		allowed = overlay.PublicAddress
	}
	return &Push{o, &http.Client{
		Transport:     outward.Transport(allowed, pushTimeout),
		Timeout:       2 * pushTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// shownMessage is what the service worker (overlay/web/src/remind/push.ts) shows.
type shownMessage struct {
	Title string `json:"title"`
	Body  string `json:"body"`
	URL   string `json:"url"` // a path
	Tag   string `json:"tag"` // a message takes the place of the one before
}

// Deliver sends a message. Where the connection breaks, it is sent again: it takes the place
// of the one before, in the push service and in the browser.
func (p *Push) Deliver(ctx context.Context, n overlay.Note, handing func() error) error {
	sub := n.To.Push
	at, err := url.Parse(sub.Endpoint)
	if err != nil || at.Scheme != "https" && p.o.Allowed == nil {
		return &overlay.NotTaken{Why: "the push service has no address with TLS", ForGood: true}
	}
	m := shownMessage{URL: p.o.Base + "/watch/" + url.PathEscape(n.Room), Tag: n.ID}
	m.Title, m.Body = n.Message()
	life := overlay.ReminderLetterLife
	if n.Kind == overlay.BeginLetter {
		m.URL += "?r=" + n.Ref
		life = time.Hour // later it is of no use
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := handing(); err != nil {
		return err
	}
	res, err := webpush.SendNotificationWithContext(ctx, text, &webpush.Subscription{Endpoint: sub.Endpoint, Keys: webpush.Keys{Auth: sub.Auth, P256dh: sub.Key}}, &webpush.Options{
		HTTPClient: p.client, RecordSize: 2048, Subscriber: p.o.Subscriber, Topic: n.ID, TTL: int(life.Seconds()), Urgency: webpush.UrgencyHigh,
		VAPIDPublicKey: p.o.Public, VAPIDPrivateKey: p.o.Private,
	})
	if err != nil {
		return &overlay.NotTaken{Why: "the push service cannot be reached"}
	}
	_, _ = io.CopyN(io.Discard, res.Body, 4096) // the connection serves again
	_ = res.Body.Close()                        // nothing is read of it
	switch {
	case res.StatusCode/100 == 2:
		return nil
	case res.StatusCode == http.StatusTooManyRequests || res.StatusCode >= 500:
		return &overlay.NotTaken{Why: fmt.Sprint("the push service answers ", res.StatusCode)}
	}
	return &overlay.NotTaken{Why: fmt.Sprint("the push service answers ", res.StatusCode), ForGood: true} // 404 and 410: the browser has left (RFC 8030 7.3)
}
