package check

import (
	"fmt"
	"path"

	"mediad/packager/m3u8"
)

// Stored judges the plain playlist under a room's stable name. It is given the
// versions that a reader of the object store sees, over all broadcasts of the room.
// It is used by one goroutine.
type Stored struct {
	// Key is the playlist's key. The URIs in it are relative to that. Required.
	Key string
	// Has tells whether there is an object under a key. Required.
	Has func(key string) (bool, error)
	// Versions counts the different texts that were seen.
	Versions int

	text   string
	last   *m3u8.Media
	lives  map[string]*Playlist // by the folder of a broadcast's segments
	stored map[string]bool      // keys that have been found in the store
}

// Next judges the version that was just read. An error is that of Has, and the
// version is then not judged.
func (s *Stored) Next(text []byte) ([]Violation, error) {
	if string(text) == s.text {
		return nil, nil
	}
	if s.lives == nil {
		s.lives, s.stored = make(map[string]*Playlist), make(map[string]bool)
	}
	m, err := m3u8.Parse(text)
	if err != nil || len(m.Segments) == 0 {
		return []Violation{{Rule: RuleSyntax, Detail: fmt.Sprintf("a playlist of nothing, or none: %v", err)}}, nil
	}
	missing, err := s.missing(m)
	if err != nil {
		return nil, err
	}
	f := findings{text: string(text)}
	for _, key := range missing {
		f.add(RuleStoredNamed, "%s is not there", key)
	}
	if l := s.last; l != nil {
		if m.Sequence < l.Sequence || end(m) < end(l) || m.DiscontinuitySequence < l.DiscontinuitySequence {
			f.add(RuleStoredBack, "from %d-%d/%d to %d-%d/%d", l.Sequence, end(l), l.DiscontinuitySequence, m.Sequence, end(m), m.DiscontinuitySequence)
		}
	}
	// The next broadcast is a new presentation at the same address.
	life := path.Dir(m.Segments[0].URI)
	if s.lives[life] == nil {
		s.lives[life] = &Playlist{Kind: PlainPlaylist}
	}
	f.list = append(f.list, s.lives[life].Next(text)...)
	s.text, s.last = string(text), m
	s.Versions++
	return f.list, nil
}

// missing gives the keys that a playlist names and the store does not have.
func (s *Stored) missing(m *m3u8.Media) ([]string, error) {
	var out []string
	for i := range m.Segments {
		seg := &m.Segments[i]
		key := path.Join(path.Dir(s.Key), seg.URI)
		if seg.Gap || s.stored[key] {
			continue
		}
		has, err := s.Has(key)
		if err != nil {
			return nil, err
		}
		if has {
			s.stored[key] = true
		} else {
			out = append(out, key)
		}
	}
	return out, nil
}
