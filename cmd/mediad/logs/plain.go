package logs

import (
	"fmt"
	"log/slog"
	"strings"

	"mediad/overlay"
)

// maxLogged bounds text from strangers, in characters.
const maxLogged = 8192

// plainAttr makes logged text plain: text from strangers (an encoder's name, an
// address, an error that quotes them) must not forge lines, control a terminal or
// reverse the direction of a line.
func plainAttr(_ []string, a slog.Attr) slog.Attr {
	switch v := a.Value; v.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(plainLines(v.String()))
	case slog.KindAny:
		switch v := v.Any().(type) {
		case error:
			a.Value = slog.StringValue(plainLines(v.Error()))
		case fmt.Stringer:
			a.Value = slog.StringValue(plainLines(v.String()))
		}
	}
	return a
}

// plainLines keeps line breaks and tabs, which stacks of panics have: both
// formats of the log escape them.
func plainLines(s string) string {
	if overlay.Unplain(s, true) == "" && len(s) <= maxLogged {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		words := strings.Split(line, "\t")
		for j, w := range words {
			words[j] = overlay.Plain(w, maxLogged)
		}
		lines[i] = strings.Join(words, "\t")
	}
	s = strings.Join(lines, "\n")
	if len(s) > maxLogged {
		s = strings.ToValidUTF8(s[:maxLogged], "") + "…"
	}
	return s
}
