package rtmp

import (
	"sync/atomic"

	"mediad/ingest"
	"mediad/ingest/rtmp/guard"
)

// account counts what happens to one publish. The reading goroutine writes,
// whoever asks for Stats reads.
type account struct {
	jumps, clamped, headers, repeats, wraps atomic.Uint64

	noKey, noVideoHeader, noAudioHeader, badPictures, badSound, oddSound, badMessages atomic.Uint64
	badHeaders, adts, configs, startCodes, joined                                     atomic.Uint64

	soundRefused atomic.Pointer[string] // nil: nothing is against the sound
}

func (t *account) stats(c *transport) ingest.Stats {
	g := c.Stats()
	s := ingest.Stats{
		Bytes: g.BytesIn,
		Jumps: t.jumps.Load(), Clamped: t.clamped.Load(), Headers: t.headers.Load(),
		Repeats: t.repeats.Load(), Wraps: t.wraps.Load(),
		Drops: ingest.Drops{
			NoKey: t.noKey.Load(), NoVideoHeader: t.noVideoHeader.Load(), NoAudioHeader: t.noAudioHeader.Load(),
			BadPictures: t.badPictures.Load(), BadSound: t.badSound.Load(), OddSound: t.oddSound.Load(),
			BadMessages: t.badMessages.Load(),
		},
		Repairs: ingest.Repairs{
			BadHeaders: t.badHeaders.Load(), ADTS: t.adts.Load(), Configs: t.configs.Load(),
			StartCodes: t.startCodes.Load(), Joined: t.joined.Load(),
		},
		RTT: roundTrip(c.NetConn()),
	}
	if why := t.soundRefused.Load(); why != nil {
		s.SoundRefused = *why
	}
	for reason, n := range g.Dropped {
		if odd(reason) {
			s.Refused += n
		}
	}
	return s
}

// odd tells which of the guard's reasons say that a message made no sense; the
// others are everyday protocol.
func odd(r guard.Reason) bool {
	switch r {
	case guard.UnknownType, guard.BadData, guard.TooLongData, guard.AMF3, guard.BadAggregate, guard.Restarted:
		return true
	}
	return false
}
