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
	if !errors.Is(why, errNoMedia) && !errors.Is(why, guard.ErrReadTimeout) {
		return
	}
	if e, ok := sink.(ingest.Explainer); ok {
		e.Explain(errNoMedia)
	}
}
