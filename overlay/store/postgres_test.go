package store_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestPostgresRefusesInWords: errors say what is wrong with an address or a
// database, and never show the password.
func TestPostgresRefusesInWords(t *testing.T) {
	server, ctx := store.PostgresServer(), t.Context()
	for _, statement := range []string{`CREATE USER keyed PASSWORD 'right'`, `CREATE USER poor`} {
		must(t, server.Exec(ctx, "postgres", statement))
	}
	create := func(statements string) string {
		t.Helper()
		name, err := server.Create(ctx, "")
		must(t, err)
		if statements != "" {
			must(t, server.Exec(ctx, name, statements))
		}
		return name
	}
	latin := create("")
	must(t, server.Exec(ctx, "postgres", `CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0`))
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	port := nobody.Addr().String()
	must(t, nobody.Close())
	plain, err := net.Listen("tcp", "127.0.0.1:0") // answers as a server without TLS
	must(t, err)
	defer plain.Close()
	go func() {
		for {
			c, err := plain.Accept()
			if err != nil {
				return
			}
			_, _ = io.ReadFull(c, make([]byte, 8))
			_, _ = c.Write([]byte{'N'})
			_ = c.Close()
		}
	}()
	newer := create("")
	s, err := store.Open(ctx, store.Options{Dir: t.TempDir(), URL: server.URL(newer)})
	must(t, err)
	must(t, s.Close())
	must(t, server.Exec(ctx, newer, `INSERT INTO goose_db_version(version_id, is_applied) VALUES (99999, true)`))

	// A server that says that it is an old one.
	old := create(`CREATE SCHEMA old; CREATE FUNCTION old.current_setting(text) RETURNS text LANGUAGE sql AS $$
		SELECT CASE $1 WHEN 'server_version_num' THEN '130022' WHEN 'server_version' THEN '13.22' ELSE pg_catalog.current_setting($1) END $$`)
	closed := create("")
	must(t, server.Exec(ctx, "postgres", `REVOKE CONNECT ON DATABASE `+closed+` FROM PUBLIC`))
	crowded := create("")
	must(t, server.Exec(ctx, "postgres", `ALTER DATABASE `+crowded+` CONNECTION LIMIT 0`))
	readOnly := create("")
	must(t, server.Exec(ctx, "postgres", `ALTER DATABASE `+readOnly+` SET default_transaction_read_only = on`))
	poor := url.User("poor")

	for name, c := range map[string]struct {
		url     string
		current bool
		want    []string
	}{
		"wrong password":    {server.URLFor("postgres", url.UserPassword("keyed", "wrongsecret")), false, []string{`password of the user "keyed"`, "is wrong"}},
		"no such user":      {server.URLFor("postgres", url.UserPassword("ghost", "wrongsecret")), false, []string{`"ghost"`, "does not exist"}},
		"no such database":  {server.URL("nowhere"), false, []string{`the database "nowhere"`, "is not there", "CREATE DATABASE"}},
		"no server":         {"postgres://u:wrongsecret@" + port + "/shop?sslmode=disable", false, []string{`"shop" at ` + port, "no server of PostgreSQL answered within"}},
		"no TLS":            {"postgres://u:wrongsecret@" + plain.Addr().String() + "/shop?sslmode=require", false, []string{`"shop" at ` + plain.Addr().String() + " answers, but", "TLS", "sslmode"}},
		"no rights":         {server.URLFor(create(`REVOKE CREATE ON SCHEMA public FROM PUBLIC`), url.User("poor")), false, []string{"may not make or change tables", "GRANT"}},
		"too old":           {server.URL(old) + "&search_path=old,pg_catalog", false, []string{"it is PostgreSQL 13.22", "14 or a later one"}},
		"may not connect":   {server.URLFor(closed, poor), false, []string{`the user "poor" may not connect`, "GRANT CONNECT"}},
		"may not use it":    {server.URLFor(create(`REVOKE ALL ON SCHEMA public FROM PUBLIC`), poor), false, []string{"the user may not use it", "GRANT USAGE"}},
		"another's shop":    {server.URLFor(strings.TrimPrefix(mustURL(t, store.NewURL(t)).Path, "/"), poor), false, []string{"may not make or change tables", "the owner of the database"}},
		"no connection":     {server.URLFor(crowded, poor), false, []string{`too many connections for database "` + crowded}},
		"read only, empty":  {server.URL(readOnly), false, []string{"the database cannot be written"}},
		"no schema":         {server.URL(latin) + "&search_path=elsewhere", false, []string{"schema", "CREATE SCHEMA"}},
		"another's tables":  {server.URL(create(`CREATE TABLE orders(id int)`)), false, []string{"tables of something else", "a database of its own"}},
		"another encoding":  {server.URL("latin"), false, []string{"encoding is LATIN1", "UTF8"}},
		"a newer schema":    {server.URL(newer), false, []string{"it has schema 99999", "newer mediad"}},
		"a command, empty":  {server.URL(create("")), true, []string{"has nothing of mediad", "start the server once"}},
		"not an address":    {"postgres://u:wrongsecret@h:port/x", false, []string{"cannot be read", "postgres://USER:PASSWORD@HOST"}},
		"an @ in it":        {"postgres://u:abc@wrongsecret@" + port + "/shop", false, []string{"ambiguous", "%40"}},
		"an @ behind a /":   {"postgres://u:a/bc@wrongsecret@" + port + "/shop", false, []string{"ambiguous", "%2F"}},
		"a / in it":         {"postgres://u:wrongsecret/bc@" + port + "/shop", false, []string{"ambiguous", "%2F"}},
		"a ? in it":         {"postgres://u:wrongsecret?bc@" + port + "/shop", false, []string{"ambiguous", "%3F"}},
		"an @ as parameter": {"postgres://" + port + "/shop?user=u&password=a@wrongsecret", false, []string{"ambiguous", "%40"}},
		"a bad option":      {server.URL("postgres") + "&options=-c%20statement_timeout%3Dwrongsecret", false, []string{"refuses the parameter statement_timeout of database.url"}},
		"bad options":       {server.URL("postgres") + "&options=--wrongsecret", false, []string{"refuses ", "of database.url"}},
		"a bad setting":     {server.URL("postgres") + "&work_mem=wrongsecret", false, []string{"refuses the parameter work_mem of database.url"}},
		"a bad sslmode":     {"postgres://u:wrongsecret@h/x?sslmode=wrongsecret", false, []string{"the parameter sslmode", "verify-full"}},
		"no certificate":    {"postgres://u:wrongsecret@h/x?sslmode=verify-full&sslrootcert=/wrongsecret", false, []string{"the parameter sslrootcert", "file is missing"}},
		"no number":         {"postgres://u:wrongsecret@h/x?sslmode=disable&connect_timeout=wrongsecret", false, []string{"the parameter connect_timeout", "seconds"}},
		"no such service":   {"postgres://u:wrongsecret@h/x?service=wrongsecret&sslmode=disable", false, []string{"the parameter service", "service file"}},
		"a broken password": {"postgres://u:wrong%secret@h/x", false, []string{"cannot be read"}},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			o := store.Options{Dir: t.TempDir(), URL: c.url, Current: c.current, Patience: 300 * time.Millisecond, Log: slog.New(slog.NewTextHandler(&log, nil))}
			_, err := store.Open(ctx, o)
			if err == nil {
				t.Fatal("opened")
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("it lacks %q: %v", w, err)
				}
			}
			if text := err.Error() + log.String(); strings.Contains(text, "wrongsecret") || strings.Contains(text, "wrong%secret") {
				t.Errorf("it shows the password: %s", text)
			}
			if left, err := os.ReadDir(o.Dir); err != nil || len(left) > 0 {
				t.Errorf("it left %v, %v", left, err)
			}
		})
	}
}

