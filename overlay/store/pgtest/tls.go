package pgtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// certify makes a certificate for 127.0.0.1, and finds a free port there.
func (s *Server) certify(as *syscall.Credential) error {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if _, s.port, err = net.SplitHostPort(free.Addr().String()); err != nil {
		return err
	}
	if err := free.Close(); err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(24 * time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true}
	cert, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	for file, block := range map[string]*pem.Block{s.Certificate(): {Type: "CERTIFICATE", Bytes: cert}, filepath.Join(s.dir, "key.pem"): {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			return err
		}
		if as == nil {
			continue
		}
		if err := os.Chown(file, int(as.Uid), int(as.Gid)); err != nil {
			return err
		}
	}
	return nil
}

// Certificate is the file of the server's certificate, which signed itself.
func (s *Server) Certificate() string { return filepath.Join(s.dir, "cert.pem") }

// Address is where a server with Options.TLS listens.
func (s *Server) Address() string { return net.JoinHostPort("127.0.0.1", s.port) }

// TLSURL is the address of a database at 127.0.0.1, with an sslmode.
func (s *Server) TLSURL(database string, who *url.Userinfo, mode string) string {
	u := url.URL{Scheme: "postgres", User: who, Host: s.Address(), Path: "/" + database, RawQuery: url.Values{"sslmode": {mode}}.Encode()}
	return u.String()
}
