package keep

import (
	"path/filepath"
	"testing"
)

// TestDisks: data_dir has its room told; a store on the same disk is not told twice, and a
// directory that is not there is left out.
func TestDisks(t *testing.T) {
	data := t.TempDir()
	for _, dir := range []string{"", data, t.TempDir(), filepath.Join(data, "gone")} {
		got := disks(data, dir)
		if len(got) != 1 || got[0].Of != "data" || got[0].Total <= 0 || got[0].Free < 0 || got[0].Free > got[0].Total {
			t.Errorf("with a store in %q: %+v", dir, got)
		}
	}
	if got := disks(filepath.Join(data, "gone"), data); len(got) != 1 || got[0].Of != "store" {
		t.Errorf("without data_dir: %+v", got)
	}
}
