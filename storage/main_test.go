package storage_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strings"
	"testing"

	"mediad/storage"
	"mediad/storage/versity"
)

// TestMain runs one real S3 server for all tests. Where it cannot be started, they
// fail: a suite that skips the store of production would prove nothing.
func TestMain(m *testing.M) {
	code, err := withGateway(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func withGateway(m *testing.M) (code int, err error) {
	dir, err := os.MkdirTemp("", "mediad-storage-*")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	g, err := versity.Start(context.Background(), dir)
	if err != nil {
		return 1, err
	}
	defer g.Close()
	// The SDK's default chain looks here first, so nothing of the machine's own
	// configuration is used.
	for _, v := range append(g.Environ(), "MEDIAD_STORAGE_TEST_S3_ENDPOINT="+g.Endpoint, "MEDIAD_STORAGE_TEST_S3_BUCKET="+g.Bucket) {
		name, value, _ := strings.Cut(v, "=")
		if err := os.Setenv(name, value); err != nil {
			return 1, err
		}
	}
	return m.Run(), nil
}

// gatewayOptions name the server's bucket and a prefix that nobody used yet.
func gatewayOptions(t *testing.T) storage.S3Options {
	t.Helper()
	return storage.S3Options{
		Endpoint: os.Getenv("MEDIAD_STORAGE_TEST_S3_ENDPOINT"),
		Region:   "us-east-1",
		Bucket:   os.Getenv("MEDIAD_STORAGE_TEST_S3_BUCKET"),
		Prefix:   strings.ToLower(rand.Text()),
	}
}

func openS3(t *testing.T, o storage.S3Options) *storage.S3 {
	t.Helper()
	s, err := storage.NewS3(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func openDir(t *testing.T, path string) *storage.Dir {
	t.Helper()
	d, err := storage.OpenDir(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}
