package guard

import "time"

// Limits bounds what one connection may cost. The zero value means the
// default of every field. Times may be negative, which means no limit.
type Limits struct {
	// MaxMessage is the longest audio, video or aggregate message in bytes;
	// default 8 MiB, at most 0xffffff (the header's 24 bits).
	MaxMessage int
	// MaxControl is the longest command, data or control message in bytes;
	// default 64 KiB.
	MaxControl int
	// MaxChunkStreams is the number of chunk stream ids a peer may ever use;
	// default 16. Encoders use three to six; RTMP1 allows 65,597, and go-rtmp
	// keeps a buffer and a writer for each. The number is at most 60, because
	// go-rtmp's writer queue has 64 places and blocks for ever when it is full.
	MaxChunkStreams int
	// MaxInFlight bounds the memory held for reassembly over all chunk
	// streams, in bytes; default 16 MiB. Before AllowMedia it is four times
	// MaxControl if that is less.
	MaxInFlight int
	// StrangerCommands and StrangerBytes are the number of commands, and of
	// bytes of any kind after the handshake, that a peer may send before
	// AllowMedia; default 64 and 1 MiB. Encoders send some ten commands of some
	// hundred bytes. Without these limits, the server would answer commands as
	// fast as they come, until CommandTimeout.
	StrangerCommands int
	StrangerBytes    int
	// AMFDepth is the deepest nesting of AMF objects and arrays; default 16.
	AMFDepth int
	// AMFValues is the largest number of AMF values in a message; default 4096.
	AMFValues int
	// MinAckWindow is the smallest acknowledgement window that is honoured,
	// in bytes; default 64 KiB. A window of 0 would ask for an answer per read.
	MinAckWindow int

	// HandshakeTimeout runs from New to the last byte of C2; default 10 s.
	HandshakeTimeout time.Duration
	// CommandTimeout runs from the handshake's end to AllowMedia; default 15 s.
	CommandTimeout time.Duration
	// ReadTimeout is the longest silence of the peer, for a publisher up to a
	// sixteenth more; default 15 s.
	ReadTimeout time.Duration
	// WriteTimeout is the longest a write may take; default 10 s.
	WriteTimeout time.Duration
}

const (
	maxLength       = 0xffffff // 24 bits, RTMP1 5.3.1.2.1
	maxChunkStreams = 60
)

func (l Limits) normalize() Limits {
	size := func(v *int, def, top int) {
		if *v <= 0 {
			*v = def
		}
		*v = min(*v, top)
	}
	size(&l.MaxMessage, 8<<20, maxLength)
	size(&l.MaxControl, 64<<10, l.MaxMessage)
	size(&l.MaxChunkStreams, 16, maxChunkStreams)
	size(&l.MaxInFlight, 16<<20, 1<<30)
	size(&l.StrangerCommands, 64, maxLength)
	size(&l.StrangerBytes, 1<<20, 1<<30)
	size(&l.AMFDepth, 16, 1024) // the walk recurses
	size(&l.AMFValues, 4096, maxLength)
	size(&l.MinAckWindow, 64<<10, 1<<30)

	wait := func(v *time.Duration, def time.Duration) {
		if *v == 0 {
			*v = def
		}
	}
	wait(&l.HandshakeTimeout, 10*time.Second)
	wait(&l.CommandTimeout, 15*time.Second)
	wait(&l.ReadTimeout, 15*time.Second)
	wait(&l.WriteTimeout, 10*time.Second)
	return l
}
