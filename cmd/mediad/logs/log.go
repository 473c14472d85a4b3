package logs

import (
	"io"
	"log/slog"
)

// New makes the program's log, as text or as JSON. Text from strangers is made
// plain in it, and the number of lines that others can cause is bounded.
func New(format string, level slog.Leveler, out io.Writer) *slog.Logger {
	o := &slog.HandlerOptions{Level: level, ReplaceAttr: shown}
	if format == "json" {
		return slog.New(Bounded(slog.NewJSONHandler(out, o)))
	}
	return slog.New(Bounded(slog.NewTextHandler(out, o)))
}

// shown gives an attribute in the form of the log: durations like 1.5s, since JSON
// would show nanoseconds without a unit, and plain texts.
func shown(groups []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		a.Value = slog.StringValue(a.Value.Duration().String())
	}
	return plainAttr(groups, a)
}
