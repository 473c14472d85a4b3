package store

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"mediad/overlay/store/pgtest"
)

// backend is the database of the tests. All tests run on SQLite; then all except
// those about SQLite itself run again on PostgreSQL.
var backend struct {
	server   *pgtest.Server // nil: SQLite
	template string         // a database with the newest schema
	drops    bool           // databases go with their tests: fuzzing makes thousands
}

// aboutSQLite are the tests of files, copies and shared commits. Tests about
// PostgreSQL itself have Postgres in their names.
var aboutSQLite = []string{
	"TestWaitingActionsShareACommit", "TestFailedCommitIsEverybodys", "TestLostTransaction", "TestCancelledAction", "TestLeaderThatLeaves",
	"TestWaitingIsBounded", "TestWriterIsDurable", "TestHostsGoBeforeWhatIsBehind",
	"TestBackup.*", "TestDamagedDatabase", "TestCopiesAreKnown", "TestCopiesBehindARestore", "TestStampsAreRare",
	"TestMigrationsBeginWithACopy", "TestFailedMigration", "TestCurrentChangesNothing", "TestFullDisk",
	"TestFilesAreForTheOwnerAlone", "TestUnwritableDataDirectory", "TestDamagedSecretIsNotReplaced", "TestAcknowledgedSurvivesAKill",
	"TestMissingDatabase", "TestRestoredGoesAbove", "FuzzAudiences",
}

// The environment of workers that fuzz.
const fuzzDir, fuzzTemplate = "MEDIAD_STORE_FUZZ_DIR", "MEDIAD_STORE_FUZZ_TEMPLATE"

// onBoth runs the tests on SQLite, then on PostgreSQL.
func onBoth(m *testing.M) int {
	flag.Parse()
	named := func(name string) string { return flag.Lookup("test." + name).Value.String() }
	skipped := named("skip")
	skip := func(names ...string) {
		if skipped != "" {
			names = append(names, skipped)
		}
		if err := flag.Set("test.skip", strings.Join(names, "|")); err != nil {
			panic(err)
		}
	}
	fuzzes := strings.Contains(named("fuzz"), "Postgres")
	if dir := os.Getenv(fuzzDir); dir != "" { // a worker of the process that fuzzes
		backend.server, backend.template, backend.drops = pgtest.At(dir), os.Getenv(fuzzTemplate), true
		return m.Run()
	}
	if named("bench") != "" || named("list") != "" || named("fuzz") != "" && !fuzzes {
		return m.Run()
	}
	code := 0
	if !fuzzes {
		skip("Postgres")
		code = m.Run()
	}
	server, err := pgtest.Start()
	if err == nil {
		backend.server = server
		backend.template, err = newTemplate()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	slog.SetDefault(slog.New(slog.DiscardHandler)) // no warning that fsync is off
	if fuzzes {
		backend.drops = true
		if err := errors.Join(os.Setenv(fuzzDir, server.Dir()), os.Setenv(fuzzTemplate, backend.template)); err != nil {
			panic(err)
		}
	} else {
		fmt.Println("once more, on PostgreSQL:")
		skip("^(" + strings.Join(aboutSQLite, "|") + ")$")
	}
	code = max(code, m.Run())
	if err := server.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

func newTemplate() (name string, err error) {
	ctx := context.Background()
	if name, err = backend.server.Create(ctx, ""); err != nil {
		return "", err
	}
	config, err := parse(backend.server.URL(name))
	if err != nil {
		return "", err
	}
	return name, (&Store{now: time.Now}).upToDatePostgres(ctx, config, false)
}

// NewURL gives the address of a new database with the newest schema, for
// Options.URL; "" where the tests run on SQLite.
func NewURL(t testing.TB) string {
	t.Helper()
	if backend.server == nil {
		return ""
	}
	return CopyOf(t, backend.template)
}

// CopyOf gives the address of a copy of a database; "" is an empty one.
func CopyOf(t testing.TB, template string) string {
	t.Helper()
	name, err := backend.server.Create(context.Background(), template)
	if err != nil {
		t.Fatal(err)
	}
	if backend.drops {
		t.Cleanup(func() {
			if err := backend.server.Drop(context.Background(), name); err != nil {
				t.Error(err)
			}
		})
	}
	return backend.server.URL(name)
}

// PostgresServer gives the PostgreSQL server.
func PostgresServer() *pgtest.Server { return backend.server }

// Rows is the pool from which a store reads.
func Rows(s *Store) *sql.DB { return s.reader.DB }

// Rehearse carries out each action twice, and undoes the first run. That finds
// actions that keep something from it.
func Rehearse(s *Store) {
	if s.lanes != nil {
		s.lanes.rehearse = true
	}
}
