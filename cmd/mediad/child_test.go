package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
)

// keyBehind makes the stream key of a room from its name.
const keyBehind = "-key-for-tests-only"

// roleWhole is the program itself.
func roleWhole([]string) error {
	if err := os.Unsetenv(roleVar); err != nil { // it is no key
		return err
	}
	main()
	return nil
}

// ofOthers leaves out the environment variables of tests, which are no keys.
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
	runs                string    // the command; "": serve

	cmd  *exec.Cmd
	done chan error    // gets the process's end, once
	over chan struct{} // closed then
	log  sitetest.Buffer
}

// newChild writes a configuration with rooms, whose stream keys are their names
// with "-key-for-tests-only" appended. It starts nothing. What is started ends
// with the test, and where that fails the log is shown.
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
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the server's log ends with:\n%s", tail(c.log.String(), 60))
		}
	})
	return c
}

// start runs the server and waits until it is ready.
func (c *child) start() {
	c.t.Helper()
	binary, err := os.Executable()
	if err != nil {
		c.t.Fatal(err)
	}
	command := cmp.Or(c.runs, "serve")
	c.cmd = exec.Command(binary, command, "--config", c.config)
	if c.files > 0 {
		c.cmd = exec.Command("bash", "-c", fmt.Sprintf(`ulimit -n %d; exec "$@"`, c.files), "bash", binary, command, "--config", c.config)
	}
	c.cmd.Env = append(append(ofOthers(os.Environ()), roleVar+"=whole"), c.env...)
	c.cmd.Stdout, c.cmd.Stderr = c.out, &c.log
	if err := c.cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	cmd, done, over := c.cmd, make(chan error, 1), make(chan struct{}) // another start may follow before this one's end
	c.done, c.over = done, over
	go func() { done <- cmd.Wait(); close(over) }()
	c.t.Cleanup(func() {
		_ = cmd.Process.Kill() // nothing, where it has ended
		<-over
	})
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
	case <-c.over:
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

// metricIn finds a value in the text of /metrics; NaN: it is not there.
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
