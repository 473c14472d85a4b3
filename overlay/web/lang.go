package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"
	"strings"

	tags "golang.org/x/text/language"
)

// table has every phrase of the pages, once, in each language; each file is a section. The apps load theirs from it when
// they are built; the templates use those of the sections in saidByPages.
//
//go:embed strings/*.json
var table embed.FS

const saidByPages = "product player watch page"

// phrases are the texts of the pages in a language, by key.
type phrases map[string]string

// loadPhrases reads the table; by language.
func loadPhrases(table fs.FS) (map[string]phrases, error) {
	said := map[string]phrases{"en": {}, "zh": {}}
	for section := range strings.FieldsSeq(saidByPages) {
		text, err := fs.ReadFile(table, "strings/"+section+".json")
		if err != nil {
			return nil, fmt.Errorf("read strings: %w", err)
		}
		var all map[string]map[string]string
		if err := json.Unmarshal(text, &all); err != nil {
			return nil, fmt.Errorf("parse strings of %s: %w", section, err)
		}
		for key, phrase := range all {
			for lang := range said {
				said[lang][key] = phrase[lang]
			}
		}
	}
	return said, nil
}

// language chooses between "en" and "zh": by ?lang=, or else by what the browser prefers (RFC 9110 12.5.4).
func language(r *http.Request) string {
	if wish := r.URL.Query().Get("lang"); wish != "" {
		return supported(wish)
	}
	best, bestQ := "en", 0.0
	for item := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(item), ";")
		q := 1.0
		if v, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			var err error
			if q, err = strconv.ParseFloat(v, 64); err != nil {
				continue
			}
		}
		primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if (primary == "en" || primary == "zh") && q > bestQ {
			best, bestQ = primary, q
		}
	}
	return best
}

// locale is the language that titles and numbers are written in where they can: of those that the page's phrases go
// with, the one that the browser prefers, or what ?lang= asks for. Where it is none that we have phrases in, they are English.
func locale(r *http.Request) string {
	lang := language(r)
	wishes, _, err := tags.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if wish := r.URL.Query().Get("lang"); wish != "" {
		var tag tags.Tag
		if len(wish) <= 35 { // more is no tag
			tag, err = tags.Parse(wish)
		}
		wishes = []tags.Tag{tag}
	}
	for _, tag := range wishes {
		if err == nil && !tag.IsRoot() && supported(tag.String()) == lang {
			return tag.String()
		}
	}
	return lang
}

func supported(tag string) string {
	if primary, _, _ := strings.Cut(strings.ToLower(tag), "-"); primary == "zh" {
		return "zh"
	}
	return "en"
}
