// Package search turns names of products, and what people type to find them, into
// terms of an index.
//
// Input: texts in any language. Output: terms, which are texts that a database
// compares by their bytes. A product is found by a query if each of the query's
// matches is among its terms. The package is pure.
package search

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// maxPrefix is how many letters of a word may be typed to find it by one term. For
// more, the words that begin with them are few.
const maxPrefix = 12

// maxMatches bounds what one query costs. A longer query is compared by its first
// matches.
const maxMatches = 20

// Match is a condition for a product: it has the term, or one that begins with it.
type Match struct {
	Term   string
	Prefix bool
}

// Above is a text that is greater than all terms with the prefix.
func (m Match) Above() string { return m.Term + "\U0010ffff" }

// begins is the term of what begins with some letters.
func begins(text []rune) string { return "^" + string(text) }

// Terms collects the terms of a product.
type Terms map[string]bool

// Name adds the words of a title.
func (t Terms) Name(text string) {
	t.add(runs(fold(text)))
	if typed, ok := umlauts(text); ok {
		t.add(runs(fold(typed)))
	}
}

// Code adds a SKU or the number of a bar code: its parts, and all of it without what
// separates them.
func (t Terms) Code(text string) {
	t.add(runs(fold(text)))
	if joined := fold(letters(text)); joined != "" {
		t.add([]run{word(joined)})
	}
}

// Category adds the address of a category among all, "Food > Fruit", and those above
// it.
func (t Terms) Category(path string) {
	for i := range len(path) {
		if strings.HasPrefix(path[i:], " > ") {
			t[InCategory(path[:i]).Term] = true
		}
	}
	if path != "" {
		t[InCategory(path).Term] = true
	}
}

// Owner adds the organisation that a product belongs to.
func (t Terms) Owner(org string) { t[OwnedBy(org).Term] = true }

// List gives the terms in order.
func (t Terms) List() []string { return slices.Sorted(maps.Keys(t)) }

func (t Terms) add(all []run) {
	for _, r := range all {
		if r.gram == 0 {
			t[string(r.text)] = true
			for n := 1; n <= min(len(r.text), maxPrefix); n++ {
				t[begins(r.text[:n])] = true
			}
			continue
		}
		for i := range r.text {
			for n := 1; n < r.gram && i+n <= len(r.text); n++ {
				t[begins(r.text[i:i+n])] = true
			}
			if i+r.gram <= len(r.text) {
				t[string(r.text[i:i+r.gram])] = true
			}
		}
	}
}

// InCategory is the condition to be in a category, or in one below it. No word has
// its first letter.
func InCategory(path string) Match { return Match{Term: "=" + fold(path)} }

// OwnedBy is the condition to belong to an organisation.
func OwnedBy(org string) Match { return Match{Term: "@" + org} }

// InPool is the condition to be in a pool.
func InPool(pool string) Match { return Match{Term: "%" + pool} }

// OfPool tells whether the condition is about a pool, and not about the product itself.
func (m Match) OfPool() bool { return strings.HasPrefix(m.Term, "%") }

// Terms of products whose terms in an index are not those that they have for everybody.
// No word has their first letter.
const (
	Hidden    = "~hidden"    // nobody sees it yet
	Unsettled = "~unsettled" // it has terms of another revision, too
)

// Meet tells whether a product with these terms meets a condition.
func (t Terms) Meet(m Match) bool {
	if !m.Prefix {
		return t[m.Term]
	}
	for term := range t {
		if strings.HasPrefix(term, m.Term) {
			return true
		}
	}
	return false
}

// Query gives the conditions of what somebody types. Words may be typed in part.
// Nothing to compare gives none.
func Query(text string) []Match {
	all := runs(fold(text))
	if number := letters(text); len(number) >= 8 && strings.Trim(text, "0123456789- ") == "" {
		all = []run{word(number)} // a bar code with spaces
	}
	var out []Match
	add := func(m Match) {
		if len(out) < maxMatches && !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	for i, r := range all {
		n := len(r.text)
		switch {
		case r.gram > 0 && n < r.gram:
			add(Match{Term: begins(r.text)})
		case r.gram > 0:
			for j := 0; j+r.gram <= n; j++ {
				add(Match{Term: string(r.text[j : j+r.gram])})
			}
		case !partial(r.text, i == len(all)-1):
			add(Match{Term: string(r.text)})
		default:
			add(Match{Term: begins(r.text[:min(n, maxPrefix)])})
			if n > maxPrefix {
				add(Match{string(r.text), true})
			}
		}
	}
	return out
}

// partial tells whether a word of a query may be the beginning of a longer one: 5 kg
// is not 50 kg, and size M is not all that begins with it, but the last word may still
// be typed.
func partial(text []rune, last bool) bool {
	return last || len(text) > 1 && strings.Trim(string(text), "0123456789") != ""
}

// letters leaves out what separates the parts of a code.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.L, unicode.N, unicode.M) {
			return r
		}
		return -1
	}, s)
}
