package rtmp

import "mediad/ingest/rtmp/amf0"

// hint is what an onMetaData message says about the tracks.
type hint struct {
	read         bool // the message was understood to its end
	audio, video bool
}

// readHint reads the payload of @setDataFrame: a name, and an object or ECMA
// array. A codec is announced by a property that is neither null nor the empty
// string. Nested values are not read; they make the hint void, as anything odd
// does.
func readHint(b []byte) hint {
	b, ok := skipAMFString(b)
	if !ok {
		return hint{}
	}
	var h hint
	_, h.read = amf0.Properties(b, func(name string, value []byte) {
		text, isText := amf0.Text(value)
		there := value[0] != amf0.Null && value[0] != amf0.Undefined && !(isText && len(text) == 0)
		switch name {
		case "audiocodecid":
			h.audio = there
		case "videocodecid":
			h.video = there
		}
	})
	if !h.read {
		return hint{}
	}
	return h
}

func skipAMFString(b []byte) ([]byte, bool) {
	if _, ok := amf0.Text(b); !ok {
		return nil, false
	}
	return b[amf0.Size(b):], true
}
