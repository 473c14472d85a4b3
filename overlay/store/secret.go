package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const secretSize = 32

// secret makes the keyed hashes by which stream keys and tokens are found,
// and encrypts stream keys. A person who has the database without the secret
// file has neither.
type secret struct {
	mac  []byte
	aead cipher.AEAD
	push []byte // the private key for push services
}

// openSecret reads the secret file; its error wraps fs.ErrNotExist where there is none.
func openSecret(file string) (secret, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return secret{}, fmt.Errorf("open secret: %w", err)
	}
	master, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(master) != secretSize {
		return secret{}, fmt.Errorf("open secret: %s is damaged: restore it from a backup, stream keys cannot be read without it", file)
	}
	mac, err := hkdf.Key(sha256.New, master, nil, "mediad hash", secretSize)
	if err != nil {
		return secret{}, err
	}
	seal, err := hkdf.Key(sha256.New, master, nil, "mediad stream key", secretSize)
	if err != nil {
		return secret{}, err
	}
	block, err := aes.NewCipher(seal)
	if err != nil {
		return secret{}, err
	}
	push, err := hkdf.Key(sha256.New, master, nil, "mediad web push", secretSize)
	if err != nil {
		return secret{}, err
	}
	aead, err := cipher.NewGCM(block)
	return secret{mac: mac, aead: aead, push: push}, err
}

// PushKey gives the key by which push services know this server (RFC 8292), in base64url. It is
// made of the secret file, so it is as old as that, and nowhere else.
func (s *Store) PushKey() (private, public string, err error) {
	key, err := ecdh.P256().NewPrivateKey(s.secret.push)
	if err != nil { // one secret of 2^32
		return "", "", fmt.Errorf("make the key for push services: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(key.Bytes()), base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()), nil
}

// makeSecret writes a new secret to a temporary file that only its owner can
// read, and links that to its place: a crash leaves all of the secret or nothing,
// and of two processes that start at once one wins.
func makeSecret(file string) error {
	master := make([]byte, secretSize)
	rand.Read(master)
	text := hex.AppendEncode(nil, master)
	tmp, err := os.CreateTemp(filepath.Dir(file), "secret-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(append(text, '\n'))
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Link(tmp.Name(), file); errors.Is(err, fs.ErrExist) {
		return nil
	} else if err != nil {
		return err
	}
	return syncDir(filepath.Dir(file))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (s secret) hash(purpose, value string) []byte {
	h := hmac.New(sha256.New, s.mac)
	h.Write([]byte(purpose + "\x00" + value))
	return h.Sum(nil)
}

// seal encrypts value; owner binds it to its row.
func (s secret) seal(owner, value string) []byte {
	nonce := make([]byte, s.aead.NonceSize())
	rand.Read(nonce)
	return s.aead.Seal(nonce, nonce, []byte(value), []byte(owner))
}

func (s secret) unseal(owner string, sealed []byte) (string, error) {
	n := s.aead.NonceSize()
	if len(sealed) < n {
		return "", errors.New("sealed value is too short")
	}
	value, err := s.aead.Open(nil, sealed[:n], sealed[n:], []byte(owner))
	return string(value), err
}

// randomKey gives 130 random bits in letters and digits that can be read
// aloud.
func randomKey() string {
	raw := make([]byte, 17)
	rand.Read(raw)
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw))[:26]
}
