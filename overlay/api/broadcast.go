package api

import (
	"context"
	"time"

	"mediad/overlay"
)

// Broadcasts knows how the stream of each room is, and can end it.
type Broadcasts interface {
	// Status tells how a room is now. It is the zero value for a room that is not
	// live.
	Status(room string) Status
	// End ends the room's broadcast, as the host's word. It fails with an
	// overlay.Error for users if it cannot.
	End(ctx context.Context, room string) error
}

// Status is how the stream of a room is.
type Status struct {
	Live     bool            `json:"live" doc:"A broadcast runs, or waits for its publisher to come back"`
	Waiting  bool            `json:"waiting,omitempty" doc:"The publisher was lost and is waited for"`
	Away     *Away           `json:"away,omitempty" doc:"While the server waits for the publisher: since when, and until when"`
	Epoch    string          `json:"epoch,omitempty" doc:"Part of every media URL of the broadcast"`
	Since    time.Time       `json:"since,omitzero" doc:"When the broadcast began"`
	OnAir    overlay.Latency `json:"live_latency,omitempty" doc:"Latency class of the broadcast: low, balanced or mass"`
	Viewers  int             `json:"viewers" doc:"How many watch: players that send beacons, as the server's own do, or players that follow the low-latency playlist on this server, whichever are more. Of a great audience it is an estimate"`
	Ingest   *Ingest         `json:"ingest,omitempty" doc:"What arrives from the publisher"`
	Warnings []string        `json:"warnings" doc:"What is wrong with the stream and what to do about it, in words"`
	Details  []Warning       `json:"warning_details,omitempty" doc:"The same with codes and numbers"`

	Publishers []PublisherEvent `json:"publisher_events,omitempty" doc:"What happened to publishers lately, oldest first: at most ten, since the server started"`
}

// Away is the absence of a publisher whose room waits for it.
type Away struct {
	Since time.Time `json:"since" doc:"When the publisher was lost, or the server started anew"`
	Until time.Time `json:"until" doc:"When the broadcast ends if nobody comes"`
}

// Rendition is one of several that viewers can have.
type Rendition struct {
	Width   int   `json:"width"`
	Height  int   `json:"height"`
	Bitrate int64 `json:"bitrate" doc:"Mean bits a second of what is listed, sound included; 0: not known yet"`
}

