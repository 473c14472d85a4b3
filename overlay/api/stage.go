package api

import (
	"context"
	"time"
)

// Stage is where publishers are: it knows how the stream of a room is, and can
// end it.
type Stage interface {
	// Status tells how a room is now; the zero value for one that is not live.
	Status(room string) Status
	// End ends the room's broadcast, as the host's word. It fails with an
	// overlay.Error for users if it cannot.
	End(ctx context.Context, room string) error
}

// Status is how the stream of a room is.
type Status struct {
	Live     bool      `json:"live" doc:"A broadcast runs, or waits for its publisher to come back"`
	Waiting  bool      `json:"waiting,omitempty" doc:"The publisher was lost and is waited for"`
	Epoch    string    `json:"epoch,omitempty" doc:"Part of every media URL of the broadcast"`
	Since    time.Time `json:"since,omitzero" doc:"When the broadcast began"`
	Viewers  int       `json:"viewers" doc:"Players that follow the low-latency playlist on this server; those behind a CDN are not seen"`
	Ingest   *Ingest   `json:"ingest,omitempty" doc:"What arrives from the publisher"`
	Warnings []string  `json:"warnings" doc:"What is wrong with the stream, in words"`
}

// Ingest is what arrives from the publisher.
type Ingest struct {
	Protocol    string    `json:"protocol,omitempty" example:"rtmp"`
	Encoder     string    `json:"encoder,omitempty" doc:"What the encoder calls itself"`
	Address     string    `json:"address,omitempty" doc:"Where from: loopback, private or public"`
	Since       time.Time `json:"since,omitzero" doc:"When the publisher connected"`
	Video       string    `json:"video,omitempty" example:"avc1.64001f"`
	Audio       string    `json:"audio,omitempty" example:"mp4a.40.2"`
	Width       int       `json:"width,omitempty"`
	Height      int       `json:"height,omitempty"`
	Bitrate     int64     `json:"bitrate,omitempty" doc:"Bits a second"`
	FPS         float64   `json:"fps,omitempty"`
	KeyInterval float64   `json:"keyframe_interval,omitempty" doc:"Seconds between key frames"`
	Dropped     int64     `json:"dropped,omitempty" doc:"Units that could not be used"`
	Drift       float64   `json:"drift,omitempty" doc:"Seconds by which the publisher's clock has left ours"`
}
