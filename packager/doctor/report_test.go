package doctor_test

import (
	"strings"
	"testing"

	"mediad/packager/doctor"
)

// The report lists the rules that could not be checked, in one line for each reason.
func TestReportGroupsReasons(t *testing.T) {
	r := &doctor.Report{URL: "http://x/a.m3u8", Checked: 3, Unchecked: []doctor.Unchecked{
		{ID: "A1.4", Why: "no parts were listed"}, {ID: "A3.2", Why: "no date range was listed"}, {ID: "A1.5", Why: "no parts were listed"},
	}}
	want := "\n3 statements checked, 0 violated, 3 could not be checked\n  no parts were listed: A1.4 A1.5\n  no date range was listed: A3.2\n"
	if got := text(t, r); !strings.HasSuffix(got, want) {
		t.Errorf("the report ends otherwise:\n%s", got)
	}
	r.Unchecked = nil
	if got := text(t, r); !strings.HasSuffix(got, "\n3 statements checked, 0 violated, 0 could not be checked\n") {
		t.Errorf("without reasons:\n%s", got)
	}
}
