package config

import (
	"reflect"
	"slices"
	"strings"
)

// Reloadable tells whether a new value of a key (or of a section) takes effect
// at once after a SIGHUP. All other keys need a restart.
func Reloadable(key string) bool {
	return slices.ContainsFunc([]string{
		"log.level", "http.max_connections", "http.tls.cert", "http.tls.key", "rtmp.tls.cert", "rtmp.tls.key",
		"rtmp.max_connections", "rtmp.max_connections_per_address", "rtmp.max_bitrate_kbps", "rtmp.ban.", "auth.ban.", "metrics.token",
	}, func(k string) bool {
		return key == k || strings.HasSuffix(k, ".") && strings.HasPrefix(key, k)
	})
}

// Changed lists the keys whose values differ, in the order of the configuration.
func Changed(a, b Config) []string {
	var keys []string
	differ(reflect.ValueOf(a), reflect.ValueOf(b), "", func(key string) { keys = append(keys, key) })
	return keys
}

func differ(a, b reflect.Value, key string, tell func(string)) {
	if a.Kind() == reflect.Struct {
		for i := range a.NumField() {
			differ(a.Field(i), b.Field(i), join(key, a.Type().Field(i).Tag.Get("yaml")), tell)
		}
		return
	}
	if !reflect.DeepEqual(a.Interface(), b.Interface()) {
		tell(key)
	}
}
