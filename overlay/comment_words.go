package overlay

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// WordList finds words that a chat does not take, however they are written: in other
// letters of the same meaning (full width, ligatures), in another case, or with blanks and
// signs between the letters.
//
// A word of a script that parts words with blanks is found as a whole word, so that none is
// found inside another: "ass" is not in "class". With signs between all of its letters it is
// found, too: "a.s.s". Two words side by side are not one: "pen is". Scripts without blanks,
// as Chinese, or whose words grow, as Korean, have no such edges: there a word is found
// wherever its letters follow each other.
type WordList struct {
	whole map[string]bool // joined letters of words, by their text
	runs  []string        // words of scripts without blanks
	words int             // the most words of a phrase
}

// NewWordList makes a list.
func NewWordList(words []string) WordList {
	l := WordList{whole: map[string]bool{}}
	for _, w := range words {
		pieces := pieces(w)
		joined := strings.Join(pieces, "")
		switch {
		case joined == "":
		case strings.ContainsFunc(joined, unspaced):
			l.runs = append(l.runs, joined)
		default:
			l.whole[joined] = true
			l.whole[strings.Join(pieces, " ")] = true
			l.words = max(l.words, len(pieces))
		}
	}
	return l
}

func (l WordList) empty() bool { return len(l.whole) == 0 && len(l.runs) == 0 }

// In tells whether a text has a word of the list.
func (l WordList) In(text string) bool {
	if l.empty() {
		return false
	}
	pieces := pieces(text)
	if len(l.runs) > 0 {
		joined := strings.Join(pieces, "")
		if slices.ContainsFunc(l.runs, func(w string) bool { return strings.Contains(joined, w) }) {
			return true
		}
	}
	for i := range pieces {
		for n := 1; n <= l.words && i+n <= len(pieces); n++ {
			if l.whole[strings.Join(pieces[i:i+n], " ")] {
				return true
			}
		}
		if spelt := spelt(pieces, i); l.within(spelt) {
			return true
		}
	}
	return false
}

// spelt gives the single letters that stand side by side from a place on, where they begin;
// none: they do not begin there.
func spelt(pieces []string, from int) (letters []rune) {
	if from > 0 && utf8.RuneCountInString(pieces[from-1]) == 1 {
		return nil
	}
	for _, p := range pieces[from:] {
		r, n := utf8.DecodeRuneInString(p)
		if n != len(p) {
			break
		}
		letters = append(letters, r)
	}
	return letters
}

// within tells whether letters that stand apart make a word of the list.
func (l WordList) within(letters []rune) bool {
	for i := range letters {
		for j := i + 2; j <= min(len(letters), i+maxChatWord); j++ {
			if l.whole[string(letters[i:j])] {
				return true
			}
		}
	}
	return false
}

// pieces gives the runs of letters and digits of a text, in the form in which texts of one
// meaning are equal. Where a script with edges meets one without, a piece ends.
func pieces(text string) (all []string) {
	text = cases.Fold().String(norm.NFKC.String(text))
	var piece []rune
	end := func() {
		if len(piece) > 0 {
			all = append(all, string(piece))
			piece = piece[:0]
		}
	}
	for _, r := range norm.NFKC.String(text) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if len(piece) > 0 && unspaced(piece[len(piece)-1]) != unspaced(r) {
				end()
			}
			piece = append(piece, r)
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
			// marks that are heaped upon letters, and joiners: not seen, or not read
			if len(piece) > 0 && unspaced(piece[len(piece)-1]) {
				piece = append(piece, r) // vowels of Thai and its kin are marks
			}
		default:
			end()
		}
	}
	end()
	return all
}

// unspaced tells whether a letter belongs to a script in which a word has no edges.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
