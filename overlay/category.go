package overlay

import "strings"

// Limits of a category.
const (
	maxCategory = 250
	maxLevels   = 8
)

// Levels separates the names of a category from its root to its leaf, as feeds of
// shops do.
const Levels = " > "

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
	category := strings.Join(names, Levels)
	return category, checkText("category", category, maxCategory, false)
}

// Category is a category of an organisation's products.
type Category struct {
	ID       string `json:"id"`
	Org      string `json:"org"`
	Path     string `json:"path" doc:"The names from the root to the leaf: Food > Fruit. Products name their category by it"`
	Name     string `json:"name" doc:"The last one of them"`
	Parent   string `json:"parent,omitempty" doc:"The path above it"`
	Products int64  `json:"products" doc:"How many products are in it and below it. A moment after an import it may lag behind"`
}

// Named gives the category with what its path says.
func (c Category) Named() Category {
	c.Name, c.Parent = c.Path, ""
	if at := strings.LastIndex(c.Path, Levels); at >= 0 {
		c.Parent, c.Name = c.Path[:at], c.Path[at+len(Levels):]
	}
	return c
}

// Moved gives a path at or below the category as it is when that has moved to another
// place; to "" is none.
func (c Category) Moved(path, to string) (string, error) {
	names, depth := strings.Split(path, Levels), strings.Count(c.Path, Levels)+1
	if to == "" || len(names) <= depth {
		return to, nil
	}
	return CheckedCategory(to + Levels + strings.Join(names[depth:], Levels))
}

// CategoryPaths gives the path of a category behind those above it, from the root on.
func CategoryPaths(path string) (all []string) {
	for i := range len(path) {
		if strings.HasPrefix(path[i:], Levels) {
			all = append(all, path[:i])
		}
	}
	if path != "" {
		all = append(all, path)
	}
	return all
}
