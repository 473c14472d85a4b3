package versity

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// For starts a server over an empty folder, which ends with the test. more are
// further words for its command line, as of Start.
func For(t testing.TB, more ...string) *Gateway {
	t.Helper()
	g, err := Start(t.Context(), t.TempDir(), more...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	return g
}

// Environ are the variables that let a client of AWS's in, and keep what the
// machine itself is configured for away from it.
func (g *Gateway) Environ() []string {
	return []string{
		"AWS_ACCESS_KEY_ID=" + g.AccessKey, "AWS_SECRET_ACCESS_KEY=" + g.SecretKey,
		"AWS_CONFIG_FILE=" + os.DevNull, "AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull, "AWS_EC2_METADATA_DISABLED=true",
	}
}

// Here is For, with the variables of Environ set in this process until the test
// ends. Tests that run in parallel cannot have that.
func Here(t testing.TB, more ...string) *Gateway {
	t.Helper()
	g := For(t, more...)
	for _, v := range g.Environ() {
		name, value, _ := strings.Cut(v, "=")
		t.Setenv(name, value)
	}
	return g
}

// Objects is the folder in which the bucket's objects are files.
func (g *Gateway) Objects() string { return filepath.Join(g.dir, g.Bucket) }
