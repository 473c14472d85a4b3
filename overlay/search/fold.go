package search

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold gives a text as it is compared: without the difference of capitals, accents,
// widths, digits of other scripts, and the spellings that people take for one.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		r = unicode.ToLower(r)
		switch {
		case accent(r):
		case alike(r) != "":
			b.WriteString(alike(r))
		case r > unicode.MaxASCII && unicode.Is(unicode.Nd, r):
			b.WriteByte('0' + digit(r))
		default:
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String()) // Hangul, and marks that make another letter
}

// accent tells whether a mark is left out: those of Latin, Greek and Cyrillic, the
// vowels of Hebrew and Arabic, and the stretch of Arabic words. Thai and the scripts
// of India keep theirs, which are letters to their readers.
func accent(r rune) bool {
	return r >= 0x300 && r <= 0x36f || r >= 0x591 && r <= 0x5c7 && unicode.Is(unicode.Mn, r) ||
		r >= 0x610 && r <= 0x61a || r >= 0x64b && r <= 0x65f || r == 0x670 || r == 0x640 || r >= 0x6d6 && r <= 0x6ed && unicode.Is(unicode.Mn, r)
}

// alike gives letters that normalization does not take apart, and people do; "": it is
// none of them.
func alike(r rune) string {
	switch r {
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ø':
		return "o"
	case 'đ', 'ð':
		return "d"
	case 'þ':
		return "th"
	case 'ł':
		return "l"
	case 'ı':
		return "i"
	case 'ς':
		return "σ"
	case 'ى', 'ی':
		return "ي"
	case 'ک':
		return "ك"
	case 'ة':
		return "ه"
	}
	return ""
}

// digit gives the value of a decimal digit. The tables of Unicode have them in runs
// from 0 to 9.
func digit(r rune) byte {
	for _, t := range unicode.Nd.R16 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10)
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10)
		}
	}
	return 0
}

// umlauts gives a German text as it is typed without umlauts; ok is false if it has
// none.
func umlauts(s string) (text string, ok bool) {
	lower := strings.ToLower(norm.NFC.String(s))
	text = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue").Replace(lower)
	return text, text != lower
}
