package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// module is the prefix of our import paths.
const module = "mediad/"

// room is a row of the table in docs/architecture.md.
type room struct {
	names []string
	may   []string // packages of ours, or one of the words below
	never []string
}

// The words of the table besides package names.
const (
	wordNone     = "—"
	wordAll      = "all"
	wordChildren = "its own children"
	wordOurs     = "anything of ours"
	wordSQL      = "SQL"
	wordClock    = "the clock"
)

// sqlPackages is what the word SQL means, each with all below it.
var sqlPackages = []string{"database/sql", "github.com/mattn/go-sqlite3", "github.com/jackc/pgx", "github.com/pressly/goose"}

// readRooms reads the table whose header begins with "package". A cell that it
// does not understand is an error: a rule that is not checked is not a rule.
func readRooms(markdown string) ([]room, error) {
	var rooms []room
	inside := false
	for text := range strings.Lines(markdown) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(text), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch {
		case !strings.HasPrefix(text, "|"):
			inside = false
			continue
		case cells[0] == "package":
			inside = true
			continue
		case !inside || strings.Trim(cells[0], ":-") == "":
			continue
		case len(cells) != 4:
			return nil, fmt.Errorf("a row has %d cells: %s", len(cells), text)
		}
		r := room{names: words(cells[0]), may: words(cells[2]), never: words(cells[3])}
		for _, name := range r.names {
			if !quoted(cells[0], name) {
				return nil, fmt.Errorf("package %q is not in backticks", name)
			}
		}
		for _, w := range r.may {
			if !quoted(cells[2], w) && w != wordAll && w != wordChildren {
				return nil, fmt.Errorf("%s may import %q: what is that?", r.names[0], w)
			}
		}
		for _, w := range r.never {
			if !quoted(cells[3], w) && w != wordOurs && w != wordSQL && w != wordClock {
				return nil, fmt.Errorf("%s must never import %q: what is that?", r.names[0], w)
			}
		}
		rooms = append(rooms, r)
	}
	if len(rooms) == 0 {
		return nil, fmt.Errorf("there is no table of packages")
	}
	return rooms, nil
}

// words splits a cell into its entries, without backticks.
func words(cell string) []string {
	if cell == wordNone {
		return nil
	}
	var out []string
	for _, w := range strings.Split(cell, ",") {
		out = append(out, strings.Trim(strings.TrimSpace(w), "`"))
	}
	return out
}

func quoted(cell, word string) bool { return strings.Contains(cell, "`"+word+"`") }

// source is one Go file that is not a test.
type source struct {
	dir, name string // dir from the repository's root
	imports   []string
	clock     []string // uses of the clock, as "time.Now"
	inits     int
	lines     int
}

// roomOf finds the row that a package lives under: its own, or that of its
// nearest ancestor.
func roomOf(rooms []room, dir string) *room {
	for d := dir; d != "."; d = parent(d) {
		for i := range rooms {
			if slices.Contains(rooms[i].names, d) {
				return &rooms[i]
			}
		}
	}
	return nil
}

func parent(dir string) string {
	if i := strings.LastIndexByte(dir, '/'); i >= 0 {
		return dir[:i]
	}
	return "."
}

// within tells whether a package is p or lies below it.
func within(dir, p string) bool { return dir == p || strings.HasPrefix(dir, p+"/") }

// importBreaches finds the imports that the table forbids.
func importBreaches(rooms []room, files []source) []string {
	var out []string
	for _, f := range files {
		r := roomOf(rooms, f.dir)
		if r == nil {
			out = append(out, f.dir+" is in no room")
			continue
		}
		for _, path := range f.imports {
			ours, isOurs := strings.CutPrefix(path, module)
			if isOurs && !allowed(r, f.dir, ours) {
				out = append(out, fmt.Sprintf("%s/%s imports %s, which its room may not", f.dir, f.name, ours))
			}
			for _, w := range r.never {
				if forbidden(w, path, ours, isOurs) {
					out = append(out, fmt.Sprintf("%s/%s imports %s: its room never imports %s", f.dir, f.name, path, w))
				}
			}
		}
		if len(f.clock) > 0 && slices.Contains(r.never, wordClock) {
			out = append(out, fmt.Sprintf("%s/%s uses %s: its room has no clock", f.dir, f.name, f.clock[0]))
		}
	}
	return out
}

func allowed(r *room, dir, ours string) bool {
	for _, w := range r.may {
		switch {
		case w == wordAll, w == ours:
			return true
		case w == wordChildren && slices.ContainsFunc(r.names, func(n string) bool { return within(dir, n) && within(ours, n) }):
			return true
		}
	}
	return false
}

func forbidden(word, path, ours string, isOurs bool) bool {
	switch word {
	case wordOurs:
		return isOurs
	case wordSQL:
		return slices.ContainsFunc(sqlPackages, func(p string) bool { return within(path, p) })
	case wordClock:
		return false
	}
	if isOurs {
		return within(ours, word)
	}
	return path == word // `net` is not net/url
}

// maxLines is the longest a file may be.
const maxLines = 500

var vague = regexp.MustCompile(`^(pkg|util|utils|common|types|models|helpers)$`)

// shapeBreaches finds files that break the rules of form.
func shapeBreaches(files []source) []string {
	var out []string
	for _, f := range files {
		if f.lines > maxLines {
			out = append(out, fmt.Sprintf("%s/%s has %d lines: which things is it?", f.dir, f.name, f.lines))
		}
		if f.inits > 0 {
			out = append(out, fmt.Sprintf("%s/%s has an init function", f.dir, f.name))
		}
		for _, part := range strings.Split(f.dir, "/") {
			if vague.MatchString(part) {
				out = append(out, fmt.Sprintf("%s: %s names no thing", f.dir, part))
			}
		}
		if top, _, _ := strings.Cut(f.dir, "/"); !slices.Contains([]string{"cmd", "ingest", "packager", "overlay", "storage", "clients"}, top) {
			out = append(out, fmt.Sprintf("%s/%s stands outside the six rooms of the top level", f.dir, f.name))
		}
	}
	return out
}
