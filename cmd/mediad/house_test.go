package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const root = "../.."

// The code follows the rules of docs/architecture.md.
func TestHouse(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "docs/architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	rooms, err := readRooms(string(page))
	if err != nil {
		t.Fatal(err)
	}
	files, err := sources(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 50 || len(rooms) < 10 {
		t.Fatalf("found %d files and %d rooms: that is not the house", len(files), len(rooms))
	}
	for _, b := range append(importBreaches(rooms, files), shapeBreaches(files)...) {
		t.Error(b)
	}
	for _, r := range rooms {
		for _, name := range r.names {
			if !slices.ContainsFunc(files, func(f source) bool { return f.dir == name }) {
				t.Errorf("the table has a room %s, the code has not", name)
			}
		}
	}
}

// sources reads all Go files below dir, except tests and code that is not
// ours.
func sources(dir string) ([]source, error) {
	var out []source
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if path != dir && (name[0] == '.' || name[0] == '_' || name == "node_modules" || name == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(dir, filepath.Dir(path))
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f, err := readSource(filepath.ToSlash(rel), name, text)
		out = append(out, f)
		return err
	})
	return out, err
}

func readSource(dir, name string, text []byte) (source, error) {
	s := source{dir: dir, name: name, lines: bytes.Count(text, []byte("\n"))}
	file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
	if err != nil {
		return s, err
	}
	clock := "" // what package time is called in this file
	for _, i := range file.Imports {
		path, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return s, err
		}
		s.imports = append(s.imports, path)
		if path == "time" {
			if clock = "time"; i.Name != nil {
				clock = i.Name.Name
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "init" {
				s.inits++
			}
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && clock != "" && x.Name == clock && passes(n.Sel.Name) {
				s.clock = append(s.clock, "time."+n.Sel.Name)
			}
		}
		return true
	})
	return s, nil
}

// passes tells which functions of package time read the clock or wait.
func passes(name string) bool {
	return slices.Contains([]string{"Now", "Since", "Until", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Sleep"}, name)
}

func TestReadRooms(t *testing.T) {
	head := "# x\n\n| not | ours |\n|---|---|\n| a | b |\n\n| package | in one line | may import (ours) | must never import |\n|---|:--|---|---|\n"
	rooms, err := readRooms(head + "| `a`, `a/b` | reads `c` | `d`, its own children | anything of ours, `net/http`, SQL, the clock |\n| `cmd` | all | all | — |\n\n| `z` | other | table | here |\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []room{
		{names: []string{"a", "a/b"}, may: []string{"d", wordChildren}, never: []string{wordOurs, "net/http", wordSQL, wordClock}},
		{names: []string{"cmd"}, may: []string{wordAll}},
	}
	if diff := cmp.Diff(want, rooms, cmp.AllowUnexported(room{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, table := range map[string]string{
		"no table":      "",
		"three cells":   head + "| `a` | b | — |\n",
		"bare package":  head + "| a | b | — | — |\n",
		"may prose":     head + "| `a` | b | codecs | — |\n",
		"never prose":   head + "| `a` | b | — | anything slow |\n",
		"never, quoted": head + "| `a` | b | — | net |\n",
	} {
		if rooms, err := readRooms(table); err == nil {
			t.Errorf("%s: read as %+v", name, rooms)
		}
	}
}

// Each rule finds its breaches, and nothing else.
func TestBreaches(t *testing.T) {
	rooms := []room{
		{names: []string{"ingest"}, never: []string{wordOurs, "net"}},
		{names: []string{"packager"}, may: []string{"ingest", wordChildren}, never: []string{"overlay", wordSQL}},
		{names: []string{"packager/m3u8", "packager/id3"}, never: []string{wordClock}},
		{names: []string{"cmd/mediad"}, may: []string{wordAll}},
	}
	for name, c := range map[string]struct {
		dir, text string
		want      []string
	}{
		"plain":            {"ingest", `import "fmt"`, nil},
		"netip is not net": {"ingest", `import "net/netip"`, nil},
		"net":              {"ingest", `import "net"`, []string{"ingest/f.go imports net: its room never imports net"}},
		"ours": {"ingest", `import "mediad/packager"`, []string{
			"ingest/f.go imports packager, which its room may not", "ingest/f.go imports mediad/packager: its room never imports anything of ours"}},
		"named":           {"packager", `import "mediad/ingest"`, nil},
		"not its child":   {"packager", `import "mediad/ingest/rtmp"`, []string{"packager/f.go imports ingest/rtmp, which its room may not"}},
		"child":           {"packager", `import "mediad/packager/m3u8"`, nil},
		"inherits":        {"packager/archive", `import "mediad/packager/m3u8"`, nil},
		"inherits never":  {"packager/archive", `import "database/sql"`, []string{"packager/archive/f.go imports database/sql: its room never imports SQL"}},
		"driver":          {"packager", `import _ "github.com/jackc/pgx/v5/stdlib"`, []string{"packager/f.go imports github.com/jackc/pgx/v5/stdlib: its room never imports SQL"}},
		"own row only":    {"packager/m3u8", `import "mediad/packager/id3"`, []string{"packager/m3u8/f.go imports packager/id3, which its room may not"}},
		"time is allowed": {"packager/id3", "import \"time\"\nvar x = time.Second", nil},
		"clock":           {"packager/id3", "import \"time\"\nvar x = time.Now", []string{"packager/id3/f.go uses time.Now: its room has no clock"}},
		"clock renamed":   {"packager/id3", "import t \"time\"\nfunc f() { t.Sleep(1) }", []string{"packager/id3/f.go uses time.Sleep: its room has no clock"}},
		"not the clock":   {"packager/id3", "type c struct{}\nfunc (c) Now() {}\nvar time c\nfunc f() { time.Now() }", nil},
		"no room":         {"storage", "", []string{"storage is in no room"}},
		"all":             {"cmd/mediad", `import "mediad/overlay"`, nil},
		"init":            {"ingest", "func init() {}", []string{"ingest/f.go has an init function"}},
		"init method":     {"ingest", "type x int\nfunc (x) init() {}", nil},
		"vague":           {"packager/util", "", []string{"packager/util: util names no thing"}},
		"outside":         {"internal/x", "", []string{"internal/x is in no room", "internal/x/f.go stands outside the six rooms of the top level"}},
		"long":            {"ingest", strings.Repeat("\n", maxLines), []string{"ingest/f.go has 501 lines: which things is it?"}},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := readSource(c.dir, "f.go", []byte("package x\n"+c.text))
			if err != nil {
				t.Fatal(err)
			}
			got := append(importBreaches(rooms, []source{s}), shapeBreaches([]source{s})...)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
