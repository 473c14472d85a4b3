package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// booked books a reminder by mail, and confirms it with the link of the letter.
func (f *fixture) booked(show, mail string) {
	f.t.Helper()
	must(f.t, f.BookReminder(f.t.Context(), show, overlay.Contact{Mail: mail}, overlay.Chinese))
	n := f.remind(overlay.ConfirmLetter, mail)
	_, err := f.ConfirmReminder(f.t.Context(), n.Token)
	must(f.t, err)
}

// notes takes all letters that are due, none of them sent.
func (f *fixture) notes() (all []*overlay.Note) {
	f.t.Helper()
	_, err := f.DueReminders(f.t.Context(), 0)
	must(f.t, err)
	for {
		n, err := f.NextReminder(f.t.Context())
		must(f.t, err)
		if n == nil {
			return all
		}
		all = append(all, n)
	}
}

// remind takes the only letter that is due, and sends it.
func (f *fixture) remind(kind overlay.LetterKind, to string) *overlay.Note {
	f.t.Helper()
	all := f.notes()
	if len(all) != 1 || all[0].Kind != kind || all[0].To.Mail != to {
		f.t.Fatalf("letters: %+v, want %s to %s", all, kind, to)
	}
	f.send(all[0])
	return all[0]
}

func (f *fixture) send(n *overlay.Note) {
	f.t.Helper()
	ok, err := f.HandReminder(f.t.Context(), n.ID)
	must(f.t, err)
	if !ok {
		f.t.Fatal("the letter is not to be sent any more")
	}
	must(f.t, f.ReminderSent(f.t.Context(), n.ID))
}

func (f *fixture) reminders(show string) overlay.Reminders {
	f.t.Helper()
	r, err := f.Reminders(f.t.Context(), show)
	must(f.t, err)
	return r
}

