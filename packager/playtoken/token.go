// Package playtoken signs addresses that are valid until a moment: /live/~TOKEN/ROOM/…
// instead of /live/ROOM/…. The addresses in playlists are relative, so they inherit
// the playback token.
//
// A token names a room and an end, and neither viewer nor address: everybody who
// asks in the same period gets the same one. So caches in front have one copy of each
// answer. A token is no more than that: whoever has an address can give it to others
// until the token ends. In flow keys, rooms and moments; out flow tokens, and requests
// without them.
package playtoken

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"
)

// ErrRefused is the error for a token that is forged, has ended, or is for another room.
var ErrRefused = errors.New("this address is not, or no longer, signed")

// Ring has keys: the first signs, and all of them verify. So a key can be replaced
// while tokens of the former key are still valid. Its keys never change.
type Ring struct {
	keys  []key
	known known
}

type key struct {
	id     string // public: it says which key signed
	secret []byte
}

// MinKey is the least length of a key, in bytes.
const MinKey = 16

// NewRing makes a ring; without keys every token is refused.
func NewRing(secrets ...string) *Ring {
	r := &Ring{}
	for _, s := range secrets {
		sum := sha256.Sum256([]byte("mediad playback key\x00" + s))
		r.keys = append(r.keys, key{hex.EncodeToString(sum[:4]), []byte(s)})
	}
	return r
}

// End is when a token ends that is asked for now: lifetime later, at the end of
// that hour, or of that minute if lifetime is shorter than two hours, so that
// all who ask in between get the same.
func End(now time.Time, lifetime time.Duration) time.Time {
	step := time.Hour
	if lifetime < 2*time.Hour {
		step = time.Minute
	}
	return now.Add(lifetime).Truncate(step).Add(step)
}

// Sign gives the token for a room until a moment (whole seconds): EXP.KEY.SIG.
// It needs a key.
func (r *Ring) Sign(room string, until time.Time) string {
	end := strconv.FormatInt(until.Unix(), 10)
	return end + "." + r.keys[0].id + "." + base64.RawURLEncoding.EncodeToString(r.keys[0].mac(room, end))
}

func (k key) mac(room, end string) []byte {
	h := hmac.New(sha256.New, k.secret)
	h.Write([]byte("playback\x00" + room + "\x00" + end))
	return h.Sum(nil)
}

// Check tells until when a token is valid for a room. It fails with ErrRefused.
func (r *Ring) Check(token, room string, now time.Time) (until time.Time, err error) {
	h, err := r.check(token, room, now)
	if err != nil {
		return until, err
	}
	return h.until, nil
}

func (r *Ring) check(token, room string, now time.Time) (*validity, error) {
	h := r.known.find(token, room)
	if h == nil {
		until, ok := r.verify(token, room)
		if !ok || !now.Before(until) {
			return nil, ErrRefused
		}
		return r.known.add(token, room, until), nil
	}
	if !now.Before(h.until) {
		return nil, ErrRefused
	}
	return h, nil
}

// verify tells whether one of the keys signed a token for a room, and its end.
func (r *Ring) verify(token, room string) (until time.Time, ok bool) {
	f := strings.Split(token, ".")
	if len(f) != 3 {
		return until, false
	}
	end, err := strconv.ParseInt(f[0], 10, 64)
	if err != nil || strconv.FormatInt(end, 10) != f[0] { // one spelling: caches must not hold two
		return until, false
	}
	sig, err := base64.RawURLEncoding.Strict().DecodeString(f[2])
	if err != nil {
		return until, false
	}
	for _, k := range r.keys {
		if k.id == f[1] && hmac.Equal(sig, k.mac(room, f[0])) {
			return time.Unix(end, 0), true
		}
	}
	return until, false
}
