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
