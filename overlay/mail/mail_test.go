package mail

import (
	"context"
	"encoding/base64"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"mediad/cmd/mediad/site/sitetest"
	"mediad/overlay"
	"mediad/overlay/store"
)

// clock is what the store takes for the time.
type clock struct {
	mu    sync.Mutex
	later time.Duration // guarded by mu
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.later)
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.later += d
}

// town is a store with an organisation, and a Mailer that runs.
type town struct {
	*store.Store
	*Mailer
	clock *clock
	log   *sitetest.Buffer
}

func newTown(t *testing.T, o Options) *town {
	t.Helper()
	w := &town{clock: &clock{}, log: &sitetest.Buffer{}}
	var err error
	w.Store, err = store.Open(t.Context(), store.Options{Dir: t.TempDir(), Now: w.clock.now})
	must(t, err)
	t.Cleanup(func() { must(t, w.Close()) })
	o.Queue, o.Log = w.Store, slog.New(slog.NewTextHandler(w.log, nil))
	w.Mailer = New(fitted(o))
	run(t, w.Mailer)
	return w
}

func fitted(o Options) Options {
	o.From, o.PublicURL = mail.Address{Name: "谷物, Shop", Address: "no-reply@shop.example"}, "https://live.shop.example/shop"
	if o.PerHour == 0 {
		o.PerHour = 100
	}
	return o
}

func run(t *testing.T, m *Mailer) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- m.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		must(t, <-ended)
	})
}

// posted waits until the letter to somebody is in a state, and gives it.
func (w *town) posted(t *testing.T, state, problem string) overlay.Posted {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), waits)
	defer cancel()
	for {
		all, err := w.Members(t.Context(), overlay.HomeOrg, "", 10)
		must(t, err)
		if p := all[len(all)-1].Posted; p != nil && p.State == state && strings.Contains(p.Problem, problem) && (problem == "") == (p.Problem == "") {
			return *p
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%+v never came to %s %q: %s", all[len(all)-1].Posted, state, problem, w.log)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// invite invites wang by mail.
func (w *town) invite(t *testing.T) (link string) {
	t.Helper()
	_, link, err := w.As(overlay.System("li@shop.example")).Invite(t.Context(), overlay.HomeOrg, "wang@shop.example", overlay.Host, store.Sending{Mail: true, Language: overlay.Chinese}, store.Once{})
	must(t, err)
	w.Wake()
	return link
}

// parts gives the texts of a letter, by type.
func parts(t *testing.T, m *mail.Message) map[string]string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	must(t, err)
	if kind != "multipart/alternative" {
		t.Fatal(kind)
	}
	all := map[string]string{}
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return all
		}
		must(t, err)
		var body io.Reader = p
		switch p.Header.Get("Content-Transfer-Encoding") {
		case "quoted-printable":
			body = quotedprintable.NewReader(p)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, p)
		}
		raw, err := io.ReadAll(body)
		must(t, err)
		kind, _, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		must(t, err)
		all[kind] = strings.ReplaceAll(string(raw), "\r\n", "\n")
	}
}

// TestInvitationArrives: over each way to a mail server, with and without a password, an
// invitation arrives once, in its language, with the link in both its forms; no secret is
// in the log.
func TestInvitationArrives(t *testing.T) {
	for way, asks := range map[TLS]bool{StartTLS: true, Implicit: true, None: false} {
		t.Run(string(way), func(t *testing.T) {
			o := newOffice(t, way, asks)
			options := Options{Server: o.address, TLS: way, Roots: o.roots}
			if asks {
				options.User, options.Password = user, password
			}
			w := newTown(t, options)
			link := w.invite(t)
			m := o.letter(t)
			w.posted(t, "sent", "")
			subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
			must(t, err)
			from, err := m.Header.AddressList("From")
			must(t, err)
			if subject != "邀请您加入 Home" || m.Header.Get("To") != "<wang@shop.example>" || from[0].Name != "谷物, Shop" || from[0].Address != "no-reply@shop.example" || m.Header.Get("Auto-Submitted") != "auto-generated" {
				t.Errorf("the header is %v", m.Header)
			}
			address := "https://live.shop.example/shop/studio#invitation=" + link
			all := parts(t, m)
			if text := all["text/plain"]; !strings.Contains(text, "\n"+address+"\n") || !strings.Contains(text, "li@shop.example 邀请您以“主播”的角色加入 Home。") {
				t.Errorf("the text is %s", text)
			}
			if page := all["text/html"]; strings.Count(page, `href="`+address+`"`) != 2 || !strings.Contains(page, `<html lang="zh">`) {
				t.Errorf("the page is %s", page)
			}
			if log := w.log.String(); strings.Contains(log, link) || strings.Contains(log, password) || strings.Contains(log, "wang@") || !strings.Contains(log, "a letter was sent") {
				t.Errorf("the log is %s", log)
			}
			if len(o.taken) > 0 {
				t.Error("it came twice")
			}
		})
	}
}

