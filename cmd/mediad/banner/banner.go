// Package banner tells the person who starts a server where encoders push and where
// viewers watch.
//
// Input: addresses, and the rooms of the database. Output: lines of text. Keys and
// tokens are shown on a terminal only: from a pipe they would get into files and
// system logs.
package banner

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

// Store knows the rooms: overlay/store's Store.
type Store interface {
	ListRooms(ctx context.Context, in overlay.Scope, after string, limit int) ([]overlay.Room, error)
	RevealKey(ctx context.Context, room, actor string) (string, error)
	HasOwner(ctx context.Context) (bool, error)
}

// Banner is what is printed, besides the rooms.
type Banner struct {
	Version string
	RTMP    net.Addr
	RTMPS   net.Addr // nil: there is none
	Web     string   // the address of the pages
	Metrics net.Addr // nil: there are none
	Token   string   // the admin token, just made; "": it was made before, or must not be shown
	Command Command
}

// Write writes the banner.
func (n Banner) Write(ctx context.Context, out io.Writer, s Store) error {
	rooms, err := s.ListRooms(ctx, overlay.Everything(), "", 20)
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "mediad %s\n", n.Version)
	for _, r := range rooms {
		key := "not shown here: " + n.Command.Line("room key "+r.Slug)
		if IsTerminal(out) {
			if key, err = revealed(ctx, s, r.Slug); err != nil {
				return err
			}
		}
		fmt.Fprintf(&b, "\n  %s\n", r.Title)
		fmt.Fprintf(&b, "    OBS server  rtmp://%s/live\n", Reachable(n.RTMP))
		if n.RTMPS != nil {
			fmt.Fprintf(&b, "    or, by TLS  rtmps://%s/live\n", Reachable(n.RTMPS))
		}
		fmt.Fprintf(&b, "    stream key  %s\n", key)
		fmt.Fprintf(&b, "    watch       %s/watch/%s\n", n.Web, r.Slug)
		fmt.Fprintf(&b, "    dock        %s/dock/%s   (sign in as in the studio)\n", n.Web, r.Slug)
	}
	if len(rooms) == 20 {
		fmt.Fprintf(&b, "\n  and more: GET %s/api/v1/rooms\n", n.Web)
	}
	fmt.Fprintf(&b, "\n  studio      %s/studio\n", n.Web)
	fmt.Fprintf(&b, "  API         %s/api\n", n.Web)
	if n.Metrics != nil {
		fmt.Fprintf(&b, "  metrics     http://%s/metrics\n", Reachable(n.Metrics))
	}
	switch owned, err := s.HasOwner(ctx); {
	case err != nil:
		return err
	case n.Token != "":
		fmt.Fprintf(&b, "  admin token %s   (shown this once: keep it)\n", n.Token)
		fmt.Fprintf(&b, "\n  To begin, open %s/studio#setup=%s\n  and choose your address and password.\n", n.Web, n.Token)
	case !owned:
		fmt.Fprintf(&b, "  admin token not made yet: %s\n", n.Command.Line("token create --role owner"))
	}
	fmt.Fprintln(&b)
	_, err = io.WriteString(out, b.String())
	return err
}

// revealed is a room's key, or why it is not shown.
func revealed(ctx context.Context, s Store, room string) (string, error) {
	key, err := s.RevealKey(ctx, room, "console")
	if overlay.CodeOf(err) == overlay.Unavailable {
		return "(not shown, for that must be noted: " + err.Error() + ")", nil
	}
	return key, err
}

// IsTerminal tells whether out is a terminal, where a person reads.
func IsTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

// Reachable gives an address that a program on this machine can use.
func Reachable(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}