// Ingest is what arrives from the publisher. Counts begin with its connection.
type Ingest struct {
	Protocol string    `json:"protocol,omitempty" example:"rtmp"`
	Encoder  string    `json:"encoder,omitempty" doc:"What the encoder calls itself"`
	Address  string    `json:"address,omitempty" doc:"Kind of the publisher's network address: loopback, private or public"`
	Since    time.Time `json:"since,omitzero" doc:"When the publisher connected"`

	Video       string      `json:"video,omitempty" example:"avc1.64001f"`
	Audio       string      `json:"audio,omitempty" example:"mp4a.40.2"`
	Width       int         `json:"width,omitempty" doc:"Of the first video track, in pixels"`
	Height      int         `json:"height,omitempty"`
	Bitrate     int64       `json:"bitrate,omitempty" doc:"Bits a second of the last segment, as viewers get it"`
	Incoming    int64       `json:"incoming_bitrate,omitempty" doc:"Bits a second of the last five seconds, as received"`
	FPS         float64     `json:"fps,omitempty"`
	Renditions  []Rendition `json:"renditions,omitempty" doc:"Where the publisher sends several video tracks: those that viewers can have, the first track's first"`
	DeclaredFPS float64     `json:"declared_fps,omitempty" doc:"Frames a second as the bitstream says"`
	Zero        time.Time   `json:"timestamp_zero,omitzero" doc:"The programme date of the publisher's timestamp 0. A cue at this date and the timecode of the encoder's output lands on the picture that the encoder has then"`
	KeyInterval float64     `json:"keyframe_interval,omitempty" doc:"Seconds between key frames: the last, or since the last if that is more"`
	KeyMax      float64     `json:"keyframe_interval_max,omitempty" doc:"The longest of the last few measurements, in seconds"`
	BFrames     bool        `json:"b_frames,omitempty"`
	Reorder     float64     `json:"reorder,omitempty" doc:"Longest time from a picture's decoding to its showing, in seconds"`

	Rendered     int64   `json:"frames_rendered,omitempty" doc:"Frames that the encoder's program composed, by its own count, as all five below: OBS tells them where it sends several video tracks"`
	Lagged       int64   `json:"frames_lagged,omitempty" doc:"Frames that were composed too late"`
	Input        int64   `json:"frames_input,omitempty" doc:"Frames to encode, over all tracks"`
	Skipped      int64   `json:"frames_skipped,omitempty" doc:"Frames that the encoders had no time for, over all tracks"`
	Output       int64   `json:"frames_output,omitempty" doc:"Frames to send, over all tracks"`
	Unsent       int64   `json:"frames_dropped,omitempty" doc:"Frames that were not sent because the network was too slow, over all tracks"`
	CaptureDelay float64 `json:"capture_delay,omitempty" doc:"Seconds from the composition of a picture, by the encoder's clock, to its arrival; missing where that clock cannot be right"`

	Dropped   int64   `json:"dropped,omitempty" doc:"Units that could not be used: those of all causes below"`
	LateUnits int64   `json:"late_frames,omitempty" doc:"Frames that came too late for the other track: sound was left out, a picture was shown later"`
	Refused   int64   `json:"refused,omitempty" doc:"Messages other than audio and video that were not understood"`
	Clamped   int64   `json:"clamped,omitempty" doc:"Units whose timestamp was changed so that timestamps rise"`
	Jumps     int64   `json:"jumps,omitempty" doc:"Jumps of the timestamps; each is a DISCONTINUITY"`
	Changes   int64   `json:"changes,omitempty" doc:"Sequence headers, or picture sizes in key frames alone, that changed, or came first, in mid-stream"`
	Repeats   int64   `json:"repeated_headers,omitempty" doc:"Sequence headers that came again, or others that say the same, and were ignored"`
	Wraps     int64   `json:"timestamp_wraps,omitempty" doc:"How often timestamps passed 24 or 32 bits as received, or 33 bits as sent; viewers do not notice"`
	Shifts    int64   `json:"offset_shifts,omitempty" doc:"How often decoding was moved to an earlier time because of a negative composition offset"`
	Pauses    int64   `json:"pauses,omitempty" doc:"Breaks because nothing arrived for a while"`
	Forced    int64   `json:"forced_cuts,omitempty" doc:"Segments cut without a key frame"`
	AudioGaps int64   `json:"audio_gaps,omitempty" doc:"How often sound was missing, or was left out because it overlapped"`
	Moves     int64   `json:"sound_moves,omitempty" doc:"How often sound or picture was moved because they were too far apart"`
	Drift     float64 `json:"drift,omitempty" doc:"Seconds by which sound and picture have moved apart since the beginning; positive: sound ahead"`
	Offset    float64 `json:"audio_offset,omitempty" doc:"Seconds by which sound is ahead of the picture as they arrive"`
	Late      float64 `json:"late,omitempty" doc:"Seconds by which arrival has fallen behind the publisher's clock"`
	Early     float64 `json:"early,omitempty" doc:"Seconds by which arrival has run ahead of the publisher's clock; programme dates are as far in the future"`
	Jitter    float64 `json:"jitter,omitempty" doc:"How unevenly it arrives, in seconds (RFC 3550 6.4.1)"`
	Silent    float64 `json:"silent,omitempty" doc:"Seconds since anything came"`
	RTT       float64 `json:"rtt,omitempty" doc:"Round trip in seconds, where the system tells"`

	Coding
}
