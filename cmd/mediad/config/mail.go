package config

import (
	"fmt"
	"net"
	"net/mail"
	"strings"
	"time"
)

// SMTP names the mail server that takes invitations and links for new passwords.
type SMTP struct {
	Server   string `yaml:"server"` // HOST:PORT; "": no mail is sent
	TLS      string `yaml:"tls"`    // starttls, implicit or none
	User     string `yaml:"user"`
	Password string `yaml:"password"`
	From     string `yaml:"from"`
	PerHour  int    `yaml:"per_hour"`
}

// Sender gives the address that letters come from.
func (s SMTP) Sender() (mail.Address, error) {
	a, err := mail.ParseAddress(s.From)
	if err != nil || strings.ContainsAny(s.From, "\r\n") || !strings.Contains(a.Address, "@") {
		return mail.Address{}, fmt.Errorf("smtp.from is %q; it must look like no-reply@shop.example or Shop <no-reply@shop.example>", s.From)
	}
	return *a, nil
}

func (c Config) checkSMTP() error {
	s := c.SMTP
	if err := oneOf("smtp.tls", s.TLS, "starttls", "implicit", "none"); err != nil {
		return err
	}
	n := amount{"smtp.per_hour", s.PerHour, 1, 1_000_000}
	if err := n.check(); err != nil {
		return err
	}
	if s.Server == "" {
		if s.User != "" || s.Password != "" || s.From != "" {
			return fmt.Errorf("smtp.server is empty, and other keys of smtp are set; set it, such as smtp.example.com:587")
		}
		return nil
	}
	host, port, err := net.SplitHostPort(s.Server)
	if err != nil || host == "" || !portSyntax.MatchString(port) {
		return fmt.Errorf("smtp.server is %q; it must be HOST:PORT, such as smtp.example.com:587", s.Server)
	}
	if err := pair("smtp.user", s.User, "smtp.password", s.Password); err != nil {
		return err
	}
	if s.TLS == "none" {
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return fmt.Errorf("smtp.tls is none, and smtp.server is on another machine: everybody on the way could read the links; set smtp.tls: starttls or implicit")
		}
	}
	if c.HTTP.PublicURL == "" {
		return fmt.Errorf("smtp.server needs http.public_url: the links in letters begin with it")
	}
	_, err = s.Sender()
	return err
}

// Reminders tell viewers that a show begins.
type Reminders struct {
	PerMinute       int           `yaml:"per_minute"`       // letters and messages, at most
	Keep            time.Duration `yaml:"keep"`             // how long contacts are kept after the show; 0: not at all
	PrivateNetworks bool          `yaml:"private_networks"` // push services may be on this machine, for tests
}

func (r Reminders) check() error {
	n := amount{"reminders.per_minute", r.PerMinute, 1, 100_000}
	if err := n.check(); err != nil {
		return err
	}
	if r.Keep < 0 || r.Keep > 365*24*time.Hour {
		return fmt.Errorf("reminders.keep is %v; it must be from 0 to 8760h", r.Keep)
	}
	return nil
}
