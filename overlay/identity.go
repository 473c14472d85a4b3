package overlay

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// ChatKeyHandOver is how long a key goes on to hold when another one is made.
const ChatKeyHandOver = 24 * time.Hour

// maxIdentity is how long a signed identity may hold, and be.
const (
	maxIdentityTime = 7 * 24 * time.Hour
	maxIdentity     = 2048 // bytes
	maxIdentityUser = 200  // bytes
)

// ChatKey tells of the key with which the sites of an organisation sign for the names of
// their users.
type ChatKey struct {
	Set    bool      `json:"set" doc:"There is a key"`
	Made   time.Time `json:"made_at,omitzero"`
	Former time.Time `json:"former_until,omitzero" doc:"Until when the key before holds, too; missing: there is none"`
}

// MadeChatKey is a key that was made: it is shown once.
type MadeChatKey struct {
	ChatKey
	Key string `json:"key" doc:"Keep it on your server. It is not shown again"`
}

// Identity is a user of an embedding site.
type Identity struct {
	Viewer string // the name of the user in comments and mutes, which tells nothing of them
	Name   string
}

// ReadIdentity reads what an embedding site of an organisation signed with one of its keys: a JSON
// Web Token with HS256 (RFC 7519) that has sub, name and exp. room is where it is to hold:
// a token with aud holds in that room alone.
func ReadIdentity(token, org, room string, keys []string, now time.Time) (Identity, error) {
	bad := Errorf(Unauthorized, "identity: is not signed with the chat key of this room's organisation, or is over; ask your page for another one")
	parts := strings.Split(token, ".")
	if len(token) > maxIdentity || len(parts) != 3 {
		return Identity{}, bad
	}
	var head struct {
		Alg string `json:"alg"`
	}
	var claims struct {
		Sub  string  `json:"sub"`
		Name string  `json:"name"`
		Aud  string  `json:"aud"`
		Exp  float64 `json:"exp"`
		Nbf  float64 `json:"nbf"`
	}
	sum, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || decodePart(parts[0], &head) != nil || head.Alg != "HS256" {
		return Identity{}, bad
	}
	signed := false
	for _, key := range keys {
		h := hmac.New(sha256.New, []byte(key))
		h.Write([]byte(parts[0] + "." + parts[1]))
		signed = hmac.Equal(h.Sum(nil), sum) || signed
	}
	if !signed || decodePart(parts[1], &claims) != nil {
		return Identity{}, bad
	}
	seconds := float64(now.UnixMilli()) / 1000
	switch {
	case claims.Exp <= seconds || claims.Nbf > seconds+60: // clocks differ
		return Identity{}, bad
	case claims.Exp > seconds+maxIdentityTime.Seconds():
		return Identity{}, Errorf(Unauthorized, "identity: exp must be at most %d days ahead", int(maxIdentityTime.Hours()/24))
	case claims.Aud != "" && claims.Aud != room:
		return Identity{}, Errorf(Unauthorized, "identity: is for another room")
	case claims.Sub == "" || len(claims.Sub) > maxIdentityUser || strings.TrimSpace(claims.Name) == "":
		return Identity{}, Errorf(Unauthorized, "identity: must have sub, of at most %d bytes, and name", maxIdentityUser)
	}
	return Identity{identityViewer(org, claims.Sub), claims.Name}, nil
}

func decodePart(part string, to any) error {
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, to)
}
