package logs

import (
	"io"
	"log/slog"
)

// New makes the program's log, as text or as JSON. What others can make it say is
// bounded and plain.
func New(format string, level slog.Leveler, out io.Writer) *slog.Logger {
	o := &slog.HandlerOptions{Level: level, ReplaceAttr: shown}
	if format == "json" {
		return slog.New(Bounded(slog.NewJSONHandler(out, o)))
	}
	return slog.New(Bounded(slog.NewTextHandler(out, o)))
}

// shown is an attribute as the log has it: durations as 1.5s, where JSON would have
// nanoseconds without a word, and texts plain.
func shown(groups []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		a.Value = slog.StringValue(a.Value.Duration().String())
	}
	return plainAttr(groups, a)
}
