package catalogue

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNamesAreDocumented: the list for users has the names of columns that are read, each
// of them once, and no other.
func TestNamesAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/selling.md")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(text), "### Columns\n")
	list, _, _ = strings.Cut(list, "\n\nCapitals")
	documented := map[string]bool{}
	for _, line := range strings.Split(list, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 4 {
			continue
		}
		for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cells[2], -1) {
			documented[columnName(m[1])] = true
		}
	}
	read := map[string]bool{}
	for name := range plainColumns {
		// The same without an accent, for those who type none.
		if !slices.Contains([]string{"titulo", "categoria", "descripcion"}, name) {
			read[name] = true
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(read)), slices.Sorted(maps.Keys(documented))); diff != "" {
		t.Errorf("(-read +documented):\n%s", diff)
	}
	n := 0
	for _, names := range plainNames {
		n += len(names.names)
	}
	if n != len(plainColumns) {
		t.Errorf("%d names of columns, %d of them different", n, len(plainColumns))
	}
}
