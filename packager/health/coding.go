package health

// Warnings of media that cannot be used, or that the server repairs.
const (
	NoKey         Code = "no_key_frame"
	NoVideoHeader Code = "no_video_header"
	NoAudioHeader Code = "no_audio_header"
	BadPictures   Code = "bad_pictures"
	BadSound      Code = "bad_sound"
	BadMessages   Code = "bad_messages"
	SoundLayout   Code = "sound_layout"
	SoundLength   Code = "sound_frame_length"
	SoundProfile  Code = "sound_profile"
	SoundRate     Code = "sound_sample_rate"
	BadHeaders    Code = "bad_header"
	SoundInADTS   Code = "sound_in_adts"
	SoundConfigs  Code = "sound_config"
	StartCodes    Code = "start_codes"
	Slices        Code = "slices"
)

// manyKeyless is the number of pictures without a key frame that makes a warning. A
// few come whenever a publisher begins.
const manyKeyless = 10

// unusable are the rules for media that cannot be shown or heard. Each names its own
// cause and ends with it, because the counts are those of the last ten seconds.
var unusable = [...]rule{
	{NoVideoHeader, func(_ Report, n Recent) float64 { return float64(n.NoVideoHeader) }, 2, 1,
		"Pictures come without an H.264 header and cannot be shown (%.0f within ten seconds): stop and start streaming; with ffmpeg, add -flags +global_header."},
	{NoAudioHeader, func(_ Report, n Recent) float64 { return float64(n.NoAudioHeader) }, 2, 1,
		"Sound comes without an AAC header and cannot be heard (%.0f frames within ten seconds): stop and start streaming. If this continues, update the encoder."},
	{SoundLayout, oddSound("layout"), 1, 1,
		"Viewers hear nothing: browsers cannot play the channel layout of the sound. Choose mono, stereo or 5.1 (ffmpeg: -ac 2, or -af aformat=channel_layouts=5.1)."},
	{SoundLength, oddSound("frame_length"), 1, 1,
		"Viewers hear nothing: the sound is AAC with 960-sample frames. Choose AAC-LC with 1024-sample frames."},
	{SoundProfile, oddSound("profile"), 1, 1,
		"Viewers hear nothing: the sound is AAC of a profile that browsers cannot play. Choose AAC-LC."},
	{SoundRate, oddSound("sample_rate"), 1, 1,
		"Viewers hear nothing: the sound has a sample rate that AAC in MPEG-TS does not support. Choose 48 kHz in OBS → Settings → Audio."},
	{BadPictures, func(_ Report, n Recent) float64 { return float64(n.BadPictures) }, 2, 1,
		"%.0f pictures within ten seconds could not be read and were left out: update the encoder, or choose another (x264) in OBS → Settings → Output."},
	{BadSound, func(_ Report, n Recent) float64 { return float64(n.BadSound) }, 2, 1,
		"%.0f frames of sound within ten seconds were left out, because no player can decode them: update the encoder, or choose another AAC encoder."},
	{NoKey, func(_ Report, n Recent) float64 { return float64(n.NoKey) }, manyKeyless, manyKeyless / 2,
		"%.0f pictures within ten seconds could not be used, because no key frame came before them: set the keyframe interval to 2 s in OBS → Settings → Output."},
	{BadMessages, func(_ Report, n Recent) float64 { return float64(n.BadMessages) }, 2, 1,
		"%.0f messages within ten seconds were not valid and were left out: update the encoder."},
}

// repaired are the rules for faults that viewers hardly notice.
var repaired = [...]rule{
	{BadHeaders, func(_ Report, n Recent) float64 { return float64(n.BadHeaders) }, 1, 1,
		"Headers that were empty or could not be read, and were left out: %.0f within ten seconds. If picture or sound is missing, update the encoder."},
	{SoundInADTS, func(_ Report, n Recent) float64 { return float64(n.ADTS) }, 1, 1,
		"The encoder sends its sound in ADTS, which RTMP does not use. The server takes the sound out of it, and viewers hear the sound: update the encoder when you can."},
	{SoundConfigs, func(_ Report, n Recent) float64 { return float64(n.Configs) }, 1, 1,
		"The encoder sends AAC headers as if they were sound (%.0f within ten seconds). The server uses them as headers, and viewers hear the sound: update the encoder when you can."},
	{StartCodes, func(_ Report, n Recent) float64 { return float64(n.StartCodes) }, 1, 1,
		"The encoder puts start codes into its pictures, in place of lengths. The server converts them, and viewers see the picture: update the encoder when you can; with ffmpeg, add -flags +global_header."},
	{Slices, func(_ Report, n Recent) float64 { return float64(n.Joined) }, 1, 1,
		"The encoder sends each picture in several messages. The server joins them, and this adds one frame of delay for viewers: set slices to 1 in the encoder."},
}

// oddSound counts frames that cannot be carried, for one reason.
func oddSound(why string) func(Report, Recent) float64 {
	return func(r Report, n Recent) float64 {
		if r.Received.SoundRefused != why {
			return 0
		}
		return float64(n.OddSound)
	}
}

// pictures and sounds count media that came and could not be used. While there is
// such media, warnings that nothing arrives would name the wrong cause.
func (r Recent) pictures() uint64 {
	n := r.NoVideoHeader + r.BadPictures
	if r.NoKey >= manyKeyless {
		n += r.NoKey
	}
	return n
}

func (r Recent) sounds() uint64 { return r.NoAudioHeader + r.BadSound + r.OddSound }

func unless(other bool, v float64) float64 {
	if other {
		return 0
	}
	return v
}
