package site

import (
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

func TestListenSaysWhatToDo(t *testing.T) {
	l, err := Listen("http.listen", "127.0.0.1:0", "another web server")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	who := "most likely by another web server: stop that (`ss -ltnp sport = :" + port + "`, as root, names it), or "
	if runtime.GOOS == "linux" {
		who = fmt.Sprintf("by site.test (process %d): stop that, or ", os.Getpid())
	}
	for _, c := range []struct {
		address string
		cause   error
		want    []string
	}{
		{l.Addr().String(), syscall.EADDRINUSE, []string{"http.listen: port " + port + " is taken, " + who, "set http.listen (or MEDIAD_HTTP_LISTEN) to a free one"}},
		{"192.0.2.1:8080", syscall.EADDRNOTAVAIL, []string{"http.listen: this machine has no address 192.0.2.1: set http.listen (or MEDIAD_HTTP_LISTEN)", `":8080" for all`}},
	} {
		_, err := Listen("http.listen", c.address, "another web server")
		if !errors.Is(err, c.cause) {
			t.Fatalf("%s: %v", c.address, err)
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, without %q", c.address, err, want)
			}
		}
	}
	err = &portError{"http.listen", ":80", "", syscall.EACCES}
	if text := err.Error(); !strings.Contains(text, "port 80 may not be opened by this user") || !strings.Contains(text, "setcap") {
		t.Error(text)
	}
}

func TestFreeOne(t *testing.T) {
	for port, want := range map[string]string{"80": "8080", "443": "8443", "8080": "18080", "1935": "11935", "9180": "19180", "40000": "40001", "65535": "65534"} {
		if got := freeOne(port); got != want {
			t.Errorf("%s: %s, want %s", port, got, want)
		}
	}
}
