package api

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestActorsGoThroughActing: no operation uses the store without saying for whom. Viewers
// and sign-in have interfaces of their own, in doors.go.
func TestActorsGoThroughActing(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 20 {
		t.Fatalf("found %d files: %v", len(files), err)
	}
	direct := regexp.MustCompile(`\bo\.Store\.(\w+)`)
	through := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range direct.FindAllStringSubmatch(string(text), -1) {
			if through++; m[1] != "As" {
				t.Errorf("%s: uses o.Store.%s without an actor: use a.as(ctx) (store.Acting), or what doors.go has for viewers and sign-in", file, m[1])
			}
		}
	}
	if through == 0 {
		t.Error("nothing uses the store")
	}
}
