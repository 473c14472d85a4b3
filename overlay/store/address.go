package store

import (
	"errors"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sys/unix"
)

// parse reads an address. No error repeats it: it may hold a password.
func parse(address string) (*pgx.ConnConfig, error) {
	if err := ambiguous(address); err != nil {
		return nil, err
	}
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, unreadable(address)
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "mediad"
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 5 * time.Second
	}
	// Among several hosts only the primary can be written. Without this a pool would
	// keep a connection to a standby that was alone for a moment.
	several := slices.ContainsFunc(config.Fallbacks, func(f *pgconn.FallbackConfig) bool { return f.Host != config.Host || f.Port != config.Port })
	if several && config.ValidateConnect == nil {
		config.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	// Keep-alives notice within seconds that the machine of the server is gone.
	d := net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 2 * time.Second, Count: 3},
		Control: func(network, _ string, c syscall.RawConn) (err error) {
			if network == "unix" {
				return nil
			}
			cerr := c.Control(func(fd uintptr) { err = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, 10_000) })
			return errors.Join(cerr, err)
		},
	}
	config.DialFunc = d.DialContext
	return config, nil
}

// ambiguous refuses an address in which a part of the password may be taken for the
// host, which messages name.
func ambiguous(address string) error {
	_, rest, _ := strings.Cut(address, "://")
	n := strings.Count(rest, "@")
	if n == 0 || n == 1 && rest[strings.IndexAny(rest, "@/?")] == '@' {
		return nil
	}
	return errors.New("database.url is ambiguous: an @, / or ? in the user, the password or a parameter must be %40, %2F or %3F")
}

// unreadable says what is wrong with an address, and repeats no value of it.
func unreadable(address string) error {
	before, query, _ := strings.Cut(address, "?")
	wrong := ""
	all := strings.Split(query, "&")
	for i, p := range all {
		name, _, is := strings.Cut(p, "=")
		if !is || !regexp.MustCompile(`^[a-z_]+$`).MatchString(name) {
			continue
		}
		others := append(append([]string{}, all[:i]...), all[i+1:]...)
		_, err := pgx.ParseConfig(before + "?" + strings.Join(others, "&"))
		if err == nil && (wrong == "" || wrong == "sslmode") {
			wrong = name // without it all is well
		}
	}
	if wrong == "" {
		if _, err := pgx.ParseConfig("postgres://localhost/"); err != nil {
			return errors.New("a variable of PostgreSQL in the environment (PGSSLMODE, PGSERVICE and the like) has a value that cannot be used")
		}
		return errors.New("database.url cannot be read; it must look like postgres://USER:PASSWORD@HOST:5432/NAME (a / or @ in the password is %2F or %40)")
	}
	hint := ""
	switch wrong {
	case "sslmode":
		hint = ": it is disable, allow, prefer, require, verify-ca or verify-full"
	case "sslrootcert", "sslcert", "sslkey":
		hint = ": the file is missing, or is not what it should be"
	case "connect_timeout":
		hint = ": it is a number of seconds"
	case "service":
		hint = ": there is no such service in the service file, or no such file"
	}
	return fmt.Errorf("the parameter %s of database.url has a value that cannot be used%s", wrong, hint)
}

// refusedParameter names the parameter that a PostgreSQL server refuses with a
// message, which may repeat its value.
func refusedParameter(message string) string {
	if m := regexp.MustCompile(`parameter "([A-Za-z_.]+)"`).FindStringSubmatch(message); m != nil {
		return "the parameter " + m[1]
	}
	return "a parameter (is options right?)"
}

// place gives the name of a database for messages.
func place(config *pgx.ConnConfig) string {
	if config.Host != "" && config.Host[0] == '/' {
		return fmt.Sprintf("the database %q at the socket in %s", config.Database, config.Host)
	}
	return fmt.Sprintf("the database %q at %s", config.Database, net.JoinHostPort(config.Host, fmt.Sprint(config.Port)))
}
