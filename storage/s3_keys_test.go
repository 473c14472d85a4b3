package storage_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mediad/storage"
)

// TestS3KeysComeBack: keys are read again from a file that is rewritten while the
// process runs, even if they were wrong, missing, or half-written in between.
func TestS3KeysComeBack(t *testing.T) {
	access, secret := os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY")
	file := filepath.Join(t.TempDir(), "credentials")
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", file)
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	keys := func(access, secret string) string {
		return fmt.Sprintf("[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n", access, secret)
	}
	write(keys(access, "wrong"))
	s := openS3(t, gatewayOptions(t))
	storage.ReloadAtOnce(s)
	for _, c := range []struct{ next, says string }{
		{keys("unknown", secret), "does not match"}, // the answer is to what was there before
		{"[default]\naws_access_key_id = half\n", "does not know the access key id"},
		{"", "does not know the access key id"}, // of before: half a file gives none
		{keys(access, secret), "no credentials found"},
	} {
		if err := s.Put(t.Context(), "1.ts", []byte("x")); !errors.Is(err, storage.ErrCredentials) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v, want %q", err, c.says)
		}
		write(c.next)
	}
	put(t, s, "1.ts", []byte("x"))
}
