package site

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// holder names the process that listens on a port. "": not known, since the
// system shows processes of other users only to root.
func holder(port string) string {
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return ""
	}
	sockets := make(map[string]bool)
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		listening(table, fmt.Sprintf(":%04X", n), sockets)
	}
	links, _ := filepath.Glob("/proc/[0-9]*/fd/*") // the pattern is valid
	for _, link := range links {
		if to, err := os.Readlink(link); err != nil || !sockets[to] {
			continue
		}
		pid := strings.Split(link, "/")[2]
		name, err := os.ReadFile("/proc/" + pid + "/comm")
		if err != nil {
			return "process " + pid
		}
		plain := bytes.Map(func(r rune) rune { // the process chooses its name itself, so remove control characters
			if r < ' ' || r > '~' {
				return '?'
			}
			return r
		}, bytes.TrimSpace(name))
		return fmt.Sprintf("%s (process %s)", plain, pid)
	}
	return ""
}

// listening adds the sockets of a table (proc(5)) that listen on an address that
// ends in suffix, in the form in which links of /proc name them.
func listening(table, suffix string, into map[string]bool) {
	f, err := os.Open(table)
	if err != nil {
		return
	}
	defer f.Close()
	const local, state, inode = 1, 3, 9
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if field := strings.Fields(lines.Text()); len(field) > inode && field[state] == "0A" && strings.HasSuffix(field[local], suffix) {
			into["socket:["+field[inode]+"]"] = true
		}
	}
}
