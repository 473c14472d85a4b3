package rtmp

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/yutopp/go-rtmp"
	"github.com/yutopp/go-rtmp/message"
)

// TestGoRTMP publishes with go-rtmp's own client, in chunks of 128 bytes.
func TestGoRTMP(t *testing.T) {
	h := serve(t, Options{}, nil)
	c, err := rtmp.Dial("rtmp", h.addr, &rtmp.ConnConfig{Logger: newLogger(func(line string) { t.Log(line) })})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if err := c.Connect(&message.NetConnectionConnect{Command: message.NetConnectionConnectCommand{App: "live", FlashVer: "go"}}); err != nil {
		t.Fatal(err)
	}
	stream, err := c.CreateStream(nil, 128)
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.Publish(&message.NetStreamPublish{PublishingName: goodKey, PublishingType: "live"}); err != nil {
		t.Fatal(err)
	}
	sink, _ := h.sink(t)
	large := append(unhex(t, "1701000000"+"00004e20"+"6588"), make([]byte, 0x4e20-2)...)
	for i, body := range [][]byte{unhex(t, avc720), large} {
		if err := stream.Write(6, uint32(33*i), &message.VideoMessage{Payload: bytes.NewReader(body)}); err != nil {
			t.Fatal(err)
		}
		if err := stream.Write(4, uint32(33*i), &message.AudioMessage{Payload: bytes.NewReader(unhex(t, []string{aac44, sound}[i]))}); err != nil {
			t.Fatal(err)
		}
	}
	if err := stream.Write(6, 66, &message.VideoMessage{Payload: bytes.NewReader(unhex(t, pic))}); err != nil {
		t.Fatal(err)
	}
	// go-rtmp's client sends chunks of several streams in turn.
	sink.await(t, "dts=5940")
	// ClientConn.DeleteStream would race with its own reader.
	if err := stream.DeleteStream(&message.NetStreamDeleteStream{StreamID: stream.StreamID()}); err != nil {
		t.Fatal(err)
	}
	lines := sink.await(t, "close")
	slices.Sort(lines[1:3])
	want := []string{"tracks " + line720 + " " + line44, "unit 0 dts=2970 key 65880000", "unit 1 dts=2970 " + sndLine, "unit 0 dts=5940 " + picLine, "close unpublished"}
	if d := cmp.Diff(want, lines); d != "" {
		t.Error(d)
	}
}

// TestRTMPS: the same over TLS.
func TestRTMPS(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	cert, pool := certificate(t)
	h := serve(t, Options{}, tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}}))
	dial := func() *peer {
		conn, err := tls.Dial("tcp", h.addr, &tls.Config{RootCAs: pool, ServerName: "localhost"})
		if err != nil {
			t.Fatal(err)
		}
		return dialPeer(t, conn)
	}
	p := dial()
	p.publish(goodKey)
	sink, req := h.sink(t)
	if req.Protocol != "rtmps" {
		t.Errorf("protocol %q", req.Protocol)
	}
	p.raw(slices.Concat(p.media(video, 0, avc720), p.media(audio, 0, aac44), p.media(video, 0, idr), p.media(video, 33, pic)))
	sink.await(t, "key")
	start := time.Now()
	req.Kick(nil)
	if d := time.Since(start); d > time.Second {
		t.Errorf("Kick takes %v", d)
	}
	sink.await(t, "close lost")

	p = dial()
	p.open("live")
	p.raw(p.call(1, "publish", 3., nil, "wr0ng", "live"))
	if got := p.rest(); len(got) != 1 {
		t.Errorf("refused with %q", got)
	}
}

func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}
