package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// maxMain is how many lines package main may have: commands and wiring.
const maxMain = 1500

// lengths counts the lines of our files with some endings, by path.
func lengths(t *testing.T, endings ...string) map[string]int {
	t.Helper()
	out := map[string]int{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); path != root && (name[0] == '.' || name == "node_modules" || name == "dist" || name == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		if !slices.Contains(endings, filepath.Ext(path)) {
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
		first, _, _ := bytes.Cut(text, []byte("\n"))
		if second := text[min(len(first)+1, len(text)):]; !generated(first) && !generated(second[:min(200, len(second))]) {
			out[filepath.ToSlash(rel)] = bytes.Count(text, []byte("\n"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// generated tells whether a program wrote a file.
func generated(head []byte) bool {
	return bytes.Contains(head, []byte("DO NOT EDIT")) || bytes.Contains(head, []byte("auto-generated"))
}

// No hand-written file is too long, tests included, and package main has only
// commands and wiring.
func TestHouseSizes(t *testing.T) {
	files := lengths(t, ".go", ".ts", ".mjs")
	var sources []int
	inMain, endings := 0, map[string]int{}
	for path, n := range files {
		endings[filepath.Ext(path)]++
		if n > maxLines {
			t.Errorf("%s has %d lines: which things is it?", path, n)
		}
		if strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, ".mjs") || strings.Contains(path, "/test/") {
			continue
		}
		sources = append(sources, n)
		if filepath.Dir(path) == "cmd/mediad" {
			inMain += n
		}
	}
	if inMain > maxMain {
		t.Errorf("package main has %d lines, at most %d are commands and wiring: what decides something has a room of its own", inMain, maxMain)
	}
	if inMain < 500 || endings[".go"] < 300 || endings[".ts"] < 30 || endings[".mjs"] < 5 {
		t.Fatalf("found %v files, and %d lines in package main: that is not the house", endings, inMain)
	}
	slices.Sort(sources)
	t.Logf("package main has %d lines; of %d source files the median has %d lines, the longest %d", inMain, len(sources), sources[len(sources)/2], sources[len(sources)-1])
}
