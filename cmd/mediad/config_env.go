package main

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// overrideConfig lets MEDIAD_SECTION_KEY variables override scalar keys:
// rtmp.tls.listen is MEDIAD_RTMP_TLS_LISTEN. Lists have no variable. Other
// variables in front of which a section stands are errors, but for those that
// Kubernetes makes for a service of that name (MEDIAD_HTTP_SERVICE_HOST,
// MEDIAD_HTTP_PORT).
func overrideConfig(c *Config, environ []string) error {
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
		} else if misspelt(name) {
			return fmt.Errorf("variable %s: there is no such key; config.yaml lists them all", name)
		}
	}
	return nil
}

// misspelt tells whether somebody meant a key with a variable that names none.
func misspelt(name string) bool {
	if strings.Contains(name, "_SERVICE_") || strings.Contains(name, "_PORT") {
		return false
	}
	for _, section := range keysOf(reflect.TypeFor[Config]()) {
		if strings.HasPrefix(name, variable(section)) {
			return true
		}
	}
	return false
}

// variable is the name of the variable that overrides a key.
func variable(key string) string {
	return "MEDIAD_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// listOf names the list that somebody meant to set with a variable.
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

// setScalar reads a value as it stands in a variable or in YAML.
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
