package rtmp

import (
	"io"

	"github.com/yutopp/go-rtmp/message"

	"mediad/ingest/rtmp/flv"
)

// OnSetDataFrame takes onMetaData.
func (s *session) OnSetDataFrame(_ uint32, data *message.NetStreamSetDataFrame) (err error) {
	defer s.leave(&err)
	if s.feed != nil {
		s.feed.metadata(data.Payload)
	}
	return nil
}

// OnVideo takes a video message.
func (s *session) OnVideo(timestamp uint32, _ io.Reader) (err error) {
	defer s.leave(&err)
	return s.media(video, timestamp, flv.ParseVideo)
}

// OnAudio takes an audio message.
func (s *session) OnAudio(timestamp uint32, _ io.Reader) (err error) {
	defer s.leave(&err)
	return s.media(audio, timestamp, flv.ParseAudio)
}

// media takes a media message. go-rtmp has decided that it belongs to the publish,
// and has read its timestamp; the payload comes from the guard, past go-rtmp.
func (s *session) media(k kind, timestamp uint32, parse func([]byte) (flv.Packet, error)) error {
	if s.feed == nil {
		return nil // it was still under way when the publish ended
	}
	// The limit counts all bytes that the publisher sends, not its media alone.
	if err := s.rate.read(s.o.now(), s.transport.BytesIn()); err != nil {
		return s.endMedia(refusedBitrate, err)
	}
	p, err := parse(s.transport.Payload())
	if err != nil {
		return s.refuseMedia(err)
	}
	if p.Kind == flv.Extra && !s.extra {
		s.extra = true
		s.log.Info("a further track of the publisher is ignored: it is sound, or not H.264")
	}
	if p.Kind == flv.Frame || p.Kind == flv.Config {
		s.watchdog.feed()
	}
	if err := s.feed.message(k, timestamp, p); err != nil {
		return s.breakMedia(err)
	}
	return nil
}
