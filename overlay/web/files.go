package web

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
)

// dist holds what `npm run build` made. On a clean checkout it holds a placeholder only, so that `go build` needs no
// Node.js.
//
//go:embed all:dist
var dist embed.FS

var errNotBuilt = errors.New("web files are not built")

// manifest lists the files of each app; build.mjs writes it.
type manifest struct {
	Apps  map[string]app    `json:"apps"`
	Files map[string]string `json:"files"` // what is loaded by name: hls, worker, icon
}

// app is the set of files that a page loads at once.
type app struct {
	Modules []string `json:"modules"` // the first of them begins it, and needs the others
	Styles  []string `json:"styles"`
}

type files struct {
	manifest manifest
	module   []byte            // embed.js
	worker   []byte            // reminder-worker.js
	assets   map[string][]byte // by name; every name carries a hash of the bytes
}

func loadFiles(built fs.FS) (*files, error) {
	text, err := fs.ReadFile(built, "dist/manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNotBuilt
	}
	if err != nil {
		return nil, fmt.Errorf("read web manifest: %w", err)
	}
	f := &files{assets: map[string][]byte{}}
	if err := json.Unmarshal(text, &f.manifest); err != nil {
		return nil, fmt.Errorf("parse web manifest: %w", err)
	}
	if f.module, err = fs.ReadFile(built, "dist/embed.js"); err != nil {
		return nil, fmt.Errorf("read web module: %w", err)
	}
	if f.worker, err = fs.ReadFile(built, "dist/reminder-worker.js"); err != nil {
		return nil, fmt.Errorf("read service worker: %w", err)
	}
	entries, err := fs.ReadDir(built, "dist/assets")
	if err != nil {
		return nil, fmt.Errorf("list web assets: %w", err)
	}
	for _, e := range entries {
		if f.assets[e.Name()], err = fs.ReadFile(built, path.Join("dist/assets", e.Name())); err != nil {
			return nil, fmt.Errorf("read web asset %q: %w", e.Name(), err)
		}
	}
	return f, f.complete()
}

// complete tells whether all files that the manifest names exist.
func (f *files) complete() error {
	for _, name := range []string{"player", "watch", "operator", "dock", "studio", "times"} {
		if len(f.manifest.Apps[name].Modules) == 0 {
			return fmt.Errorf("web manifest names no modules of %s", name)
		}
	}
	var names []string
	for _, name := range []string{"hls", "worker", "icon"} {
		names = append(names, f.manifest.Files[name])
	}
	for _, a := range f.manifest.Apps {
		names = append(names, slices.Concat(a.Modules, a.Styles)...)
	}
	for _, name := range names {
		if _, ok := f.assets[name]; !ok {
			return fmt.Errorf("web manifest names %q, which was not built", name)
		}
	}
	return nil
}

// serveModule answers /embed.js, whose name is fixed in the pages of shops: it may be kept for minutes only.
func (f *files) serveModule(w http.ResponseWriter, r *http.Request) {
	serve(w, r, "embed.js", f.module, "public, max-age=300")
}

// serveWorker answers /reminder-worker.js, which may open the pages that lie below its folder.
func (f *files) serveWorker(w http.ResponseWriter, r *http.Request) {
	serve(w, r, "reminder-worker.js", f.worker, "no-cache")
}

func (f *files) serveAsset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	body, ok := f.assets[name]
	if !ok {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "There is no such file.", http.StatusNotFound)
		return
	}
	serve(w, r, name, body, "public, max-age=31536000, immutable")
}

// serve writes a file that pages of any origin may use: a module script is always fetched with CORS.
func serve(w http.ResponseWriter, r *http.Request, name string, body []byte, cache string) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", cache)
	h.Set("Content-Type", contentType(name))
	h.Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(body))
}

func contentType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		if t := mime.TypeByExtension(strings.ToLower(ext)); t != "" {
			return t
		}
		return "application/octet-stream"
	}
}
