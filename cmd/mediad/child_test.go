package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"mediad/cmd/mediad/site/sitetest"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/ingest/rtmp/flv"
	"mediad/ingest/rtmp/push"
)

// keyBehind makes a room's stream key of its name.
const keyBehind = "-key-for-tests-only"

// roleWhole is the program itself.
func roleWhole([]string) error {
	if err := os.Unsetenv(roleVar); err != nil { // it is no key
		return err
	}
	main()
	return nil
}

// ofOthers leaves out the variables of tests, which are no keys.
func ofOthers(environ []string) []string {
	return slices.DeleteFunc(environ, func(e string) bool { return strings.HasPrefix(e, config.VariablePrefix) })
}

// child is a whole server as a process of its own.
type child struct {
	t                   *testing.T
	http, rtmp, metrics string // host:port
	data                string // data_dir
	config              string // file
	env                 []string
	out                 io.Writer // its stdout; nil: nobody reads it
	files               uint64    // that it may open; 0: as many as the test

	cmd  *exec.Cmd
	done chan error
	log  sitetest.Buffer
}

// newChild writes a configuration with rooms, whose stream keys are their own
// names with "-key-for-tests-only" behind. It starts nothing.
func newChild(t *testing.T, storage map[string]any, env []string, rooms ...string) *child {
	t.Helper()
	dir := t.TempDir()
	c := &child{t: t, http: sitetest.FreeAddress(t), rtmp: sitetest.FreeAddress(t), metrics: sitetest.FreeAddress(t), data: filepath.Join(dir, "data"), config: filepath.Join(dir, "config.yaml"), env: env}
	var listed []map[string]string
	for _, r := range rooms {
		listed = append(listed, map[string]string{"slug": r, "stream_key": r + keyBehind, "title": r})
	}
	text, err := json.Marshal(map[string]any{
		"data_dir": c.data, "rooms": listed, "storage": storage,
		"rtmp": map[string]string{"listen": c.rtmp}, "http": map[string]string{"listen": c.http}, "metrics": map[string]string{"listen": c.metrics},
		"auth": map[string]string{"admin_token": "a-token-of-some-length"},
	})
	if err == nil {
		err = os.WriteFile(c.config, text, 0o600) // JSON is YAML
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// start runs the server and waits until it is ready.
func (c *child) start() {
	c.t.Helper()
	binary, err := os.Executable()
	if err != nil {
		c.t.Fatal(err)
	}
	c.cmd = exec.Command(binary, "serve", "--config", c.config)
	if c.files > 0 {
		c.cmd = exec.Command("bash", "-c", fmt.Sprintf(`ulimit -n %d; exec "$@"`, c.files), "bash", binary, "serve", "--config", c.config)
	}
	c.cmd.Env = append(append(ofOthers(os.Environ()), roleVar+"=whole"), c.env...)
	c.cmd.Stdout, c.cmd.Stderr = c.out, &c.log
	if err := c.cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	cmd, done := c.cmd, make(chan error, 1) // another start may follow before this one's end
	c.done = done
	go func() { done <- cmd.Wait() }()
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if status, _, err := c.get(c.t.Context(), "/readyz"); err == nil && status == http.StatusOK {
			return
		}
		select {
		case err := <-c.done:
			c.t.Fatalf("the server ended at once: %v\n%s", err, &c.log)
		default:
		}
		if time.Now().After(end) {
			c.stop(syscall.SIGKILL)
			c.t.Fatalf("the server does not get ready:\n%s", &c.log)
		}
	}
}

// stop sends a signal and waits for the process's end.
func (c *child) stop(signal syscall.Signal) {
	c.t.Helper()
	if err := c.cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		c.t.Fatal(err)
	}
	select {
	case <-c.done:
	case <-time.After(time.Minute):
		_ = c.cmd.Process.Kill()
		c.t.Fatalf("the server does not end:\n%s", &c.log)
	}
}

// get asks the server for a path.
func (c *child) get(ctx context.Context, path string) (int, []byte, error) {
	return answerOf(ctx, "http://"+c.http+path)
}

func answerOf(ctx context.Context, url string) (int, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, nil, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return answer.StatusCode, body, err
}

// metric reads one value of /metrics.
func (c *child) metric(name string) float64 {
	c.t.Helper()
	_, text, err := answerOf(c.t.Context(), "http://"+c.metrics+"/metrics")
	if err != nil {
		c.t.Fatal(err)
	}
	return metricIn(text, name)
}

// metricIn finds a value in the text of /metrics; NaN where it is not.
func metricIn(text []byte, name string) float64 {
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			if v, err := strconv.ParseFloat(value, 64); err == nil {
				return v
			}
		}
	}
	return math.NaN() // makes every comparison false
}

// publish pushes the demo's clip to a room until ctx ends, and then unpublishes.
// It connects anew where the connection breaks, as an encoder does.
func (c *child) publish(ctx context.Context, clip []flv.Tag, room string) error {
	client := push.New(push.Options{URL: "rtmp://" + c.rtmp + "/live", Key: room + keyBehind, Log: slog.New(slog.DiscardHandler)})
	for ctx.Err() == nil {
		loop, err := push.NewLoop(clip, clipLength)
		if err != nil {
			return err
		}
		if err := client.Run(ctx, loop); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(300 * time.Millisecond):
		}
	}
	return nil
}

// publishWhile publishes to the room demo for as long as f takes.
func publishWhile(t *testing.T, c *child, f func()) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	published := make(chan error, 1)
	go func() { published <- c.publish(ctx, demoClip(t), "demo") }()
	f()
	stop()
	if err := <-published; err != nil {
		t.Error(err)
	}
}

// clipLength is how long the clip of the demo lasts.
const clipLength = 32 * time.Second

func demoClip(t *testing.T) []flv.Tag {
	t.Helper()
	clip, err := os.ReadFile("demo/clip.flv")
	if err != nil {
		t.Fatal(err)
	}
	tags, err := flv.ReadAll(bytes.NewReader(clip))
	if err != nil {
		t.Fatal(err)
	}
	return tags
}

// eventually waits for something.
func eventually(t *testing.T, what string, limit time.Duration, so func() bool) time.Duration {
	t.Helper()
	began := time.Now()
	for !so() {
		if time.Since(began) > limit {
			t.Fatalf("not within %v: %s", limit, what)
		}
		time.Sleep(50 * time.Millisecond)
	}
	return time.Since(began)
}

func roomNames(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("room%d", i)
	}
	return out
}
