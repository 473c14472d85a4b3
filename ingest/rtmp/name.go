package rtmp

import "strings"

// appName reduces what encoders send as application: "live/", "/live" and
// "live?x=y" all mean "live".
func appName(app string) string {
	app, _, _ = strings.Cut(app, "?")
	return strings.Trim(app, "/")
}

// streamKey finds the key in a publishing name: parameters are cut off, and
// the application may be repeated in front of it, as in "live/KEY". Blanks often
// surround keys that were copied and pasted.
func streamKey(name string) string {
	name, _, _ = strings.Cut(name, "?")
	name = strings.Trim(strings.TrimSpace(name), "/")
	return strings.TrimPrefix(name, App+"/")
}

// maxQuery bounds the parameters behind a key, in bytes.
const maxQuery = 1 << 10

// streamQuery finds the parameters behind a key. It gives none if they are longer
// than maxQuery.
func streamQuery(name string) string {
	_, query, _ := strings.Cut(name, "?")
	if query = strings.TrimSpace(query); len(query) > maxQuery {
		return ""
	}
	return query
}

// bounded cuts a peer's text that is longer than limit bytes, between characters.
// Its characters stay as they are: whoever shows it makes it plain.
func bounded(s string, limit int) string {
	if len(s) > limit {
		s = strings.ToValidUTF8(s[:limit], "")
	}
	return s
}
