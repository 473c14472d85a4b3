package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// mailed invites somebody by mail, and gives the link.
func (f *fixture) mailed(email string) (string, error) {
	_, link, err := f.As(overlay.System("li@shop.example")).Invite(f.t.Context(), overlay.HomeOrg, email, overlay.Host, store.Sending{Mail: true}, store.Once{})
	return link, err
}

// next takes the letter that is due; "" and when to look again where there is none.
func (f *fixture) next(perHour int) (*overlay.Letter, time.Duration) {
	f.t.Helper()
	for {
		l, at, err := f.NextLetter(f.t.Context(), perHour)
		must(f.t, err)
		wait := max(at.Sub(f.clock.Now()), 0)
		if l != nil || at.IsZero() || wait > 0 { // else what was due was no letter
			return l, wait
		}
	}
}

// TestLetterWaits: a letter is taken once, comes back after a crash, is tried again later
// and later, and is given up after a day; then its link is not kept any more.
func TestLetterWaits(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	link, err := f.mailed("wang@shop.example")
	must(t, err)
	l, _ := f.next(10)
	if l == nil || l.To != "wang@shop.example" || l.Secret != link || l.Kind != overlay.InvitationLetter || l.Org != "Home" || l.By != "li@shop.example" || l.Role != overlay.Host || l.Language != overlay.English {
		t.Fatalf("%+v", l)
	}
	if twice, _ := f.next(10); twice != nil {
		t.Fatal("it is taken twice")
	}
	f.reopen()
	must(t, f.TidyLetters(ctx))
	if l, _ = f.next(10); l == nil || l.Secret != link {
		t.Fatalf("after a crash: %+v", l)
	}
	var waits []time.Duration
	begun := f.clock.Now()
	for l != nil {
		must(t, f.LetterNotSent(ctx, l.ID, "450 try\r\nlater", false))
		var wait time.Duration
		if l, wait = f.next(10); l != nil {
			t.Fatal("it is due at once")
		}
		if wait == 0 {
			break
		}
		waits = append(waits, wait)
		f.clock.Add(wait)
		if l, _ = f.next(10); l == nil {
			t.Fatalf("after %v it is not due", wait)
		}
	}
	if waits[0] != 2*time.Minute || waits[1] != 4*time.Minute || waits[len(waits)-1] != 4*time.Hour || len(waits) > 14 {
		t.Errorf("it waited %v", waits)
	}
	if d := f.clock.Now().Sub(begun); d < 18*time.Hour || d > overlay.LetterLife {
		t.Errorf("it was given up after %v", d)
	}
	all, err := f.Members(ctx, overlay.HomeOrg, "", 10)
	must(t, err)
	if p := all[0].Posted; p.State != "failed" || strings.ContainsAny(p.Problem, "\r\n") || !strings.HasPrefix(p.Problem, "450 try") {
		t.Errorf("the inviter reads %+v", p)
	}
	f.clock.Add(10 * 24 * time.Hour)
	must(t, f.TidyLetters(ctx))
	if c, err := f.MailCounts(ctx); err != nil || c != (store.MailCounts{}) {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestLettersAreFew: few letters go to one address in an hour, and few in all; what
// strangers ask for takes no place of invitations.
func TestLettersAreFew(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	f.owner()
	for range overlay.MaxLettersTo + 5 {
		must(t, f.AskReset(ctx, "li@shop.example", "")) // always the same answer
	}
	for range overlay.MaxLettersTo {
		_, err := f.mailed("li@shop.example")
		must(t, err)
	}
	_, err := f.mailed("li@shop.example")
	wantCode(t, err, overlay.TooMany)
	taken := 0
	for l, _ := f.next(100); l != nil; l, _ = f.next(100) {
		must(t, f.LetterSent(ctx, l.ID))
		taken++
	}
	// Each invitation took the place of the one before.
	if taken != overlay.MaxLettersTo+1 {
		t.Errorf("%d letters went", taken)
	}
	f.clock.Add(overlay.LettersToWithin + time.Second)
	for i := range 5 {
		_, err := f.mailed(fmt.Sprintf("p%d@shop.example", i))
		must(t, err)
	}
	for range 3 {
		if l, _ := f.next(3); l == nil {
			t.Fatal("the hour's letters did not go")
		}
	}
	if l, wait := f.next(3); l != nil || wait != time.Hour {
		t.Errorf("a fourth letter goes: %+v, %v", l, wait)
	}
	f.clock.Add(time.Hour)
	if l, _ := f.next(3); l == nil {
		t.Error("after an hour none goes")
	}
}

// TestLetterToNobody: an address without an account gets no letter, an invitation that
// was taken back neither, and their rows go away.
func TestLetterToNobody(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	must(t, f.AskReset(ctx, "nobody@shop.example", overlay.Chinese))
	_, err := f.mailed("wang@shop.example")
	must(t, err)
	all, err := f.Members(ctx, overlay.HomeOrg, "", 10)
	must(t, err)
	must(t, f.RemoveMember(ctx, overlay.HomeOrg, all[0].ID, overlay.System("test")))
	for range 3 {
		if l, _ := f.next(10); l != nil {
			t.Errorf("a letter goes: %+v", l)
		}
	}
	for _, bad := range []string{"", "li", "a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "Li <a@b.example>"} {
		wantCode(t, f.AskReset(ctx, bad, ""), overlay.Invalid)
	}
	wantCode(t, f.AskReset(ctx, "li@shop.example", "xx"), overlay.Invalid)
	f.clock.Add(9 * 24 * time.Hour)
	must(t, f.TidyLetters(ctx))
	if c, err := f.MailCounts(ctx); err != nil || c.Waiting != 0 {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestForgottenPassword: the link of a letter that somebody asked for sets a password once,
// and leaves a link alone that an owner made.
func TestForgottenPassword(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	li, _ := f.owner()
	_, made, err := f.AllowReset(ctx, overlay.HomeOrg, li.ID, overlay.System("test"))
	must(t, err)
	must(t, f.AskReset(ctx, "li@shop.example", overlay.Chinese))
	l, _ := f.next(10)
	if l == nil || l.Kind != overlay.ResetLetter || l.By != l.To || l.Language != overlay.Chinese || l.Org != "" {
		t.Fatalf("%+v", l)
	}
	if _, err := f.Invitation(ctx, made); err != nil {
		t.Error("the owner's link was taken away:", err)
	}
	p, _, err := f.Accept(ctx, l.Secret, "", "new hash", false)
	must(t, err)
	if p.ID != li.ID {
		t.Errorf("the link is of %+v", p)
	}
	for _, link := range []string{l.Secret, made} {
		_, err := f.Invitation(ctx, link)
		wantCode(t, err, overlay.NotFound)
	}
}

// TestLetterLanguage: a letter is in the language that is named, or else in that of the
// organisation.
func TestLetterLanguage(t *testing.T) {
	f := newFixture(t)
	zh := overlay.Chinese
	_, err := f.ChangeOrg(t.Context(), overlay.HomeOrg, overlay.OrgChange{Language: &zh}, overlay.System("test"))
	must(t, err)
	_, err = f.mailed("wang@shop.example")
	must(t, err)
	if l, _ := f.next(10); l.Language != overlay.Chinese {
		t.Errorf("it is in %q", l.Language)
	}
}
