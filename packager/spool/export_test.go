package spool

import "bytes"

// Encode writes a file of a segment as a Stream does; the offsets are where its
// records end.
func Encode(h Head, parts []Part, target int64) (file []byte, ends []int) {
	add := func(k kind, object any, media []byte) {
		text, err := lead(k, object, media)
		if err != nil {
			panic(err)
		}
		file = append(append(file, text...), media...)
		ends = append(ends, len(file))
	}
	add(kindHead, h, nil)
	for i := range parts {
		add(kindPart, &parts[i], parts[i].Data)
	}
	add(kindEnd, ending{len(parts), target}, nil)
	return file, ends
}

// Decode reads a file and all its media.
func Decode(file []byte) (*Segment, error) {
	r := bytes.NewReader(file)
	s, err := read(r, int64(len(file)))
	if err != nil {
		return nil, err
	}
	for i := range s.Parts {
		if s.Parts[i].Data, err = s.media(r, i); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Trusted tells what the mark should say.
func (st *Stream) Trusted() bool {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.trusted
}

// Seal makes a file of records whose sums are right, whatever they say: 'H',
// 'P' or 'E' for each.
func Seal(kinds string, objects, media [][]byte) (file []byte) {
	for i := range kinds {
		text, err := seal(kind(kinds[i]), objects[i], media[i])
		if err != nil {
			panic(err)
		}
		file = append(append(file, text...), media[i]...)
	}
	return file
}
