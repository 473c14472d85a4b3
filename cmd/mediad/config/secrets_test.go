package config

import (
	"strings"
	"testing"
)

func TestSigningKey(t *testing.T) {
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	for text, ok := range map[string]bool{
		secret: true, strings.TrimPrefix(secret, "whsec_"): false, "whsec_": false, "whsec_c2hvcnQ=": false, "whsec_!" + secret: false,
		"whsec_" + strings.Repeat("AAAA", 22): false,
	} {
		if _, err := (Webhook{Secret: text}).SigningKey(); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
}
