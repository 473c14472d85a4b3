package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"mediad/cmd/mediad/site/sitetest"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"mediad/cmd/mediad/config"
	"mediad/ingest/rtmp/push"
	"mediad/overlay/store"
)

// terminal gives both ends of a terminal of its own.
func terminal(t *testing.T) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { master.Close() })
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	slave, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { slave.Close() })
	return master, slave
}

// Keys and tokens are shown on a terminal only: from a pipe they would get into
// files, and from a log to other people. Commands show them on demand, even
// beside the server, and that is recorded.
func TestSecretsAreForTerminals(t *testing.T) {
	c := newChild(t, map[string]any{"kind": "dir"}, []string{"MEDIAD_AUTH_ADMIN_TOKEN=", "MEDIAD_LOG_LEVEL=debug"}, "given")
	var piped sitetest.Buffer
	c.out = &piped
	c.start()
	command := func(words ...string) string {
		t.Helper()
		var stdout, stderr bytes.Buffer
		environ := []string{"MEDIAD_AUTH_ADMIN_TOKEN="}
		if code := run(t.Context(), append(words, "--config", c.config), environ, &stdout, &stderr); code != exitOK {
			t.Fatalf("%v: %s", words, &stderr)
		}
		return strings.TrimSpace(stdout.String())
	}
	if got := command("obs-config", "given", "--gpu", "intel", "--canvas", "1280x720"); !strings.Contains(got, `"obs_qsv11_v2"`) || !strings.Contains(got, `"height": 720`) || strings.Contains(got, "given"+keyBehind) {
		t.Errorf("obs-config prints %s", got)
	}
	key := command("room", "key", "given")
	if key != "given"+keyBehind {
		t.Errorf("room key shows %q", key)
	}
	token := command("token", "create", "--role", "owner", "--name", "mine")
	request, err := http.NewRequest(http.MethodGet, "http://"+c.http+"/api/v1/rooms", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	if answer, err := http.DefaultClient.Do(request); err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("the new token is not taken: %v %v", answer, err)
	} else {
		answer.Body.Close()
	}
	var stderr bytes.Buffer
	if code := run(t.Context(), []string{"token", "create", "--role", "owner", "--name", "mine", "--config", c.config}, []string{}, &stderr, &stderr); code != exitFailed || !strings.Contains(stderr.String(), `there is a token called "mine" already`) {
		t.Errorf("a second one of that name: %d, %s", code, &stderr)
	}
	c.stop(syscall.SIGTERM)
	for where, text := range map[string]string{"stdout": piped.String(), "log": c.log.String()} {
		for _, secret := range []string{key, token, "mediad_"} {
			if strings.Contains(text, secret) {
				t.Errorf("%q is in the %s:\n%s", secret, where, text)
			}
		}
	}
	if text := piped.String(); !strings.Contains(text, "room key given --config "+c.config) || !strings.Contains(text, "token create --role owner --config "+c.config) {
		t.Errorf("it does not say how to get them:\n%s", text)
	}
	notes, err := os.ReadFile(filepath.Join(c.data, "mediad.db"))
	if err != nil || !bytes.Contains(notes, []byte("command linestream_key.revealgiven")) || !bytes.Contains(notes, []byte("command linetoken.createmine")) || bytes.Contains(notes, []byte(token)) {
		t.Errorf("what the commands did is not noted, or with secrets: %v", err)
	}

	// A terminal, and a database without an owner.
	c.data = filepath.Join(t.TempDir(), "data")
	c.env = append(c.env, "MEDIAD_DATA_DIR="+c.data)
	master, slave := terminal(t)
	c.out = slave
	c.start()
	screen := make([]byte, 16<<10)
	n, err := master.Read(screen)
	for err == nil && !strings.Contains(string(screen[:n]), "admin token") {
		var more int
		more, err = master.Read(screen[n:])
		n += more
	}
	if text := string(screen[:n]); err != nil || !strings.Contains(text, key) || !strings.Contains(text, "admin token mediad_") {
		t.Errorf("the terminal shows, with %v:\n%s", err, text)
	}
	// A closed terminal ends the server, since nobody is left to stop it.
	slave.Close()
	master.Close()
	c.stop(syscall.SIGHUP)
}

