package spool

import (
	"bytes"
	"encoding/json"
)

// Encode writes a file of a segment as former versions did, media among the
// records; the offsets are where its records end.
func Encode(h Head, parts []Part, target int64) (file []byte, ends []int) {
	file, _, ends = encode(formatInline, h, parts, target)
	return file, ends
}

// EncodeApart writes a segment's files as a Recorder does.
func EncodeApart(h Head, parts []Part, target int64) (words, media []byte, ends []int) {
	return encode(format, h, parts, target)
}

func encode(format string, h Head, parts []Part, target int64) (file, apart []byte, ends []int) {
	add := func(k kind, object any, media []byte) {
		text, err := json.Marshal(object)
		if err == nil {
			text, err = seal(format, k, text, media)
		}
		if err != nil {
			panic(err)
		}
		file = append(file, text...)
		if format == formatInline {
			file = append(file, media...)
		} else {
			apart = append(apart, media...)
		}
		ends = append(ends, len(file))
	}
	add(kindHead, h, nil)
	for i := range parts {
		add(kindPart, &parts[i], parts[i].Data)
	}
	add(kindEnd, ending{len(parts), target}, nil)
	return file, apart, ends
}

// Decode reads a file of a former version and all its media.
func Decode(file []byte) (*Segment, error) { return DecodeApart(file, nil) }

// DecodeApart reads a segment's files and all its media.
func DecodeApart(words, media []byte) (*Segment, error) {
	f := files{words: bytes.NewReader(words), size: int64(len(words))}
	if media != nil {
		f.media, f.long = bytes.NewReader(media), int64(len(media))
	}
	s, err := read(f)
	if err != nil {
		return nil, err
	}
	for i := range s.Parts {
		if s.Parts[i].Data, err = s.media(f, i); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Trusted tells what the mark should say.
func (st *Recorder) Trusted() bool {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.trusted
}

// Seal makes files of records whose sums are right, whatever they say: 'H', 'P'
// or 'E' for each. Media stands among the records, or apart.
func Seal(kinds string, objects, media [][]byte, inline bool) (words, apart []byte) {
	as := format
	if inline {
		as = formatInline
	}
	for i := range kinds {
		text, err := seal(as, kind(kinds[i]), objects[i], media[i])
		if err != nil {
			panic(err)
		}
		words = append(words, text...)
		if inline {
			words = append(words, media[i]...)
		} else {
			apart = append(apart, media[i]...)
		}
	}
	return words, apart
}
