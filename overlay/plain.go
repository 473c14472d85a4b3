package overlay

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// This file is the one place that says which characters words may have, whoever
// sends them: hosts (who are refused), and encoders and strangers, whose words
// are made plain before anybody sees them.
//
// Plain text is UTF-8 that shows what it has: no controls, no line and
// paragraph separators, nothing that turns the direction of what follows
// (overrides, embeddings, isolates), nothing that cannot be seen, no
// noncharacters, no pile of marks that covers other lines, and no U+FFFD, which is what decoders make of bytes that are no
// UTF-8 and of half a surrogate pair. What is invisible and has a use stays
// legal where it has that: ZWJ between emoji, ZWJ and ZWNJ in the words of
// scripts whose letters join, variation selectors behind what they vary, the
// tags of a flag, and the marks LRM, RLM and ALM in text that has letters from
// right to left.

const (
	zwnj       = '\u200c'
	zwj        = '\u200d'
	blackFlag  = '\U0001f3f4'
	tagsEnd    = '\U000e007f'
	broken     = utf8.RuneError
	emojiStyle = '\ufe0f'

	// mostMarks is how many marks one letter may have above, below and through it. No language
	// needs as many.
	mostMarks = 8
)

// Unplain says in words why a text is not plain; "": it is. Line breaks and tabs
// pass if multiline.
func Unplain(s string, multiline bool) string {
	if !utf8.ValidString(s) {
		return "is not valid UTF-8"
	}
	text, piled := []rune(s), 0
	for i := 0; i < len(text); i++ {
		r := text[i]
		if piled = pile(piled, r); piled > mostMarks {
			return fmt.Sprintf("has more than %d marks on one letter", mostMarks)
		}
		switch {
		case multiline && (r == '\n' || r == '\t'):
		case plainRune(r):
		case r == blackFlag:
			i += flagTags(text[i+1:])
		case inPlace(text, i):
		default:
			return whyNot(r)
		}
	}
	return ""
}

// Plain makes a text plain for showing: what is not becomes U+FFFD, and what is
// longer than limit characters is cut.
func Plain(s string, limit int) string {
	var text []rune
	for _, r := range s { // bytes that are no UTF-8 come as U+FFFD
		if len(text) == limit {
			break
		}
		text = append(text, r)
	}
	piled := 0
	for i := 0; i < len(text); i++ {
		piled = pile(piled, text[i])
		switch r := text[i]; {
		case piled > mostMarks:
			text[i], piled = broken, 0
		case plainRune(r):
		case r == blackFlag:
			i += flagTags(text[i+1:])
		case inPlace(text, i):
		default:
			text[i] = broken
		}
	}
	return string(text)
}

// pile counts the marks that stand on one letter.
func pile(piled int, r rune) int {
	if r < 0x300 || !unicode.In(r, unicode.Mn, unicode.Me) {
		return 0
	}
	return piled + 1
}

func whyNot(r rune) string {
	switch {
	case r == broken:
		return "has a broken character (U+FFFD, or half a surrogate pair)"
	case unicode.IsControl(r):
		return fmt.Sprintf("has a control character (U+%04X)", r)
	case unicode.Is(turning, r):
		return fmt.Sprintf("has a character that turns the direction of text (U+%04X)", r)
	case unicode.In(r, unicode.Zl, unicode.Zp):
		return fmt.Sprintf("has a line separator (U+%04X)", r)
	}
	return fmt.Sprintf("has a character that cannot be seen (U+%04X)", r)
}

// plainRune tells whether a character is plain wherever it stands. A black flag
// is, too, but tags may follow it.
func plainRune(r rune) bool {
	if r < 0x7f {
		return r >= ' '
	}
	return r != broken && r != blackFlag && !unicode.IsControl(r) && !unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Cs, unicode.Noncharacter_Code_Point, unseen, unicode.Variation_Selector)
}

// inPlace tells whether an invisible character has a use where it stands.
func inPlace(text []rune, i int) bool {
	if i == 0 {
		return unicode.Is(marks, text[i]) && rightToLeft(text)
	}
	before := text[i-1]
	switch r := text[i]; {
	case before == broken:
		return false
	case r == zwj && i+1 < len(text) && (pictorial(before) || before == emojiStyle) && pictorial(text[i+1]):
		return true
	case r == zwj || r == zwnj:
		return unicode.In(before, joining...)
	case unicode.Is(unicode.Mongolian, before) && r >= 0x180b && r <= 0x180f && r != 0x180e:
		return true
	case r >= 0xe0100 && r <= 0xe01ef:
		return unicode.Is(unicode.Han, before)
	case unicode.Is(unicode.Variation_Selector, r):
		return r >= 0xfe00 && unicode.In(before, unicode.L, unicode.N, unicode.S, unicode.P)
	case unicode.Is(marks, r):
		return rightToLeft(text)
	}
	return false
}

// pictorial tells whether a character may be a part of an emoji that ZWJ joins.
func pictorial(r rune) bool {
	return r >= 0xa9 && r != broken && unicode.In(r, unicode.So, unicode.Sm, unicode.Sk)
}

// flagTags counts the tags that make a flag of a black one: a region's letters
// and digits, and their end.
func flagTags(text []rune) int {
	for i, r := range text {
		switch {
		case r == tagsEnd && i > 0:
			return i + 1
		case i < 6 && (r >= 0xe0030 && r <= 0xe0039 || r >= 0xe0061 && r <= 0xe007a):
		default:
			return 0
		}
	}
	return 0
}

func rightToLeft(text []rune) bool {
	for _, r := range text {
		if unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko) && unicode.IsLetter(r) {
			return true
		}
	}
	return false
}
