package loadtest

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"testing"
)

// selfCPU gives the CPU time of this process so far, user and system, in
// seconds.
func selfCPU() float64 {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // fails only on a bad address
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// cpu gives the same for another process; the kernel counts it in 1/100 s.
func (p *process) cpu() float64 {
	p.t.Helper()
	stat := p.proc("stat")
	// The second field is the command in parentheses, which may hold spaces.
	f := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	user, _ := strconv.Atoi(string(f[11]))
	system, err := strconv.Atoi(string(f[12]))
	if err != nil {
		p.t.Fatal(err)
	}
	return float64(user+system) / 100
}

// resident is the process's memory in bytes.
func (p *process) resident() int64 {
	p.t.Helper()
	f := bytes.Fields(p.proc("statm"))
	pages, err := strconv.ParseInt(string(f[1]), 10, 64)
	if err != nil {
		p.t.Fatal(err)
	}
	return pages * int64(os.Getpagesize())
}

func (p *process) proc(name string) []byte {
	p.t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", p.cmd.Process.Pid, name))
	if err != nil {
		p.t.Fatal(err)
	}
	return b
}

// number reads a whole number from the environment.
func number(t testing.TB, variable string, otherwise int) int {
	t.Helper()
	v := os.Getenv(variable)
	if v == "" {
		return otherwise
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}
