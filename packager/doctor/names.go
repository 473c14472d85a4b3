package doctor

import (
	"regexp"
	"strconv"
	"strings"
)

// another guesses the name of a later segment or part: it adds more to the last number
// in the name of uri. It gives "" where the name has no number.
func another(uri string, more uint64) string {
	path, query, asks := strings.Cut(uri, "?")
	path, _ = piece(path)
	dir := strings.LastIndexByte(path, '/') + 1
	stem, ext := path[dir:], ""
	if dot := strings.LastIndexByte(stem, '.'); dot >= 0 {
		stem, ext = stem[:dot], stem[dot:]
	}
	all := regexp.MustCompile(`\d+`).FindAllStringIndex(stem, -1)
	if len(all) == 0 {
		return ""
	}
	at := all[len(all)-1]
	n, err := strconv.ParseUint(stem[at[0]:at[1]], 10, 63)
	if err != nil {
		return ""
	}
	next := strconv.FormatUint(n+more, 10)
	for len(next) < at[1]-at[0] { // "00041" goes on as "00042"
		next = "0" + next
	}
	out := path[:dir] + stem[:at[0]] + next + stem[at[1]:] + ext
	if asks {
		out += "?" + query
	}
	return out
}
