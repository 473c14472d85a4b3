package reminders

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/mail"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"mediad/overlay"
	ourmail "mediad/overlay/mail"
	"mediad/overlay/store"
	"mediad/overlay/store/storetest"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// until waits for what must come.
func until(t testing.TB, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(what + " did not come")
		}
	}
}

func loopback(a netip.Addr) bool { return a.IsLoopback() }

// office is a real mail server that keeps what it takes.
type office struct {
	address string

	mu     sync.Mutex
	taken  []string            // guarded by mu; the letters
	rcpt   func(string) error  // guarded by mu; answers a recipient
	answer func(string) error  // guarded by mu; answers a letter that it has taken
	of     map[string][]string // guarded by mu; the letters by recipient
}

func newOffice(t testing.TB) *office {
	t.Helper()
	o := &office{of: map[string][]string{}}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &visit{o: o}, nil }))
	s.Domain, s.ErrorLog = "office.example", log.New(io.Discard, "", 0)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	o.address = l.Addr().String()
	ended := make(chan struct{})
	go func() {
		_ = s.Serve(l) // until it is closed
		close(ended)
	}()
	t.Cleanup(func() {
		_ = s.Close() // the listener may be closed already
		<-ended
	})
	return o
}

func (o *office) set(rcpt, answer func(string) error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.rcpt, o.answer = rcpt, answer
}

// letters gives those that went to somebody, or all: "".
func (o *office) letters(to string) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if to == "" {
		return append([]string{}, o.taken...)
	}
	return append([]string{}, o.of[to]...)
}

type visit struct {
	o  *office
	to string
}

func (v *visit) Reset()                               {}
func (v *visit) Logout() error                        { return nil }
func (v *visit) Mail(string, *smtp.MailOptions) error { return nil }
func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.o.mu.Lock()
	f := v.o.rcpt
	v.o.mu.Unlock()
	if v.to = to; f != nil {
		return f(to)
	}
	return nil
}

func (v *visit) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	raw = []byte(strings.NewReplacer("=\r\n", "", "=3D", "=").Replace(string(raw))) // quoted-printable, where it matters here
	v.o.mu.Lock()
	v.o.taken = append(v.o.taken, string(raw))
	v.o.of[v.to] = append(v.o.of[v.to], string(raw))
	f := v.o.answer
	v.o.mu.Unlock()
	if f != nil {
		return f(v.to)
	}
	return nil
}

// mailer sends to an office.
func mailer(s *store.Store, address string, l *slog.Logger) *ourmail.Mailer {
	return ourmail.New(ourmail.Options{Queue: s, Server: address, TLS: ourmail.None, From: mail.Address{Name: "Shop", Address: "no-reply@shop.example"},
		PublicURL: "https://live.shop.example/shop", PerHour: 100, Timeout: 10 * time.Second, Log: l})
}

// run lets a Sender work until the test, or stop, ends it.
func run(t *testing.T, o Options) (stop func()) {
	t.Helper()
	o.PerMinute = 100_000
	s := New(o)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		must(t, <-done)
	})
	t.Cleanup(stop)
	return stop
}

func open(t *testing.T, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), o)
	must(t, err)
	return s
}

// planned makes a room with a show that begins in an hour.
func planned(t *testing.T, s *store.Store) overlay.Show {
	t.Helper()
	_, err := s.EnsureRoom(t.Context(), "corn", "Corn", "corn-key-of-the-test")
	must(t, err)
	at := time.Now().Add(time.Hour)
	zone := "Asia/Shanghai"
	show, err := s.PlanShow(t.Context(), "corn", overlay.Plan{Title: "Harvest", Starts: &at, Timezone: &zone}, "test", store.Once{})
	must(t, err)
	return show
}

// The links of letters: to the page of a reminder, and to the show.
var (
	own    = regexp.MustCompile(`https://live\.shop\.example/shop/r/([a-z0-9]{26})`)
	toShow = regexp.MustCompile(`https://live\.shop\.example/shop/watch/corn\?r=([0-9a-f]{16})`)
)

