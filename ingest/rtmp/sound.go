package rtmp

import (
	"bytes"

	"mediad/ingest"
	"mediad/ingest/aac"
)

// sound takes the payload of an audio message in: a raw access unit, as it should be,
// or other data that some encoders send there.
func (f *feed) sound(ms int64, data []byte) error {
	t := &f.tracks[audio]
	if aac.Wrapped(data) {
		return f.wrapped(ms, data)
	}
	t.inADTS = false
	if t.known && bytes.Equal(data, t.header) || aac.IsConfig(data) {
		f.account.count(func(n *ingest.Stats) { n.Configs++ })
		return f.header(audio, ms, data)
	}
	switch {
	case t.refused != nil:
		f.account.count(func(n *ingest.Stats) { n.OddSound++ })
	case !t.known:
		f.account.count(func(n *ingest.Stats) { n.NoAudioHeader++ })
	case aac.CheckFrame(data) != nil:
		f.account.count(func(n *ingest.Stats) { n.BadSound++ })
	default:
		f.frame[0] = data
		return f.put(audio, ms, 0, f.frame[:], false)
	}
	return nil
}

// wrapped takes ADTS frames in. The encoder writes an ADTS header for each frame, so it
// counts more than the sequence header, which may say something else or be missing.
func (f *feed) wrapped(ms int64, data []byte) error {
	t := &f.tracks[audio]
	h, frames, err := aac.Unwrap(f.frames[:0], data)
	f.frames = frames[:0]
	if err != nil {
		f.account.count(func(n *ingest.Stats) { n.BadSound++ })
		return nil
	}
	if !t.known || t.refused != nil || t.config.SampleRate != h.SampleRate || t.config.ChannelConfig != h.ChannelConfig {
		if err := f.header(audio, ms, h.Config()); err != nil {
			return err
		}
	}
	if !t.known || t.refused != nil {
		f.account.count(func(n *ingest.Stats) { n.OddSound += uint64(len(frames)) })
		return nil
	}
	t.inADTS = true
	f.account.count(func(n *ingest.Stats) { n.ADTS += uint64(len(frames)) })
	for i, frame := range frames {
		f.frame[0] = frame
		if err := f.put(audio, ms+int64(i*aac.FrameSamples*1000/h.SampleRate), 0, f.frame[:], false); err != nil {
			return err
		}
	}
	return nil
}
