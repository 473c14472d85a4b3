package targets

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mediad/cmd/mediad/config"
)

func TestKeys(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	t.Setenv("A_STREAM_KEY", " of-the-variable\n")
	t.Setenv("NO_STREAM_KEY", "secret in words")
	for name, tc := range map[string]struct {
		push       config.Push
		text       string
		want, fail string
	}{
		"variable":     {config.Push{KeyEnv: "A_STREAM_KEY"}, "", "of-the-variable", ""},
		"file":         {config.Push{KeyFile: file}, "of-the-file?sign=1\n", "of-the-file?sign=1", ""},
		"none":         {config.Push{KeyEnv: "B_STREAM_KEY"}, "", "", "key_env: the variable B_STREAM_KEY has no stream key"},
		"empty":        {config.Push{KeyFile: file}, "\n", "", "key_file: the file has no stream key"},
		"no file":      {config.Push{KeyFile: file + "s"}, "", "", "no such file"},
		"words":        {config.Push{KeyEnv: "NO_STREAM_KEY"}, "", "", "key_env: that is no stream key"},
		"another file": {config.Push{KeyFile: file}, strings.Repeat("secret", 1000), "", "key_file: that is no stream key"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(file, []byte(tc.text), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := keyOf(tc.push)
			if got != tc.want || (err == nil) != (tc.fail == "") || err != nil && (!strings.Contains(err.Error(), tc.fail) || strings.Contains(err.Error(), "secret")) {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

// A configuration whose keys are missing cannot be opened, and is not taken at a reload.
func TestOpen(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	c := config.Defaults()
	c.Rooms[0].Push = []config.Push{{Name: "a", URL: "rtmp://h/app/", KeyEnv: "A_STREAM_KEY"}}
	if _, err := Open(c, log); err == nil || !strings.Contains(err.Error(), "rooms[0].push[0].key_env") {
		t.Fatalf("error %v", err)
	}
	t.Setenv("A_STREAM_KEY", "k")
	h, err := Open(c, log)
	if err != nil {
		t.Fatal(err)
	}
	more := c
	more.Rooms = []config.Room{{Slug: "demo", Push: append(c.Rooms[0].Push, config.Push{Name: "b", URL: "rtmp://h/b", KeyEnv: "B_STREAM_KEY"})}}
	if Reload(h, more, log); len(h.States("demo")) != 1 {
		t.Error("a target without a key was taken")
	}
	t.Setenv("B_STREAM_KEY", "k")
	if Reload(h, more, log); len(h.States("demo")) != 2 {
		t.Error("the reload brought no target")
	}
}
