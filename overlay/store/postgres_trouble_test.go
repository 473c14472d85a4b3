package store_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"mediad/overlay"
	"mediad/overlay/store"
	"mediad/overlay/store/pgtest"
)

// TestPostgresStandbyAndDisk: a server that is a standby first, asks for TLS, and has a
// small disk.
func TestPostgresStandbyAndDisk(t *testing.T) {
	server, err := pgtest.StartWith(pgtest.Options{Standby: true, TLS: true, Disk: true})
	must(t, err)
	t.Cleanup(func() { must(t, server.Stop()) })
	ctx := t.Context()
	options := func(address string) store.Options {
		return store.Options{Dir: t.TempDir(), URL: address, Patience: 300 * time.Millisecond, Log: slog.New(slog.DiscardHandler)}
	}
	refused := func(t *testing.T, address string, words ...string) {
		t.Helper()
		s, err := store.Open(ctx, options(address))
		if err == nil {
			must(t, s.Close())
			t.Fatal("opened")
		}
		for _, w := range words {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("it lacks %q: %v", w, err)
			}
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("it shows the password: %v", err)
		}
	}
	opened := func(t *testing.T, address string) {
		t.Helper()
		s, err := store.Open(ctx, options(address))
		must(t, err)
		must(t, s.Close())
	}
	hosts := func(urls ...string) string {
		var names, ports []string
		for _, u := range urls {
			q := mustURL(t, u).Query()
			names, ports = append(names, q.Get("host")), append(ports, cmp.Or(q.Get("port"), "5432"))
		}
		q := url.Values{"host": {strings.Join(names, ",")}, "port": {strings.Join(ports, ",")}, "search_path": {"several"}}
		return "postgres://mediad@/postgres?" + q.Encode()
	}
	t.Run("standby", func(t *testing.T) {
		refused(t, server.URL("postgres"), "it is a standby", "name the primary")
	})
	t.Run("several hosts", func(t *testing.T) {
		standby, primary := server.URL("postgres"), store.PostgresServer()
		must(t, primary.Exec(ctx, "postgres", `CREATE SCHEMA several`))
		opened(t, hosts(standby, primary.URL("postgres")))
		u := mustURL(t, standby)
		q := u.Query()
		q.Set("host", q.Get("host")+"/.") // the same one by another name
		u.RawQuery = q.Encode()
		refused(t, hosts(standby, u.String()), "all are standbys")
	})
	must(t, server.Exec(ctx, "postgres", `SELECT pg_promote()`))
	for _, s := range []string{`CREATE USER shop PASSWORD 'secret'`, `CREATE DATABASE shop OWNER shop`} {
		must(t, server.Exec(ctx, "postgres", s))
	}
	t.Run("TLS", func(t *testing.T) {
		who := url.UserPassword("shop", "secret")
		refused(t, server.TLSURL("shop", who, "disable"), `does not let the user "shop" in`, "it may ask for TLS", "sslmode=require")
		refused(t, server.TLSURL("shop", url.UserPassword("shop", "other-secret"), "require"), `password of the user "shop" in database.url is wrong`)
		refused(t, server.TLSURL("shop", who, "verify-full"), "cannot be made safe with TLS")
		opened(t, server.TLSURL("shop", who, "require"))
		opened(t, server.TLSURL("shop", who, "verify-full")+"&sslrootcert="+url.QueryEscape(server.Certificate()))
	})
	t.Run("full", func(t *testing.T) { fullPostgres(t, server) })
}

// notices adds cues until as many are refused as told, and gives those that were
// answered. Whatever is refused has the words.
func (f *fixture) notices(refused int, words string) (answered []string) {
	f.t.Helper()
	for i := 0; refused > 0; i++ {
		if i > 10_000 {
			f.t.Fatal("nothing is ever refused")
		}
		c, err := f.AddCue(context.Background(), "corn", overlay.NewCue{Kind: overlay.KindNotice, Text: strings.Repeat("long ", 30)}, overlay.At{}, store.Once{})
		switch {
		case err == nil:
			answered = append(answered, c.ID)
		case overlay.CodeOf(err) == overlay.Unavailable && strings.Contains(err.Error(), words):
			refused--
		default:
			f.t.Fatalf("not refused in words: %v", err)
		}
	}
	return answered
}

// hasExactly checks that the log has what was answered, and nothing else.
func (f *fixture) hasExactly(answered []string) {
	f.t.Helper()
	var have []string
	for _, e := range f.events(f.show()) {
		have = append(have, e.ID)
	}
	slices.Sort(have)
	slices.Sort(answered)
	if !slices.Equal(have, answered) {
		f.t.Errorf("the log has %d events, %d were answered", len(have), len(answered))
	}
}

func fullPostgres(t *testing.T, server *pgtest.Server) {
	ctx := t.Context()
	name, err := server.Create(ctx, "")
	must(t, err)
	f := newFixtureAt(t, server.URL(name))
	defer func() { must(t, server.Free(context.Background())) }()
	answered := []string{f.pin(0).ID}
	for range 2 {
		must(t, server.Fill(ctx))
		answered = append(answered, f.notices(20, "the disk is full")...)
		_, err := f.RoomByKey(ctx, "corn-key")
		must(t, err)
		f.hasExactly(answered)
		must(t, server.Free(ctx))
		answered = append(answered, f.pin(1).ID)
	}
	f.hasExactly(answered)
}

