package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"github.com/mattn/go-isatty"

	"mediad/overlay"
)

// banner prints where OBS pushes and where everybody looks. Keys and tokens are
// for a terminal: from a pipe they would get into files and journals.
func (s *server) banner(ctx context.Context, out io.Writer, token string) error {
	web := s.web()
	if public := s.config.HTTP.PublicURL; public != "" {
		web = strings.TrimSuffix(public, "/")
	}
	rooms, err := s.store.ListRooms(ctx, "", 20)
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "mediad %s\n", Version)
	for _, r := range rooms {
		key := "not shown here: " + s.command("room key "+r.Slug)
		if isTerminal(out) {
			if key, err = s.revealed(ctx, r.Slug); err != nil {
				return err
			}
		}
		fmt.Fprintf(&b, "\n  %s\n", r.Title)
		fmt.Fprintf(&b, "    OBS server  rtmp://%s/live\n", reachable(s.rtmp.Addr()))
		if s.rtmps != nil {
			fmt.Fprintf(&b, "    or, by TLS  rtmps://%s/live\n", reachable(s.rtmps.Addr()))
		}
		fmt.Fprintf(&b, "    stream key  %s\n", key)
		fmt.Fprintf(&b, "    watch       %s/watch/%s\n", web, r.Slug)
	}
	if len(rooms) == 20 {
		fmt.Fprintf(&b, "\n  and more: GET %s/api/v1/rooms\n", web)
	}
	fmt.Fprintf(&b, "\n  API         %s/api\n", web)
	if s.operator != nil {
		fmt.Fprintf(&b, "  metrics     http://%s/metrics\n", reachable(s.operator.Addr()))
	}
	switch owned, err := s.store.HasOwner(ctx); {
	case err != nil:
		return err
	case token != "":
		fmt.Fprintf(&b, "  admin token %s   (shown this once: keep it)\n", token)
	case !owned:
		fmt.Fprintf(&b, "  admin token not made yet: %s\n", s.command("token create --role owner"))
	}
	fmt.Fprintln(&b)
	_, err = io.WriteString(out, b.String())
	return err
}

// tellStart begins the log with what runs where.
func (s *server) tellStart() {
	at := func(l net.Listener) string {
		if l == nil {
			return "none"
		}
		return l.Addr().String()
	}
	s.log.Info("mediad runs", "version", version(), "http", at(s.http), "tls", s.tls != nil, "redirect", at(s.plain), "rtmp", at(s.rtmp), "rtmps", at(s.rtmps),
		"metrics", at(s.operator), "public_url", s.config.HTTP.PublicURL, "data_dir", s.config.DataDir, "storage", s.config.Storage.Kind, "pid", os.Getpid())
}

// web is where a program on this machine finds HTTP.
func (s *server) web() string {
	if s.tls != nil {
		return "https://" + reachable(s.http.Addr())
	}
	return "http://" + reachable(s.http.Addr())
}

// revealed is a room's key, or why it is not shown.
func (s *server) revealed(ctx context.Context, room string) (string, error) {
	key, err := s.store.RevealKey(ctx, room, "console")
	if overlay.CodeOf(err) == overlay.Unavailable {
		return "(not shown, for that must be noted: " + err.Error() + ")", nil
	}
	return key, err
}

// command is how another command is called that finds what this server has.
func (s *server) command(words string) string {
	command := shellWord(os.Args[0]) + " " + words
	if s.origin.file != "" {
		command += " --config " + shellWord(s.origin.file)
	}
	if s.origin.demo {
		command = "MEDIAD_DATA_DIR=" + shellWord(s.config.DataDir) + " " + command
	}
	return command
}

// shellWord is a word as a shell reads it.
func shellWord(word string) string {
	if strings.ContainsFunc(word, func(r rune) bool {
		return !strings.ContainsRune("/._-+:,@", r) && (r < '0' || r > '9' && r < 'A' || r > 'Z' && r < 'a' || r > 'z')
	}) {
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return word
}

// isTerminal tells whether a person reads what is written to out.
func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

// reachable is an address that a program on this machine can use.
func reachable(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}
