package doctor

// ListRule lets the tests see which rules of package check are known.
func ListRule(rule string) string { return listRule(rule) }
