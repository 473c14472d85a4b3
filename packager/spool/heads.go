package spool

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// headAt is where a segment begins in a file of records.
type headAt struct {
	msn uint64
	at  int64
}

// headsOf reads where segments begin in a file of records.
func headsOf(path string) ([]headAt, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 4*maxLog))
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", path, err)
	}
	return heads(text), nil
}

// heads finds where segments begin. A record that is not whole costs its segment
// and no other: what follows is looked for.
func heads(text []byte) (out []headAt) {
	r, begin := bytes.NewReader(text), []byte(string(kindHead)+format)
	for at := int64(0); at < int64(len(text)); {
		record, err := recordAt(r, at, int64(len(text)))
		if err != nil { // torn: there is no other way to fail here
			next := bytes.Index(text[at+1:], begin)
			if next < 0 {
				break
			}
			at += int64(next) + 1
			continue
		}
		var h Head
		if record.kind == kindHead && !record.inline && json.Unmarshal(record.object, &h) == nil && h.sane() {
			out = append(out, headAt{h.MSN, at})
		}
		at = record.next
	}
	return out
}

// errGone: a segment's media was deleted; its records stay as long as their file.
var errGone = errors.New("the segment's media is not here any more")

// gone tells of a segment whose records say that it has media, and that has none.
func (s *Segment) gone(f files) error {
	if !s.inline && f.media == nil && slices.ContainsFunc(s.sizes, func(n int64) bool { return n > 0 }) {
		return errGone
	}
	return nil
}
