package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestHousePhrases: what the server refuses, people of a shop read in Chinese, too. The
// list is read from the source, so that a new message is covered the day it is written.
func TestHousePhrases(t *testing.T) {
	table := map[string]struct{ En, Zh string }{}
	text, err := os.ReadFile("../../overlay/web/strings/errors-by-server.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &table); err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, dir := range []string{"overlay", "overlay/store", "overlay/api", "overlay/catalogue", "overlay/picture", "overlay/chat", "cmd/mediad/importer", "cmd/mediad/uploads", "cmd/mediad/broadcast", "cmd/mediad/keep", "cmd/mediad/replay"} {
		files, err := filepath.Glob("../../" + dir + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", dir, len(files), err)
		}
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				refusals(t, file, said)
			}
		}
	}
	if len(said) < 200 {
		t.Fatalf("only %d messages were found", len(said))
	}
	for words, where := range said {
		if phrase, ok := table[words]; (!ok || phrase.Zh == "") && !slices.Contains(toPrograms, words) && !onlyField.MatchString(words) {
			t.Errorf("%s: no Chinese for %q: add it to overlay/web/strings/errors-by-server.json", where, words)
		}
	}
}

// refusals adds the messages of a file to said: what overlay.Errorf and its kin are called with.
func refusals(t *testing.T, file string, said map[string]string) {
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	note := func(args []ast.Expr) {
		for _, arg := range args {
			if words, ok := literal(arg); ok {
				said[words] = set.Position(arg.Pos()).String()
				return
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			reasons(n, note)
		case *ast.ValueSpec: // const onAirReason = "…"
			if strings.HasSuffix(n.Names[0].Name, "Reason") {
				note(n.Values)
			}
		case *ast.AssignStmt: // r.Reason = "…"
			if to, ok := n.Lhs[0].(*ast.SelectorExpr); ok && to.Sel.Name == "Reason" {
				note(n.Rhs)
			}
		case *ast.CallExpr:
			if refuses(n.Fun, f.Name.Name) {
				note(n.Args)
			}
		case *ast.CompositeLit:
			if kind, ok := n.Type.(*ast.Ident); !ok || kind.Name != "Error" || f.Name.Name != "overlay" {
				return true
			}
			for _, e := range n.Elts { // &Error{Code, fmt.Sprintf("…")}
				if call, ok := e.(*ast.CallExpr); ok {
					note(call.Args)
				}
			}
		}
		return true
	})
}

// reasons notes what a function gives that says in words why a row is left out.
func reasons(f *ast.FuncDecl, note func([]ast.Expr)) {
	results := f.Type.Results
	if f.Body == nil || results == nil {
		return
	}
	last := results.List[len(results.List)-1].Names
	if len(last) != 1 || last[0].Name != "why" {
		return
	}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		gives, ok := n.(*ast.ReturnStmt)
		if !ok || len(gives.Results) == 0 {
			return true
		}
		why := gives.Results[len(gives.Results)-1]
		if call, ok := why.(*ast.CallExpr); ok { // fmt.Sprintf("…")
			note(call.Args)
		} else if words, ok := literal(why); ok && words != "" {
			note([]ast.Expr{why})
		}
		return true
	})
}

func refuses(fun ast.Expr, pkg string) bool {
	switch fun := fun.(type) {
	case *ast.Ident:
		return fun.Name == "Errorf" && pkg == "overlay" || slices.Contains([]string{"refused", "reject", "malformed"}, fun.Name)
	case *ast.SelectorExpr:
		from, ok := fun.X.(*ast.Ident)
		return ok && from.Name == "overlay" && fun.Sel.Name == "Errorf" || pkg == "catalogue" && fun.Sel.Name == "rejected"
	}
	return false
}

// literal gives a text that is written in the source, perhaps in pieces.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		words, err := strconv.Unquote(e.Value)
		return words, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		a, ok := literal(e.X)
		b, both := literal(e.Y)
		return a + b, ok && both && e.Op == token.ADD
	}
	return "", false
}

// onlyField are the messages that have no words but those that they are given; pages
// translate these.
var onlyField = regexp.MustCompile(`^([\w.%]+: )?%s$`)

// toPrograms are messages that no page of the studio or the dock can cause: they answer
// beacons and the commands of an operator.
var toPrograms = []string{
	"there is no broadcast %s",
	"the broadcast %s is known",
	"the beacon has %d bytes, at most %d are allowed",
	`the body must be JSON like {"viewer":"8f3a61c07be4d215","watched":10}`,
	"viewer: must be 16 hexadecimal digits, drawn by chance for each page that opens",
	"watched and likes: must not be negative, and likes are whole",
	"impressions: has %d, at most %d are allowed",
	"impressions: must be ids of products",
	"Last-Event-ID: must be the id of an event",
}
