package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mediad/cmd/mediad/config"
)

// The Dockerfile matches the program: its commands and variables exist, its ports
// are the default ones, and it runs as a user that owns its data.
func TestDockerfile(t *testing.T) {
	text, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	stages := strings.Split(string(text), "\nFROM ")
	image := stages[len(stages)-1]
	line := func(word string) string {
		t.Helper()
		m := regexp.MustCompile(`(?m)^` + word + ` (.*)$`).FindStringSubmatch(image)
		if m == nil {
			t.Fatalf("there is no %s", word)
		}
		return m[1]
	}
	list := func(s string) (words []string) {
		t.Helper()
		if err := json.Unmarshal([]byte(s[strings.Index(s, "["):]), &words); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		return words
	}
	user, _, _ := strings.Cut(line("USER"), ":")
	if user == "root" || user == "0" || !strings.Contains(image, "--chown="+user+":"+user+" /empty "+line("VOLUME")) {
		t.Errorf("it runs as %s, whose data is not its own", user)
	}
	if !strings.Contains(image, " ffmpeg ") {
		t.Error("it has no ffmpeg")
	}
	env := line("ENV")
	if _, err := config.Load(write(t, ""), strings.Fields(env)); err != nil {
		t.Errorf("%s: %v", env, err)
	}
	c := config.Defaults()
	_, rtmp, _ := net.SplitHostPort(c.RTMP.Listen)
	_, web, _ := net.SplitHostPort(c.HTTP.Listen)
	if ports := strings.Fields(line("EXPOSE")); !slices.Equal(ports, []string{rtmp, web}) {
		t.Errorf("ports %q, want %s and %s", ports, rtmp, web)
	}
	check := list(line("HEALTHCHECK"))
	for _, command := range [][]string{check, append(list(line("ENTRYPOINT")), list(line("CMD"))...)} {
		var stderr bytes.Buffer
		if code := run(t.Context(), append(slices.Clone(command[1:]), "--help"), nil, io.Discard, &stderr); command[0] != "mediad" || code != exitOK {
			t.Errorf("%q: %d, %s", command, code, &stderr)
		}
	}
	if check[1] != "health" {
		t.Errorf("its health is that of %q", check)
	}
}
