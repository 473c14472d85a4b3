package storage

import (
	"errors"
	"strings"
	"unicode"

	"github.com/aws/smithy-go"
)

// maxSaid is how much of a server's message is shown, in bytes.
const maxSaid = 300

// said gives the message in a server's answer, in one line, or "" where there is
// nothing but a code.
func said(err error) string {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return ""
	}
	message := strings.Join(strings.FieldsFunc(api.ErrorMessage(), func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	}), " ")
	if message == api.ErrorCode() || message == "UnknownError" {
		return "" // there is no message: the SDK then uses these words
	}
	if len(message) > maxSaid {
		message = strings.ToValidUTF8(message[:maxSaid], "") + "…"
	}
	return message
}

// quote adds the server's own words to ours, without our credentials.
func (s *S3) quote(f *failure) *failure {
	message := s.keys.conceal(said(f.err))
	if message != "" {
		f.text += "; the server says: " + message
	}
	return f
}