// TestReminder: a contact is asked, confirms, is told once when the show begins, comes, and is
// erased when the show has ended; the figures stay.
func TestReminder(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	show := f.plan("Harvest", time.Hour)
	must(t, f.BookReminder(ctx, show.ID, overlay.Contact{Mail: " Li@Shop.example"}, overlay.Chinese))
	must(t, f.BookReminder(ctx, show.ID, overlay.Contact{Mail: "li@shop.example"}, overlay.Chinese)) // its letter waits already
	n := f.remind(overlay.ConfirmLetter, "li@shop.example")
	if n.Title != "Harvest" || n.Room != "corn" || n.Language != overlay.Chinese || !n.Starts.Equal(show.Starts) {
		t.Errorf("the letter: %+v", n)
	}
	if raw, err := os.ReadFile(filepath.Join(f.dir, "mediad.db")); err == nil && bytes.Contains(raw, []byte("li@shop.example")) {
		t.Error("the address is in the database as it is")
	}
	for range 2 {
		if r, err := f.ConfirmReminder(ctx, n.Token); err != nil || !r.Confirmed || r.Title != "Harvest" {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	must(t, f.ReminderCame(ctx, show.ID, n.Ref))
	if want := (overlay.Reminders{Open: true, Booked: 1, Confirmed: 1}); f.reminders(show.ID) != want || len(f.notes()) != 0 {
		t.Errorf("before the show: %+v", f.reminders(show.ID))
	}

	b := f.begin()
	if b.Show != show.ID {
		t.Fatal("another show began")
	}
	told := f.remind(overlay.BeginLetter, "li@shop.example")
	if told.Ref != n.Ref || told.Token != n.Token {
		t.Error("the links of the two letters differ")
	}
	for range 2 {
		must(t, f.ReminderCame(ctx, show.ID, n.Ref))
		must(t, f.ReminderCame(ctx, show.ID, "0123456789abcdef"))
	}
	want := overlay.Reminders{Open: true, Booked: 1, Confirmed: 1, Told: 1, Came: 1}
	if f.reminders(show.ID) != want || len(f.notes()) != 0 {
		t.Errorf("in the show: %+v", f.reminders(show.ID))
	}
	if err := f.BookReminder(ctx, show.ID, overlay.Contact{Mail: "late@shop.example"}, ""); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("booked in the show: %v", err)
	}
	if _, err := f.ReminderOf(ctx, n.Token); err != nil {
		t.Error(err)
	}
	_, err := f.EndShow(ctx, "corn")
	must(t, err)
	if len(f.notes()) != 0 {
		t.Error("a letter after the show")
	}
	if _, err := f.ReminderOf(ctx, n.Token); overlay.CodeOf(err) != overlay.NotFound {
		t.Errorf("after the show the contact is there: %v", err)
	}
	if f.reminders(show.ID) != want {
		t.Errorf("after the show: %+v", f.reminders(show.ID))
	}
	report, err := f.Report(ctx, show.ID, overlay.Everything(), true)
	if err != nil || report.Reminders == nil || report.Reminders.Came != 1 || len(report.Reminders.Rates) != 1 || report.Reminders.Rates[0].Text != "show_up 100.00 % (1 / 1)" {
		t.Errorf("the report: %+v, %v", report.Reminders, err)
	}
	sheet, err := report.CSV()
	if err != nil || !bytes.Contains(sheet, []byte("show_up")) || !bytes.Contains(sheet, []byte(",told,1,")) {
		t.Errorf("the sheet: %s, %v", sheet, err)
	}
}

// TestReminderSurvives: a crash before a letter is handed over sends it again, and a crash after
// that does not; a letter that is not taken is tried again later.
func TestReminderSurvives(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	show := f.plan("Harvest", time.Hour)
	f.booked(show.ID, "li@shop.example")
	f.begin()
	if n := f.notes(); len(n) != 1 {
		t.Fatalf("%+v", n)
	}
	f.reopen()
	must(t, f.ResumeReminders(ctx))
	again := f.notes()
	if len(again) != 1 || again[0].Kind != overlay.BeginLetter {
		t.Fatalf("after a crash while it was being sent: %+v", again)
	}
	must(t, f.ReminderNotSent(ctx, again[0].ID, false))
	if len(f.notes()) != 0 {
		t.Error("it is tried again at once")
	}
	f.clock.Add(overlay.LetterAgain(2))
	if again = f.notes(); len(again) != 1 {
		t.Fatalf("later: %+v", again)
	}
	ok, err := f.HandReminder(ctx, again[0].ID)
	must(t, err)
	if !ok {
		t.Fatal("it is not handed over")
	}
	f.reopen()
	must(t, f.ResumeReminders(ctx))
	if n := f.notes(); len(n) != 0 || f.reminders(show.ID).Told != 1 {
		t.Errorf("after a crash behind the mail server's answer: %+v, %+v", n, f.reminders(show.ID))
	}
}

// TestReminderLeaves: who leaves is erased at once, a letter on its way included; whoever is
// refused for good is erased, too.
func TestReminderLeaves(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	show := f.plan("Harvest", time.Hour)
	f.booked(show.ID, "li@shop.example")
	f.begin()
	n := f.notes()[0]
	must(t, f.LeaveReminder(ctx, n.Token))
	if ok, err := f.HandReminder(ctx, n.ID); ok || err != nil {
		t.Errorf("a letter goes to who has left: %v", err)
	}
	must(t, f.ReminderNotSent(ctx, n.ID, false))
	if len(f.notes()) != 0 || f.reminders(show.ID).Told != 0 {
		t.Error("who has left is told")
	}
	_, err := f.EndShow(ctx, "corn")
	must(t, err)

	show = f.plan("Tea", time.Hour)
	push := overlay.Contact{Push: &overlay.Push{Endpoint: "https://push.example/a", Key: point, Auth: "AAAAAAAAAAAAAAAAAAAAAA"}}
	must(t, f.BookReminder(ctx, show.ID, push, ""))
	must(t, f.BookReminder(ctx, show.ID, push, ""))
	if r := f.reminders(show.ID); r.Booked != 1 || r.Confirmed != 1 {
		t.Errorf("a browser: %+v", r)
	}
	f.begin()
	n = f.notes()[0]
	if *n.To.Push != *push.Push {
		t.Errorf("%+v", n)
	}
	must(t, f.ReminderNotSent(ctx, n.ID, true))
	if r := f.reminders(show.ID); r.Failed != 1 || r.Told != 0 {
		t.Errorf("refused: %+v", r)
	}
	if _, err := f.ReminderOf(ctx, n.Token); overlay.CodeOf(err) != overlay.NotFound {
		t.Errorf("refused: %v", err)
	}
}

// point is the key of a subscription: its form is what counts here.
const point = "BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// TestReminderBounds: an address gets so many letters that ask, and no more, whatever shows they
// are for; what nobody confirms is erased.
func TestReminderBounds(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	sent, last := 0, ""
	for range overlay.MaxAskedTo + 2 {
		show := f.plan("Harvest", 72*time.Hour)
		last = show.ID
		must(t, f.BookReminder(ctx, show.ID, overlay.Contact{Mail: "victim@shop.example"}, ""))
		for _, n := range f.notes() {
			sent++
			f.send(n)
			must(t, f.LeaveReminder(ctx, n.Token))
		}
	}
	if sent != overlay.MaxAskedTo {
		t.Errorf("%d letters went to an address, want %d", sent, overlay.MaxAskedTo)
	}
	f.clock.Add(overlay.AskedWithin + time.Second)
	must(t, f.BookReminder(ctx, last, overlay.Contact{Mail: "victim@shop.example"}, ""))
	n := f.remind(overlay.ConfirmLetter, "victim@shop.example")
	f.clock.Add(overlay.ConfirmLife)
	f.notes()
	if _, err := f.ReminderOf(ctx, n.Token); overlay.CodeOf(err) != overlay.NotFound {
		t.Errorf("nobody has confirmed: %v", err)
	}
	closed, many := false, int64(overlay.MaxRemindBefore/time.Minute)+1
	if _, err := f.SetReminders(ctx, last, nil, &many, "test"); overlay.CodeOf(err) != overlay.Invalid {
		t.Error(err)
	}
	_, err := f.SetReminders(ctx, last, &closed, nil, "test")
	must(t, err)
	if err := f.BookReminder(ctx, last, overlay.Contact{Mail: "li@shop.example"}, ""); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("turned off: %v", err)
	}
	for _, c := range []overlay.Contact{{}, {Mail: "li"}, {Mail: "li@shop.example", Push: &overlay.Push{}}, {Push: &overlay.Push{Endpoint: "ftp://push.example", Key: point, Auth: "AAAAAAAAAAAAAAAAAAAAAA"}}, {Push: &overlay.Push{Endpoint: "https://push.example", Key: "AA", Auth: "AA"}}} {
		if err := f.BookReminder(ctx, last, c, ""); overlay.CodeOf(err) != overlay.Invalid {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// TestReminderOfPlans: a show that is moved tells that once, one that is told of before its time
// does so once, and one that is taken back says so and forgets.
func TestReminderOfPlans(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	show := f.plan("Harvest", 3*time.Hour)
	f.booked(show.ID, "li@shop.example")
	move := func(to time.Time) {
		t.Helper()
		_, err := f.ChangeShow(ctx, show.ID, store.ShowChange{Plan: overlay.Plan{Starts: &to}}, "test")
		must(t, err)
	}
	move(show.Starts.Add(time.Hour))
	f.clock.Add(time.Minute)
	move(show.Starts.Add(2 * time.Hour))
	if len(f.notes()) != 0 {
		t.Error("the host may change it again")
	}
	f.clock.Add(overlay.MovedSettles)
	if n := f.remind(overlay.MovedLetter, "li@shop.example"); !n.Starts.Equal(show.Starts.Add(2 * time.Hour)) {
		t.Errorf("moved to %v", n.Starts)
	}
	if len(f.notes()) != 0 {
		t.Error("it is told twice")
	}
	early := int64(10)
	_, err := f.SetReminders(ctx, show.ID, nil, &early, "test")
	must(t, err)
	f.clock.Add(show.Starts.Add(2*time.Hour - 11*time.Minute).Sub(f.clock.Now()))
	if len(f.notes()) != 0 {
		t.Error("eleven minutes before")
	}
	f.clock.Add(time.Minute)
	f.remind(overlay.BeginLetter, "li@shop.example")
	_, err = f.BeginDeletion(ctx, show.ID, "test")
	must(t, err)
	n := f.remind(overlay.CancelledLetter, "li@shop.example")
	if _, err := f.ReminderOf(ctx, n.Token); overlay.CodeOf(err) != overlay.NotFound {
		t.Errorf("after it was taken back: %v", err)
	}
	if r := f.reminders(show.ID); r.Told != 1 || len(f.notes()) != 0 {
		t.Errorf("%+v", r)
	}
}
