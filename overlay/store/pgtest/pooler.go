package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Pooler runs a pgbouncer in front of a database until ctx is done; then wait waits for
// its end. mode is its pool_mode. The address is for a user who needs no password.
func (s *Server) Pooler(ctx context.Context, database, mode string) (address string, wait func() error, err error) {
	dir, err := os.MkdirTemp(s.dir, "pooler-")
	if err != nil {
		return "", nil, err
	}
	as, err := another()
	if err != nil {
		return "", nil, err
	}
	text := fmt.Sprintf("[databases]\n%s = host=%s user=mediad\n[pgbouncer]\nunix_socket_dir = %s\nlisten_port = 6432\nauth_type = any\npool_mode = %s\n", database, s.dir, dir, mode)
	file := filepath.Join(dir, "pgbouncer.ini")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		return "", nil, err
	}
	if as != nil {
		if err := os.Chown(dir, int(as.Uid), int(as.Gid)); err != nil {
			return "", nil, err
		}
	}
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program = "/usr/sbin/pgbouncer" // Debian's place, which PATH may lack; make tools installs it
	}
	cmd := exec.CommandContext(ctx, program, "-q", file)
	cmd.Dir, cmd.SysProcAttr = dir, &syscall.SysProcAttr{Credential: as}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) }
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	u := url.URL{Scheme: "postgres", User: url.User("mediad"), Path: "/" + database, RawQuery: url.Values{"host": {dir}, "port": {strconv.Itoa(6432)}}.Encode()}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		conn, err := pgx.Connect(ctx, u.String())
		if err == nil {
			return u.String(), func() error { return <-ended }, conn.Close(ctx)
		}
		select {
		case end := <-ended:
			return "", nil, fmt.Errorf("pgbouncer ended: %w", end)
		default:
		}
		if time.Now().After(deadline) {
			return "", nil, errors.Join(err, cmd.Cancel(), <-ended)
		}
	}
}