// TestPostgresHasOneServer: a second server waits for a short time and is refused; a
// command is not. When the first ends, the next takes over at once.
func TestPostgresHasOneServer(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	var log bytes.Buffer
	o := f.options()
	o.Patience, o.Log = 300*time.Millisecond, slog.New(slog.NewTextHandler(&log, nil))
	_, err := store.Open(ctx, o)
	if !errors.Is(err, store.ErrInUse) || !strings.Contains(err.Error(), "mediad server") || !strings.Contains(log.String(), "waiting for its end") {
		t.Fatalf("a second server: %v\n%s", err, log.String())
	}
	o.Current = true
	second, err := store.Open(ctx, o)
	must(t, err)
	if _, err := second.RevealKey(ctx, "corn", "tester"); err != nil {
		t.Error(err)
	}
	must(t, second.Close())
	o.Current, o.Patience = false, time.Minute
	next := make(chan error)
	go func() {
		s, err := store.Open(ctx, o)
		if err == nil {
			f.Store = s
		}
		next <- err
	}()
	must(t, f.Store.Close())
	must(t, <-next)
}

// TestPostgresWaitsForItsServer: the connections of a store break, and the server is
// away for some time at a start.
func TestPostgresWaitsForItsServer(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	f.begin()
	const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`
	name := strings.TrimPrefix(mustURL(t, f.url).Path, "/")
	for range 3 {
		must(t, store.PostgresServer().Exec(ctx, name, cut))
		f.pin(0) // a broken connection does not make an action fail
		must(t, store.PostgresServer().Exec(ctx, name, cut))
		if _, err := f.GetProduct(ctx, f.products[0].ID, 0); err != nil {
			t.Errorf("read: %v", err)
		}
		must(t, store.PostgresServer().Exec(ctx, name, cut))
		if _, _, err := f.ShowNow(ctx, f.show()); err != nil {
			t.Errorf("read at one moment: %v", err)
		}
	}
	if n := len(f.events(f.show())); n != 4 {
		t.Errorf("%d events", n)
	}
}

func mustURL(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	must(t, err)
	return u
}

// TestPostgresMissing: an empty database beside files of a database with data
// is refused, and so is a secret of another database.
func TestPostgresMissing(t *testing.T) {
	ctx := t.Context()
	for name, left := range map[string]string{"a count of commits": "mediad.commits", "a journal": "spool/corn/01a.journal", "a database": "mediad.db"} {
		t.Run(name, func(t *testing.T) {
			o := store.Options{Dir: t.TempDir(), URL: store.CopyOf(t, "template0")}
			o.Traces = []string{filepath.Join(o.Dir, "spool", "*", "*.journal")}
			file := filepath.Join(o.Dir, left)
			must(t, os.MkdirAll(filepath.Dir(file), 0o755))
			must(t, os.WriteFile(file, []byte("00000000000000000007\n"), 0o600))
			_, err := store.Open(ctx, o)
			if err == nil || !strings.Contains(err.Error(), "is empty") || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), "--begin-anew") {
				t.Fatalf("refused with %v", err)
			}
			if moves := strings.Contains(err.Error(), "store move"); moves != (left == "mediad.db") {
				t.Errorf("it speaks of moving: %v", err)
			}
			o.Anew = true
			s, err := store.Open(ctx, o)
			must(t, err)
			must(t, s.Close())
		})
	}
}

// TestPostgresRestored: a database that was put back to an earlier state goes on above
// every number that was used after it.
func TestPostgresRestored(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	b := f.begin()
	f.pin(0)
	must(t, f.Close())
	earlier := store.CopyOf(t, strings.TrimPrefix(mustURL(t, f.url).Path, "/"))
	f.open()
	if f.Restored() != nil {
		t.Fatal("taken for a copy")
	}
	var last uint64
	for range 20 {
		c, err := f.AddCue(ctx, "corn", overlay.NewCue{Kind: overlay.KindNotice, Text: "hello"}, overlay.At{}, store.Once{})
		must(t, err)
		last = c.Seq
		f.clock.Add(100 * time.Millisecond)
	}
	must(t, f.Close())
	f.url, f.lifted = earlier, true
	f.open()
	if r := f.Restored(); r == nil || r.Lost == 0 {
		t.Fatalf("restored: %+v", r)
	}
	show, err := f.GetShow(ctx, b.Show)
	if err != nil || show.Seq <= last {
		t.Errorf("the show goes on with %d; players have %d: %v", show.Seq, last, err)
	}
	f.reopen()
	if f.Restored() != nil {
		t.Errorf("taken for a copy once more: %+v", f.Restored())
	}
}

// TestPostgresText: text that PostgreSQL cannot hold is refused in words, and other
// text comes back unchanged.
func TestPostgresText(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	_, err := f.GetProduct(ctx, "a\x00b", 0)
	wantCode(t, err, overlay.Invalid)
	_, err = f.RoomBySlug(ctx, "\xff")
	wantCode(t, err, overlay.Invalid)
	text := "玉米 🌽 e\u0301 'quoted' \"twice\" \\n ? $1 \u2028"
	p, err := f.CreateProduct(ctx, overlay.Product{SKU: "玉米-1", Title: text, Price: 1 << 40, Currency: "CNY"}, store.Once{})
	must(t, err)
	got, err := f.GetProduct(context.Background(), "玉米-1", 0)
	if err != nil || got.Title != p.Title || got.Price != 1<<40 {
		t.Errorf("got %+v, %v", got, err)
	}
}

// TestPostgresFirstStartWasKilled: a kill in the first moments leaves a database that
// still counts as empty, for a server and for a move.
func TestPostgresFirstStartWasKilled(t *testing.T) {
	ctx := t.Context()
	left := func(version string) string {
		t.Helper()
		address := store.CopyOf(t, "template0")
		must(t, store.PostgresServer().Exec(ctx, strings.TrimPrefix(mustURL(t, address).Path, "/"),
			`CREATE TABLE goose_db_version (id integer PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, version_id bigint NOT NULL, is_applied boolean NOT NULL, tstamp timestamp NOT NULL DEFAULT now());
			INSERT INTO goose_db_version(version_id, is_applied) VALUES (`+version+`, true)`))
		return address
	}
	s, err := store.Open(ctx, store.Options{Dir: t.TempDir(), URL: left("0")})
	must(t, err)
	must(t, s.Close())
	dir := t.TempDir()
	s, err = store.Open(ctx, store.Options{Dir: dir})
	must(t, err)
	must(t, s.Close())
	_, err = store.Move(ctx, store.MoveOptions{Dir: dir, URL: left("0"), ToPostgres: true})
	must(t, err)
	if _, err := store.Open(ctx, store.Options{Dir: t.TempDir(), URL: left("24")}); err == nil || !strings.Contains(err.Error(), "something else") {
		t.Errorf("another program's versions: %v", err)
	}
}
