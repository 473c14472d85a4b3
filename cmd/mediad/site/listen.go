// Package site is the HTTP server of the program. It opens ports, and says in the operator's
// words why one cannot be opened. It speaks HTTP/1.1, HTTP/2 and TLS, and bounds what each
// client can take: connections, requests at once, time to send a request and time to read
// the answer. It gets handlers, and knows nothing about what they answer.
package site

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"syscall"
)

// Listen opens the port that a key of the configuration names. likely says which
// other program may have the port.
func Listen(key, address, likely string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, &portError{key, address, likely, err})
	}
	return l, nil
}

// portError says what to do about a port.
type portError struct {
	key, address, likely string
	err                  error
}

func (e *portError) Unwrap() error { return e.err }

func (e *portError) Error() string {
	host, port, _ := net.SplitHostPort(e.address)
	other := fmt.Sprintf("set %s (or MEDIAD_%s)", e.key, strings.ToUpper(strings.ReplaceAll(e.key, ".", "_")))
	switch {
	case errors.Is(e.err, syscall.EADDRINUSE):
		who := "most likely by " + e.likely + ": stop that (`ss -ltnp sport = :" + port + "`, as root, names it)"
		if name := holder(port); name != "" {
			who = "by " + name + ": stop that"
		}
		return fmt.Sprintf("port %s is taken, %s, or %s to a free one, such as %q", port, who, other, net.JoinHostPort(host, freeOne(port)))
	case errors.Is(e.err, syscall.EACCES):
		return fmt.Sprintf("port %s may not be opened by this user: allow it (`setcap cap_net_bind_service=+ep` on the program, or AmbientCapabilities=CAP_NET_BIND_SERVICE of a systemd unit), or %s to one above 1023", port, other)
	case errors.Is(e.err, syscall.EADDRNOTAVAIL):
		return fmt.Sprintf("this machine has no address %s: %s to one that it has, or to \":%s\" for all", host, other, port)
	}
	return e.err.Error()
}

// freeOne suggests another port: 8080 for 80, 18080 for 8080, the next one for
// others.
func freeOne(port string) string {
	n, err := strconv.Atoi(port)
	switch {
	case err != nil:
		return port
	case n < 1000:
		n += 8000
	case n < 10_000:
		n += 10_000
	case n < 65_535:
		n++
	default:
		n--
	}
	return strconv.Itoa(n)
}