// TestRemindersByMail: a contact is asked, told once when the show begins, and leaves by one
// click; one whose address is refused is erased; and the log has no address.
func TestRemindersByMail(t *testing.T) {
	storetest.OnBoth(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		defer func() { must(t, s.Close()) }()
		ctx, heard, logged := t.Context(), newOffice(t), &lines{}
		l := slog.New(slog.NewTextHandler(logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
		show := planned(t, s)
		stop := run(t, Options{Queue: s, Mail: mailer(s, heard.address, l), Log: l})
		people := []string{"li@buyer.example", "wang@buyer.example", "gone@buyer.example"}
		for _, to := range append(people, "never@buyer.example") {
			must(t, s.BookReminder(ctx, show.ID, overlay.Contact{Mail: to}, overlay.Chinese))
		}
		stop() // nothing woke it: the next one finds what waits
		stop = run(t, Options{Queue: s, Mail: mailer(s, heard.address, l), Log: l})
		until(t, "the letters that ask", func() bool { return len(heard.letters("")) == 4 })
		for _, to := range people {
			asked := heard.letters(to)[0]
			m, err := mail.ReadMessage(strings.NewReader(asked))
			must(t, err)
			token := own.FindStringSubmatch(asked)[1]
			if m.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || m.Header.Get("List-Unsubscribe") != "<https://live.shop.example/shop/r/"+token+"/leave>" {
				t.Errorf("RFC 8058: %v", m.Header)
			}
			_, err = s.ConfirmReminder(ctx, token)
			must(t, err)
		}
		heard.set(func(to string) error {
			if strings.HasPrefix(to, "gone@") {
				return &smtp.SMTPError{Code: 550, Message: "there is no " + to}
			}
			return nil
		}, nil)
		_, err := s.BeginBroadcast(ctx, "corn", time.Now())
		must(t, err)
		until(t, "all that is to be told", func() bool {
			r, err := s.Reminders(ctx, show.ID)
			must(t, err)
			return r.Told == 2 && r.Failed == 1
		})
		stop()
		run(t, Options{Queue: s, Mail: mailer(s, heard.address, l), Log: l})
		told := heard.letters("li@buyer.example")[1]
		found := toShow.FindStringSubmatch(told)
		if found == nil {
			t.Fatalf("no way to the show: %s", told)
		}
		must(t, s.ReminderCame(ctx, show.ID, found[1]))
		_, err = s.EndShow(ctx, "corn")
		must(t, err)
		token := own.FindStringSubmatch(heard.letters("wang@buyer.example")[0])[1]
		until(t, "the end of the contacts", func() bool {
			_, err := s.ReminderOf(ctx, token)
			return overlay.CodeOf(err) == overlay.NotFound
		})
		r, err := s.Reminders(ctx, show.ID)
		must(t, err)
		if want := (overlay.Reminders{Open: true, Booked: 4, Confirmed: 3, Told: 2, Came: 1, Failed: 1}); r != want {
			t.Errorf("%+v, want %+v", r, want)
		}
		if rate, ok := r.ShowUp(); !ok || rate.Text != "show_up 50.00 % (1 / 2)" {
			t.Errorf("%+v", rate)
		}
		for to, want := range map[string]int{"li@buyer.example": 2, "wang@buyer.example": 2, "gone@buyer.example": 1, "never@buyer.example": 1} {
			if n := len(heard.letters(to)); n != want {
				t.Errorf("%d letters to %s, want %d", n, to, want)
			}
		}
		if strings.Contains(logged.String(), "buyer.example") || !strings.Contains(logged.String(), "a reminder was sent") {
			t.Errorf("the log:\n%s", logged)
		}
	})
}

// lines is a log that a test reads.
type lines struct {
	mu  sync.Mutex
	all bytes.Buffer // guarded by mu
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// booked books contacts, confirms them, and begins the show.
func booked(t *testing.T, s *store.Store, n int) (show string) {
	t.Helper()
	ctx := t.Context()
	show = planned(t, s).ID
	for i := range n {
		must(t, s.BookReminder(ctx, show, overlay.Contact{Mail: fmt.Sprintf("buyer-%d@buyer.example", i)}, ""))
		note, err := s.NextReminder(ctx)
		must(t, err)
		_, err = s.HandReminder(ctx, note.ID)
		must(t, err)
		must(t, s.ReminderSent(ctx, note.ID))
		_, err = s.ConfirmReminder(ctx, note.Token)
		must(t, err)
	}
	_, err := s.BeginBroadcast(ctx, "corn", time.Now())
	must(t, err)
	return show
}
