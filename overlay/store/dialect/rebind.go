package dialect

import (
	"strconv"
	"strings"
)

// rebind turns ? and ?7 into $1, $2 … and $7, outside of quotes and comments. As in
// SQLite, a plain ? has the greatest number before it plus one.
func rebind(query string) string {
	var b strings.Builder
	greatest := 0
	for i := 0; i < len(query); {
		if end := quoted(query[i:]); end > 0 {
			b.WriteString(query[i : i+end])
			i += end
			continue
		}
		if query[i] != '?' {
			b.WriteByte(query[i])
			i++
			continue
		}
		n := 0
		for i++; i < len(query) && query[i] >= '0' && query[i] <= '9'; i++ {
			n = 10*n + int(query[i]-'0')
		}
		if n == 0 {
			n = greatest + 1
		}
		greatest = max(greatest, n)
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}

// quoted gives the length of the string, name or comment at the beginning of a text;
// 0: there is none.
func quoted(text string) int {
	switch {
	case text[0] == '\'' || text[0] == '"':
		// A doubled quote ends one string and begins the next.
		if end := strings.IndexByte(text[1:], text[0]); end >= 0 {
			return end + 2
		}
		return len(text)
	case strings.HasPrefix(text, "--"):
		if end := strings.IndexByte(text, '\n'); end >= 0 {
			return end
		}
		return len(text)
	}
	return 0
}
