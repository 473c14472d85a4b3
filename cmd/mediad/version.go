package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Version is the release of this source.
const Version = "0.1.0"

// version describes the program: the release, the commit if the build knew
// it, and the Go version and platform.
func version() string {
	r := revision()
	if r != "" {
		r = " " + r
	}
	return fmt.Sprintf("mediad %s%s %s %s/%s", Version, r, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// revision gives the commit from which the program was built; "": the build did
// not know it.
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
