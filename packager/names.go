package packager

import (
	"strconv"
	"strings"
)

// Names are functions of numbers that never go back under one epoch: a media
// sequence number for a segment, a running number for a part. A part is not
// named by its place in a segment, because an early key frame would falsify
// the hint that was given for it.

// rendition is the name of the only rendition.
const rendition = "main"

func segmentName(msn uint64) string { return strconv.FormatUint(msn, 10) + ".ts" }

func partName(number uint64) string { return "p" + strconv.FormatUint(number, 10) + ".ts" }

// parseName reads a media name; the number is canonical decimal.
func parseName(name string) (number uint64, isPart, ok bool) {
	digits, found := strings.CutSuffix(name, ".ts")
	if !found {
		return 0, false, false
	}
	digits, isPart = strings.CutPrefix(digits, "p")
	number, err := strconv.ParseUint(digits, 10, 63)
	if err != nil || strconv.FormatUint(number, 10) != digits {
		return 0, false, false
	}
	return number, isPart, true
}
