package pgtest

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/jackc/pgx/v5/pgconn"
)

// onDisk gives the command that puts the data on a file system of its own, of 64 MiB,
// and then starts what follows. The journal (WAL) stays outside. The file system is in a
// name space that ends with the server.
func (s *Server) onDisk(data string) []string {
	script := `mkdir "$1" && mount -t tmpfs -o size=64m,mode=0700 none "$1" && cp -a "$2/." "$1" && data=$1 && shift 2 && exec "$1" -D "$data" "${@:4}"`
	return []string{"unshare", "--user", "--map-user=1000", "--map-group=1000", "--mount", "--keep-caps", "bash", "-c", script, "bash", s.disk(), data}
}

func (s *Server) disk() string { return filepath.Join(s.dir, "disk") }

// Fill takes all free space of a server with Options.Disk, until Free.
func (s *Server) Fill(ctx context.Context) error {
	if err := s.exec(ctx, "postgres", `CREATE TABLE IF NOT EXISTS filler(text text)`); err != nil {
		return err
	}
	// A file that PostgreSQL writes for itself needs no journal. The pages of the table
	// take the last blocks; they stay, although the statement fails.
	for _, statement := range []string{s.filler(100_000), `INSERT INTO filler SELECT repeat('x', 1000) FROM generate_series(1, 10000)`} {
		err := s.exec(ctx, "postgres", statement)
		var full *pgconn.PgError
		if !errors.As(err, &full) || full.Code != "53100" {
			return fmt.Errorf("the disk did not become full: %w", err)
		}
	}
	return nil
}

// Free gives the space back.
func (s *Server) Free(ctx context.Context) error {
	return errors.Join(s.exec(ctx, "postgres", s.filler(0)), s.exec(ctx, "postgres", `DROP TABLE IF EXISTS filler`))
}

func (s *Server) filler(kilobytes int) string {
	return fmt.Sprintf(`COPY (SELECT repeat('x', 1023) FROM generate_series(1, %d)) TO '%s'`, kilobytes, filepath.Join(s.disk(), "filler"))
}
