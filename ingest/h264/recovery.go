package h264

// recoveryPoint is the type of the SEI message "recovery point" (Rec. ITU-T H.264
// D.1.8).
const recoveryPoint = 6

// Recovers tells whether a decoder that begins with this picture shows correct
// pictures, at once or soon. It does where the picture carries a recovery point
// (intra refresh), or consists of I slices alone, as the first picture of an open GOP.
func Recovers(nals [][]byte) bool {
	slices := 0
	for _, nal := range nals {
		switch {
		case TypeOf(nal) == SEI && hasMessage(nal, recoveryPoint):
			return true
		case Coded(nal):
			if !isIntra(nal) {
				return false
			}
			slices++
		}
	}
	return slices > 0
}

// isIntra tells whether a slice refers to no other picture (table 7-6). Data
// partitions B and C do not say so themselves; partition A before them does.
func isIntra(nal []byte) bool {
	switch TypeOf(nal) {
	case IDR:
		return true
	case Slice, partitionA:
		r := golomb{nal: nal, at: 8}
		r.read() // first_mb_in_slice
		kind := r.read() % 5
		return !r.over && (kind == 2 || kind == 4)
	}
	return true
}

// hasMessage looks for a message in an SEI unit (7.3.2.3.1). It does not find a message
// behind one whose payload has an emulation prevention byte. Such payloads are rare in
// the messages that come first.
func hasMessage(nal []byte, kind int) bool {
	number := func(b []byte) (n int, rest []byte, ok bool) {
		for i, c := range b {
			if n += int(c); c != 0xff {
				return n, b[i+1:], true
			}
		}
		return 0, nil, false
	}
	for rest := nal[1:]; len(rest) > 1; { // a message, and not the trailing bits alone
		is, more, ok := number(rest)
		if !ok {
			return false
		}
		size, more, ok := number(more)
		if !ok || size > len(more) {
			return false
		}
		if is == kind {
			return true
		}
		rest = more[size:]
	}
	return false
}
