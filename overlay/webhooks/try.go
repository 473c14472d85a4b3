package webhooks

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"mediad/overlay"
	"mediad/overlay/outward"
)

const mostAnswer = 4 << 10 // bytes of an answer that are read, so that the connection can be used again

// try tells one thing, once.
func (s *Sender) try(ctx context.Context, w overlay.WebhookWork, d overlay.DueDelivery) overlay.WebhookResult {
	ctx, cancel := context.WithTimeout(ctx, s.o.Timeout)
	defer cancel()
	r := overlay.WebhookResult{Webhook: w.ID, Delivery: d.ID, Queued: d.Queued, Attempt: overlay.Attempt{At: s.o.Now().UTC().Truncate(time.Millisecond)}}
	begun := time.Now()
	after, err := s.post(ctx, w, d, &r)
	r.Attempt.Took = time.Since(begun).Milliseconds()
	if err == nil {
		r.State = overlay.DeliveryTaken
		return r
	}
	r.Attempt.Problem = overlay.Plain(words(err, s.o.Timeout), 300)
	r.After = after
	next, waits := overlay.WebhookNext(d.Queued, s.o.Now(), d.Tries+1, share(), after)
	if r.State, r.Next = overlay.DeliveryFailed, next; waits {
		r.State = overlay.DeliveryWaiting
	}
	return r
}

// errSaid is an answer that is no 2xx.
type errSaid struct{ status int }

func (e errSaid) Error() string {
	if e.status/100 == 3 {
		return fmt.Sprintf("the server there answers with a redirect (%d), which is not followed: enter the address to which it leads", e.status)
	}
	return strings.TrimSpace(fmt.Sprintf("the server there answers %d %s", e.status, http.StatusText(e.status)))
}

// post sends a delivery. after is how long the other side asks to wait.
func (s *Sender) post(ctx context.Context, w overlay.WebhookWork, d overlay.DueDelivery, r *overlay.WebhookResult) (after time.Duration, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, strings.NewReader(d.Body))
	if err != nil {
		return 0, err
	}
	at := time.Now() // by the real clock, with which the other side compares it
	signed, err := signatures(w, d, at)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", s.o.UserAgent)
	req.Header.Set(standardwebhooks.HeaderWebhookID, d.Message)
	req.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	req.Header.Set(standardwebhooks.HeaderWebhookSignature, signed)
	// It says what is true, and lets net/http send once more over a new connection what went
	// out over one that the other side had closed meanwhile.
	req.Header.Set("Idempotency-Key", d.Message)
	res, err := s.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	r.Attempt.Status, r.Gone = res.StatusCode, res.StatusCode == http.StatusGone
	text, err := io.ReadAll(io.LimitReader(res.Body, mostAnswer))
	r.Attempt.Answer = overlay.Plain(strings.Join(strings.Fields(string(text[:min(len(text), overlay.MaxAnswer)])), " "), overlay.MaxAnswer)
	if res.StatusCode/100 == 2 {
		return 0, nil // whatever is wrong with the rest of the answer
	}
	if err != nil && ctx.Err() != nil {
		return 0, err
	}
	if res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusServiceUnavailable {
		if seconds, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && seconds > 0 {
			after = min(time.Duration(min(seconds, 1_000_000))*time.Second, overlay.MostRetryAfter)
		}
	}
	return after, errSaid{res.StatusCode}
}

// signatures signs with the present secret, and with the former one while it holds.
func signatures(w overlay.WebhookWork, d overlay.DueDelivery, at time.Time) (string, error) {
	var all []string
	for _, secret := range []string{w.Secret, w.Former} {
		if secret == "" {
			continue
		}
		hook, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			return "", errors.New("the secret of this webhook cannot be read")
		}
		one, err := hook.Sign(d.Message, at, []byte(d.Body))
		if err != nil {
			return "", errors.New("the secret of this webhook cannot be used")
		}
		all = append(all, one)
	}
	return strings.Join(all, " "), nil
}

// words says in words for users why something was not taken. They tell nothing of what is
// behind an address that is not public.
func words(err error, timeout time.Duration) string {
	var said errSaid
	if errors.As(err, &said) {
		return said.Error()
	}
	var named *url.Error
	if errors.As(err, &named) {
		err = named.Err
	}
	var dns *net.DNSError
	var timed net.Error
	var cert *tls.CertificateVerificationError
	switch {
	case errors.Is(err, outward.ErrPrivate):
		return "the address leads to a network that is not the public internet"
	case errors.As(err, &cert):
		return "the certificate of the server there cannot be trusted"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timed) && timed.Timeout():
		return fmt.Sprintf("the server there does not answer within %d seconds", int(timeout.Seconds()))
	case errors.As(err, &dns):
		return "there is no server with this name"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "no server listens there"
	}
	return "the server there cannot be reached, or ends the connection"
}
