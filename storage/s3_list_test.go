package storage_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"mediad/storage"
)

// page is what ListObjectsV2 answers.
func page(keys []string, truncated bool, token string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>shows</Name>`)
	fmt.Fprintf(&b, `<IsTruncated>%t</IsTruncated>`, truncated)
	if token != "" {
		fmt.Fprintf(&b, `<NextContinuationToken>%s</NextContinuationToken>`, token)
	}
	for _, k := range keys {
		fmt.Fprintf(&b, `<Contents><Key>%s</Key><Size>1</Size><LastModified>2026-03-01T12:00:00.000Z</LastModified></Contents>`, k)
	}
	return b.String() + `</ListBucketResult>`
}

// TestListContradicts: a list that is cut short without a continuation token, or that
// repeats itself, ends with an error. No real server can be made to answer so.
func TestListContradicts(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	for name, answer := range map[string]func(n int, token string) string{
		"cut short, no token": func(int, string) string { return page([]string{"shop/a", "shop/b"}, true, "") },
		"the same token":      func(n int, _ string) string { return page([]string{fmt.Sprintf("shop/%09d", n)}, true, "again") },
		"the same page":       func(n int, _ string) string { return page([]string{"shop/a", "shop/b"}, true, fmt.Sprint("t", n)) },
		"empty for ever":      func(n int, _ string) string { return page(nil, true, fmt.Sprint("t", n)) },
		"backwards":           func(int, string) string { return page([]string{"shop/b", "shop/a"}, false, "") },
		"another prefix":      func(int, string) string { return page([]string{"shop/a", "shopping"}, false, "") },
	} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked++
				w.Header().Set("Content-Type", "application/xml")
				fmt.Fprint(w, answer(asked, r.URL.Query().Get("continuation-token")))
			}))
			defer server.Close()
			s, err := storage.NewS3(t.Context(), storage.S3Options{Endpoint: server.URL, Region: "us-east-1", Bucket: "shows", Prefix: "shop", PathStyle: true})
			if err != nil {
				t.Fatal(err)
			}
			found, err := s.List(t.Context(), "", "", 0)
			if !errors.Is(err, storage.ErrListing) || found != nil {
				t.Errorf("listed %v, %v", found, err)
			}
			if asked > 200 {
				t.Errorf("asked %d times", asked)
			}
		})
	}
}
