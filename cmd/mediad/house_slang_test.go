package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// slang are words that were riddles as names, each with the field's word.
var slang = map[string]string{
	"beside": "secondary track, out of band, concurrent", "curtain": "cooldown", "desk": "worker, queue", "fight": "contention",
	"hall": "limiter", "hum": "silence filler", "loser": "victim", "patrol": "sweep",
	"poke": "signal", "shaken": "handshake", "shelf": "cache, store", "stillness": "slate",
}

// slangIn finds slang among the words of the names that a file declares.
func slangIn(name string, text []byte) ([]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), name, text, 0)
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			for _, w := range wordsOf(id.Name) {
				if slang[w] != "" {
					found[w] = true
				}
			}
		}
		return true
	})
	return slices.Sorted(maps.Keys(found)), nil
}

// wordsOf splits a name into its words.
func wordsOf(name string) []string {
	spaced := strings.Builder{}
	for _, r := range name {
		if unicode.IsUpper(r) {
			spaced.WriteByte(' ')
		}
		spaced.WriteRune(unicode.ToLower(r))
	}
	return strings.FieldsFunc(spaced.String(), func(r rune) bool { return r == ' ' || r == '_' })
}

// Names are the field's words.
func TestHouseSlang(t *testing.T) {
	files := 0
	eachGoFile(t, func(rel string, text []byte) {
		found, err := slangIn(rel, text)
		if err != nil {
			t.Fatal(err)
		}
		files++
		for _, w := range found {
			t.Errorf("%s has a name with %q; the field's word: %s", rel, w, slang[w])
		}
	})
	if files < 100 {
		t.Errorf("found %d files: that is not the house", files)
	}
}

// eachGoFile reads the Go files of the house, tests too. Their paths begin at the root, with slashes.
func eachGoFile(t *testing.T, do func(rel string, text []byte)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() {
			if path != root && (name[0] == '.' || name == "node_modules" || name == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		do(filepath.ToSlash(rel), text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSlangIn(t *testing.T) {
	for text, want := range map[string][]string{
		"type hallOfFame int": {"hall"}, "func TestBesideIt() {}": {"beside"}, "var poke_it = 1": {"poke"}, "var shall, hallway = 1, 2": nil, "const x = \"beside\" // a desk": nil,
	} {
		got, err := slangIn("x.go", []byte("package x\n"+text))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: found %q, want %q", text, got, want)
		}
	}
}
