package rtmp

import (
	"errors"
	"fmt"

	"mediad/ingest"
	"mediad/ingest/rtmp/guard"
)

// closedByServer is the reason why the server ended a publisher on purpose. No connection was
// lost.
type closedByServer struct{ error }

func (k closedByServer) Unwrap() error { return k.error }

// explainClose tells the encoder why the server closes its connection, unless the encoder
// knows already. It says nothing of a shutdown: some encoders do not come back after an
// error, and they are wanted again after the next start.
func (s *session) explainClose() {
	why := s.transport.why()
	words := explain(why)
	if k := (closedByServer{}); errors.As(why, &k) {
		words = k
	}
	if words == nil || s.transport.refused.Load() || errors.Is(why, guard.ErrWriteTimeout) || errors.Is(why, ingest.ErrClosing) {
		return
	}
	// The encoder may be gone already; the reason stays the same.
	_ = s.sayRefused(s.stream, codeRejected, s.redact(words.Error()))
}

// lost tells the log how a publish ended that was not unpublished. Where the server
// itself closed the connection, it tells the Sink as well.
func (s *session) lost(sink ingest.Sink) {
	why := s.transport.why()
	reason := s.redact(fmt.Sprint(why))
	if errors.As(why, new(closedByServer)) || errors.Is(why, ErrShutdown) {
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

// What the guard refused, in words for the person at the encoder.
var (
	errTooLarge   = errors.New("a message is larger than any picture should be, or all unfinished messages together are: lower the bit rate")
	errBroken     = errors.New("what it sent is not RTMP any more: the connection or the encoder is broken")
	errNotReading = errors.New("the encoder does not read what the server answers")
)

// explain gives the reason why the server itself closed a connection, or nil where
// the publisher's side closed it.
func explain(why error) error {
	for _, e := range []struct{ is, words error }{
		{errNoMedia, errNoMedia}, {guard.ErrReadTimeout, errNoMedia},
		{guard.ErrMessageTooLarge, errTooLarge}, {guard.ErrInFlight, errTooLarge},
		{guard.ErrChunkHeader, errBroken}, {guard.ErrChunkSize, errBroken}, {guard.ErrChunkStreams, errBroken},
		{guard.ErrCommand, errBroken}, {guard.ErrAMF, errBroken}, {guard.ErrAMFDepth, errBroken},
		{guard.ErrAMFValues, errBroken}, {guard.ErrAMF3, errBroken},
		{guard.ErrWriteTimeout, errNotReading},
	} {
		if errors.Is(why, e.is) {
			return e.words
		}
	}
	return nil
}
