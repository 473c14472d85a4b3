package config

import (
	"errors"
	"path"
	"path/filepath"
	"strings"
)

// DataPath is a path inside the data directory.
func (c Config) DataPath(elem ...string) string {
	return filepath.Join(append([]string{c.DataDir}, elem...)...)
}

// ObjectsDir is where the directory store keeps its objects.
func (c Config) ObjectsDir() string {
	if c.Storage.Dir.Path != "" {
		return c.Storage.Dir.Path
	}
	return c.DataPath("objects")
}

// SpoolDir is where journals and spool lie.
func (c Config) SpoolDir() string { return c.DataPath("spool") }

// StoreName tells the configured store from every other. It stands in journals
// and is no secret. Objects in data_dir move with it.
func (c Config) StoreName() string {
	switch s := c.Storage; s.Kind {
	case "s3":
		endpoint := strings.TrimRight(s.S3.Endpoint, "/")
		if endpoint == "" {
			endpoint = "AWS"
		}
		return "s3 " + endpoint + " " + path.Join(s.S3.Bucket, s.S3.Prefix)
	case "dir":
		root, rerr := filepath.Abs(c.DataDir)
		dir, err := filepath.Abs(c.ObjectsDir())
		if err = errors.Join(err, rerr); err != nil {
			return "dir " + c.ObjectsDir() // which will not open either
		}
		if inside, err := filepath.Rel(root, dir); err == nil && filepath.IsLocal(inside) {
			dir = inside
		}
		return "dir " + dir
	}
	return ""
}
