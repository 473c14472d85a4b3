package rtmp

import (
	"bytes"
	"errors"

	"mediad/ingest"
	"mediad/ingest/aac"
)

// header takes a sequence header in. A header that is empty or cannot be read is
// skipped, and the last one stays in force: the encoder may send a better one, or its
// key frames may carry the same parameters. Sound that cannot be carried is left out,
// too, while pictures go on.
func (f *feed) header(k kind, ms int64, data []byte) error {
	t := &f.tracks[k]
	if f.settled && !bytes.Equal(t.header, data) {
		if err := f.drain(); err != nil { // the kept units belong to the old header
			return err
		}
	}
	again := t.known
	changed, err := t.configure(k, data)
	var odd *aac.UnsupportedError
	switch {
	case errors.As(err, &odd):
		if t.refused == nil || t.refused.Error() != odd.Error() {
			f.note("sound is left out", err)
		}
		t.refused = odd
		why := string(odd.Why)
		f.account.count(func(n *ingest.Stats) { n.SoundRefused = why })
		return nil
	case err != nil:
		if f.account.count(func(n *ingest.Stats) { n.BadHeaders++ }).BadHeaders == 1 {
			f.note(k.String()+" header is skipped", err)
		}
		return nil
	}
	if k == audio {
		f.account.count(func(n *ingest.Stats) { n.SoundRefused = "" })
	}
	f.configured(k, ms, again, changed)
	if !changed && again {
		f.account.count(func(n *ingest.Stats) { n.Repeats++ })
	}
	return nil
}

// configured notes that a track has parameters. again says that it had some before.
func (f *feed) configured(k kind, ms int64, again, changed bool) {
	if k == video && !again {
		f.videoMS = ms
	}
	if !changed {
		return
	}
	if again || f.settled {
		f.account.count(func(n *ingest.Stats) { n.Headers++ })
	}
	f.backlog.forget(k)
	if k == video {
		f.entry.wait()
	}
}

func (k kind) String() string {
	if k == video {
		return "H.264"
	}
	return "AAC"
}
