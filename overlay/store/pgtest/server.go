// Package pgtest starts a PostgreSQL server of its own for tests, in a temporary
// directory and behind a Unix socket. It works for any user, root too, although
// PostgreSQL refuses to run as root.
package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Options say what kind of server to start.
type Options struct {
	// Durable servers sync what they commit, as real ones do: for benchmarks.
	Durable bool
	// Standby starts a standby that follows nobody, until SELECT pg_promote().
	Standby bool
	// TLS lets users in at 127.0.0.1 too, with TLS only and with a password.
	TLS bool
	// Disk puts the database on a small disk of its own, which Fill fills.
	Disk bool
}

// Server is a running PostgreSQL server. It is safe for concurrent use.
type Server struct {
	o    Options
	dir  string
	port string // at 127.0.0.1; "": it listens there for nobody
	stop context.CancelFunc
	done chan error
	log  *bytes.Buffer // read when done is closed
	made atomic.Int64  // databases
}

// At gives a server that another process has started with Start, and will stop.
func At(dir string) *Server { return &Server{dir: dir} }

// Dir is the directory of the server, for At.
func (s *Server) Dir() string { return s.dir }

// Start makes a cluster and waits until it answers.
func Start() (*Server, error) { return StartWith(Options{}) }

// StartWith is Start for a server of a special kind.
func StartWith(o Options) (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "mediad-pg-")
	if err != nil {
		return nil, err
	}
	s := &Server{o: o, dir: dir, done: make(chan error, 1), log: &bytes.Buffer{}}
	if err := s.start(bin); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

func (s *Server) start(bin string) error {
	as, err := another()
	if err != nil {
		return err
	}
	if as != nil {
		if err := os.Chown(s.dir, int(as.Uid), int(as.Gid)); err != nil {
			return err
		}
	}
	// The locale does not sort by bytes, so that the tests show statements that
	// depend on that.
	data := filepath.Join(s.dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "mediad", "-A", "trust", "-E", "UTF8",
		"--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en", "--no-sync", "--no-instructions", "--waldir", filepath.Join(s.dir, "wal"))
	initdb.Dir, initdb.SysProcAttr = s.dir, &syscall.SysProcAttr{Credential: as}
	if text, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, text)
	}
	// The user "keyed" needs a password.
	rules := "local all keyed scram-sha-256\nlocal all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n"
	if err := os.WriteFile(filepath.Join(data, "pg_hba.conf"), []byte(rules), 0o644); err != nil {
		return err
	}
	if s.o.Standby {
		if err := os.WriteFile(filepath.Join(data, "standby.signal"), nil, 0o644); err != nil {
			return err
		}
	}
	if s.o.TLS {
		if err := s.certify(as); err != nil {
			return err
		}
	}
	if err := s.run(bin, data, as); err != nil {
		return err
	}
	return s.wait()
}

// run starts the server as a child that ends with this process.
func (s *Server) run(bin, data string, as *syscall.Credential) error {
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	command := append([]string{filepath.Join(bin, "postgres"), "-D", data, "-k", s.dir, "-c", "shared_buffers=32MB", "-c", "max_connections=200"}, s.settings()...)
	if s.o.Disk {
		command = append(s.onDisk(data), command...)
	}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = s.dir, s.log, s.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as, Pdeathsig: syscall.SIGQUIT}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) }
	started := make(chan error)
	go func() {
		// The signal (Pdeathsig) comes when the thread that started the child ends.
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			s.done <- cmd.Wait()
		}
	}()
	return <-started
}

func (s *Server) settings() (all []string) {
	set := func(more ...string) {
		for _, m := range more {
			all = append(all, "-c", m)
		}
	}
	if !s.o.Durable {
		set("fsync=off", "full_page_writes=off", "autovacuum=off")
	}
	if s.o.Disk {
		set("max_replication_slots=0") // a checkpoint need not make a file
	}
	if s.o.TLS {
		set("listen_addresses=127.0.0.1", "port="+s.port, "ssl=on", "ssl_cert_file="+s.Certificate(), "ssl_key_file="+filepath.Join(s.dir, "key.pem"))
	} else {
		set("listen_addresses=")
	}
	return all
}

func (s *Server) wait() error {
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		err := s.exec(context.Background(), "postgres", `SELECT 1`)
		if err == nil {
			return nil
		}
		select {
		case ended := <-s.done:
			return fmt.Errorf("postgres ended: %w\n%s", ended, s.log)
		default:
		}
		if time.Now().After(deadline) {
			s.stop()
			<-s.done
			return fmt.Errorf("postgres does not answer: %w\n%s", err, s.log)
		}
	}
}

// Stop ends the server and takes its directory away.
func (s *Server) Stop() error {
	s.stop()
	<-s.done // whatever its error, it is gone
	return os.RemoveAll(s.dir)
}

// URL is the address of a database, for a user who needs no password.
func (s *Server) URL(database string) string { return s.URLFor(database, url.User("mediad")) }

// URLFor is the address of a database for a user.
func (s *Server) URLFor(database string, who *url.Userinfo) string {
	where := url.Values{"host": {s.dir}}
	if s.port != "" {
		where.Set("port", s.port)
	}
	u := url.URL{Scheme: "postgres", User: who, Path: "/" + database, RawQuery: where.Encode()}
	return u.String()
}

// Create makes a database, empty or from a template, and returns its name. Nobody
// may use the template meanwhile.
func (s *Server) Create(ctx context.Context, template string) (string, error) {
	name := fmt.Sprintf("test_%d_%d", os.Getpid(), s.made.Add(1))
	statement := `CREATE DATABASE ` + name
	if template != "" {
		statement += ` TEMPLATE ` + template
	}
	return name, s.exec(ctx, "postgres", statement)
}

// Drop takes a database away, whoever uses it.
func (s *Server) Drop(ctx context.Context, database string) error {
	return s.exec(ctx, "postgres", `DROP DATABASE `+database+` WITH (FORCE)`)
}

// Exec carries out statements in a database.
func (s *Server) Exec(ctx context.Context, database, statements string) error {
	return s.exec(ctx, database, statements)
}

func (s *Server) exec(ctx context.Context, database, statements string) error {
	conn, err := pgx.Connect(ctx, s.URL(database))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statements)
	return errors.Join(err, conn.Close(ctx))
}

// programs finds the newest PostgreSQL, which Debian keeps out of PATH.
func programs() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	slices.SortFunc(found, func(a, b string) int { return major(a) - major(b) })
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return "", errors.New("the tests need PostgreSQL's initdb and postgres: make tools installs them")
	}
	return filepath.Dir(path), nil
}

func major(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	return n
}

// another gives the credential of another user if this process runs as root;
// nil: it does not.
func another() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		if who, err = user.Lookup("nobody"); err != nil {
			return nil, fmt.Errorf("find a user for PostgreSQL, which refuses root: %w", err)
		}
	}
	uid, err := strconv.ParseUint(who.Uid, 10, 32)
	gid, gerr := strconv.ParseUint(who.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err, gerr)
}
