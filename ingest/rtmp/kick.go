package rtmp

import (
	"errors"
	"fmt"

	"mediad/ingest"
	"mediad/ingest/rtmp/guard"
)

// kicked is why a publisher was ended from outside: nothing was lost.
type kicked struct{ error }

func (k kicked) Unwrap() error { return k.error }

// farewell tells the encoder why the server closes its connection, where it does,
// and nothing has told it before. A shutdown is not told: some encoders would not
// come back after an error, and the next start waits for them.
func (s *session) farewell() {
	why := s.transport.why()
	words := explain(why)
	if k := (kicked{}); errors.As(why, &k) {
		words = k
	}
	if words == nil || s.transport.refused.Load() || errors.Is(why, guard.ErrWriteTimeout) || errors.Is(why, ingest.ErrClosing) {
		return
	}
	// It may be gone already, and the reason stands.
	_ = s.sayRefused(s.stream, codeRejected, s.redact(words.Error()))
}

// lost tells the log, and the Sink where the server itself closed a silent
// connection, how a publish ended that was not unpublished.
func (s *session) lost(sink ingest.Sink) {
	why := s.transport.why()
	reason := s.redact(fmt.Sprint(why))
	if errors.As(why, new(kicked)) || errors.Is(why, ErrShutdown) {
		s.log.Info("publisher closed", "reason", reason)
		return
	}
	s.log.Warn("publisher lost", "reason", reason)
	if e, ok := sink.(ingest.Explainer); ok {
		if words := explain(why); words != nil {
			e.Explain(words)
		}
	}
}

// What the guard refused, in the words of whoever looks after the encoder.
var (
	errTooMuch = errors.New("a message, or all that was begun, is larger than any picture should be: lower the bit rate")
	errBroken  = errors.New("what it sent is not RTMP any more: the connection or the encoder is broken")
	errDeaf    = errors.New("the encoder does not read what the server answers")
)

// explain gives the reason for which the server itself closed a connection; nil:
// the publisher's side did.
func explain(why error) error {
	for _, e := range []struct{ is, words error }{
		{errNoMedia, errNoMedia}, {guard.ErrReadTimeout, errNoMedia},
		{guard.ErrMessageTooLarge, errTooMuch}, {guard.ErrInFlight, errTooMuch},
		{guard.ErrChunkHeader, errBroken}, {guard.ErrChunkSize, errBroken}, {guard.ErrChunkStreams, errBroken},
		{guard.ErrCommand, errBroken}, {guard.ErrAMF, errBroken}, {guard.ErrAMFDepth, errBroken},
		{guard.ErrAMFValues, errBroken}, {guard.ErrAMF3, errBroken},
		{guard.ErrWriteTimeout, errDeaf},
	} {
		if errors.Is(why, e.is) {
			return e.words
		}
	}
	return nil
}
