package config

import (
	"errors"
	"path"
	"path/filepath"
	"strings"
)

// DataPath gives a path inside the data directory.
func (c Config) DataPath(elem ...string) string {
	return filepath.Join(append([]string{c.DataDir}, elem...)...)
}

// DataPlace gives the data directory for messages: an absolute path, since who reads
// one may not know in which directory the program runs.
func (c Config) DataPlace() string {
	if place, err := filepath.Abs(c.DataDir); err == nil {
		return place
	}
	return c.DataDir
}

// ObjectsDir gives the directory in which the directory store keeps its
// objects.
func (c Config) ObjectsDir() string {
	if c.Storage.Dir.Path != "" {
		return c.Storage.Dir.Path
	}
	return c.DataPath("objects")
}

// SpoolDir gives the directory of the journals and the spool.
func (c Config) SpoolDir() string { return c.DataPath("spool") }

// StoreName gives a name that tells the configured store from every other. The
// name is written into journals and is no secret. The name of objects in
// data_dir does not depend on its path, since they move with it.
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
			return "dir " + c.ObjectsDir() // opening it will fail as well
		}
		if inside, err := filepath.Rel(root, dir); err == nil && filepath.IsLocal(inside) {
			dir = inside
		}
		return "dir " + dir
	}
	return ""
}
