package m3u8

import (
	"strconv"
	"strings"
	"time"
)

// decimal reads a decimal-floating-point number of seconds exactly (8216bis
// 4.2): no sign, no exponent. Digits below a nanosecond are cut off.
func decimal(s string) (time.Duration, error) {
	whole, frac, dot := strings.Cut(s, ".")
	if !digits(whole) || dot && !digits(frac) {
		return 0, breach("4.2", "%q is not a decimal number", clip(s))
	}
	if len(frac) > 9 {
		frac = frac[:9]
	}
	sec, err := strconv.ParseUint(whole, 10, 31)
	if err != nil || sec > uint64(maxDuration/time.Second) {
		return 0, breach("4.2", "%q seconds is more than this reader takes", clip(s))
	}
	ns, _ := strconv.ParseUint((frac + "000000000")[:9], 10, 63)
	return time.Duration(sec)*time.Second + time.Duration(ns), nil
}

// integer reads a decimal-integer (8216bis 4.2).
func integer(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || !digits(s) {
		return 0, breach("4.2", "%q is not a decimal integer", clip(s))
	}
	return n, nil
}

// date reads an ISO 8601 date with time and zone.
func date(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || legalDate(t.UTC()) != nil || t.IsZero() {
		return time.Time{}, breach("4.4.4.6", "%q is not a date with time and zone", clip(s))
	}
	return t.UTC(), nil
}

func digits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}
