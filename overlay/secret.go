package overlay

import "strings"

// MinSecret is the least length of a stream key, a token or a key that signs, in
// bytes, where somebody chooses one: what is shorter is guessed. Databases may hold
// shorter keys of former versions, which go on to be good.
const MinSecret = 16

// A stream key, a token or a key that signs is made of secretRunes, at most
// maxSecret of them. Encoders append the key to an address, so nothing is among them
// that has a meaning there, and shells and forms take all of them as they are.
const (
	maxSecret   = 128
	secretRunes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~+=:@!$*-"
)

// UnfitSecret says in words why somebody cannot choose this stream key, token or key
// that signs, whatever its least length; "": it is fit. The words do not show it.
func UnfitSecret(secret string) string {
	if len(secret) > maxSecret || strings.Trim(secret, secretRunes) != "" {
		return "may hold at most 128 letters, digits and . _ ~ + = : @ ! $ * -"
	}
	return ""
}

// CheckKey refuses a stream key that an encoder could not send as it is.
func CheckKey(key string) error {
	if key == "" {
		return Errorf(Invalid, "stream_key: must not be empty")
	}
	if why := UnfitSecret(key); why != "" {
		return Errorf(Invalid, "stream_key: %s", why)
	}
	return nil
}
