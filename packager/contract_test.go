package packager

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

// A Session and its Stream call each other's methods, and leave each other's fields
// alone: what one asks of the other is a list that can be read (attach.go, media.go,
// publisher.go).
func TestSessionAndStreamCallMethods(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var funcs []*ast.FuncDecl
	methods := map[string]map[string]bool{"Stream": {}, "Session": {}}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && methods[receiver(f)] != nil {
				funcs = append(funcs, f)
				methods[receiver(f)][f.Name.Name] = true
			}
		}
	}
	for _, c := range []struct{ of, field, other string }{{"Session", "stream", "Stream"}, {"Stream", "session", "Session"}} {
		asked := 0
		for _, f := range funcs {
			if receiver(f) != c.of {
				continue
			}
			for _, name := range asks(f, c.field) {
				asked++
				if !methods[c.other][name] {
					t.Errorf("%s.%s touches %s of its %s", c.of, f.Name.Name, name, c.other)
				}
			}
		}
		if asked < 5 {
			t.Errorf("%s asks its %s %d times: that is not the code", c.of, c.other, asked)
		}
	}
	bad, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\nfunc (s *Session) f() { st := s.stream; st.edge++; s.stream.line.Place() }", parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(asks(bad.Decls[0].(*ast.FuncDecl), "stream"), " "); got != "edge line" {
		t.Errorf("what touches fields is read as %q", got)
	}
}

// receiver is the type whose method f is.
func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	if star, ok := f.Recv.List[0].Type.(*ast.StarExpr); ok {
		if id, ok := star.X.(*ast.Ident); ok {
			return id.Name
		}
	}
	return ""
}

// asks lists what a method selects of the other value, which lies in a field of its
// receiver, or in a variable that was set from it.
func asks(f *ast.FuncDecl, field string) (names []string) {
	if len(f.Recv.List[0].Names) == 0 {
		return nil
	}
	self := f.Recv.List[0].Names[0].Name
	isOther := func(e ast.Expr) bool {
		x, ok := e.(*ast.SelectorExpr)
		if !ok || x.Sel.Name != field {
			return false
		}
		id, ok := x.X.(*ast.Ident)
		return ok && id.Name == self
	}
	as := map[string]bool{} // variables that hold it
	ast.Inspect(f.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, from := range n.Rhs {
				if id, ok := n.Lhs[i].(*ast.Ident); ok && isOther(from) {
					as[id.Name] = true
				}
			}
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); isOther(n.X) || ok && as[id.Name] {
				names = append(names, n.Sel.Name)
			}
		}
		return true
	})
	return names
}
