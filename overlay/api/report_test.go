package api_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestReportFile: the table is a file that a browser saves, with the order that came from
// the show and with no text that a spreadsheet would carry out.
func TestReportFile(t *testing.T) {
	w := newTown(t)
	_, err := w.store.MatchOrder(t.Context(), w.values["order"], w.values["show"], "test")
	must(t, err)
	_, err = w.store.ChangeShow(t.Context(), w.values["show"], store.ShowChange{Plan: overlay.Plan{Title: "=1+1"}}, "test")
	must(t, err)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+"/api/v1/shows/"+w.values["show"]+"/report.csv", nil)
	must(t, err)
	r.Header.Set("Authorization", "Bearer "+w.tokenFor(t, overlay.Analyst, overlay.HomeOrg))
	res, err := w.transport().RoundTrip(r)
	must(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	must(t, err)
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment; filename=") {
		t.Errorf("%s %v", res.Status, res.Header)
	}
	for _, part := range []string{"\ufeffsection,id,", ",'=1+1,", "\r\ntotal,,,,CNY,,,,,,1,,,1.00,0.00,0.00,1.00,"} {
		if !strings.Contains(string(text), part) {
			t.Errorf("%q is not in\n%s", part, text)
		}
	}
}
