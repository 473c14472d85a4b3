package reminders

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"testing"

	"mediad/overlay/store"
	"mediad/overlay/store/storetest"
)

// TestMain lets the test binary be its own child, which tests kill.
func TestMain(m *testing.M) {
	if dir := os.Getenv("MEDIAD_REMINDERS_DIR"); dir != "" {
		childSends(dir, os.Getenv("MEDIAD_REMINDERS_URL"), os.Getenv("MEDIAD_REMINDERS_OFFICE"))
		return
	}
	os.Exit(m.Run())
}

// childSends sends what waits, until it is killed.
func childSends(dir, url, address string) {
	l := slog.New(slog.DiscardHandler)
	s, err := store.Open(context.Background(), store.Options{Dir: dir, URL: url, Log: l})
	if err == nil {
		err = New(Options{Queue: s, Mail: mailer(s, address, l), PerMinute: 100_000, Log: l}).Run(context.Background())
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// After kill -9 in the worst moments, each contact has exactly one letter: those that the mail
// server had not taken are sent, and those that it had taken, unknown to the sender, are not.
func TestKilledSenderTellsOnce(t *testing.T) {
	storetest.OnBoth(t, func(t *testing.T, o store.Options) {
		const contacts = 12
		s := open(t, o)
		show := booked(t, s, contacts)
		must(t, s.Close())
		heard := newOffice(t)
		held, never := make(chan string, contacts), make(chan struct{})
		t.Cleanup(func() { close(never) })
		hold := func(to string) error {
			held <- to
			<-never
			return nil
		}
		for _, at := range []struct {
			moment       string
			rcpt, answer func(string) error
		}{{"before a letter is told", hold, nil}, {"when a letter was taken", nil, hold}} {
			heard.set(at.rcpt, at.answer)
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), "MEDIAD_REMINDERS_DIR="+o.Dir, "MEDIAD_REMINDERS_URL="+o.URL, "MEDIAD_REMINDERS_OFFICE="+heard.address)
			cmd.Stderr = os.Stderr
			must(t, cmd.Start())
			for range atOnce {
				<-held
			}
			must(t, cmd.Process.Kill())
			if err := cmd.Wait(); err == nil || err.Error() != "signal: killed" {
				t.Fatalf("%s: the child ended: %v", at.moment, err)
			}
		}
		heard.set(nil, nil)
		s = open(t, o)
		defer func() { must(t, s.Close()) }()
		l := slog.New(slog.DiscardHandler)
		stop := run(t, Options{Queue: s, Mail: mailer(s, heard.address, l), Log: l})
		until(t, "the rest", func() bool {
			r, err := s.Reminders(t.Context(), show)
			must(t, err)
			return r.Told == contacts
		})
		stop()
		for i := range contacts {
			to := fmt.Sprintf("buyer-%d@buyer.example", i)
			if n := len(heard.letters(to)); n != 1 {
				t.Errorf("%d letters to %s", n, to)
			}
		}
	})
}
