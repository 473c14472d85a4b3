package storage_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func listsInKeyOrder(t *testing.T, s store) {
	// In the order of their bytes: "-" and "." come before "/", "0" after it.
	all := []string{"a-b/1.ts", "a.ts", "a/1.ts", "a/10.ts", "a/2.ts", "a/b/c/1.ts", "a0.ts", "b/1.ts", "ü.ts"}
	for i := range all {
		key := all[(i*4+3)%len(all)] // in another order
		put(t, s, key, []byte(key))
	}
	for _, c := range []struct {
		prefix, after string
		limit         int
		want          []string
	}{
		{"", "", 0, all},
		{"a", "", 0, all[:7]},
		{"a/", "", 0, all[2:6]},
		{"a/1", "", 0, all[2:4]},
		{"a/b", "", 0, all[5:6]},
		{"a/b/c/1.ts", "", 0, all[5:6]},
		{"", "a/10.ts", 0, all[4:]},
		{"", "a/b/a", 0, all[5:]},
		{"a/", "a/10.ts", 1, all[4:5]},
		{"a/", "b", 0, nil},
		{"", "a-b/1.ts", 3, all[1:4]},
		{"c/", "", 0, nil},
		{"a/1.ts/", "", 0, nil},
	} {
		found, err := s.List(t.Context(), c.prefix, c.after, c.limit)
		if err != nil {
			t.Fatalf("list %q after %q: %v", c.prefix, c.after, err)
		}
		var got []string
		for _, info := range found {
			got = append(got, info.Key)
			if info.Size != int64(len(info.Key)) || info.Modified.IsZero() {
				t.Errorf("%s: size %d, modified %v", info.Key, info.Size, info.Modified)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("list %q after %q, %d (-want +got):\n%s", c.prefix, c.after, c.limit, diff)
		}
	}
}

func pagesOfLists(t *testing.T, s store) {
	for i := range 10 {
		put(t, s, fmt.Sprintf("e/%d.ts", i), []byte("x"))
	}
	var got []string
	after := ""
	for pages := 0; ; pages++ {
		found, err := s.List(t.Context(), "e/", after, 3)
		if err != nil || pages > 4 {
			t.Fatalf("page %d: %v", pages, err)
		}
		for _, info := range found {
			got = append(got, info.Key)
		}
		if len(found) < 3 {
			break
		}
		after = found[len(found)-1].Key
	}
	if len(got) != 10 || got[0] != "e/0.ts" || got[9] != "e/9.ts" {
		t.Errorf("pages give %v", got)
	}
}
