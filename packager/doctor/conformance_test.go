package doctor_test

import (
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mediad/packager/doctor"
)

const root = "../.."

// The page on conformance names only tests and functions that exist, and has every rule
// of the doctor in the doctor's own words.
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

// Every number that the code cites stands on the page, as a row or as a heading.
func TestCitedStatements(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "docs/conformance.md"))
	if err != nil {
		t.Fatal(err)
	}
	cited := 0
	for place, id := range citations(t) {
		cited++
		if !stands(string(page), id) {
			t.Errorf("%s cites %s, which is not on the page", place, id)
		}
	}
	if cited < 100 {
		t.Errorf("only %d citations were looked up", cited)
	}
	for _, wrong := range []string{"A1.99", "C9", "B1.4z"} {
		if stands(string(page), wrong) {
			t.Errorf("%s is taken for a statement of the page", wrong)
		}
	}
}

func stands(page, id string) bool {
	return strings.Contains(page, "\n| "+id+" | ") || strings.Contains(page, "\n### "+id+" ")
}

// citations gives the numbers of statements in the code, by file.
func citations(t *testing.T) iter.Seq2[string, string] {
	number := regexp.MustCompile(`\b[ABC]\d\.\d+[a-z]?\b|protocol reference,?[ \n/]+([ABCG]\d(?:\.\d+[a-z]?)?)`)
	return func(yield func(string, string) bool) {
		for _, room := range []string{"cmd", "ingest", "overlay", "packager", "storage"} {
			err := filepath.WalkDir(filepath.Join(root, room), func(path string, d fs.DirEntry, err error) error {
				if err == nil && d.IsDir() && (d.Name() == "node_modules" || d.Name() == "dist") {
					return fs.SkipDir
				}
				if err != nil || !slices.Contains([]string{".go", ".ts", ".mjs"}, filepath.Ext(path)) || strings.HasSuffix(path, "conformance_test.go") {
					return err
				}
				text, err := os.ReadFile(path)
				for _, m := range number.FindAllStringSubmatch(string(text), -1) {
					id := m[1]
					if id == "" {
						id = m[0]
					}
					if !yield(path, id) {
						return fs.SkipAll
					}
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
	}
}

// look tells in words what is missing of a name on the page, or "" where nothing is,
// or where the name is not one of this project.
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

// Names on the page that do not exist are noticed.
func TestConformanceNamesAreLookedUp(t *testing.T) {
	for _, wrong := range []string{"packager.TestNothing", "packager/playlist.go: nothing", "e2e/play.test.mjs: no such words", "e2e/none.test.mjs", "nowhere.TestClean"} {
		if look(wrong) == "" {
			t.Errorf("%q is taken for something that exists", wrong)
		}
	}
	for _, right := range []string{"packager.TestStreamCues", "packager/playlist.go: holdBack", "packager/cut/segmenter.go: decide"} {
		if missing := look(right); missing != "" {
			t.Error(missing)
		}
	}
}
