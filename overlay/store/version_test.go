package store

import (
	"strings"
	"testing"
)

func TestVersionOfPostgres(t *testing.T) {
	for version, ok := range map[int]bool{9_06_24: false, 13_00_22: false, 13_99_99: false, 14_00_00: true, 15_00_10: true, 19_00_00: true} {
		err := facts{version: version, shown: "13.22", encoding: "UTF8", schema: "public"}.judge()
		if (err == nil) != ok || !ok && !strings.Contains(err.Error(), "needs 14 or a later one") {
			t.Errorf("%d: %v", version, err)
		}
	}
}
