package broadcast

import (
	"mediad/overlay/api"
	"mediad/packager/health"
)

// Statistic is one count of a publisher's session: where it comes from, its field
// in the API, and its metric.
type Statistic struct {
	Count  func(health.Report) uint64
	API    func(*api.Ingest) *int64 // nil: no field of its own in the API
	Metric string                   // after the prefix mediad_room_
	Help   string                   // of the metric
}

// Statistics lists all of them.
func Statistics() []Statistic {
	type report = health.Report
	type in = *api.Ingest
	return []Statistic{
		{func(h report) uint64 { return h.Received.Bytes }, nil,
			"received_bytes_total", "Bytes received from the publisher."},
		{func(h report) uint64 { return h.Received.Dropped() }, func(a in) *int64 { return &a.Dropped },
			"dropped_units_total", "Units (pictures and frames of sound) that were left out, for all reasons."},
		{func(h report) uint64 { return h.LateUnits }, func(a in) *int64 { return &a.LateUnits },
			"late_units_total", "Units that came too late compared with the other track. Such sound is left out, such a picture is shown later."},
		{func(h report) uint64 { return h.Received.Refused }, func(a in) *int64 { return &a.Refused },
			"refused_messages_total", "Messages, other than audio and video, that the server does not understand."},
		{func(h report) uint64 { return h.Received.Clamped + h.Clamped }, func(a in) *int64 { return &a.Clamped },
			"clamped_units_total", "Units whose timestamp was corrected because it did not rise."},
		{func(h report) uint64 { return h.Received.Jumps }, func(a in) *int64 { return &a.Jumps },
			"timestamp_jumps_total", "Jumps of the publisher's timestamps."},
		{func(h report) uint64 { return h.Received.Headers }, func(a in) *int64 { return &a.Changes },
			"header_changes_total", "Sequence headers that changed, or came for the first time, during the stream."},
		{func(h report) uint64 { return h.Received.Repeats }, func(a in) *int64 { return &a.Repeats },
			"repeated_headers_total", "Sequence headers that were repeated without a change."},
		{func(h report) uint64 { return h.Received.Wraps + h.Wraps }, func(a in) *int64 { return &a.Wraps },
			"timestamp_wraps_total", "Wraps of timestamps: of 24 or 32 bits as received, or of 33 bits as sent."},
		{func(h report) uint64 { return h.Pauses }, func(a in) *int64 { return &a.Pauses },
			"pauses_total", "Discontinuities because no media came for a while."},
		{func(h report) uint64 { return h.Forced }, func(a in) *int64 { return &a.Forced },
			"forced_cuts_total", "Segments that had to end before the next key frame came."},
		{func(h report) uint64 { return h.Shifts }, func(a in) *int64 { return &a.Shifts },
			"offset_shifts_total", "Corrections of DTS because of a negative composition time offset."},
		{func(h report) uint64 { return h.Moves }, func(a in) *int64 { return &a.Moves },
			"sound_moves_total", "Corrections of the timestamps of sound or picture because the A/V skew was too large."},
		{func(h report) uint64 { return h.AudioGaps }, func(a in) *int64 { return &a.AudioGaps },
			"audio_gaps_total", "Gaps between two frames of sound."},
		{func(h report) uint64 { return h.AudioExtra }, func(a in) *int64 { return &a.AudioGaps }, // the API has both in one
			"audio_overlaps_total", "Frames of sound that were left out because they would overlap others."},
		// Media that was left out, and media that was repaired, by cause.
		{func(h report) uint64 { return h.Received.NoKey }, func(a in) *int64 { return &a.NoKey },
			"no_key_frame_pictures_total", "Pictures that were left out because no key frame came before them."},
		{func(h report) uint64 { return h.Received.NoVideoHeader }, func(a in) *int64 { return &a.NoVideoHeader },
			"no_header_pictures_total", "Pictures that were left out because their H.264 header is missing."},
		{func(h report) uint64 { return h.Received.NoAudioHeader }, func(a in) *int64 { return &a.NoAudioHeader },
			"no_header_sound_total", "Frames of sound that were left out because their AAC header is missing."},
		{func(h report) uint64 { return h.Received.BadPictures }, func(a in) *int64 { return &a.BadPictures },
			"bad_pictures_total", "Pictures, or parts of pictures, that were left out because they cannot be read."},
		{func(h report) uint64 { return h.Received.BadSound }, func(a in) *int64 { return &a.BadSound },
			"bad_sound_total", "Frames of sound that were left out because no player can decode them."},
		{func(h report) uint64 { return h.Received.OddSound }, func(a in) *int64 { return &a.OddSound },
			"odd_sound_total", "Frames of sound that were left out because browsers cannot play their kind of AAC, or MPEG-TS cannot carry it."},
		{func(h report) uint64 { return h.Received.BadMessages }, func(a in) *int64 { return &a.BadMessages },
			"bad_messages_total", "Audio and video messages that were left out because they are not valid."},
		{func(h report) uint64 { return h.Received.BadHeaders }, func(a in) *int64 { return &a.BadHeaders },
			"bad_headers_total", "Sequence headers that were left out because they are empty or cannot be read."},
		{func(h report) uint64 { return h.Received.ADTS }, func(a in) *int64 { return &a.ADTS },
			"sound_in_adts_total", "Frames of sound that came in ADTS and were taken out of it."},
		{func(h report) uint64 { return h.Received.Configs }, func(a in) *int64 { return &a.Configs },
			"sound_configs_total", "AAC headers that were sent as frames of sound."},
		{func(h report) uint64 { return h.Received.StartCodes }, func(a in) *int64 { return &a.StartCodes },
			"start_code_pictures_total", "Pictures with start codes in place of lengths. They were converted."},
		{func(h report) uint64 { return h.Received.Joined }, func(a in) *int64 { return &a.Joined },
			"joined_messages_total", "Messages that continue the picture of the message before and were joined with it."},
	}
}
