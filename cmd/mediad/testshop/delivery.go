package testshop

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Faults are what may go wrong between a shop and those whom it tells; the zero value:
// nothing does. Chances are from 0 to 1.
type Faults struct {
	Late    time.Duration // webhooks come up to so much later, and so in another order
	Twice   float64       // the chance that one is sent twice
	Lost    float64       // that a try to send does not arrive; the shop tries again
	Forged  float64       // that somebody sends another one, with a signature of his own
	APISlow time.Duration // Stripe's interface answers so much later
	APIFail float64       // the chance that it answers 500
}

// SetFaults changes what goes wrong from now on.
func (s *Shop) SetFaults(f Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = f
}

// message is a webhook: what is in it, and how it is signed at the moment of sending.
type message struct {
	body []byte
	sign func(secret string, body []byte, at time.Time) (http.Header, error)
}

const (
	mostPosts = 16 // webhooks that are sent at the same time
	mostTries = 12
)

// tell sends a webhook until it is taken. The caller holds mu.
func (s *Shop) tell(m message, err error) {
	if err != nil {
		s.o.Log.Error("the test shop cannot write a webhook", "err", err)
		return
	}
	copies := 1
	if s.random.Float64() < s.faults.Twice {
		copies = 2
	}
	for range copies {
		s.told.Add(1)
		go s.deliver(m, s.late())
	}
	if s.random.Float64() < s.faults.Forged {
		s.told.Add(1)
		go s.forge(m, s.late())
	}
}

func (s *Shop) late() time.Duration {
	if s.faults.Late <= 0 {
		return 0
	}
	return time.Duration(s.random.Int64N(int64(s.faults.Late)))
}

func (s *Shop) lost() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.random.Float64() < s.faults.Lost
}

func (s *Shop) deliver(m message, wait time.Duration) {
	defer s.told.Done()
	pause := s.o.Retry
	for try := range mostTries {
		time.Sleep(wait)
		status, err := 0, error(nil)
		if !s.lost() {
			status, err = s.send(m, s.o.Secret)
		}
		if status/100 == 2 {
			return
		}
		s.o.Log.Debug("a webhook of the test shop was not taken", "try", try+1, "status", status, "err", err)
		wait, pause = pause, 2*pause
	}
	s.o.Log.Warn("the test shop gives a webhook up", "tries", mostTries)
}

// forge sends a webhook that the shop has not signed. One that is taken is a grave fault
// of the other side.
func (s *Shop) forge(m message, wait time.Duration) {
	defer s.told.Done()
	time.Sleep(wait)
	if status, err := s.send(m, forgedSecret); err == nil && status/100 == 2 {
		s.o.Log.Error("a forged webhook was taken", "status", status)
	}
}

const forgedSecret = "whsec_bm90IHRoZSBzZWNyZXQgb2YgdGhlIHNob3A="

func (s *Shop) send(m message, secret string) (status int, err error) {
	s.busy <- struct{}{}
	defer func() { <-s.busy }()
	header, err := m.sign(secret, m.body, time.Now())
	if err != nil {
		return 0, fmt.Errorf("sign: %w", err)
	}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, s.o.Hook, bytes.NewReader(m.body))
	if err != nil {
		return 0, err
	}
	r.Header = header
	r.Header.Set("Content-Type", "application/json")
	res, err := s.post.Do(r)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16))
	return res.StatusCode, closing(res.Body, err)
}

func closing(c io.Closer, err error) error {
	if cerr := c.Close(); err == nil {
		return cerr
	}
	return err
}

// Settle waits until all that the shop has told was taken, or given up.
func (s *Shop) Settle(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		s.told.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