// TestPostgresReadOnly: a database that somebody makes read-only refuses actions in
// words, and takes them again by itself.
func TestPostgresReadOnly(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	name := strings.TrimPrefix(mustURL(t, f.url).Path, "/")
	set := func(what string) {
		t.Helper()
		must(t, store.PostgresServer().Exec(ctx, "postgres", `ALTER DATABASE `+name+` `+what))
	}
	answered := []string{f.pin(0).ID}
	set(`SET default_transaction_read_only = on`)
	must(t, store.PostgresServer().Exec(ctx, "postgres", `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '`+name+`'`))
	answered = append(answered, f.notices(20, "the database cannot be written")...)
	f.hasExactly(answered)
	set(`RESET default_transaction_read_only`)
	answered = append(answered, f.pin(1).ID)
	set(`SET default_transaction_read_only = on`)
	must(t, f.Close())
	_, err := store.Open(ctx, f.options())
	if err == nil || !strings.Contains(err.Error(), "the database cannot be written") {
		t.Errorf("a start: %v", err)
	}
	set(`RESET default_transaction_read_only`)
	f.open()
	answered = append(answered, f.pin(1).ID)
	f.hasExactly(answered)
}

// TestPostgresFewConnections: where PostgreSQL gives this user next to no connections,
// actions are done or refused in words, and none that was answered is lost.
func TestPostgresFewConnections(t *testing.T) {
	server, ctx := store.PostgresServer(), t.Context()
	name, err := server.Create(ctx, "")
	must(t, err)
	for _, s := range []string{`CREATE USER few CONNECTION LIMIT 4`, `ALTER DATABASE ` + name + ` OWNER TO few`} {
		must(t, server.Exec(ctx, "postgres", s))
	}
	must(t, server.Exec(ctx, name, `ALTER SCHEMA public OWNER TO few`))
	f := newFixtureAt(t, server.URLFor(name, url.User("few")))
	answered := []string{f.pin(0).ID}
	limit := func(n int) {
		t.Helper()
		must(t, server.Exec(ctx, "postgres", fmt.Sprintf(`ALTER USER few CONNECTION LIMIT %d`, n)))
	}
	var mu sync.Mutex
	storm := func(callers int) (done, refused int) {
		var wg sync.WaitGroup
		for range callers {
			wg.Go(func() {
				c, err := f.AddCue(ctx, "corn", overlay.NewCue{Kind: overlay.KindNotice, Text: "hello"}, overlay.At{}, store.Once{})
				if err != nil && (overlay.CodeOf(err) != overlay.Unavailable || !strings.Contains(err.Error(), "cannot be reached")) {
					t.Errorf("not refused in words: %v", err)
				}
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					answered = append(answered, c.ID)
					done++
				} else {
					refused++
				}
			})
		}
		wg.Wait()
		return done, refused
	}
	if done, refused := storm(32); done == 0 {
		t.Errorf("%d done, %d refused", done, refused)
	}
	// The claim alone has a connection.
	limit(1)
	must(t, server.Exec(ctx, name, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'few' AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')`))
	if done, refused := storm(8); done > 0 {
		t.Errorf("%d done without a connection, %d refused", done, refused)
	}
	limit(100)
	answered = append(answered, f.pin(1).ID)
	f.hasExactly(answered)
}

// TestPostgresStoodStill: a server that stood still, and has lost its claim without
// noticing, writes nothing once another one has begun. An action that it had begun
// before is finished first.
func TestPostgresStoodStill(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	f.begin()
	conn, err := pgx.Connect(ctx, f.url)
	must(t, err)
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, endClaim)
	must(t, err)
	_, err = conn.Exec(ctx, `BEGIN; LOCK TABLE pin IN ACCESS EXCLUSIVE MODE`)
	must(t, err)
	begun, opened := make(chan error, 1), make(chan error, 1)
	go func() {
		_, err := f.Pin(ctx, "corn", "SKU-0", overlay.At{}, store.Once{})
		begun <- err
	}()
	const waits = `EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND relation = '%s'::regclass)`
	until(t, conn, strings.ReplaceAll(waits, "%s", "pin"))
	var other *store.Store
	go func() {
		var err error
		other, err = store.Open(ctx, f.options())
		opened <- err
	}()
	until(t, conn, strings.ReplaceAll(waits, "%s", "turn"))
	_, err = conn.Exec(ctx, `COMMIT`)
	must(t, err)
	must(t, errors.Join(<-begun, <-opened))
	before := len(f.events(f.show()))
	_, err = f.Pin(ctx, "corn", "SKU-1", overlay.At{}, store.Once{})
	if wantCode(t, err, overlay.Unavailable); !strings.Contains(err.Error(), "another server has taken over") {
		t.Errorf("refused with %v", err)
	}
	if err := f.Ready(ctx); !errors.Is(err, store.ErrInUse) {
		t.Errorf("ready: %v", err)
	}
	if now := len(f.events(f.show())); now != before {
		t.Errorf("%d events became %d", before, now)
	}
	must(t, f.Close())
	f.Store = other
	f.pin(2)
}
