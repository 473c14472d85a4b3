package overlay

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// maxTitles is in how many languages a product may have a title.
const maxTitles = 30

// checkedTitles gives titles under the usual spelling of their locales, which are
// language tags (BCP 47) such as de, zh-Hant or pt-BR.
func checkedTitles(titles map[string]string) (map[string]string, error) {
	if len(titles) == 0 {
		return nil, nil
	}
	if len(titles) > maxTitles {
		return nil, Errorf(Invalid, "titles: has %d, at most %d are allowed", len(titles), maxTitles)
	}
	out := make(map[string]string, len(titles))
	for _, locale := range slices.Sorted(maps.Keys(titles)) {
		tag, err := language.Parse(locale)
		if err != nil || tag == language.Und || len(locale) > 35 {
			return nil, Errorf(Invalid, "titles: %q is not a language tag such as de, zh-Hant or pt-BR", Plain(locale, 35))
		}
		name := tag.String()
		if _, ok := out[name]; ok {
			return nil, Errorf(Invalid, "titles: %s is there twice", name)
		}
		title := strings.TrimSpace(titles[locale])
		if title == "" {
			return nil, Errorf(Invalid, "titles.%s: is missing", name)
		}
		if err := checkText("titles."+name, title, maxTitle, false); err != nil {
			return nil, err
		}
		if err := checkInBand("titles."+name, title); err != nil {
			return nil, err
		}
		out[name] = title
	}
	return out, nil
}
