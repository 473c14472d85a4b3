package overlay_test

import (
	"testing"
	"time"

	"mediad/overlay"
)

// TestSummaryAddsUp: by seller each show is in a row, also one in which nothing was shown;
// the seconds of the rows are those of the total, and money per minute is made of seconds.
func TestSummaryAddsUp(t *testing.T) {
	began := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	days := overlay.SummaryDays{From: "2026-11-30", To: "2026-11-30", Begin: began, End: began.Add(12 * time.Hour), Zone: time.UTC}
	show := func(id string, onAir time.Duration) overlay.SummaryShow {
		return overlay.SummaryShow{ID: id, Org: "home", Started: began, OnAir: onAir, Whole: true}
	}
	s, err := overlay.MakeSummary(overlay.ByOrg, days, began, overlay.SummaryParts{
		Shows: []overlay.SummaryShow{show("a", 232400*time.Millisecond), show("b", 19400*time.Millisecond), show("talk", 227400*time.Millisecond)},
		Sales: []overlay.SummarySale{{Show: "b", Row: "tea", Currency: "CNY", Orders: 1, Units: 1, Gross: 6120}},
		Seen:  []overlay.SummarySeen{{Show: "a", Row: "tea"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Rows) != 2 || s.Rows[0].ID != "tea" || s.Rows[0].Shows != 2 || s.Rows[0].OnAir != 251 || s.Rows[1].Rest != "no_seller" || s.Rows[1].Shows != 1 || s.Rows[1].OnAir != 227 {
		t.Errorf("rows: %+v", s.Rows)
	}
	if s.Total.Shows != 3 || s.Total.OnAir != 478 {
		t.Errorf("total: %+v", s.Total)
	}
	for _, r := range s.Total.Total.Rates {
		if r.Name == "gmv_per_minute" && (r.Value != 60*6120/478. || r.Denominator != 478 || r.Text != "gmv_per_minute 768.20 minor units of CNY (6,120 / 478)") {
			t.Errorf("rate: %+v", r)
		}
	}
}
