// Package versity runs a versitygw, a real S3 server, for tests and
// demonstrations.
//
// An empty folder flows in; what flows out is an endpoint with credentials and a
// bucket, on the loopback interface. The package looks for the server's binary on
// the PATH and among Go's installed programs, and builds it with the go command
// where it is missing. It is not meant for real data.
package versity

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Module is the program that is built where no binary is found.
const Module = "github.com/versity/versitygw/cmd/versitygw@v1.8.0"

// Gateway is a running server. Close ends it.
type Gateway struct {
	Endpoint  string // http://127.0.0.1:PORT
	Region    string
	Bucket    string // exists, empty at first
	AccessKey string
	SecretKey string

	binary, address, dir string
	more                 []string

	cmd  *exec.Cmd
	done chan error // gets the result of the process, once
}

// Start runs a server over dir, whose folders are its buckets, and returns when
// it answers. more are further words for the command line of its posix backend.
func Start(ctx context.Context, dir string, more ...string) (*Gateway, error) {
	binary, err := find(ctx)
	if err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	g := &Gateway{
		Endpoint: "http://" + address, Region: "us-east-1", Bucket: "media",
		AccessKey: "gateway-access", SecretKey: "gateway-secret",
		done: make(chan error, 1),
	}
	if err := os.MkdirAll(filepath.Join(dir, g.Bucket), 0o755); err != nil {
		return nil, fmt.Errorf("make bucket: %w", err)
	}
	g.binary, g.address, g.dir, g.more = binary, address, dir, more
	if err := g.launch(ctx); err != nil {
		return nil, err
	}
	return g, nil
}

// Restart begins anew after Close, at the same address with the same objects.
func (g *Gateway) Restart(ctx context.Context) error { return g.launch(ctx) }

func (g *Gateway) launch(ctx context.Context) error {
	g.cmd = exec.Command(g.binary, append(append([]string{"--quiet", "--port", g.address, "--health", "/health", "posix"}, g.more...), g.dir)...)
	g.cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+g.AccessKey, "ROOT_SECRET_KEY="+g.SecretKey)
	if err := g.cmd.Start(); err != nil {
		return fmt.Errorf("start versitygw: %w", err)
	}
	cmd := g.cmd
	go func() { g.done <- cmd.Wait() }()
	if err := g.ready(ctx); err != nil {
		return errors.Join(err, g.Close())
	}
	return nil
}

// Close kills the server and waits for its end. A second one does nothing.
func (g *Gateway) Close() error {
	if g.cmd == nil {
		return nil
	}
	if err := g.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("end versitygw: %w", err)
	}
	<-g.done // it was killed, so its result tells nothing
	g.cmd = nil
	return nil
}

// ready waits for an answer.
func (g *Gateway) ready(ctx context.Context) error {
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, g.Endpoint+"/health", nil)
		if err != nil {
			return fmt.Errorf("ask versitygw: %w", err)
		}
		if answer, err := http.DefaultClient.Do(r); err == nil {
			answer.Body.Close()
			return nil
		}
		select {
		case err := <-g.done:
			g.done <- err
			return fmt.Errorf("versitygw ended at once: %v", err)
		case <-ctx.Done():
			return fmt.Errorf("versitygw does not answer at %s", g.Endpoint)
		case <-again.C:
		}
	}
}

// find gives the path of the server's binary, building it if need be.
func find(ctx context.Context) (string, error) {
	if path, err := exec.LookPath("versitygw"); err == nil {
		return path, nil
	}
	out, err := exec.CommandContext(ctx, "go", "env", "GOBIN", "GOPATH").Output()
	if err != nil {
		return "", fmt.Errorf("ask go where programs are installed: %w", err)
	}
	places := strings.Split(string(out), "\n")
	bin := strings.TrimSpace(places[0])
	if bin == "" && len(places) > 1 {
		bin = filepath.Join(filepath.SplitList(strings.TrimSpace(places[1]))[0], "bin")
	}
	path := filepath.Join(bin, "versitygw")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	build := exec.CommandContext(ctx, "go", "install", Module)
	// The build runs outside of any module, so that only its own go.mod counts.
	build.Dir = os.TempDir()
	if text, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go install %s: %w\n%s", Module, err, text)
	}
	return path, nil
}

// freeAddress finds a port that nobody listens at.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}
