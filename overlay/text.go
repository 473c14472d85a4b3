package overlay

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// checkText refuses text that is not plain (see Unplain) or is longer than limit
// characters. Line breaks and tabs pass if multiline.
func checkText(field, s string, limit int, multiline bool) error {
	if n := utf8.RuneCountInString(s); n > limit {
		return Errorf(Invalid, "%s: has %d characters, at most %d are allowed", field, n, limit)
	}
	return checkPlain(field, s, multiline)
}

func checkPlain(field, s string, multiline bool) error {
	if why := Unplain(s, multiline); why != "" {
		return Errorf(Invalid, "%s: %s", field, why)
	}
	return nil
}

// checkInBand refuses addresses and markup in words that go into the picture:
// stored segments cannot be redacted, and players may show the words as they
// are.
func checkInBand(field, s string) error {
	low := strings.ToLower(s)
	if strings.Contains(low, "://") || strings.Contains(low, "www.") {
		return Errorf(Invalid, "%s: must not have a web address", field)
	}
	for i := range len(low) - 1 {
		if c := low[i+1]; low[i] == '<' && (c == '/' || c == '!' || c >= 'a' && c <= 'z') {
			return Errorf(Invalid, "%s: must be plain text without markup", field)
		}
	}
	return nil
}

// checkURL refuses what is not an absolute http or https address of at most
// maxURL bytes.
func checkURL(field, s string) error {
	if len(s) > maxURL {
		return Errorf(Invalid, "%s: has %d bytes, at most %d are allowed", field, len(s), maxURL)
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Opaque != "" || (u.Scheme != "http" && u.Scheme != "https") {
		return Errorf(Invalid, "%s: must be an address that begins with http:// or https://", field)
	}
	if u.User != nil {
		return Errorf(Invalid, "%s: must not have a user name in it", field)
	}
	return checkText(field, s, maxURL, false)
}
