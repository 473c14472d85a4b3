package check

import (
	"strings"
	"unicode"
)

// Printable keeps a text from a stream or a server from moving the reader's
// terminal: a dot stands for each control character.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '.'
		}
		return r
	}, text)
}
