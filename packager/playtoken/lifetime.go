package playtoken

import (
	"strconv"
	"strings"
)

// age is for how many seconds a field of a Cache-Control header lets caches keep an
// answer; ok is false of any other field.
func age(field string) (name string, n int64, ok bool) {
	name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
	if name != "max-age" && name != "s-maxage" {
		return "", 0, false
	}
	n, err := strconv.ParseInt(value, 10, 64)
	return name, n, err == nil
}

// longest is the longest age in a header, in seconds.
func longest(header string) (most int64) {
	for field := range strings.SplitSeq(header, ",") {
		if _, n, ok := age(field); ok {
			most = max(most, n)
		}
	}
	return most
}

// shorten is a header with no age above left seconds.
func shorten(header string, left int64) string {
	var out []string
	for field := range strings.SplitSeq(header, ",") {
		if name, n, ok := age(field); ok {
			field = name + "=" + strconv.FormatInt(min(n, left), 10)
		}
		out = append(out, strings.TrimSpace(field))
	}
	return strings.Join(out, ", ")
}
