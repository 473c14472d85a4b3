package metrics

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"mediad/overlay"
	"mediad/overlay/api"
)

// journals is Media whose database goes away and comes back.
type journals struct{ away bool }

func (j *journals) Rooms(context.Context) ([]api.StoredRoom, error) {
	if j.away {
		return nil, overlay.Errorf(overlay.Unavailable, "the database cannot be reached")
	}
	return []api.StoredRoom{{Room: "tea", MediaSize: api.MediaSize{Bytes: 7}}}, nil
}

func (j *journals) Deletions() int { return 2 }

// While the database is away, a scrape has all metrics but the totals of the rooms.
func TestMetricsWithoutDatabase(t *testing.T) {
	var log bytes.Buffer
	media := &journals{}
	r := prometheus.NewRegistry()
	r.MustRegister(newMediaMetrics(media, slog.New(slog.NewTextHandler(&log, nil))))
	h := promhttp.HandlerFor(r, promhttp.HandlerOpts{})
	const totals, deletions = `mediad_storage_room_bytes{room="tea"} 7`, "mediad_storage_deletions 2"
	scrape := func(failed string, hasTotals bool) {
		t.Helper()
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		text := w.Body.String()
		if w.Code != http.StatusOK || !strings.Contains(text, deletions) || !strings.Contains(text, "mediad_storage_report_failed "+failed+"\n") ||
			strings.Contains(text, totals) != hasTotals {
			t.Errorf("%d: %s", w.Code, text)
		}
	}
	scrape("0", true)
	for range 2 {
		media.away = true
		for range 3 {
			scrape("1", false)
		}
		media.away = false
		scrape("0", true)
	}
	if n := strings.Count(log.String(), "cannot be reached"); n != 2 {
		t.Errorf("two failures are logged %d times: %s", n, log.String())
	}
}
