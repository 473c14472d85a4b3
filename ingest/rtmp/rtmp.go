// Package rtmp accepts RTMP publishers: it speaks the protocol with OBS, ffmpeg
// and similar encoders, and turns each publish into Units on a Sink.
//
// Connections flow in from a net.Listener, plain or TLS. Each goes through package
// guard, so that only sane RTMP reaches go-rtmp, which does the protocol. What flows
// out are calls to an ingest.Publisher and to the Sink that it gives, all on the
// goroutine that reads the connection.
//
// # What a Sink sees
//
// SetTracks comes when both an audio and a video track are known, or one
// second after the first of them (of media or of the clock, whichever is
// earlier), or at once if the publisher's metadata says that there is only one.
// What arrives until then is kept and written afterwards, in order.
//
// A further SetTracks means a break in the timeline: codec parameters changed, a
// track came late, or the timestamps jumped, forward by over three seconds or back
// by more than a quarter of a second. After a jump, the tracks are the same as before.
// After each SetTracks, the first video unit is a key frame or a recovery point, if one
// comes within four seconds; pictures before it are dropped. Between two SetTracks, the
// DTS of each track rises strictly; smaller steps back are corrected. Audio and video
// share the publisher's one clock, and neither is moved against the other.
//
// A unit is one H.264 access unit, whichever messages it came in. NAL units that belong
// before its slices come before them, captions included; in-band parameter sets,
// delimiters and filler stay. Sound is raw AAC-LC or HE-AAC. docs/ingest.md lists what
// is repaired for that, and what is left out; Stats counts each kind.
//
// A picture is passed on as soon as its message is there. Only the first picture of a
// publish waits for the next message, 100 ms at the most, because that may continue the
// picture. Once a message has continued a picture (its first_mb_in_slice is not 0, and
// its timestamp is the same), every later picture waits for the next one.
//
// # What is refused
//
// These are refused with a sentence for the encoder's log:
//
//   - any application but "live" (NetConnection.Connect.InvalidApp);
//   - a wrong key (NetStream.Publish.BadName);
//   - whatever else the Publisher refuses, codecs other than H.264 and AAC, bit rates
//     above the limit, and publishes of which nothing can be shown for ten seconds
//     (NetStream.Publish.Rejected).
//
// Playing is refused. Peers that do not publish in time, or publish and then send no
// media, are disconnected. Networks that tried too many wrong keys are refused as soon
// as they connect. The loopback is never banned: a proxy on the same machine forwards
// for everybody. Where there are too many connections, those that do not publish are
// closed to make room for newcomers.
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

	// MaxBitrate is how much a publisher may send, in bits a second on an average
	// of ten seconds; 0 means no limit.
	MaxBitrate int64
	// Bans says which networks are refused for their wrong keys; default: those
	// of the default rule.
	Bans *bans.Bans

	// Guard bounds connections and what each may send. The three times above
	// overwrite its own; Admit is the Server's.
	Guard guard.ListenerOptions

	// now is the clock for waits and bans.
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
