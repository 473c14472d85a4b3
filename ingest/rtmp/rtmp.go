// Package rtmp takes RTMP publishers in: it speaks the protocol with OBS,
// ffmpeg and their like, and turns each publish into Units on a Sink.
//
// Connections flow in from a net.Listener, plain or TLS; each goes through
// package guard, so that nothing insane reaches go-rtmp, which does the
// protocol. Out of it flow calls to an ingest.Publisher and to the Sink that it
// gives, all on the goroutine that reads the connection.
//
// # What a Sink sees
//
// SetTracks comes when both an audio and a video track are known, or one
// second after the first of them (of media or of the clock, whichever is
// earlier), or at once if the publisher's metadata says that there is only one.
// What arrives until then is kept and written afterwards, in order.
//
// SetTracks again means a break in the timeline: codec parameters changed, a
// track came late, or the timestamps jumped (forward over three seconds, or
// back by more than a quarter) — then with the same tracks as before. After
// each SetTracks the first video unit is a key frame; pictures before it are
// dropped. Between two SetTracks the DTS of each track rises strictly; smaller
// steps back are ironed out. Audio and video keep their relation: both stand
// on the publisher's one clock, and neither is moved against the other.
//
// A unit is one H.264 access unit, whichever messages it came in: what belongs
// before its slices stands before them, captions included; in-band parameter sets,
// delimiters and filler stay. Sound is raw AAC-LC or HE-AAC. docs/ingest.md lists
// what is put right for that, and what is left out; Stats counts each kind.
//
// A picture is handed on as soon as its message is there. Only the first of a publish
// waits for the message after it, 100 ms at the most, because it may go on there; and
// where a message has gone on with the picture before it (first_mb_in_slice is not 0,
// the timestamp is the same), each picture from then on waits for the next.
//
// # What is refused
//
// Any application but "live" (NetConnection.Connect.InvalidApp), a wrong key
// (NetStream.Publish.BadName), whatever else the Publisher refuses, codecs
// other than H.264 and AAC, publishes without anything that can be shown for ten
// seconds (NetStream.Publish.Rejected), each with a sentence
// for the encoder's log; playing; silence: peers that do not publish in
// time, or publish and then send no media; publishers above the bit rate that
// is allowed; and, as soon as they connect, networks that tried too many wrong
// keys. Those of the loopback are never banned: a proxy on the same machine
// stands for everybody. Where there are too many connections, those that do not
// publish are closed for newcomers.
package rtmp

import (
	"log/slog"
	"time"

	"mediad/ingest"
	"mediad/ingest/bans"
	"mediad/ingest/rtmp/guard"
)

// App is the application name that publishers connect to: rtmp://HOST/live.
const App = "live"

// Options configure a Server. Times and limits at zero mean their defaults.
type Options struct {
	// Publisher decides about keys and takes the media. Required.
	Publisher ingest.Publisher
	// Log takes a line per publish, refusal and fault, never with a key.
	// Default: slog.Default().
	Log *slog.Logger

	// HandshakeTimeout is how long a handshake may take; default 10 s.
	HandshakeTimeout time.Duration
	// PublishTimeout is how long a connection may live without publishing:
	// after the handshake, and again after an unpublish; default 15 s.
	PublishTimeout time.Duration
	// ReadTimeout is how long a publisher may send no media; default 15 s.
	ReadTimeout time.Duration

	// MaxBitrate is what a publisher may send, in bits a second on an average
	// of ten seconds; 0: no limit.
	MaxBitrate int64
	// Bans says which networks are refused for their wrong keys; default: those
	// of the default rule.
	Bans *bans.Bans

	// Guard bounds connections and what each may send. The three times above
	// overwrite its own; Admit is the Server's.
	Guard guard.ListenerOptions

	// now is the clock of the time that tracks may take to show themselves.
	now func() time.Time
}

func (o Options) normalize() Options {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.now == nil {
		o.now = time.Now
	}
	wait := func(v *time.Duration, def time.Duration) {
		if *v <= 0 {
			*v = def
		}
	}
	wait(&o.HandshakeTimeout, 10*time.Second)
	wait(&o.PublishTimeout, 15*time.Second)
	wait(&o.ReadTimeout, 15*time.Second)
	if o.Bans == nil {
		o.Bans = bans.New(bans.Rule{})
	}
	if o.Guard.Quota == nil {
		o.Guard.Quota = guard.NewQuota(o.Guard.MaxConns, o.Guard.MaxConnsPerAddr)
	}
	return o
}
