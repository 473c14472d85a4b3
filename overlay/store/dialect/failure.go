package dialect

import (
	"context"
	"crypto/tls"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"
)

// Class is the meaning of a database error, the same for both databases.
type Class int

const (
	Other      Class = iota // none of the below, or no database error
	Unique                  // a row with that key exists
	ForeignKey              // a row that is referenced does not exist
	Check                   // a value breaks a rule of its column
	Conflict                // another transaction was first; a second attempt may succeed
	Busy                    // another transaction holds a lock for too long
	Full                    // there is no space left
	Disk                    // the disk fails
	ReadOnly                // nothing can be written
	Damaged                 // the file is not a sound database
	Text                    // text that the database cannot hold: U+0000, or no UTF-8
	Away                    // there is no connection, or it broke
	Denied                  // the user may not do that
)

// ClassOf sorts an error.
func ClassOf(err error) Class {
	var lite sqlite3.Error
	if errors.As(err, &lite) {
		return ofSQLite(lite)
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return ofPostgres(pg.Code)
	}
	var broken *net.OpError
	switch {
	case err == nil || refusedTLS(err):
		return Other
	case errors.As(err, &broken) || pgconn.Timeout(err) || pgconn.SafeToRetry(err) || errors.Is(err, net.ErrClosed),
		errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return Away
	}
	var connect *pgconn.ConnectError
	switch {
	case errors.As(err, &connect) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, driver.ErrBadConn),
		errors.Is(err, pgconn.ErrConnClosed), errors.Is(err, sql.ErrConnDone):
		return Away
	}
	return Other
}

// refusedTLS tells whether a server was reached and there is no safe connection to it.
// Waiting does not help there.
func refusedTLS(err error) bool {
	var unverified *tls.CertificateVerificationError
	var noTLS tls.RecordHeaderError
	if errors.As(err, &unverified) || errors.As(err, &noTLS) {
		return true
	}
	var connect *pgconn.ConnectError
	return errors.As(err, &connect) && strings.Contains(err.Error(), "server refused TLS connection") // pgconn has no value for it
}

func ofSQLite(e sqlite3.Error) Class {
	switch {
	case e.Code == sqlite3.ErrFull, e.SystemErrno == syscall.ENOSPC, e.SystemErrno == syscall.EDQUOT:
		return Full
	case e.Code == sqlite3.ErrIoErr:
		return Disk
	case e.Code == sqlite3.ErrReadonly, e.Code == sqlite3.ErrCantOpen:
		return ReadOnly
	case e.Code == sqlite3.ErrBusy:
		return Busy
	case e.Code == sqlite3.ErrCorrupt, e.Code == sqlite3.ErrNotADB:
		return Damaged
	}
	switch e.ExtendedCode {
	case sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey, sqlite3.ErrConstraintRowID:
		return Unique
	case sqlite3.ErrConstraintForeignKey:
		return ForeignKey
	case sqlite3.ErrConstraintCheck, sqlite3.ErrConstraintNotNull:
		return Check
	}
	return Other
}

// ofPostgres sorts by SQLSTATE (PostgreSQL's manual, appendix A).
func ofPostgres(code string) Class {
	switch code {
	case "23505":
		return Unique
	case "23503":
		return ForeignKey
	case "23514", "23502":
		return Check
	case "40001", "40P01":
		return Conflict
	case "55P03", "57014": // a lock or a statement took too long
		return Busy
	case "53100":
		return Full
	case "58030":
		return Disk
	case "25006":
		return ReadOnly
	case "XX001", "XX002":
		return Damaged
	case "22021", "22P05":
		return Text
	case "53300", "53400", "57P01", "57P02", "57P03", "57P05", "25P03", "53000", "53200":
		return Away // too many connections, or the server stops, starts or ended the connection
	case "42501", "28000", "28P01":
		return Denied
	}
	if strings.HasPrefix(code, "08") {
		return Away
	}
	return Other
}
