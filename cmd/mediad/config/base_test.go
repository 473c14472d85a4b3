package config

import (
	"testing"
)

func TestBase(t *testing.T) {
	for address, want := range map[string]string{
		"": "", "https://example.com": "", "https://example.com/": "", "https://example.com/shop": "/shop", "https://example.com/a/b/": "/a/b",
	} {
		if got := (HTTP{PublicURL: address}).Base(); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

func TestBaseThatCannotBe(t *testing.T) {
	for address, want := range map[string]string{
		"https://example.com/shop/live": `http.public_url is "https://example.com/shop/live"; no folder of its path may be called "live", as one of this server's own is`,
		"https://example.com/a b":       `http.public_url is "https://example.com/a b"; its path may have letters, digits and . _ - only, as in https://example.com/shop`,
		"https://example.com/../x":      `http.public_url is "https://example.com/../x"; its path may have letters, digits and . _ - only, as in https://example.com/shop`,
		"https://example.com//x":        `http.public_url is "https://example.com//x"; its path may have letters, digits and . _ - only, as in https://example.com/shop`,
	} {
		if err := (HTTP{PublicURL: address}).checkBase(); err == nil || err.Error() != want {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{"", "https://example.com", "https://example.com/live-shop", "https://example.com/a/b.c"} {
		if err := (HTTP{PublicURL: address}).checkBase(); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}
