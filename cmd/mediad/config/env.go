package config

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// override lets MEDIAD_SECTION_KEY variables override scalar keys: rtmp.tls.listen is
// MEDIAD_RTMP_TLS_LISTEN. Lists have no variable. All other variables that begin with
// MEDIAD_ are errors, except those that Kubernetes makes for services with such names
// (MEDIAD_HTTP_SERVICE_HOST, MEDIAD_HTTP_PORT).
func override(c *Config, environ []string) error {
	fields := make(map[string]reflect.Value)
	scalars(reflect.ValueOf(c).Elem(), "", func(key string, v reflect.Value) {
		fields[variable(key)] = v
	})
	for _, e := range environ {
		name, value, _ := strings.Cut(e, "=")
		if v, ok := fields[name]; ok {
			if err := setScalar(v, value); err != nil {
				return fmt.Errorf("variable %s: %w", name, err)
			}
		} else if key := listOf(name); key != "" {
			return fmt.Errorf("variable %s: %s is a list, which has no variable; it goes into the configuration file", name, key)
		} else if strings.HasPrefix(name, VariablePrefix) && !ofService(name, value) {
			known := slices.Collect(maps.Keys(fields))
			return fmt.Errorf("variable %s: there is no such key; the nearest is %s, and config.yaml lists them all", name, nearest(name, known))
		}
	}
	return nil
}

// VariablePrefix begins the name of every environment variable that overrides a key.
const VariablePrefix = "MEDIAD_"

// ofService tells whether Kubernetes set a variable for a service: its host
// and ports, and their addresses in the form of Docker's links.
func ofService(name, value string) bool {
	return serviceSyntax.MatchString(name) || linkSyntax.MatchString(name) && strings.Contains(value, "://")
}

var (
	serviceSyntax = regexp.MustCompile(`^MEDIAD_([A-Z0-9_]+_)?(SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)|PORT_\d+_(TCP|UDP|SCTP)_(PROTO|PORT|ADDR))$`)
	linkSyntax    = regexp.MustCompile(`^MEDIAD_([A-Z0-9_]+_)?PORT(_\d+_(TCP|UDP|SCTP))?$`)
)

// nearest gives the word that differs from name in the fewest letters. A name that
// ends in PORT most likely means one that ends in LISTEN.
func nearest(name string, all []string) string {
	slices.Sort(all) // so that a tie always gives the same word
	if before, ok := strings.CutSuffix(name, "PORT"); ok {
		name = before + "LISTEN"
		all = slices.DeleteFunc(all, func(v string) bool { return !strings.HasSuffix(v, "LISTEN") })
	}
	return slices.MinFunc(all, func(a, b string) int { return distance(name, a) - distance(name, b) })
}

// distance is the Levenshtein distance: the number of letters to add, remove
// or change.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := last
			if a[i] != b[j] {
				cost++
			}
			last = row[j+1]
			row[j+1] = min(cost, row[j]+1, last+1)
		}
	}
	return row[len(b)]
}

// variable gives the name of the environment variable that overrides a key.
func variable(key string) string {
	return VariablePrefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// listOf names the list that a variable was meant to set.
func listOf(name string) string {
	found := ""
	var walk func(t reflect.Type, key string)
	walk = func(t reflect.Type, key string) {
		switch t.Kind() {
		case reflect.Struct:
			for i := range t.NumField() {
				walk(t.Field(i).Type, join(key, t.Field(i).Tag.Get("yaml")))
			}
		case reflect.Slice:
			if variable(key) == name {
				found = key
			}
		}
	}
	walk(reflect.TypeFor[Config](), "")
	return found
}

// scalars calls f for each settable value below v that is neither struct nor
// list.
func scalars(v reflect.Value, key string, f func(key string, v reflect.Value)) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			scalars(v.Field(i), join(key, v.Type().Field(i).Tag.Get("yaml")), f)
		}
	case reflect.Slice:
	default:
		f(key, v)
	}
}

// setScalar sets a value from its text in a variable or in YAML.
func setScalar(v reflect.Value, s string) error {
	switch p := v.Addr().Interface().(type) {
	case *string:
		*p = s
	case *bool:
		if s != "true" && s != "false" {
			return fmt.Errorf("%q is neither true nor false", s)
		}
		*p = s == "true"
	case *int:
		n, err := strconv.Atoi(s)
		if err != nil || strconv.Itoa(n) != s { // YAML would read 0012 as ten
			return fmt.Errorf("%q is not a whole number", s)
		}
		*p = n
	case *Size:
		return p.UnmarshalText([]byte(s))
	case *time.Duration:
		d, err := time.ParseDuration(s)
		if err != nil {
			return fmt.Errorf("%q is not a duration such as 500ms, 2s or 1h30m", s)
		}
		*p = d
	default:
		return fmt.Errorf("a value of type %v cannot be set", v.Type())
	}
	return nil
}
