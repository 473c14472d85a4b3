package spool

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"time"

	"mediad/ingest"
)

// Bounds of what a file may say: no segmenter makes more.
const (
	maxParts    = 4096
	maxDuration = 60 * ingest.Clock // of a part
	maxTicks    = 1 << 53
)

// files are the two of a segment.
type files struct {
	words io.ReaderAt // the records
	size  int64
	media io.ReaderAt // nil: there is none
	long  int64       // bytes of media
}

// read takes a segment's files as a crash may have left them, up to the last
// whole record. Media is not read, but for that of the last record before a
// torn end: there the disk may have kept the length and not the bytes. Files
// without a head and a part are an error that wraps errTorn; media that is not there is errGone.
func read(f files) (*Segment, error) {
	s := new(Segment)
	for !s.Closed {
		r, err := recordAt(f.words, s.good, f.size)
		if err == nil {
			err = s.take(r)
		}
		if errors.Is(err, errTorn) {
			break
		}
		if err != nil {
			return nil, err
		}
		s.good = r.next
	}
	if err := s.gone(f); err != nil {
		return nil, err
	}
	if !s.inline {
		s.fit(f.long)
	}
	if !s.Closed {
		if err := s.holdTail(f); err != nil {
			return nil, err
		}
	}
	if len(s.Parts) == 0 {
		return nil, fmt.Errorf("no part is whole: %w", errTorn)
	}
	return s, nil
}

// take adds a record, if it can follow what is there.
func (s *Segment) take(f found) error {
	switch {
	case f.kind == kindHead && s.good == 0:
		if json.Unmarshal(f.object, &s.Head) != nil || !s.Head.sane() || f.size != 0 {
			s.Head = Head{}
			return errTorn
		}
		s.inline = f.inline
	case f.inline != s.inline:
		return errTorn
	case f.kind == kindPart && s.good > 0:
		var p Part
		if json.Unmarshal(f.object, &p) != nil || !p.sane(f.size) || len(s.Parts) == maxParts {
			return errTorn
		}
		if n := len(s.Parts); n > 0 && p.Number <= s.Parts[n-1].Number {
			return errTorn
		}
		if !s.inline {
			f.at = s.Size()
		}
		s.Parts = append(s.Parts, p)
		s.offsets, s.sizes, s.sums = append(s.offsets, f.at), append(s.sizes, f.size), append(s.sums, f.sum)
	case f.kind == kindEnd && len(s.Parts) > 0:
		var e ending
		if json.Unmarshal(f.object, &e) != nil || e.Parts != len(s.Parts) || e.Target < 0 || e.Target > maxDuration {
			return errTorn
		}
		s.Closed, s.Target = true, max(s.Target, e.Target)
	default:
		return errTorn
	}
	return nil
}

// fit drops what lies beyond the end of the media.
func (s *Segment) fit(long int64) {
	for n := range s.Parts {
		if s.offsets[n]+s.sizes[n] > long {
			s.cut(n)
			return
		}
	}
}

// cut drops the parts from n on: the segment ends there, and was not closed.
func (s *Segment) cut(n int) {
	s.Closed = false
	s.Parts, s.offsets, s.sizes, s.sums = s.Parts[:n], s.offsets[:n], s.sizes[:n], s.sums[:n]
}

// holdTail drops parts at the end whose media does not match its checksum.
func (s *Segment) holdTail(f files) error {
	for n := len(s.Parts) - 1; n >= 0; n-- {
		_, err := s.media(f, n)
		if err == nil {
			break
		}
		if !errors.Is(err, errTorn) {
			return err
		}
		s.cut(n)
	}
	return nil
}

// media reads the bytes of part n.
func (s *Segment) media(f files, n int) ([]byte, error) {
	r := f.media
	if s.inline {
		r = f.words
	}
	out := make([]byte, s.sizes[n])
	if len(out) == 0 {
		return nil, nil
	}
	if r == nil {
		return nil, fmt.Errorf("segment %d has no media: %w", s.MSN, errTorn)
	}
	if _, err := r.ReadAt(out, s.offsets[n]); err != nil {
		return nil, fmt.Errorf("read part %d: %w", s.Parts[n].Number, err)
	}
	if crc32.Checksum(out, castagnoli()) != s.sums[n] {
		return nil, fmt.Errorf("part %d of segment %d is damaged: %w", s.Parts[n].Number, s.MSN, errTorn)
	}
	return out, nil
}

func (h *Head) sane() bool {
	year := h.Date.Year()
	return h.MSN > 0 && h.MSN < maxTicks && h.Start >= 0 && h.Start < maxTicks && year >= 1970 && year < 9000 &&
		h.Target >= 0 && h.Target <= maxDuration && h.Breaks < maxTicks
}

func (p *Part) sane(size int64) bool {
	return p.Number > 0 && p.Number < maxTicks && p.Duration > 0 && p.Duration <= maxDuration &&
		p.Target > 0 && p.Target <= maxDuration && p.Gap == (size == 0)
}

// run gives the newest segments whose numbers, and places on the line, follow
// each other.
func run(all []*Segment) []*Segment {
	for i := len(all) - 1; i > 0; i-- {
		if all[i-1].MSN+1 != all[i].MSN || all[i-1].End() > all[i].Start+ingest.Ticks(time.Millisecond) ||
			all[i-1].Parts[len(all[i-1].Parts)-1].Number >= all[i].Parts[0].Number {
			return slices.Clone(all[i:])
		}
	}
	return all
}
