package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCommandLine(t *testing.T) {
	t.Chdir(t.TempDir())
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	bad := write(t, "nonsense: 1\n")
	nobody := write(t, "http: {listen: '127.0.0.1:1'}\n")
	for name, c := range map[string]struct {
		args   []string
		code   int
		stdout string // what it contains
		stderr string // the whole of it, or what it begins with
	}{
		"nothing":           {nil, exitOK, "inspect <FILE.ts|URL>", ""},
		"help":              {[]string{"--help"}, exitOK, "Usage: mediad <command>", ""},
		"help of serve":     {[]string{"serve", "--help"}, exitOK, "--config=FILE", ""},
		"help, a word":      {[]string{"help"}, exitOK, "Usage: mediad <command>", ""},
		"help, shortest":    {[]string{"-h"}, exitOK, "Usage: mediad <command>", ""},
		"help, as in Go":    {[]string{"-help"}, exitOK, "Usage: mediad <command>", ""},
		"help for serve":    {[]string{"help", "serve"}, exitOK, "--config=FILE", ""},
		"serve, help":       {[]string{"serve", "help"}, exitOK, "--config=FILE", ""},
		"serve -h":          {[]string{"serve", "-h"}, exitOK, "--config=FILE", ""},
		"help, two words":   {[]string{"help", "room", "key"}, exitOK, "Usage: mediad room key <ROOM>", ""},
		"help for nothing":  {[]string{"help", "sevre"}, exitUsage, "", "mediad: unexpected argument sevre"},
		"version, -v":       {[]string{"-v"}, exitOK, "mediad " + Version, ""},
		"a file named help": {[]string{"inspect", "help"}, exitFailed, "", "mediad: inspect: open help:"},
		"a key of no room":  {[]string{"room", "key", "x"}, exitFailed, "", "mediad: there is no database in data_dir " + here + "/data: start the server once"},
		"no role":           {[]string{"token", "create", "--role", "king"}, exitUsage, "", `mediad: --role must be one of "owner","host","assistant","moderator","organiser","analyst" but got "king"`},
		"no server":         {[]string{"health", "--config", nobody}, exitFailed, "", "mediad: http://127.0.0.1:1/healthz does not answer"},
		"version":           {[]string{"version"}, exitOK, "mediad " + Version, ""},
		"version as a flag": {[]string{"--version"}, exitOK, "mediad " + Version, ""},
		"unknown command":   {[]string{"sevre"}, exitUsage, "", "mediad: unexpected argument sevre"},
		"unknown flag":      {[]string{"serve", "--port", "1"}, exitUsage, "", "mediad: unknown flag --port"},
		"no target":         {[]string{"inspect"}, exitUsage, "", `mediad: expected "<FILE.ts|URL>"`},
		"absent config":     {[]string{"serve", "--config", "absent.yaml"}, exitUsage, "", "mediad: there is no configuration absent.yaml (from /"},
		"bad config":        {[]string{"demo", "--config", bad}, exitUsage, "", "mediad: " + bad + `:1: unknown key "nonsense"; known: data_dir,`},
		"absent file":       {[]string{"inspect", "absent.ts"}, exitFailed, "", "mediad: inspect: open absent.ts:"},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := run(t.Context(), c.args, nil, &stdout, &stderr)
			if code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			if !strings.Contains(stdout.String(), c.stdout) || c.stdout == "" && stdout.Len() > 0 {
				t.Errorf("stdout %q, want %q in it", &stdout, c.stdout)
			}
			if !strings.HasPrefix(stderr.String(), c.stderr) || c.stderr == "" && stderr.Len() > 0 {
				t.Errorf("stderr %q, want %q", &stderr, c.stderr)
			}
			if strings.Count(stderr.String(), "\n") > 1 {
				t.Errorf("more than one line: %q", &stderr)
			}
		})
	}
}

func TestEnded(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for name, c := range map[string]struct {
		ctx  context.Context
		err  error
		code int
		line string
	}{
		"well":             {t.Context(), nil, exitOK, ""},
		"failed":           {t.Context(), errors.New("port\n\tbusy"), exitFailed, "mediad: port busy\n"},
		"cancelled inside": {t.Context(), context.Canceled, exitFailed, "mediad: context canceled\n"},
		"told to stop":     {stopped, context.Canceled, exitOK, ""},
		"failed to stop":   {stopped, errors.New("disk full"), exitFailed, "mediad: disk full\n"},
	} {
		var stderr bytes.Buffer
		if code := ended(c.ctx, &stderr, c.err); code != c.code || stderr.String() != c.line {
			t.Errorf("%s: exit code %d, %q", name, code, &stderr)
		}
	}
}

// write makes a file of the text, as a configuration is one.
func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "c.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
