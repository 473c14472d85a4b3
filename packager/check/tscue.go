package check

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"mediad/packager/id3"
)

// The contract's form of a cue.
const (
	cueName = "mediad.cue"
	maxCue  = 2048
)

// readCue gives the text of the one cue in a tag.
func readCue(tag []byte) ([]byte, error) {
	frames, err := id3.Parse(tag)
	if err != nil {
		return nil, err
	}
	return cueOf(frames)
}

// cueOf gives the text of the one cue that a tag's frames hold.
func cueOf(frames []id3.Frame) ([]byte, error) {
	if len(frames) != 1 {
		return nil, fmt.Errorf("%d frames in one tag", len(frames))
	}
	if f := frames[0]; f.ID != "TXXX" || f.Description != cueName {
		return nil, fmt.Errorf("frame %s %q instead of TXXX %q", f.ID, f.Description, cueName)
	}
	return frames[0].Value, nil
}

// checkJSON judges a cue's text.
func checkJSON(text []byte) error {
	switch {
	case len(text) > maxCue:
		return fmt.Errorf("%d bytes, the limit is %d", len(text), maxCue)
	case !utf8.Valid(text):
		return errors.New("not UTF-8")
	case !bytes.HasPrefix(text, []byte("{")) || !json.Valid(text):
		return errors.New("not a JSON object")
	}
	return nil
}

// checkCue judges one PES packet of timed ID3. The part's pictures and audio have
// been counted before.
func (c *TS) checkCue(u *pes) {
	if u.stream != 0xBD {
		c.report(RuleID3, u.offset, "stream_id %#02x for ID3", u.stream)
	}
	if !u.aligned { // media3 drops such a PES packet.
		c.report(RuleID3, u.offset, "ID3 without data_alignment_indicator")
	}
	if u.flags != 0x80 {
		c.report(RuleID3, u.offset, "PES flags %#02x instead of a PTS alone", u.flags)
	}
	frames, err := id3.Parse(u.payload)
	if err != nil {
		c.report(RuleID3, u.offset, "ID3: %v", err)
		return
	}
	text, err := cueOf(frames)
	if err != nil {
		c.report(RuleCueFrame, u.offset, "ID3: %v", err)
		return
	}
	c.cues = append(c.cues, Cue{PTS: u.pts, JSON: text})
	if err := checkJSON(text); err != nil {
		c.report(RuleCueText, u.offset, "cue: %v", err)
	}

	// A cue has the PTS of the frame that it belongs to, and further cues of that
	// frame follow tick by tick. So all lie before the end of the part's last frame.
	span, length := c.video, c.frame
	if span.Units == 0 {
		span, length = c.audio, 0
		if c.hasEnd {
			length = since(c.audioEnd, span.MaxPTS)
		}
	}
	if length <= 0 {
		length = 9000
	}
	// A part may begin with sound, where no picture comes for some time.
	first := span.MinPTS
	if c.audio.Units > 0 && since(c.audio.MinPTS, first) < 0 {
		first = c.audio.MinPTS
	}
	switch {
	case span.Units == 0:
		c.report(RuleCueAlone, u.offset, "cue in a part without pictures and audio")
	case since(u.pts, first) < 0 || since(u.pts, span.MaxPTS) >= length:
		c.report(RuleCueInPart, u.offset, "PTS %d of a cue lies outside its part, %d to %d", u.pts, first, (span.MaxPTS+length)&clockMask)
	}
}

// Cues reads the cues of a part, a segment, or several. It fails if one of them
// cannot be read.
func Cues(data []byte) ([]Cue, error) {
	var cues []Cue
	var bad error
	l := readLayout(data, ignore)
	for _, u := range l.units {
		if u.kind != typeID3 {
			continue
		}
		text, err := readCue(u.payload)
		if err == nil {
			err = checkJSON(text)
		}
		if err != nil && bad == nil {
			bad = fmt.Errorf("read cue at byte %d: %w", u.offset, err)
		}
		cues = append(cues, Cue{PTS: u.pts, JSON: text})
	}
	if l.program == nil {
		return nil, errors.New("read cues: no MPEG-TS with a PMT")
	}
	if bad != nil {
		return nil, bad
	}
	return cues, nil
}
