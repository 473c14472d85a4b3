package site

import (
	"crypto/tls"
	"net"
	"net/http"
	"strings"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// HTTPS is where the certificate of an HTTPS port comes from, and where the plain port
// beside it leads.
type HTTPS struct {
	Certificate *Certificate // nil: certificates for Domains are got by ACME

	Domains   []string // no others get certificates
	Email     string   // for the account; may be empty
	Directory string   // of the authority; "": Let's Encrypt
	Cache     string   // the directory of the account and the certificates
	UserAgent string

	PublicURL string // where the plain port leads, if it is https
	Base      string // the path of PublicURL
	Port      string // of HTTPS, where PublicURL does not say it
}

// Open makes the configuration of the HTTPS port and the handler of the plain one, which
// leads to HTTPS and answers an authority's HTTP-01.
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

// acme gets certificates when they are first asked for, and renews them 30 days
// before their end.
func (h HTTPS) acme() *autocert.Manager {
	return &autocert.Manager{
		Prompt:     autocert.AcceptTOS,
		HostPolicy: autocert.HostWhitelist(h.Domains...), // else anybody could have certificates ordered
		Cache:      autocert.DirCache(h.Cache),
		Email:      h.Email,
		Client:     &acme.Client{DirectoryURL: h.Directory, UserAgent: h.UserAgent},
	}
}

// withoutPort takes the port off the host: autocert knows names only, and an
// authority of one's own may check them at another port than 80.
func withoutPort(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if host, _, err := net.SplitHostPort(r.Host); err == nil {
			r.Host = host
		}
		h.ServeHTTP(w, r)
	})
}

// redirect leads from the plain port to the encrypted one.
func (h HTTPS) redirect(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		// A body with a token in it has already gone in the clear: better that it fails.
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
		path = path[len(base):] // it stands in the public address
	}
	http.Redirect(w, r, to+path, http.StatusMovedPermanently)
}
