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
		PushKey, "rtmp.max_connections", "rtmp.max_connections_per_address", "rtmp.max_bitrate_kbps", "rtmp.ban.", "auth.ban.", "metrics.token",
	}, func(k string) bool {
		return key == k || strings.HasSuffix(k, ".") && strings.HasPrefix(key, k)
	})
}

// PushKey stands for the targets of all rooms, which can change while the rest of a room
// cannot.
const PushKey = "rooms.push"

// Changed lists the keys whose values differ, in the order of the configuration.
func Changed(a, b Config) []string {
	var keys []string
	if !reflect.DeepEqual(pushes(a), pushes(b)) {
		keys = append(keys, PushKey)
	}
	a.Rooms, b.Rooms = bare(a.Rooms), bare(b.Rooms)
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

// pushes gives the targets of the rooms that have some.
func pushes(c Config) map[string][]Push {
	out := make(map[string][]Push)
	for _, r := range c.Rooms {
		if len(r.Push) > 0 {
			out[r.Slug] = r.Push
		}
	}
	return out
}

// bare gives rooms without their targets.
func bare(rooms []Room) []Room {
	out := slices.Clone(rooms)
	for i := range out {
		out[i].Push = nil
	}
	return out
}
