package doctor_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"mediad/packager/doctor"
)

const root = "../.."

// The page on conformance names what exists, and every rule of the doctor in
// the doctor's own words.
func TestConformancePage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "docs/conformance.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{}
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		if len(cells) == 5 && strings.TrimSpace(cells[0]) != "no." && !strings.HasPrefix(line, "|---") {
			id := strings.TrimSpace(cells[0])
			if rows[id] != nil {
				t.Errorf("%s stands twice", id)
			}
			rows[id] = cells
		}
	}
	judged := 0
	for id, cells := range rows {
		if strings.TrimSpace(cells[4]) == "" {
			t.Errorf("%s: nothing holds it", id)
		}
		if !strings.HasPrefix(cells[3], "no: ") {
			judged++
		}
	}
	if rules := len(doctor.Rules()); judged != rules {
		t.Errorf("the page has %d rules of the doctor, the doctor %d", judged, rules)
	}
	for _, r := range doctor.Rules() {
		cells := rows[r.ID]
		if cells == nil {
			t.Errorf("rule %s is not on the page", r.ID)
			continue
		}
		if cells[1] != r.Says || cells[2] != r.Source || cells[3] != string(r.Severity) {
			t.Errorf("rule %s: the page says %q, %q, %q", r.ID, cells[1], cells[2], cells[3])
		}
	}
	names := regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(string(page), -1)
	found := 0
	for _, n := range names {
		if missing := look(n[1]); missing != "" {
			t.Error(missing)
		} else {
			found++
		}
	}
	if found < 100 {
		t.Errorf("only %d names were looked up", found)
	}
}

// look tells what is not there of a name on the page; empty: nothing, or it is
// no name of ours.
func look(name string) string {
	if dir, test, is := strings.Cut(name, ".Test"); is && strings.Count(name, ".") == 1 {
		files, _ := filepath.Glob(filepath.Join(root, dir, "*_test.go"))
		for _, f := range files {
			if holds(f, "func Test"+test+"(") {
				return ""
			}
		}
		return "there is no test " + name
	}
	file, what, named := strings.Cut(name, ": ")
	switch {
	case strings.HasPrefix(file, "e2e/"):
		if !holds(filepath.Join(root, "cmd/mediad", file), what) {
			return "there is no test " + name
		}
	case strings.HasSuffix(file, ".go") && named:
		if !holds(filepath.Join(root, file), "func "+what+"(") && !holds(filepath.Join(root, file), ") "+what+"(") {
			return "there is no function " + name
		}
	}
	return ""
}

func holds(file, text string) bool {
	data, err := os.ReadFile(file)
	return err == nil && strings.Contains(string(data), text)
}

// A page that names what is not there is noticed.
func TestConformanceNamesAreLookedUp(t *testing.T) {
	for _, wrong := range []string{"packager.TestNothing", "packager/playlist.go: nothing", "e2e/play.test.mjs: no such words", "e2e/none.test.mjs", "nowhere.TestClean"} {
		if look(wrong) == "" {
			t.Errorf("%q is taken for something that exists", wrong)
		}
	}
	for _, right := range []string{"packager.TestStreamCues", "packager/playlist.go: holdBack", "packager/segmenter.go: decide"} {
		if missing := look(right); missing != "" {
			t.Error(missing)
		}
	}
}
