package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// The roles that a process of a benchmark or test can have. This test binary
// runs again for each role: then CPU time and memory of a role are those of a
// process, and it can be killed.
const (
	roleVar    = "MEDIAD_LOAD_ROLE"
	profileVar = "MEDIAD_LOAD_PROFILE" // a file for the server's CPU profile
)

func TestMain(m *testing.M) {
	roles := map[string]func([]string) error{"server": loadServer, "sink": loadSink, "push": loadPush, "sdk": putSDK, "whole": roleWhole, "bare": loadBare}
	role, ok := roles[os.Getenv(roleVar)]
	if !ok {
		os.Exit(m.Run())
	}
	if err := role(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, os.Getenv(roleVar)+":", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// loadProcess is a running role. It ends when its standard input ends, and so
// with the benchmark, however that ends.
type loadProcess struct {
	*exec.Cmd
	stdin io.Closer
	log   *strings.Builder // of stderr; to be read after end
}

func startRole(b *testing.B, role string, args ...string) *loadProcess {
	b.Helper()
	p := &loadProcess{Cmd: exec.Command(os.Args[0], args...), log: new(strings.Builder)}
	p.Env = append(os.Environ(), roleVar+"="+role)
	p.Stderr = p.log
	stdin, err := p.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	p.stdin = stdin
	if err := p.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = p.Process.Kill() }) // nothing, where it has ended
	return p
}

// end lets the process go down and waits for it.
func (p *loadProcess) end(b *testing.B) {
	b.Helper()
	_ = p.stdin.Close()
	if err := p.Wait(); err != nil {
		b.Fatalf("%v: %v\n%s", p.Args, err, p.log)
	}
}

// untilStdinEnds waits until a role is no longer needed.
func untilStdinEnds() { _, _ = io.Copy(io.Discard, os.Stdin) }
