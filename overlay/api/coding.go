package api

// Coding counts media of an encoder that cannot be used, by cause, and media that
// is repaired.
type Coding struct {
	NoKey         int64 `json:"no_key_frame,omitempty" doc:"Pictures left out because no key frame had come before them"`
	NoVideoHeader int64 `json:"no_video_header,omitempty" doc:"Pictures left out for want of an H.264 header"`
	NoAudioHeader int64 `json:"no_audio_header,omitempty" doc:"Frames of sound left out for want of an AAC header"`
	BadPictures   int64 `json:"bad_pictures,omitempty" doc:"Pictures, or parts of them, left out because they cannot be read"`
	BadSound      int64 `json:"bad_sound,omitempty" doc:"Frames of sound left out because no player decodes them"`
	OddSound      int64 `json:"odd_sound,omitempty" doc:"Frames of sound left out because their kind of AAC cannot be carried"`
	BadMessages   int64 `json:"bad_messages,omitempty" doc:"Audio and video messages left out because they make no sense"`

	BadHeaders int64 `json:"bad_headers,omitempty" doc:"Sequence headers that were empty or unreadable, and were skipped"`
	ADTS       int64 `json:"sound_in_adts,omitempty" doc:"Frames of sound that were taken out of ADTS"`
	Configs    int64 `json:"sound_configs,omitempty" doc:"AAC headers that came as frames of sound, and were taken as headers"`
	StartCodes int64 `json:"start_codes,omitempty" doc:"Pictures with start codes where lengths belong; they were taken apart"`
	Joined     int64 `json:"joined_messages,omitempty" doc:"Messages that continued the picture of the message before"`

	SoundRefused string `json:"sound_refused,omitempty" enum:"layout,frame_length,profile,sample_rate" doc:"Why the sound cannot be carried and silence stands in for it; empty: it can"`
}
