package reminders

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"mediad/overlay"
	"mediad/overlay/store"
	"mediad/overlay/store/storetest"
)

// browser is a subscriber with its push service, which reads what it gets as a browser does.
type browser struct {
	t    *testing.T
	key  *ecdh.PrivateKey
	auth []byte
	url  string
	ours string // the server's public key

	mu     sync.Mutex
	status int            // guarded by mu; of answers
	got    []shownMessage // guarded by mu
}

func newBrowser(t *testing.T, ours string) *browser {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	must(t, err)
	b := &browser{t: t, key: key, auth: make([]byte, 16), ours: ours, status: http.StatusCreated}
	rand.Read(b.auth)
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	b.url = server.URL
	return b
}

func (b *browser) contact(path string) overlay.Contact {
	text := base64.RawURLEncoding.EncodeToString
	return overlay.Contact{Push: &overlay.Push{Endpoint: b.url + path, Key: text(b.key.PublicKey().Bytes()), Auth: text(b.auth)}}
}

func (b *browser) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m, err := b.read(r)
	if err != nil {
		b.t.Errorf("a message that the browser cannot read: %v", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.status == http.StatusCreated {
		b.got = append(b.got, m)
	}
	w.WriteHeader(b.status)
}

// read checks who sends (RFC 8292), and decrypts the message (RFC 8188, RFC 8291).
func (b *browser) read(r *http.Request) (m shownMessage, err error) {
	token, key, ok := strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "vapid t="), ", k=")
	if !ok || key != b.ours || r.Header.Get("Content-Encoding") != "aes128gcm" || r.Header.Get("Ttl") == "" {
		return m, errors.New("the headers are wrong")
	}
	raw, err := base64.RawURLEncoding.DecodeString(key)
	if err != nil {
		return m, err
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), raw)
	if err != nil {
		return m, err
	}
	if _, err := jwt.Parse(token, func(*jwt.Token) (any, error) { return public, nil }, jwt.WithAudience(b.url), jwt.WithExpirationRequired(), jwt.WithValidMethods([]string{"ES256"})); err != nil {
		return m, err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || len(body) < 86 || binary.BigEndian.Uint32(body[16:20]) < 18 || body[20] != 65 {
		return m, errors.New("the record is wrong")
	}
	sender, err := ecdh.P256().NewPublicKey(body[21:86])
	if err != nil {
		return m, err
	}
	shared, err := b.key.ECDH(sender)
	if err != nil {
		return m, err
	}
	derive := func(secret, salt []byte, info string, n int) []byte {
		out, err := hkdf.Key(sha256.New, secret, salt, info, n)
		must(b.t, err)
		return out
	}
	input := derive(shared, b.auth, "WebPush: info\x00"+string(b.key.PublicKey().Bytes())+string(body[21:86]), 32)
	block, err := aes.NewCipher(derive(input, body[:16], "Content-Encoding: aes128gcm\x00", 16))
	if err != nil {
		return m, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return m, err
	}
	text, err := aead.Open(nil, derive(input, body[:16], "Content-Encoding: nonce\x00", 12), body[86:], nil)
	if err != nil {
		return m, err
	}
	text = []byte(strings.TrimRight(string(text), "\x00"))
	if len(text) == 0 || text[len(text)-1] != 2 {
		return m, errors.New("it is not the last record")
	}
	return m, json.Unmarshal(text[:len(text)-1], &m)
}

// TestRemindersByPush: a browser reads what it is told, once; one that has left is erased, a push
// service in trouble is asked again, and one in a private network is not asked at all.
func TestRemindersByPush(t *testing.T) {
	storetest.OnBoth(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		defer func() { must(t, s.Close()) }()
		ctx, l := t.Context(), slog.New(slog.DiscardHandler)
		private, public, err := s.PushKey()
		must(t, err)
		stays, left := newBrowser(t, public), newBrowser(t, public)
		left.status = http.StatusGone
		show := planned(t, s).ID
		must(t, s.BookReminder(ctx, show, stays.contact("/a"), overlay.Chinese))
		must(t, s.BookReminder(ctx, show, stays.contact("/a"), overlay.Chinese))
		must(t, s.BookReminder(ctx, show, left.contact("/b"), ""))
		way := PushOptions{Private: private, Public: public, Subscriber: "https://live.shop.example", Base: "/shop", Allowed: loopback}
		_, err = s.BeginBroadcast(ctx, "corn", time.Now())
		must(t, err)
		stop := run(t, Options{Queue: s, Push: NewPush(way), Log: l})
		until(t, "the messages", func() bool {
			r, err := s.Reminders(ctx, show)
			must(t, err)
			return r.Told == 1 && r.Failed == 1
		})
		stop()
		if len(stays.got) != 1 || stays.got[0].Title != "Harvest" || !strings.Contains(stays.got[0].Body, "开播") || !strings.HasPrefix(stays.got[0].URL, "/shop/watch/corn?r=") {
			t.Errorf("%+v", stays.got)
		}

		refused := NewPush(PushOptions{Private: private, Public: public, Subscriber: "https://live.shop.example", Allowed: func(netip.Addr) bool { return false }})
		note := overlay.Note{ID: "01J", Kind: overlay.BeginLetter, To: stays.contact("/c"), Room: "corn", Title: "Harvest"}
		var why *overlay.NotTaken
		if err := refused.Deliver(ctx, note, func() error { return nil }); !errors.As(err, &why) || why.ForGood || len(stays.got) != 1 {
			t.Errorf("an address that is not allowed: %v", err)
		}
		way.Allowed = nil
		if err := NewPush(way).Deliver(ctx, note, func() error { return nil }); !errors.As(err, &why) || !why.ForGood {
			t.Errorf("without TLS: %v", err)
		}
		way.Allowed, stays.status = loopback, http.StatusServiceUnavailable
		if err := NewPush(way).Deliver(ctx, note, func() error { return nil }); !errors.As(err, &why) || why.ForGood {
			t.Errorf("in trouble: %v", err)
		}
	})
}
