package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// docPages gives the Markdown files of the repository, by their path in it.
func docPages(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, pattern := range []string{"*.md", "docs/*.md"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			rel, err := filepath.Rel(root, f)
			if err != nil {
				t.Fatal(err)
			}
			out[filepath.ToSlash(rel)] = string(text)
		}
	}
	if len(out) < 8 {
		t.Fatalf("found %d pages", len(out))
	}
	return out
}

var (
	docCode    = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
	docLink    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	docHeading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	docFence   = regexp.MustCompile("(?s)```.*?```")
)

// anchors gives the names by which GitHub finds a page's headings.
func anchors(text string) []string {
	var out []string
	for _, m := range docHeading.FindAllStringSubmatch(docFence.ReplaceAllString(text, ""), -1) {
		name := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r > 0x7f && r != '→' && r != '…':
				return r
			}
			return -1
		}, strings.ToLower(m[1]))
		out = append(out, name)
	}
	return out
}

// Every link from one page to another, or to a file, has a target.
func TestHouseLinks(t *testing.T) {
	all, looked := docPages(t), 0
	for page, text := range all {
		for _, m := range docLink.FindAllStringSubmatch(docCode.ReplaceAllString(text, ""), -1) {
			target := m[1]
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			looked++
			file, anchor, _ := strings.Cut(target, "#")
			path := page
			if file != "" {
				path = filepath.ToSlash(filepath.Join(filepath.Dir(page), file))
			}
			if _, err := os.Stat(filepath.Join(root, path)); err != nil {
				t.Errorf("%s links to %s, which is not there", page, target)
			} else if anchor != "" && !slices.Contains(anchors(all[path]), anchor) {
				t.Errorf("%s links to %s: there is no such heading", page, target)
			}
		}
	}
	if looked < 20 {
		t.Errorf("only %d links were looked at", looked)
	}
}

// The README must be short.
func TestHouseReadme(t *testing.T) {
	if n := strings.Count(docPages(t)["README.md"], "\n"); n > 200 {
		t.Errorf("the README has %d lines, at most 200 are read: docs/ has room", n)
	}
}

// Every file that a page names by its path exists.
func TestHouseFiles(t *testing.T) {
	named := regexp.MustCompile("`((?:cmd|ingest|packager|overlay|storage|docs)(?:/[A-Za-z0-9_.*-]+)+\\.(?:go|ts|mjs|js|yaml|txt|html|md|png))`")
	looked := 0
	for page, text := range docPages(t) {
		if page == "CHANGELOG.md" {
			continue // the CHANGELOG may name files that are gone
		}
		for _, m := range named.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "FEATURE") {
				continue // of a feature to come
			}
			looked++
			if files, err := filepath.Glob(filepath.Join(root, m[1])); err != nil || len(files) == 0 {
				t.Errorf("%s names %s, which is not there", page, m[1])
			}
		}
	}
	if looked < 20 {
		t.Errorf("only %d files were looked up", looked)
	}
}

// docStep is a function that a walk of docs/architecture.md names.
type docStep struct {
	depth      int
	file, name string
	noted      bool // a note says who calls it
}

var docStepLine = regexp.MustCompile("^( *)(?:\\d+\\.|-) `([^`: ]+\\.go): (\\w+)`( \\*)?")

// The walks of docs/architecture.md match the code: each function exists, and
// its caller in the walk does name it.
func TestHouseWalks(t *testing.T) {
	text := docPages(t)["docs/architecture.md"]
	var path []docStep // the step before, and those that it is indented under
	steps := 0
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			path = nil
		}
		m := docStepLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		s := docStep{len(m[1]), m[2], m[3], m[4] != ""}
		steps++
		if !declared(t, s) {
			t.Errorf("%s: there is no function %s", s.file, s.name)
		}
		nested := strings.Contains(line[:strings.IndexByte(line, '`')], "-")
		for len(path) > 0 && (path[len(path)-1].depth > s.depth || nested && path[len(path)-1].depth == s.depth) {
			path = path[:len(path)-1]
		}
		if len(path) > 0 && !s.noted && !names(t, path[len(path)-1], s.name) {
			t.Errorf("%s in %s does not call %s", path[len(path)-1].name, path[len(path)-1].file, s.name)
		}
		if !nested {
			path = nil
		}
		path = append(path, s)
	}
	if steps < 50 {
		t.Errorf("the walks have only %d steps", steps)
	}
	other := 0
	for page, text := range docPages(t) {
		for _, m := range regexp.MustCompile("`([a-z0-9_/]+\\.go): (\\w+)`").FindAllStringSubmatch(text, -1) {
			other++
			if s := (docStep{file: m[1], name: m[2]}); !declared(t, s) {
				t.Errorf("%s names %s in %s, which is not there", page, s.name, s.file)
			}
		}
	}
	if other < steps {
		t.Errorf("only %d functions were looked up", other)
	}
	wrong := docStep{file: "packager/media.go", name: "publish"}
	if names(t, wrong, "closePart") || declared(t, docStep{file: "packager/media.go", name: "nothing"}) {
		t.Error("what is not there is found")
	}
}

func declared(t *testing.T, s docStep) bool { return len(bodies(t, s)) > 0 }

// names tells whether a function names another.
func names(t *testing.T, s docStep, other string) bool {
	found := false
	for _, body := range bodies(t, s) {
		ast.Inspect(body, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.Name == other {
				found = true
			}
			return true
		})
	}
	return found
}

func bodies(t *testing.T, s docStep) (out []*ast.BlockStmt) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, s.file), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Error(err)
		return nil
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == s.name && f.Body != nil {
			out = append(out, f.Body)
		}
	}
	return out
}
