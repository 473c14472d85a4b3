package overlay

import "strings"

// Limits of a category.
const (
	maxCategory = 250
	maxLevels   = 8
)

// levels separates the names of a category from its root to its leaf, as feeds of
// shops do.
const levels = " > "

// CheckedCategory gives a category such as "Food > Fruit" made regular, or an Error.
// "" is none.
func CheckedCategory(s string) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", nil
	}
	names := strings.Split(s, ">")
	for i, name := range names {
		if names[i] = strings.TrimSpace(name); names[i] == "" {
			return "", Errorf(Invalid, "category: a name is empty; it looks like Food > Fruit")
		}
	}
	if len(names) > maxLevels {
		return "", Errorf(Invalid, "category: has %d levels, at most %d are allowed", len(names), maxLevels)
	}
	category := strings.Join(names, levels)
	return category, checkText("category", category, maxCategory, false)
}
