package site

import (
	"crypto/tls"
	"net"
	"net/http"
	"strings"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// HTTPS says where the certificate of an HTTPS port comes from, and where the plain
// port beside it redirects.
type HTTPS struct {
	Certificate *Certificate // nil: ACME gets certificates for Domains

	Domains   []string // no other names get certificates
	Email     string   // for the account; may be empty
	Directory string   // of the authority; "": Let's Encrypt
	Cache     string   // the directory of the account and the certificates
	UserAgent string

	PublicURL string // where the plain port redirects, if it is https
	Base      string // the path of PublicURL
	Port      string // of HTTPS, if PublicURL does not have it
}

// Open makes the configuration of the HTTPS port, and the handler of the plain port,
// which redirects to HTTPS and answers HTTP-01 requests of the authority.
func (h HTTPS) Open() (*tls.Config, http.Handler) {
	plain := http.Handler(http.HandlerFunc(h.redirect))
	if h.Certificate != nil {
		return &tls.Config{GetCertificate: h.Certificate.Get, MinVersion: tls.VersionTLS12}, plain
	}
	acme := h.acme()
	config := acme.TLSConfig() // answers TLS-ALPN-01 as well
	config.MinVersion = tls.VersionTLS12
	return config, withoutPort(acme.HTTPHandler(plain))
}

// acme gets certificates when a client first needs them, and renews them 30
// days before their end.
func (h HTTPS) acme() *autocert.Manager {
	return &autocert.Manager{
		Prompt:     autocert.AcceptTOS,
		HostPolicy: autocert.HostWhitelist(h.Domains...), // else anybody could make this server order certificates
		Cache:      autocert.DirCache(h.Cache),
		Email:      h.Email,
		Client:     &acme.Client{DirectoryURL: h.Directory, UserAgent: h.UserAgent},
	}
}

// withoutPort removes the port from the host: autocert knows names only, and
// a private authority may check them at a port other than 80.
func withoutPort(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if host, _, err := net.SplitHostPort(r.Host); err == nil {
			r.Host = host
		}
		h.ServeHTTP(w, r)
	})
}

// redirect redirects from the plain port to the encrypted one.
func (h HTTPS) redirect(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		// A token in the request has already been sent in the clear. The request must
		// fail, so that somebody notices.
		http.Error(w, "use HTTPS", http.StatusBadRequest)
		return
	}
	to := h.PublicURL
	if !strings.HasPrefix(to, "https://") {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if h.Port != "" && h.Port != "443" {
			host = net.JoinHostPort(strings.Trim(host, "[]"), h.Port)
		}
		to = "https://" + host
	}
	path := r.URL.RequestURI()
	if base := h.Base; strings.HasPrefix(path, base+"/") {
		path = path[len(base):] // the public address already has it
	}
	http.Redirect(w, r, to+path, http.StatusMovedPermanently)
}
