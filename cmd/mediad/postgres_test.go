package main

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"mediad/overlay/store/pgtest"
)

// startPostgres starts a PostgreSQL of the test's own with the empty database shop,
// and gives the variable that names it, with a password.
func startPostgres(t *testing.T, password string) (pg *pgtest.Server, variable string) {
	t.Helper()
	pg, err := pgtest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := pg.Stop(); err != nil {
			t.Error(err)
		}
	})
	for _, s := range []string{`CREATE USER keyed PASSWORD '` + password + `'`, `CREATE DATABASE shop OWNER keyed`} {
		if err := pg.Exec(t.Context(), "postgres", s); err != nil {
			t.Fatal(err)
		}
	}
	return pg, "MEDIAD_DATABASE_URL=" + pg.URLFor("shop", url.UserPassword("keyed", password))
}

// TestServerOnPostgres: a show begins on SQLite, is moved to PostgreSQL while its
// publisher is away, goes on there, and goes on after a kill -9.
func TestServerOnPostgres(t *testing.T) {
	const password = "a-password-of-postgres"
	pg, database := startPostgres(t, password)
	ctx := t.Context()
	c := newChild(t, map[string]any{"kind": "dir"}, nil, "tea")
	c.start()
	defer func() { c.stop(syscall.SIGKILL) }()
	defer c.air("tea")() // it comes back by itself
	// epoch names the broadcast on air.
	epoch := func() (name string) {
		t.Helper()
		eventually(t, "a playlist", time.Minute, func() bool {
			status, body, err := c.get(ctx, "/live/tea/index.m3u8")
			if m := regexp.MustCompile(`(?m)([0-9a-z]{26})/main/index\.m3u8`).FindSubmatch(body); err == nil && status == http.StatusOK && m != nil {
				name = string(m[1])
			}
			return name != ""
		})
		return name
	}
	begun := epoch()
	first := c.cue(1)
	c.stop(syscall.SIGTERM)

	c.env = []string{database}
	if text := c.command(0, "store", "move", "--to", "postgres"); !strings.Contains(text, "event") || !strings.Contains(text, "all rows are equal") {
		t.Errorf("moved: %s", text)
	}
	c.start()
	again := epoch()
	second := c.cue(2)
	if second <= first || again != begun {
		t.Errorf("the show went on with %d behind %d, in %s and not %s", second, first, again, begun)
	}
	for _, args := range [][]string{{"backup"}, {"database", "check"}} {
		if text := c.command(1, args...); !strings.Contains(text, "with PostgreSQL, pg_") {
			t.Errorf("%q: %s", args, text)
		}
	}
	if text := c.command(1, "store", "move", "--to", "sqlite"); !strings.Contains(text, "in use") {
		t.Errorf("moved beside a server: %s", text)
	}
	if key := c.command(0, "room", "key", "tea"); strings.TrimSpace(key) != "tea"+keyBehind {
		t.Errorf("the key is %q", key)
	}
	c.command(0, "health", "--ready")
	c.command(0, "storage", "check")
	if c.metric("mediad_database_actions_total") == 0 {
		t.Error("no action is counted")
	}

	c.stop(syscall.SIGKILL)
	c.start()
	again = epoch()
	if third := c.cue(3); third <= second || again != begun {
		t.Errorf("after a kill the show went on with %d behind %d, in %s", third, second, again)
	}
	// The connections break, and nothing needs a restart.
	if err := pg.Exec(ctx, "shop", `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'shop' AND pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	c.cue(4)
	// Another server used the database while this one was cut off from it: this one ends
	// by itself, and leaves the broadcast to the next.
	if err := pg.Exec(ctx, "shop", `UPDATE note SET value = 'another' WHERE name = 'server';
		SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'shop' AND pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	select {
	case <-c.over:
	case <-time.After(time.Minute):
		t.Fatal("it goes on beside another server")
	}
	if code := c.cmd.ProcessState.ExitCode(); code != exitFailed || strings.Count(c.log.String(), "level=ERROR msg=\"another server uses the database") != 1 {
		t.Errorf("it ended with %d:\n%s", code, tail(c.log.String(), 20))
	}
	c.start()
	if again = epoch(); again != begun {
		t.Errorf("the show goes on in %s, not %s", again, begun)
	}
	c.stop(syscall.SIGTERM)
	if strings.Contains(c.log.String(), password) {
		t.Error("the log shows the password")
	}
	if _, err := os.Stat(filepath.Join(c.data, "mediad.db")); err == nil {
		t.Error("a database of SQLite came back")
	}
	if text := c.command(0, "store", "move", "--to", "sqlite"); !strings.Contains(text, "take database.url out") {
		t.Errorf("moved back: %s", text)
	}
	c.env = nil
	c.start()
	c.cue(5)
}