// If media is protected, other users cannot read its directories, even those
// from before. They can never read secrets.
func TestModes(t *testing.T) {
	c := newChild(t, map[string]any{"kind": "dir"}, nil, "demo")
	c.start()
	c.stop(syscall.SIGTERM)
	c.env = append(c.env, "MEDIAD_PLAYBACK_PROTECT=true")
	c.start()
	stored := func() (n int) {
		files, _ := filepath.Glob(filepath.Join(c.data, "objects", "live", "demo", "*", "main", "*.ts"))
		return len(files)
	}
	off := c.air("demo")
	eventually(t, "segments are stored", 30*time.Second, func() bool { return stored() > 1 })
	off()
	c.stop(syscall.SIGTERM)
	kinds := map[string]int{}
	err := filepath.WalkDir(c.data, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(c.data, path)
		top, _, nested := strings.Cut(rel, string(filepath.Separator))
		mode := info.Mode().Perm()
		switch {
		case top == "objects" || top == "spool":
			if mode&0o027 != 0 && (d.IsDir() && !nested || nested && !strings.HasPrefix(rel, "objects/.mediad")) {
				t.Errorf("%s has mode %o", rel, mode)
			}
			kinds[filepath.Ext(rel)]++
		case !d.IsDir() && rel != "lock": // nothing is in it
			if mode != 0o600 {
				t.Errorf("%s has mode %o", rel, mode)
			}
			kinds[rel]++
		}
		return nil
	})
	if err != nil || kinds[".ts"] == 0 || kinds[".m3u8"] == 0 || kinds["secret.key"] == 0 || kinds["playback.key"] == 0 {
		t.Errorf("%v: %v", err, kinds)
	}
}

// Guesses of tokens are throttled by address. Those from the loopback are not,
// and neither is a program that goes on using an old token.
func TestTokenGuesses(t *testing.T) {
	s := startServer(t, func(c *config.Config) {
		c.Auth.AdminToken = "a-token-for-this-test-only"
		c.Auth.Ban.WrongTokens = 3
		c.Metrics.Token = "a-token-for-metrics-only"
	})
	routes, err := s.routes()
	if err != nil {
		t.Fatal(err)
	}
	operator := s.operatorRoutes()
	ask := func(h http.Handler, from, path, token string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.RemoteAddr = from
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	right := func(from string) int { return ask(routes, from, "/api/v1/rooms", "a-token-for-this-test-only").Code }
	for range 10 {
		if w := ask(routes, "192.0.2.1:5", "/api/v1/rooms", "yesterday"); w.Code != http.StatusUnauthorized {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	for i := range 10 {
		ask(routes, "127.0.0.1:5", "/api/v1/rooms", fmt.Sprint("guess", i))
		ask(operator, "[2001:db8::1]:5", "/metrics", fmt.Sprint("guess", i))
		path := []string{"/api/v1/rooms", "/api/v1/shows/x/download/y/file"}[i%2]
		ask(routes, "192.0.2.2:5", path, fmt.Sprint("guess", i))
	}
	for from, want := range map[string]int{"192.0.2.1:6": 200, "127.0.0.1:6": 200, "[2001:db8::2]:6": 429, "[2001:db8:0:1::2]:6": 200, "192.0.2.2:6": 429} {
		if got := right(from); got != want {
			t.Errorf("from %s: %d, want %d", from, got, want)
		}
	}
	for path, h := range map[string]http.Handler{"/api/v1/rooms": routes, "/metrics": operator, "/api/v1/shows/x/download/y/file": routes} {
		w := ask(h, "192.0.2.2:7", path, "a-token-for-metrics-only")
		if n, err := strconv.Atoi(w.Header().Get("Retry-After")); w.Code != http.StatusTooManyRequests || err != nil || n < 200 || n > 301 {
			t.Errorf("%s: %d, Retry-After %d, %s", path, w.Code, n, w.Body)
		}
	}
	if w := ask(routes, "192.0.2.2:8", "/watch/demo", ""); w.Code == http.StatusTooManyRequests {
		t.Error("viewers are kept out as well")
	}
	if w := ask(operator, "127.0.0.1:8", "/metrics", "a-token-for-metrics-only"); w.Code != http.StatusOK {
		t.Errorf("/metrics with its token: %d", w.Code)
	}
	if w := ask(routes, "127.0.0.1:8", "/metrics", "a-token-for-metrics-only"); w.Code != http.StatusNotFound {
		t.Errorf("/metrics on the public port: %d", w.Code)
	}
}

// A database of a former version may have a stream key that is too short today:
// it stays valid, with a warning that does not show it.
func TestShortKeysHold(t *testing.T) {
	c := newChild(t, map[string]any{"kind": "none"}, nil, "other")
	s, err := store.Open(t.Context(), store.Options{Dir: c.data})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.EnsureRoom(t.Context(), "demo", "Demo", "hunter2")
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	c.start()
	defer c.stop(syscall.SIGTERM)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	loop, err := push.NewLoop(demoClip(t), clipLength)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		done <- push.New(push.Options{URL: "rtmp://" + c.rtmp + "/live", Key: "hunter2", Log: slog.New(slog.DiscardHandler)}).Run(ctx, loop)
	}()
	eventually(t, "it is on air", 30*time.Second, func() bool {
		status, _, err := c.get(t.Context(), "/live/demo/index.m3u8")
		return err == nil && status == http.StatusOK
	})
	stop()
	<-done
	if log := c.log.String(); !strings.Contains(log, "so short that it may be guessed") || !strings.Contains(log, "room=demo") || strings.Contains(log, "room=other least") || strings.Contains(log, "hunter2") {
		t.Error(log)
	}
}
