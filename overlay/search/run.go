package search

import (
	"strings"
	"unicode"
)

// run is a piece of a folded text: a word, or letters of a script that has no spaces
// between words. Those are compared in grams, overlapping pieces of a fixed length.
type run struct {
	text []rune
	gram int // 0: a word
}

// maxWord is how many letters of a word are compared.
const maxWord = 32

// gramOf gives the length of the grams of a letter's script. Two ideographs make a
// word; a word of Thai has more letters than that.
func gramOf(r rune) int {
	switch {
	case r < 0xe00:
		return 0
	case unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
		return 3
	case r == 'ー' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo):
		return 2
	}
	return 0
}

// runs takes a folded text apart. What is no letter, digit or mark ends a run.
func runs(s string) (all []run) {
	var now run
	end := func() {
		if len(now.text) > 0 {
			all = append(all, now.parts()...)
		}
		now = run{}
	}
	for _, r := range s {
		if !unicode.In(r, unicode.L, unicode.N, unicode.M) {
			end()
			continue
		}
		gram := gramOf(r)
		if gram != now.gram {
			end()
		}
		now.gram, now.text = gram, append(now.text, r)
	}
	end()
	return all
}

// parts makes a word regular. An amount with its unit is two words, as 5kg is often
// written 5 kg. Numbers lose their leading zeros: one bar code has 12 digits or 13.
// The Arabic article is left out.
func (r run) parts() []run {
	if r.gram > 0 {
		return []run{r}
	}
	text := string(r.text)
	number := len(text) - len(strings.TrimLeft(text, "0123456789"))
	if unit := text[number:]; number > 0 && unit != "" && len(unit) <= 3 && strings.Trim(unit, "abcdefghijklmnopqrstuvwxyz") == "" {
		return []run{word(text[:number]), word(unit)}
	}
	return []run{word(text)}
}

func word(text string) run {
	if strings.Trim(text, "0123456789") == "" {
		if text = strings.TrimLeft(text, "0"); text == "" {
			text = "0"
		}
	}
	if rest, ok := strings.CutPrefix(text, "ال"); ok && len([]rune(rest)) > 1 {
		text = rest
	}
	letters := []rune(text)
	return run{text: letters[:min(len(letters), maxWord)]}
}
