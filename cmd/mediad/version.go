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
	r := revision()
	if r != "" {
		r = " " + r
	}
	return fmt.Sprintf("mediad %s%s %s %s/%s", Version, r, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// revision is the commit that the program was built from, "" if the build did not
// know it.
func revision() (commit string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value[:min(12, len(s.Value))] + commit
		case s.Key == "vcs.modified" && s.Value == "true":
			commit += "+changes"
		}
	}
	return commit
}