// TestTrouble: what a mail server does to a letter, in words for who invites, and whether
// it is tried again. In the end it arrives, if it was not refused for good.
func TestTrouble(t *testing.T) {
	refuse := func(code int, words string) func() error {
		return func() error { return &smtp.SMTPError{Code: code, EnhancedCode: smtp.NoEnhancedCode, Message: words} }
	}
	for name, c := range map[string]struct {
		rcpt, data func() error
		change     func(*Options)
		problem    string
		forGood    bool
	}{
		"no such recipient":     {rcpt: refuse(550, "no such user here"), problem: "the mail server says: 550 no such user here", forGood: true},
		"a letter that is spam": {data: refuse(554, "spam"), problem: "554 spam", forGood: true},
		"a full mailbox":        {rcpt: refuse(452, "mailbox full"), problem: "the mail server says: 452 mailbox full"},
		"a busy server":         {data: refuse(421, "try later"), problem: "421 try later"},
		"a wrong password":      {change: func(o *Options) { o.Password = "another word" }, problem: "535"},
		"a foreign certificate": {change: func(o *Options) { o.Roots = nil }, problem: "the certificate of the mail server is not valid"},
		"no STARTTLS":           {change: func(o *Options) { o.Server = newOffice(t, None, false).address }, problem: "the mail server has no STARTTLS"},
		"nobody there":          {change: func(o *Options) { o.Server = sitetest.FreeAddress(t) }, problem: "the mail server cannot be reached"},
		"one that hangs up":     {change: func(o *Options) { o.Server = silent(t, true) }, problem: "the mail server cannot be reached"},
		"one that says nothing": {change: func(o *Options) { o.Server, o.Timeout = silent(t, false), 50*time.Millisecond }, problem: "the mail server does not answer in time"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, StartTLS, true)
			o.answer(func(string) error {
				if c.rcpt != nil {
					return c.rcpt()
				}
				return nil
			}, c.data)
			options := Options{Server: o.address, TLS: StartTLS, Roots: o.roots, User: user, Password: password}
			if c.change != nil {
				c.change(&options)
			}
			w := newTown(t, options)
			w.invite(t)
			if c.forGood {
				w.posted(t, "failed", c.problem)
				return
			}
			p := w.posted(t, "waiting", c.problem)
			if d := p.Next.Sub(p.At); d < 59*time.Second || d > 61*time.Second {
				t.Errorf("it is tried again after %v", d)
			}
			w.clock.pass(2 * time.Minute)
			w.Wake()
			if c.rcpt == nil && c.data == nil {
				return
			}
			second := w.posted(t, "waiting", c.problem)
			for !second.At.After(p.At) || second.Next.IsZero() {
				second = w.posted(t, "waiting", c.problem)
			}
			if d := second.Next.Sub(second.At); d < 119*time.Second || d > 121*time.Second {
				t.Errorf("it is tried once more after %v", d)
			}
			o.answer(nil, nil)
			w.clock.pass(3 * time.Minute)
			w.Wake()
			o.letter(t)
			w.posted(t, "sent", "")
		})
	}
}

// silent is a port that takes connections and says nothing.
func silent(t *testing.T, closes bool) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { must(t, l.Close()) })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if closes {
				_ = c.Close() // that is what it does
			} else {
				t.Cleanup(func() { _ = c.Close() })
			}
		}
	}()
	return l.Addr().String()
}

// TestNoPersonMadeTheLink: where a token did, its name is in no letter.
func TestNoPersonMadeTheLink(t *testing.T) {
	m := New(fitted(Options{Log: slog.New(slog.DiscardHandler)}))
	for _, kind := range []overlay.LetterKind{overlay.InvitationLetter, overlay.ResetLetter} {
		for _, language := range []overlay.Language{overlay.English, overlay.Chinese} {
			l := overlay.Letter{Kind: kind, Language: language, To: "wang@shop.example", Org: "Home", By: "config", Role: overlay.Host}
			if why := m.written(l).Why; why == "" || strings.Contains(why, "config") {
				t.Errorf("%s in %s says %q", kind, language, why)
			}
		}
	}
}

