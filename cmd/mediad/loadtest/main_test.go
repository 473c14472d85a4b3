package loadtest

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// This test binary is also each of the measured and measuring processes: only
// so their costs can be told apart.
const roleVariable = "MEDIAD_LOADTEST_ROLE"

func TestMain(m *testing.M) {
	roles := map[string]func(context.Context, *bufio.Reader) error{
		"audience": func(ctx context.Context, in *bufio.Reader) error {
			var a Audience
			if err := hear(in, &a); err != nil {
				return err
			}
			w, err := a.Run(ctx)
			if err != nil {
				return err
			}
			return say(struct {
				Watched
				CPU float64
			}{w, selfCPU()})
		},
		"crowd":     crowdProcess,
		"reference": referenceProcess,
		"listeners": listenersProcess,
		"bare":      bareProcess,
	}
	role := os.Getenv(roleVariable)
	if role == "" {
		os.Exit(m.Run())
	}
	if err := roles[role](context.Background(), bufio.NewReader(os.Stdin)); err != nil {
		fmt.Fprintln(os.Stderr, role+":", err)
		os.Exit(1)
	}
}

// say and hear exchange messages between a process and its parent: a JSON
// value on each line.
func say(v any) error { return json.NewEncoder(os.Stdout).Encode(v) }

func hear(in *bufio.Reader, v any) error {
	line, err := in.ReadBytes('\n')
	if err != nil {
		return err
	}
	return json.Unmarshal(line, v)
}

// process was started for a test, and ends with it.
type process struct {
	t   testing.TB
	cmd *exec.Cmd
	in  io.Writer
	out *bufio.Reader
}

// start starts this binary in a role, on one CPU if cpu is not empty.
func start(t testing.TB, cpu, role string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return startCommand(t, cpu, []string{roleVariable + "=" + role}, self)
}

func startCommand(t testing.TB, cpu string, env []string, command ...string) *process {
	t.Helper()
	if cpu != "" {
		command = append([]string{"taskset", "-c", cpu}, command...)
	}
	cmd := exec.Command(command[0], command[1:]...)
	// The environment variables of tests are no keys of the server.
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(e string) bool { return strings.HasPrefix(e, "MEDIAD_") }), env...)
	log := new(strings.Builder)
	cmd.Stderr = log
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", command[0], err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() && log.Len() > 0 {
			t.Logf("%s said:\n%s", command[0], tail(log.String(), 4000))
		}
	})
	return &process{t: t, cmd: cmd, in: in, out: bufio.NewReader(out)}
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

func (p *process) tell(v any) {
	p.t.Helper()
	if err := json.NewEncoder(p.in).Encode(v); err != nil {
		p.t.Fatal(err)
	}
}

func (p *process) told(v any) {
	p.t.Helper()
	if err := hear(p.out, v); err != nil {
		p.t.Fatalf("%s ended without an answer: %v", p.cmd.Args, err)
	}
}
