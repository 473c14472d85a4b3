package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Version is what this source is released as.
const Version = "0.1.0"

// version says what runs: the release, the commit it was built from if the
// build knew it, and what built it.
func version() string {
	var revision string
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				revision = " " + s.Value[:min(12, len(s.Value))] + revision
			case s.Key == "vcs.modified" && s.Value == "true":
				revision += "+changes"
			}
		}
	}
	return fmt.Sprintf("mediad %s%s %s %s/%s", Version, revision, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
