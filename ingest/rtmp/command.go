package rtmp

import (
	"encoding/binary"
	"math"

	"github.com/yutopp/go-rtmp"
	"github.com/yutopp/go-rtmp/message"

	"mediad/ingest"
	"mediad/ingest/rtmp/amf0"
)

// command sees every command before go-rtmp does. It remembers the transaction ID,
// which go-rtmp does not pass on, and answers calls that go-rtmp does not know:
// some encoders wait for an answer to each call (such as _checkbw).
func (s *session) command(name string, amf []byte) {
	var err error
	defer s.leave(&err)
	s.tx = transaction(amf)
	if _, known := message.CmdBodyDecoders[name]; !known && s.tx != 0 {
		err = s.result()
	}
}

// transaction reads the number that follows a command's name.
func transaction(amf []byte) int64 {
	rest, ok := skipAMFString(amf)
	if !ok || len(rest) < 9 || rest[0] != amf0.Number {
		return 0
	}
	tx := math.Float64frombits(binary.BigEndian.Uint64(rest[1:]))
	if !(tx >= 0 && tx <= math.MaxInt32) {
		return 0
	}
	return int64(tx)
}

// OnConnect answers connect.
func (s *session) OnConnect(_ uint32, cmd *message.NetConnectionConnect) (err error) {
	defer s.leave(&err)
	s.encoder = bounded(cmd.Command.FlashVer, 128)
	// The chunk size goes out before any message longer than 128 bytes, and well
	// before Publish.Start, after which OBS reads no more messages.
	if err := s.write(controlChunks, 0, &message.SetChunkSize{ChunkSize: chunkSize}); err != nil {
		return err
	}
	if app := appName(cmd.Command.App); app != App {
		return s.refuseConnect(app)
	}
	return nil
}

// OnCreateStream agrees.
func (s *session) OnCreateStream(uint32, *message.NetConnectionCreateStream) error { return nil }

// OnReleaseStream answers, because go-rtmp does not.
func (s *session) OnReleaseStream(_ uint32, cmd *message.NetConnectionReleaseStream) (err error) {
	defer s.leave(&err)
	s.hide(cmd.StreamName)
	return s.result()
}

// OnFCPublish answers. Some encoders wait for onFCPublish instead of the result.
func (s *session) OnFCPublish(_ uint32, cmd *message.NetStreamFCPublish) (err error) {
	defer s.leave(&err)
	s.hide(cmd.StreamName)
	if err := s.result(); err != nil {
		return err
	}
	return s.call("onFCPublish", 0, 0, status{"status", "NetStream.Publish.Start", "FCPublish succeeded."})
}

// OnPublish asks the Publisher for a Sink.
func (s *session) OnPublish(c *rtmp.StreamContext, _ uint32, cmd *message.NetStreamPublish) (err error) {
	defer s.leave(&err)
	s.hide(cmd.PublishingName)
	counts := new(account)
	sink, err := s.publish(cmd.PublishingName, counts)
	if err != nil {
		return s.refusePublish(c.StreamID, err)
	}
	s.stream, s.extra = c.StreamID, false
	s.feed = newFeed(sink, s.o.now)
	s.rate = newRate(s.server.maxBitrate.Load(), s.o.now(), s.transport.BytesIn())
	s.feed.account = counts
	s.feed.note = func(what string, why error) { s.log.Warn("publisher's "+what, "reason", why.Error()) }
	s.transport.AllowMedia()
	s.watchdog.expect(s.o.ReadTimeout, errNoMedia)
	s.log.Info("publisher connected", "protocol", s.transport.protocol(), "encoder", s.encoder)
	return s.write(controlChunks, 0, &message.UserCtrl{
		Event: &message.UserCtrlEventStreamBegin{StreamID: c.StreamID},
	})
}

func (s *session) publish(name string, counts *account) (ingest.Sink, error) {
	key := streamKey(name)
	if key == "" {
		return nil, errNoKey
	}
	return s.o.Publisher.Publish(s.ctx, ingest.Request{
		Key:      key,
		Query:    streamQuery(name),
		Protocol: s.transport.protocol(),
		Remote:   s.remote,
		Encoder:  s.encoder,
		Kick: func(reason error) {
			if reason == nil {
				reason = errKicked
			}
			s.transport.dismiss(closedByServer{reason})
		},
		Stats: func() ingest.Stats { return counts.stats(s.transport) },
	})
}

// OnFCUnpublish ends the publish.
func (s *session) OnFCUnpublish(uint32, *message.NetStreamFCUnpublish) (err error) {
	defer s.leave(&err)
	s.endPublish(ingest.Unpublished)
	if s.tx == 0 {
		return nil
	}
	return s.result()
}

// OnDeleteStream ends the publish. It has no answer (RTMP1 7.2.2.3).
func (s *session) OnDeleteStream(_ uint32, cmd *message.NetStreamDeleteStream) (err error) {
	defer s.leave(&err)
	if cmd.StreamID == s.stream {
		s.endPublish(ingest.Unpublished)
	}
	return nil
}

// OnPlay refuses: there is nothing to play here.
func (s *session) OnPlay(*rtmp.StreamContext, uint32, *message.NetStreamPlay) (err error) {
	defer s.leave(&err)
	s.transport.refused.Store(true)
	return errPlay
}

// OnUnknownCommandMessage sees the commands that go-rtmp knows but does not
// expect where they come: those on the message stream that publishes, for one.
func (s *session) OnUnknownCommandMessage(_ uint32, cmd *message.CommandMessage) (err error) {
	defer s.leave(&err)
	switch cmd.CommandName {
	case "closeStream", "deleteStream", "FCUnpublish":
		s.endPublish(ingest.Unpublished)
	}
	if s.tx == 0 {
		return nil
	}
	return s.result()
}

// OnUnknownMessage and OnUnknownDataMessage see acknowledgements, user control
// events and the like, which need no answer.
func (s *session) OnUnknownMessage(uint32, message.Message) error { return nil }

// OnUnknownDataMessage ignores the message.
func (s *session) OnUnknownDataMessage(uint32, *message.DataMessage) error { return nil }
