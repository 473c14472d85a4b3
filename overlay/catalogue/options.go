package catalogue

import (
	"strings"
	"unicode"
)

// optionFields is how many columns of a feed of Google tell variants apart.
const optionFields = int(fieldPattern-fieldColor) + 1

var optionFieldNames = [optionFields]string{"color", "size", "material", "pattern"}

// options gives what tells the variants of a product apart: those of the columns that
// differ, and where that is not enough, the titles. same are two rows that nothing
// tells apart. One row has all that it names.
func (g *googleGroup) options() (all []map[string]string, same []googleRow) {
	all = make([]map[string]string, len(g.rows))
	for n := range all {
		all[n] = map[string]string{}
	}
	for f, name := range optionFieldNames {
		values := g.values(func(r googleRow) string { return r.options[f] })
		if values == nil {
			continue
		}
		for n, v := range values {
			all[n][name] = v
		}
	}
	if len(all) == 1 || g.twice(all) == nil {
		return all, nil
	}
	if titles := g.values(func(r googleRow) string { return r.item.Title }); titles != nil {
		for n, title := range withoutCommon(titles) {
			all[n]["title"] = title
		}
	}
	return all, g.twice(all)
}

// values gives what the rows have, if each has something and not all have the same.
func (g *googleGroup) values(of func(googleRow) string) []string {
	values, differ := make([]string, len(g.rows)), len(g.rows) == 1
	for n, r := range g.rows {
		if values[n] = of(r); values[n] == "" {
			return nil
		}
		differ = differ || values[n] != values[0]
	}
	if !differ {
		return nil
	}
	return values
}

// twice gives the first two rows with the same options.
func (g *googleGroup) twice(all []map[string]string) []googleRow {
	seen := map[string]int{}
	for n, options := range all {
		var set strings.Builder
		for _, name := range append(optionFieldNames[:], "title") {
			set.WriteString(options[name] + "\x00")
		}
		if before, ok := seen[set.String()]; ok {
			return []googleRow{g.rows[before], g.rows[n]}
		}
		seen[set.String()] = n
	}
	return nil
}

// withoutCommon leaves out the words with which all titles begin: of "Mug, small" and
// "Mug, large" the sizes are left. Nothing is left out where a title would be empty.
func withoutCommon(titles []string) []string {
	first := strings.Fields(titles[0])
	common := len(first)
	for _, t := range titles {
		words := strings.Fields(t)
		n := 0
		for n < min(common, len(words)) && words[n] == first[n] {
			n++
		}
		common = n
	}
	short := make([]string, len(titles))
	for n, t := range titles {
		rest := strings.Join(strings.Fields(t)[common:], " ")
		short[n] = strings.TrimLeftFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("-–—,:;|/·", r) })
		if short[n] == "" {
			return titles
		}
	}
	return short
}
