package logs

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/netip"
	"strings"
	"testing"

	"mediad/overlay"
)

// Text from strangers is plain in the log, in both formats, wherever it is.
func TestLogIsPlain(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		log := New(format, new(slog.LevelVar), &out)
		const bad = "OBS\u202e\x1b[2J\u200b\xff\u2028玉米"
		log.With("peer", bad).Info("publisher "+bad, "encoder", bad, "err", errors.New(bad), "from", netip.MustParseAddrPort("192.0.2.1:5"), "n", 5, "stack", "a\n\tb", "long", strings.Repeat("x", 3*maxLogged))
		line := strings.TrimSuffix(out.String(), "\n")
		if why := overlay.Unplain(strings.ReplaceAll(line, "\ufffd", "?"), false); why != "" {
			t.Errorf("%s: the line %s: %q", format, why, line)
		}
		if n := strings.Count(line, "玉米"); n != 4 || !strings.Contains(line, "192.0.2.1:5") || !strings.Contains(line, `a\n\tb`) || len(line) > 2*maxLogged {
			t.Errorf("%s: %d, %q", format, n, line)
		}
		if format == "json" && !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %s", line)
		}
	}
}
