package layout

import (
	"path"
	"strings"
)

// Respelled tells whether a path over HTTP is another spelling of a path below LivePath
// or ReplayPath: with double slashes, dots or escapes. raw is the path as it was sent,
// or "" where that is what url.URL.EscapedPath makes of it. Only the file of a clip may
// have escapes: it can be named by a SKU.
func Respelled(sent, raw string) bool {
	if raw == "" && !strings.Contains(sent, "//") && !strings.Contains(sent, "/.") {
		return false
	}
	clean := path.Clean(sent)
	if !IsLive(clean) && !IsReplay(clean) {
		return false
	}
	if raw == "" {
		return clean != sent && clean+"/" != sent
	}
	folder, _ := path.Split(raw)
	show, isClip := strings.CutSuffix(folder, "/"+clipsFolder)
	return !isClip || !IsReplay(show) || strings.Contains(folder, "%") || path.Clean(folder)+"/" != folder
}
