package metrics

import (
	"mediad/ingest"
	"mediad/packager/health"
)

// codingCounts tell by its cause what could not be used, and what was put right.
func codingCounts(room roomDesc) []roomMetric {
	count := func(name, help string, get func(ingest.Stats) uint64) roomMetric {
		return roomMetric{room(name, help), func(h health.Report) float64 { return float64(get(h.Received)) }}
	}
	return []roomMetric{
		count("no_key_frame_pictures_total", "Pictures left out because no key frame had come before them.", func(s ingest.Stats) uint64 { return s.NoKey }),
		count("no_header_pictures_total", "Pictures left out for want of an H.264 header.", func(s ingest.Stats) uint64 { return s.NoVideoHeader }),
		count("no_header_sound_total", "Frames of sound left out for want of an AAC header.", func(s ingest.Stats) uint64 { return s.NoAudioHeader }),
		count("bad_pictures_total", "Pictures, or parts of them, left out because they cannot be read.", func(s ingest.Stats) uint64 { return s.BadPictures }),
		count("bad_sound_total", "Frames of sound left out because no player decodes them.", func(s ingest.Stats) uint64 { return s.BadSound }),
		count("odd_sound_total", "Frames of sound left out because their kind of AAC cannot be carried.", func(s ingest.Stats) uint64 { return s.OddSound }),
		count("bad_messages_total", "Audio and video messages left out because they make no sense.", func(s ingest.Stats) uint64 { return s.BadMessages }),
		count("bad_headers_total", "Sequence headers that were empty or unreadable, and were skipped.", func(s ingest.Stats) uint64 { return s.BadHeaders }),
		count("sound_in_adts_total", "Frames of sound that were taken out of ADTS.", func(s ingest.Stats) uint64 { return s.ADTS }),
		count("sound_configs_total", "AAC headers that came as frames of sound.", func(s ingest.Stats) uint64 { return s.Configs }),
		count("start_code_pictures_total", "Pictures with start codes where lengths belong.", func(s ingest.Stats) uint64 { return s.StartCodes }),
		count("joined_messages_total", "Messages that went on with the picture of the message before.", func(s ingest.Stats) uint64 { return s.Joined }),
	}
}
