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
	Metric string                   // after the prefix mediad_
	Help   string                   // of the metric
}

// Statistics lists all of them.
func Statistics() []Statistic {
	type report = health.Report
	type in = *api.Ingest
	return []Statistic{
		{func(h report) uint64 { return h.Received.Bytes }, nil,
			"room_received_bytes_total", "Bytes received from the publisher."},
		{func(h report) uint64 { return h.Received.Dropped() }, func(a in) *int64 { return &a.Dropped },
			"room_dropped_units_total", "Units (pictures and frames of sound) that were left out, for all reasons."},
		{func(h report) uint64 { return h.LateUnits }, func(a in) *int64 { return &a.LateUnits },
			"room_late_units_total", "Units that came too late compared with the other track. Such sound is left out, such a picture is shown later."},
		{func(h report) uint64 { return h.Received.Refused }, func(a in) *int64 { return &a.Refused },
			"room_refused_messages_total", "Messages, other than audio and video, that the server does not understand."},
		{func(h report) uint64 { return h.Received.Clamped + h.Clamped }, func(a in) *int64 { return &a.Clamped },
			"room_clamped_units_total", "Units whose timestamp was corrected because it did not rise."},
		{func(h report) uint64 { return h.Received.Jumps }, func(a in) *int64 { return &a.Jumps },
			"room_timestamp_jumps_total", "Jumps of the publisher's timestamps."},
		{func(h report) uint64 { return h.Received.Headers }, func(a in) *int64 { return &a.Changes },
			"room_header_changes_total", "Sequence headers that changed, or came for the first time, during the stream."},
		{func(h report) uint64 { return h.Received.Repeats }, func(a in) *int64 { return &a.Repeats },
			"room_repeated_headers_total", "Sequence headers that were repeated without a change."},
		{func(h report) uint64 { return h.Received.Wraps + h.Wraps }, func(a in) *int64 { return &a.Wraps },
			"room_timestamp_wraps_total", "Wraps of timestamps: of 24 or 32 bits as received, or of 33 bits as sent."},
		{func(h report) uint64 { return h.Pauses }, func(a in) *int64 { return &a.Pauses },
			"room_pauses_total", "Discontinuities because no media came for a while."},
		{func(h report) uint64 { return h.Forced }, func(a in) *int64 { return &a.Forced },
			"room_forced_cuts_total", "Segments that had to end before the next key frame came."},
		{func(h report) uint64 { return h.Shifts }, func(a in) *int64 { return &a.Shifts },
			"room_offset_shifts_total", "Corrections of DTS because of a negative composition time offset."},
		{func(h report) uint64 { return h.Moves }, func(a in) *int64 { return &a.Moves },
			"room_sound_moves_total", "Corrections of the timestamps of sound or picture because the A/V skew was too large."},
		{func(h report) uint64 { return h.AudioGaps }, func(a in) *int64 { return &a.AudioGaps },
			"room_audio_gaps_total", "Gaps between two frames of sound."},
		{func(h report) uint64 { return h.AudioExtra }, func(a in) *int64 { return &a.AudioGaps }, // the API has both in one
			"room_audio_overlaps_total", "Frames of sound that were left out because they would overlap others."},
		// What the encoder tells of itself (OBS with several video tracks).
		{func(h report) uint64 { return h.Received.Rendered }, func(a in) *int64 { return &a.Rendered },
			"publisher_frames_rendered_total", "Frames that the encoder's program composed, by its own count."},
		{func(h report) uint64 { return h.Received.Lagged }, func(a in) *int64 { return &a.Lagged },
			"publisher_frames_lagged_total", "Frames that the encoder's program composed too late, by its own count."},
		{func(h report) uint64 { return h.Received.Input }, func(a in) *int64 { return &a.Input },
			"publisher_frames_input_total", "Frames that the encoder's program had to encode, over all tracks, by its own count."},
		{func(h report) uint64 { return h.Received.Skipped }, func(a in) *int64 { return &a.Skipped },
			"publisher_frames_skipped_total", "Frames that the encoder's program had no time to encode, over all tracks, by its own count."},
		{func(h report) uint64 { return h.Received.Output }, func(a in) *int64 { return &a.Output },
			"publisher_frames_output_total", "Frames that the encoder's program had to send, over all tracks, by its own count."},
		{func(h report) uint64 { return h.Received.Unsent }, func(a in) *int64 { return &a.Unsent },
			"publisher_frames_dropped_total", "Frames that the encoder's program did not send because the network was too slow, by its own count."},
		// Media that was left out, and media that was repaired, by cause.
		{func(h report) uint64 { return h.Received.NoKey }, func(a in) *int64 { return &a.NoKey },
			"room_no_key_frame_pictures_total", "Pictures that were left out because no key frame came before them."},
		{func(h report) uint64 { return h.Received.NoVideoHeader }, func(a in) *int64 { return &a.NoVideoHeader },
			"room_no_header_pictures_total", "Pictures that were left out because their H.264 header is missing."},
		{func(h report) uint64 { return h.Received.NoAudioHeader }, func(a in) *int64 { return &a.NoAudioHeader },
			"room_no_header_sound_total", "Frames of sound that were left out because their AAC header is missing."},
		{func(h report) uint64 { return h.Received.BadPictures }, func(a in) *int64 { return &a.BadPictures },
			"room_bad_pictures_total", "Pictures, or parts of pictures, that were left out because they cannot be read."},
		{func(h report) uint64 { return h.Received.BadSound }, func(a in) *int64 { return &a.BadSound },
			"room_bad_sound_total", "Frames of sound that were left out because no player can decode them."},
		{func(h report) uint64 { return h.Received.OddSound }, func(a in) *int64 { return &a.OddSound },
			"room_odd_sound_total", "Frames of sound that were left out because browsers cannot play their kind of AAC, or MPEG-TS cannot carry it."},
		{func(h report) uint64 { return h.Received.BadMessages }, func(a in) *int64 { return &a.BadMessages },
			"room_bad_messages_total", "Audio and video messages that were left out because they are not valid."},
		{func(h report) uint64 { return h.Received.BadHeaders }, func(a in) *int64 { return &a.BadHeaders },
			"room_bad_headers_total", "Sequence headers that were left out because they are empty or cannot be read."},
		{func(h report) uint64 { return h.Received.ADTS }, func(a in) *int64 { return &a.ADTS },
			"room_sound_in_adts_total", "Frames of sound that came in ADTS and were taken out of it."},
		{func(h report) uint64 { return h.Received.Configs }, func(a in) *int64 { return &a.Configs },
			"room_sound_configs_total", "AAC headers that were sent as frames of sound."},
		{func(h report) uint64 { return h.Received.StartCodes }, func(a in) *int64 { return &a.StartCodes },
			"room_start_code_pictures_total", "Pictures with start codes in place of lengths. They were converted."},
		{func(h report) uint64 { return h.Received.Joined }, func(a in) *int64 { return &a.Joined },
			"room_joined_messages_total", "Messages that continue the picture of the message before and were joined with it."},
	}
}
