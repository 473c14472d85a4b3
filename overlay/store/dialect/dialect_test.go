package dialect_test

import (
	"context"
	"crypto/tls"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"

	"mediad/overlay/store/dialect"
)

func TestPlaceholders(t *testing.T) {
	for query, want := range map[string]string{
		`SELECT 1`:                                  `SELECT 1`,
		`UPDATE t SET a = ?, b = ? WHERE c = ?`:     `UPDATE t SET a = $1, b = $2 WHERE c = $3`,
		`WHERE a = ?2 AND b = ?1 OR c = ?2`:         `WHERE a = $2 AND b = $1 OR c = $2`,
		`SET a = ?1, b = ?1 WHERE c = ?`:            `SET a = $1, b = $1 WHERE c = $2`,
		`WHERE a = ?3 AND b = ?`:                    `WHERE a = $3 AND b = $4`,
		`WHERE a = '?' AND b = 'it''s ?' AND c = ?`: `WHERE a = '?' AND b = 'it''s ?' AND c = $1`,
		`SELECT "?" FROM t WHERE a = ?`:             `SELECT "?" FROM t WHERE a = $1`,
		"SELECT a -- why?\nFROM t WHERE a = ?":      "SELECT a -- why?\nFROM t WHERE a = $1",
		`VALUES (?,?,?,?,?,?,?,?,?,?,?)`:            `VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`,
		`WHERE c.value->>0 = ?12 AND '玉米?' <> a`:    `WHERE c.value->>0 = $12 AND '玉米?' <> a`,
	} {
		if got := dialect.PostgreSQL().Text(query); got != want {
			t.Errorf("%s\n gives %s\n not   %s", query, got, want)
		}
		if got := dialect.SQLite().Text(query); got != query {
			t.Errorf("SQLite reads %s", got)
		}
	}
}

// SQLite counts a plain ? as the rebinding does.
func TestPlaceholdersOfSQLite(t *testing.T) {
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var got string
	if err := db.QueryRow(`SELECT ?2 || ?1 || ? || ?1`, "a", "b", "c").Scan(&got); err != nil || got != "baca" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestClasses(t *testing.T) {
	pg := func(code string) error { return fmt.Errorf("do: %w", &pgconn.PgError{Code: code}) }
	for _, c := range []struct {
		err  error
		want dialect.Class
	}{
		{nil, dialect.Other}, {sql.ErrNoRows, dialect.Other}, {errors.New("refused"), dialect.Other}, {syscall.ENOENT, dialect.Other},
		{&os.PathError{Err: syscall.EACCES}, dialect.Other}, {context.Canceled, dialect.Other}, {pg("42P01"), dialect.Other},
		{pg("23505"), dialect.Unique}, {pg("23503"), dialect.ForeignKey}, {pg("23514"), dialect.Check}, {pg("23502"), dialect.Check},
		{pg("40001"), dialect.Conflict}, {pg("40P01"), dialect.Conflict}, {pg("55P03"), dialect.Busy}, {pg("57014"), dialect.Busy},
		{pg("53100"), dialect.Full}, {pg("58030"), dialect.Disk}, {pg("25006"), dialect.ReadOnly}, {pg("XX001"), dialect.Damaged},
		{pg("22021"), dialect.Text}, {pg("42501"), dialect.Denied}, {pg("28P01"), dialect.Denied},
		{pg("57P01"), dialect.Away}, {pg("53300"), dialect.Away}, {pg("08006"), dialect.Away},
		{fmt.Errorf("read: %w", io.ErrUnexpectedEOF), dialect.Away}, {&net.OpError{Err: syscall.ECONNRESET}, dialect.Away},
		{context.DeadlineExceeded, dialect.Away}, {net.ErrClosed, dialect.Away},
		{pg("57P02"), dialect.Away}, {pg("57P03"), dialect.Away}, {sql.ErrConnDone, dialect.Away},
		{fmt.Errorf("begin transaction: %w", pgconn.ErrConnClosed), dialect.Away}, {&tls.CertificateVerificationError{Err: io.ErrUnexpectedEOF}, dialect.Other},
		{sqlite3.Error{Code: sqlite3.ErrFull}, dialect.Full}, {sqlite3.Error{Code: sqlite3.ErrIoErr, SystemErrno: syscall.ENOSPC}, dialect.Full},
		{sqlite3.Error{Code: sqlite3.ErrIoErr}, dialect.Disk}, {sqlite3.Error{Code: sqlite3.ErrReadonly}, dialect.ReadOnly},
		{sqlite3.Error{Code: sqlite3.ErrBusy}, dialect.Busy}, {sqlite3.Error{Code: sqlite3.ErrNotADB}, dialect.Damaged},
	} {
		if got := dialect.ClassOf(c.err); got != c.want {
			t.Errorf("%v is of class %d, not %d", c.err, got, c.want)
		}
	}
}

// What SQLite really answers.
func TestClassesOfSQLite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.db")
	db, err := sql.Open("sqlite3", "file:"+file+"?_foreign_keys=on")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`CREATE TABLE a(id TEXT PRIMARY KEY, n INTEGER CHECK (n > 0)); CREATE TABLE b(a TEXT REFERENCES a(id)); INSERT INTO a VALUES ('x', 1)`); err != nil {
		t.Fatal(err)
	}
	for statement, want := range map[string]dialect.Class{
		`INSERT INTO a VALUES ('x', 1)`: dialect.Unique, `INSERT INTO a VALUES ('y', 0)`: dialect.Check,
		`INSERT INTO b VALUES ('z')`: dialect.ForeignKey, `INSERT INTO c VALUES (1)`: dialect.Other,
	} {
		if _, err := db.Exec(statement); err == nil || dialect.ClassOf(err) != want {
			t.Errorf("%s: %v is of class %d, not %d", statement, err, dialect.ClassOf(err), want)
		}
	}
	read, err := sql.Open("sqlite3", "file:"+file+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	if _, err := read.Exec(`DELETE FROM a`); dialect.ClassOf(err) != dialect.ReadOnly {
		t.Errorf("read only: %v", err)
	}
}
