package rtmp

import (
	"errors"
	"fmt"
	"strings"

	"mediad/ingest"
	"mediad/ingest/aac"
	"mediad/ingest/rtmp/flv"
)

var (
	errNoKey = fmt.Errorf("%w: none was given; put it into OBS → Settings → Stream → Stream Key", ingest.ErrBadKey)
	errApp   = errors.New("unknown application")
	errPlay  = errors.New("playing over RTMP is not offered")
)

// The codes on which OBS stops and shows that the stream key is wrong. It
// knows no others.
const (
	codeBadName    = "NetStream.Publish.BadName"
	codeRejected   = "NetStream.Publish.Rejected"
	codeInvalidApp = "NetConnection.Connect.InvalidApp"
)

// refusePublish tells the encoder why it may not publish. The returned error
// makes go-rtmp close the connection.
func (s *session) refusePublish(stream uint32, cause error) error {
	code, text, counted := codeRejected, "the server cannot take this stream now", refusedPublish
	switch {
	case errors.Is(cause, ingest.ErrBadKey):
		code, text, counted = codeBadName, cause.Error(), refusedKey
		if cause != errNoKey { // a forgotten key is no guess
			s.server.wrongKey(s.transport.RemoteAddr())
		}
	case errors.Is(cause, ingest.ErrRefused):
		text = cause.Error()
	default:
		s.log.Error("publish failed", "err", s.redact(cause.Error()))
	}
	s.server.tally.refuse(counted)
	s.log.Warn("publisher refused", "code", code, "reason", s.redact(cause.Error()))
	return errors.Join(cause, s.sayRefused(stream, code, text))
}

// refuseConnect tells the encoder that there is no such application. OBS and
// ffmpeg act on the onStatus, others wait for the answer to connect.
func (s *session) refuseConnect(app string) error {
	text := "unknown application: the server is rtmp://HOST/" + App
	if strings.HasPrefix(app, App+"/") {
		text = "the server ends in /" + App + ": the stream key belongs into its own field"
	}
	s.server.tally.refuse(refusedApp)
	s.log.Warn("publisher refused", "code", codeInvalidApp, "reason", text)
	return errors.Join(errApp,
		s.sayRefused(0, codeInvalidApp, text),
		s.call("_error", s.tx, 0, status{"error", "NetConnection.Connect.Rejected", text}))
}

// refuseMedia tells a connected publisher why its media is refused. A message that
// makes no sense is only left out, because the next one may be good.
func (s *session) refuseMedia(cause error) error {
	var u *flv.UnsupportedError
	if errors.As(cause, &u) {
		return s.endMedia(refusedCodec, u)
	}
	s.feed.account.count(func(n *ingest.Stats) { n.BadMessages++ })
	return nil
}

// breakMedia tells the encoder, and the Sink, why the server hangs up on a
// publisher whose media it cannot use.
func (s *session) breakMedia(cause error) error {
	var odd *aac.UnsupportedError
	if errors.As(cause, &odd) || errors.Is(cause, errNoHeader) {
		return s.endMedia(refusedCodec, cause)
	}
	if sink, ok := s.feed.sink.(ingest.Explainer); ok && !errors.Is(cause, ingest.ErrTakenOver) {
		sink.Explain(cause)
	}
	return errors.Join(cause, s.sayRefused(s.stream, codeRejected, s.redact(cause.Error())))
}

// endMedia tells a connected publisher, and its Sink, why the server ends the
// publish.
func (s *session) endMedia(counted Refusal, cause error) error {
	s.server.tally.refuse(counted)
	if sink, ok := s.feed.sink.(ingest.Explainer); ok {
		sink.Explain(cause)
	}
	return errors.Join(cause, s.sayRefused(s.stream, codeRejected, cause.Error()))
}

func (s *session) sayRefused(stream uint32, code, text string) error {
	s.transport.refused.Store(true)
	return s.onStatus(stream, status{"error", code, text})
}
