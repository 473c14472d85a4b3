package overlay

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// HasLink tells whether a text leads somewhere: an address with its scheme, or the bare name
// of a host, also with the dots of other scripts. "3.5 kg", "v2.0", "e.g." and a full stop
// without a blank behind it are none.
func HasLink(text string) bool {
	text = strings.ToLower(norm.NFKC.String(text))
	if strings.Contains(text, "://") || strings.Contains(text, "www.") {
		return true
	}
	// U+3002 ends sentences of Chinese. It is a dot of an address between letters of ASCII.
	letters := []rune(text)
	for i, r := range letters {
		if r == '。' && i > 0 && i+1 < len(letters) && hostASCII(letters[i-1]) && hostASCII(letters[i+1]) {
			letters[i] = '.'
		}
	}
	for _, word := range strings.FieldsFunc(string(letters), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("，、；！。？()（）[]【】<>《》\"“”'‘’,;!|", r)
	}) {
		if isLink(word) {
			return true
		}
	}
	return false
}

func hostASCII(r rune) bool { return r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' }

// isLink judges one word.
func isLink(word string) bool {
	if i := strings.LastIndexByte(word, '@'); i >= 0 {
		word = word[i+1:]
	}
	end := strings.IndexAny(word, "/:?#")
	host, behind := word, ""
	if end >= 0 {
		host, behind = word[:end], word[end:]
	}
	host = strings.Trim(host, ".")
	// Words of other scripts stand in front of an address without a blank.
	labels := strings.Split(host, ".")
	if len(labels) < 2 {
		return false
	}
	last := labels[len(labels)-1]
	before := labels[len(labels)-2]
	if before == "" || last == "" {
		return false
	}
	// Behind an address, too: "a.com是".
	if i := strings.IndexFunc(last, func(r rune) bool { return !hostASCII(r) }); i > 0 {
		last, behind = last[:i], "" // what follows is no path
	}
	r := []rune(before)
	if c := r[len(r)-1]; !unicode.IsLetter(c) && !unicode.IsDigit(c) {
		return false
	}
	if len(labels) == 4 && isNumbers(labels) {
		return true
	}
	path := strings.HasPrefix(behind, "/") || len(behind) > 1 && behind[0] == ':' && unicode.IsDigit(rune(behind[1]))
	switch {
	case path:
		return len(last) >= 2 && strings.IndexFunc(last, func(r rune) bool { return !unicode.IsLetter(r) }) < 0
	case wordEnds[last]:
		return false
	}
	return hostEnds[last]
}

func isNumbers(labels []string) bool {
	for _, l := range labels {
		if l == "" || len(l) > 3 || strings.Trim(l, "0123456789") != "" {
			return false
		}
	}
	return true
}

// setOf makes a set of words.
func setOf(words string) map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		all[w] = true
	}
	return all
}

// The ends of names of hosts that people know; they never change. A name that ends otherwise
// is a link where a path or a port follows.
var (
	hostEnds = setOf("com net org info biz xyz top vip club shop store site online app dev live click icu cyou buzz cc tv gg ly ai io eu asia mobi tel jobs edu gov mil int co " +
		"cn hk tw jp kr ru uk de fr nl pl cz ua br mx vn th ph sg au nz ca ch se fi dk es pt gr tr il ae sa za ng ke eg pk bd lk mm kh la ar bo cl ec pe uy py cr gt hn " +
		"sv do ht jm tt bs cu gh tz ug rw et sn ci cm dz tn sd iq ir jo kw lb om qa sy ye kz kg uz tj mn np bt mv mo bn tl fj vu ws nu tk ga gq cf ml ee lv lt bg rs hr " +
		"ba mk xk hu sk si lu li mc cy mt ie gl fo ge az ms sh vg sx pw fm 中国 中國 公司 网络 网址 在线 商城 集团 рф 한국")
	// wordEnds are words, too, which stand behind a full stop without a blank.
	wordEnds = setOf("it is me so no my in to be am at us do as by id la pa ma ai live th de es")
)
