package logs

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// Durations in the log have units, in both formats.
func TestLogUnits(t *testing.T) {
	for format, want := range map[string]string{"text": " wait=1m30.5s", "json": `"wait":"1m30.5s"`} {
		var out bytes.Buffer
		New(format, new(slog.LevelVar), &out).Info("x", "wait", 90*time.Second+500*time.Millisecond)
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s: %s", format, &out)
		}
	}
}