// TestNothingGetsIntoTheHeader: names with line breaks and with markup are words of the
// letter, nothing else; a hostile address goes nowhere.
func TestNothingGetsIntoTheHeader(t *testing.T) {
	o := newOffice(t, None, false)
	m := New(fitted(Options{Server: o.address, TLS: None, Log: slog.New(slog.DiscardHandler)}))
	evil := "Tea\r\nBcc: all@shop.example\r\n\r\n<script>alert(1)</script>"
	must(t, m.send(t.Context(), overlay.Letter{ID: "1", Kind: overlay.InvitationLetter, To: "wang@shop.example", Org: evil, By: evil, Role: overlay.Host, Secret: "s"}))
	got := o.letter(t)
	for name := range got.Header {
		if name == "Bcc" || name == "Cc" {
			t.Errorf("%s is in the header", name)
		}
	}
	if page := parts(t, got)["text/html"]; strings.Contains(page, "<script>") || !strings.Contains(page, "&lt;script&gt;") {
		t.Errorf("the page is %s", page)
	}
	for _, to := range []string{"a@b.example>\r\nRCPT TO:<all@shop.example", "a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", ""} {
		if err := m.send(t.Context(), overlay.Letter{ID: "2", Kind: overlay.InvitationLetter, To: to}); err == nil {
			t.Errorf("a letter went to %q", to)
		}
	}
	if len(o.taken) > 0 {
		t.Errorf("%s came", <-o.taken)
	}
}

// TestForgotten: a letter for a new password has a link that sets one; an address without
// an account gets none.
func TestForgotten(t *testing.T) {
	o := newOffice(t, None, false)
	w := newTown(t, Options{Server: o.address, TLS: None})
	ctx := t.Context()
	_, _, err := w.SetUpOwner(ctx, overlay.Person{Email: "li@shop.example"}, "hash", "", overlay.Actor{Name: "test"})
	must(t, err)
	must(t, w.AskReset(ctx, "nobody@shop.example", ""))
	must(t, w.AskReset(ctx, "Li@shop.example", overlay.English))
	w.Wake()
	m := o.letter(t)
	if m.Header.Get("To") != "<li@shop.example>" || m.Header.Get("Subject") != "Choose a new password" {
		t.Errorf("the header is %v", m.Header)
	}
	found := regexp.MustCompile(`https://live\.shop\.example/shop/studio#password=(\w+)\n`).FindStringSubmatch(parts(t, m)["text/plain"])
	if found == nil {
		t.Fatal("there is no link")
	}
	p, _, err := w.Accept(ctx, found[1], "", "other hash", false)
	must(t, err)
	if p.Email != "li@shop.example" {
		t.Errorf("it is the link of %s", p.Email)
	}
}

// TestTestLetter: a test is sent at once, and tells what the mail server said.
func TestTestLetter(t *testing.T) {
	o := newOffice(t, None, false)
	w := newTown(t, Options{Server: o.address, TLS: None})
	must(t, w.Test(t.Context(), "li@shop.example", overlay.English))
	if s := o.letter(t).Header.Get("Subject"); s != "A test message" {
		t.Error(s)
	}
	o.answer(func(string) error { return &smtp.SMTPError{Code: 550, Message: "not you"} }, nil)
	err := w.Test(t.Context(), "li@shop.example", overlay.English)
	if overlay.CodeOf(err) != overlay.Conflict || !strings.Contains(err.Error(), "550") || !strings.Contains(err.Error(), "not you") {
		t.Error(err)
	}
}

// killedIn is the directory of the store of a process that will be killed, and its mail
// server.
const killedIn, killedAt = "MAIL_TEST_KILLED_IN", "MAIL_TEST_KILLED_AT"

func TestMain(m *testing.M) {
	if dir := os.Getenv(killedIn); dir != "" {
		s, err := store.Open(context.Background(), store.Options{Dir: dir})
		if err == nil {
			o := fitted(Options{Queue: s, Server: os.Getenv(killedAt), TLS: None, Log: slog.New(slog.DiscardHandler)})
			err = New(o).Run(context.Background())
		}
		panic(err)
	}
	os.Exit(m.Run())
}

// TestKilled: a process that is killed while the mail server reads its letter loses
// nothing: the next one sends it.
func TestKilled(t *testing.T) {
	o := newOffice(t, None, false)
	reading, killed := make(chan struct{}), make(chan struct{})
	o.answer(nil, func() error {
		close(reading)
		<-killed
		return &smtp.SMTPError{Code: 451, Message: "the connection broke"}
	})
	dir := filepath.Join(t.TempDir(), "data")
	open := func() *store.Store {
		s, err := store.Open(t.Context(), store.Options{Dir: dir})
		must(t, err)
		return s
	}
	s := open()
	w := &town{Store: s, Mailer: New(Options{})}
	w.invite(t)
	must(t, s.Close())
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), killedIn+"="+dir, killedAt+"="+o.address)
	must(t, cmd.Start())
	<-reading
	must(t, cmd.Process.Kill())
	_ = cmd.Wait() // it was killed
	close(killed)
	o.answer(nil, nil)
	s = open()
	t.Cleanup(func() { must(t, s.Close()) })
	w = &town{Store: s, clock: &clock{}, log: &sitetest.Buffer{}}
	w.Mailer = New(fitted(Options{Queue: s, Server: o.address, TLS: None, Log: slog.New(slog.NewTextHandler(w.log, nil))}))
	run(t, w.Mailer)
	o.letter(t)
	w.posted(t, "sent", "")
	if len(o.taken) > 0 {
		t.Error("it came twice")
	}
}
