package config

import (
	"os"
	"path/filepath"
	"testing"
)

// TestStoreName: the same store always has the same name, wherever data_dir
// is, and another store has another name.
func TestStoreName(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	s3 := func(endpoint, bucket, prefix string) Storage {
		return Storage{Kind: "s3", S3: S3{Endpoint: endpoint, Bucket: bucket, Prefix: prefix}}
	}
	dir := func(path string) Storage { return Storage{Kind: "dir", Dir: Dir{Path: path}} }
	for _, c := range []struct {
		data    string
		storage Storage
		want    string
	}{
		{"data", dir(""), "dir objects"},
		{"/srv/mediad", dir(""), "dir objects"},
		{"/srv/mediad", dir("/srv/mediad/objects/"), "dir objects"},
		{"data", dir("data/shows"), "dir shows"},
		{"data", dir("../shows"), "dir " + filepath.Join(filepath.Dir(here), "shows")},
		{"/srv/mediad", dir("/mnt/shows"), "dir /mnt/shows"},
		{"data", s3("", "shows", ""), "s3 AWS shows"},
		{"data", s3("https://s3.example.com/", "shows", "a/b"), "s3 https://s3.example.com shows/a/b"},
		{"data", s3("https://s3.example.com", "shows", "a/b"), "s3 https://s3.example.com shows/a/b"},
		{"data", Storage{Kind: "none"}, ""},
	} {
		if got := (Config{DataDir: c.data, Storage: c.storage}).StoreName(); got != c.want {
			t.Errorf("%+v in %s: %q, want %q", c.storage, c.data, got, c.want)
		}
	}
}
