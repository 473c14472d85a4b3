package m3u8

import "strings"

// Attribute is one entry of an attribute list (8216bis 4.2).
type Attribute struct {
	Name   string
	Value  string // without its quotes
	Quoted bool
}

// Attributes reads an attribute list: what follows the colon of a tag.
func Attributes(list string) ([]Attribute, error) {
	var out []Attribute
	seen := make(map[string]bool)
	for {
		name, rest, ok := strings.Cut(list, "=")
		if !ok || !attributeName(name) {
			return nil, breach("4.2", "attribute list: no name at %q", clip(list))
		}
		if seen[name] {
			return nil, breach("4.2", "attribute %s stands twice", name)
		}
		seen[name] = true
		a := Attribute{Name: name}
		if a.Quoted = strings.HasPrefix(rest, `"`); a.Quoted {
			if a.Value, rest, ok = strings.Cut(rest[1:], `"`); !ok {
				return nil, breach("4.2", "attribute %s: the quote is not closed", name)
			}
		} else {
			end := strings.IndexByte(rest, ',')
			if end < 0 {
				end = len(rest)
			}
			a.Value, rest = rest[:end], rest[end:]
			if a.Value == "" || strings.ContainsAny(a.Value, "\" \t") {
				return nil, breach("4.2", "attribute %s: value %q", name, clip(a.Value))
			}
		}
		out = append(out, a)
		if rest == "" {
			return out, nil
		}
		if rest[0] != ',' {
			return nil, breach("4.2", "attribute %s: %q follows its value", name, clip(rest))
		}
		list = rest[1:]
	}
}

// attributeName reports whether s is made of A-Z, 0-9 and "-".
func attributeName(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return s != ""
}

// clip shortens foreign text for an error message.
func clip(s string) string {
	const most = 40
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// attributes is a list by name, with the typed getters of 8216bis 4.2. The
// first failure stays in err.
type attributes struct {
	byName map[string]Attribute
	err    error
}

func readAttributes(list string) attributes {
	all, err := Attributes(list)
	a := attributes{byName: make(map[string]Attribute, len(all)), err: err}
	for _, e := range all {
		a.byName[e.Name] = e
	}
	return a
}

func (a *attributes) fail(err error) {
	if a.err == nil {
		a.err = err
	}
}

func (a *attributes) has(name string) bool { _, ok := a.byName[name]; return ok }

// quoted gives a required quoted string.
func (a *attributes) quoted(name string) string {
	e, ok := a.byName[name]
	if !ok || !e.Quoted || e.Value == "" {
		a.fail(breach("4.2", "%s is missing, empty or not quoted", name))
	}
	return e.Value
}

// yes reads an attribute whose only value is YES.
func (a *attributes) yes(name string) bool {
	e, ok := a.byName[name]
	if ok && (e.Quoted || e.Value != "YES") {
		a.fail(breach("4.2", "%s=%s: the only value is YES", name, clip(e.Value)))
	}
	return ok
}

// absent refuses an attribute that this package cannot hold.
func (a *attributes) absent(name string) {
	if a.has(name) {
		a.fail(breach("4.2", "%s is not supported by this reader", name))
	}
}
