package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// appMay says which folders of overlay/web/src may import which: all apps may
// import shared, and only the watch page may import other apps (the player,
// and the panel that it loads for operators).
var appMay = map[string][]string{
	"generated": {"shared"},
	"shared":    {"generated"},
	"player":    {"shared", "generated"},
	"watch":     {"shared", "generated", "player", "operator"},
	"operator":  {"shared", "generated"},
	"festival":  {"shared", "generated"},
	"dock":      {"shared", "generated"},
	"studio":    {"shared", "generated"},
	"remind":    {}, // a service worker
}

// The apps of the pages do not import each other.
func TestHousePages(t *testing.T) {
	src := filepath.Join(root, "overlay/web/src")
	seen := map[string]int{}
	err := filepath.WalkDir(src, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".ts" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(src, path)
		if err != nil {
			return err
		}
		app, _, _ := strings.Cut(filepath.ToSlash(name), "/")
		seen[app]++
		for _, b := range appBreaches(app, name, string(text)) {
			t.Error(b)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, app := range []string{"shared", "player", "watch", "operator", "dock", "studio"} {
		if seen[app] < 5 {
			t.Errorf("found %d files of %s: those are not the pages", seen[app], app)
		}
	}
}

var tsImport = regexp.MustCompile(`(?:from |import |import\()'(\.[^']*)'`)

// appBreaches finds the imports of an app's file that appMay forbids.
func appBreaches(app, name, text string) []string {
	may, known := appMay[app]
	if !known {
		return []string{fmt.Sprintf("overlay/web/src/%s is in no app", name)}
	}
	var out []string
	for _, m := range tsImport.FindAllStringSubmatch(text, -1) {
		to, _, _ := strings.Cut(filepath.ToSlash(filepath.Join(filepath.Dir(name), m[1])), "/")
		if to != app && !slices.Contains(may, to) {
			out = append(out, fmt.Sprintf("overlay/web/src/%s imports %s, which its app may not", name, m[1]))
		}
	}
	return out
}

func TestAppBreaches(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		want       []string
	}{
		"shared":       {"player/a.ts", "import { x } from '../shared/x.ts';", nil},
		"itself":       {"player/a.ts", "import './b.ts';\nimport { c } from 'lit';", nil},
		"another app":  {"player/a.ts", "import { x } from '../operator/x.ts';", []string{"overlay/web/src/player/a.ts imports ../operator/x.ts, which its app may not"}},
		"upwards":      {"shared/a.ts", "const m = import('../player/player.ts');", []string{"overlay/web/src/shared/a.ts imports ../player/player.ts, which its app may not"}},
		"side effect":  {"operator/a.ts", "import '../watch/watch.ts';", []string{"overlay/web/src/operator/a.ts imports ../watch/watch.ts, which its app may not"}},
		"deep":         {"generated/strings/a.ts", "import type { P } from '../../shared/p.ts';", nil},
		"no such app":  {"util/a.ts", "", []string{"overlay/web/src/util/a.ts is in no app"}},
		"its own page": {"watch/watch.ts", "import '../player/player.ts';", nil},
	} {
		t.Run(name, func(t *testing.T) {
			app, _, _ := strings.Cut(c.file, "/")
			if diff := cmp.Diff(c.want, appBreaches(app, c.file, c.text)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The pages translate every text of the server, and no text that it does not
// have any more.
func TestHouseTranslations(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "overlay/web/strings/said-by-server.json"))
	if err != nil {
		t.Fatal(err)
	}
	var said map[string]map[string]map[string]string
	if err := json.Unmarshal(text, &said); err != nil {
		t.Fatal(err)
	}
	var code bytes.Buffer
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "node_modules" {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := os.ReadFile(path)
		code.Write(file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(said["events"]) < 5 || len(said["reasons"]) < 5 || len(said["warnings"]) < 30 {
		t.Fatalf("said-by-server.json translates %d events, %d reasons and %d warnings: that is not the table", len(said["events"]), len(said["reasons"]), len(said["warnings"]))
	}
	for kind, all := range said {
		for what, in := range all {
			if in["zh"] == "" {
				t.Errorf("said-by-server.json: %s %q has no Chinese", kind, what)
			}
			if !bytes.Contains(code.Bytes(), []byte(strconv.Quote(what))) {
				t.Errorf("said-by-server.json translates %s %q, which the server does not say", kind, what)
			}
		}
	}
	if text, err = os.ReadFile(filepath.Join(root, "overlay/web/strings/errors-by-server.json")); err != nil {
		t.Fatal(err)
	}
	var errors map[string]json.RawMessage
	if err := json.Unmarshal(text, &errors); err != nil || len(errors) < 20 {
		t.Fatalf("errors-by-server.json translates %d errors: that is not the table: %v", len(errors), err)
	}
	for what := range errors {
		if !bytes.Contains(code.Bytes(), []byte(strconv.Quote(what))) && !bytes.Contains(code.Bytes(), []byte("`"+what+"`")) {
			t.Errorf("errors-by-server.json translates %q, which the server does not say", what)
		}
	}
	kinds := regexp.MustCompile(`PublisherKind\s+= "(\w+)"`).FindAllStringSubmatch(code.String(), -1)
	if len(kinds) < 5 {
		t.Errorf("found %d kinds of events of publishers", len(kinds))
	}
	for _, k := range kinds {
		if said["events"][k[1]]["zh"] == "" {
			t.Errorf("said-by-server.json lacks the event %q", k[1])
		}
	}
}

// TestHouseCookies: only signing in sets a cookie. Watching, writing, voting, booking and buying need none.
func TestHouseCookies(t *testing.T) {
	setting := regexp.MustCompile(`http\.SetCookie|http\.Cookie\b|header:"Set-Cookie"|\b(?:Set|Add)\("Set-Cookie"`)
	scripted := regexp.MustCompile(`document\.cookie|\bcookieStore\b`)
	var setters []string
	for _, dir := range []string{"cmd", "overlay", "packager", "ingest", "storage"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() {
				if d.Name() == "node_modules" || d.Name() == "dist" || d.Name() == "e2e" {
					return filepath.SkipDir
				}
				return nil
			}
			bad := map[string]*regexp.Regexp{".go": setting, ".ts": scripted, ".mjs": scripted}[filepath.Ext(path)]
			if bad == nil || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			text, err := os.ReadFile(path)
			if err == nil && bad.Match(text) {
				name, _ := filepath.Rel(root, path)
				setters = append(setters, filepath.ToSlash(name))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"overlay/api/session.go"}, setters); diff != "" {
		t.Errorf("what sets cookies (-want +got):\n%s", diff)
	}
}
