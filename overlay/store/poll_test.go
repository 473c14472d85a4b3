package store_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestPoll: many viewers vote at once, each counts once and with the last choice; the
// picture tells the sums at its pace and the result at the end; and nobody is known by the
// vote when the show is over.
func TestPoll(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	show := f.begin().Show
	p, err := f.CreatePoll(ctx, overlay.Poll{Show: show, Question: "Which tea?", Options: []string{"Green", "Black", "White"}, Seconds: 60}, false, "test", store.Once{})
	must(t, err)
	other, err := f.CreatePoll(ctx, overlay.Poll{Show: show, Question: "Again?", Options: []string{"Yes", "No"}, Hidden: true}, false, "test", store.Once{})
	must(t, err)
	vote := func(poll string, viewer, option int) error {
		_, err := f.Vote(ctx, show, poll, overlay.Vote{Viewer: fmt.Sprintf("%016x", viewer), Option: option})
		return err
	}
	if err := vote(p.ID, 1, 0); overlay.CodeOf(err) != overlay.NotFound {
		t.Errorf("a vote before it is opened: %v", err)
	}
	question := "Which of the teas?"
	p, err = f.ChangePoll(ctx, show, p.ID, store.PollChange{Question: &question}, "test")
	must(t, err)
	p, err = f.OpenPoll(ctx, show, p.ID, "test")
	must(t, err)
	if p.State != overlay.PollOpen || p.Question != question || !p.Ends.Equal(p.Opened.Add(time.Minute)) {
		t.Errorf("opened: %+v", p)
	}
	if _, err := f.OpenPoll(ctx, show, other.ID, "test"); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("a second open poll: %v", err)
	}
	if _, err := f.ChangePoll(ctx, show, p.ID, store.PollChange{Question: &question}, "test"); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("a change while it is open: %v", err)
	}
	if err := f.DeletePoll(ctx, show, p.ID, "test"); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("deleted while it is open: %v", err)
	}
	last := func() overlay.Event {
		events := f.events(show)
		return events[len(events)-1]
	}
	if e := last(); e.Kind != overlay.KindPollOpen || !strings.Contains(string(e.State), `"poll":{"id":"`+p.ID+`","question":"`+question+`","options":["Green","Black","White"],"votes":[0,0,0],"ends":`) {
		t.Errorf("opened: %s %s", e.Payload, e.State)
	}

	var all sync.WaitGroup
	for n := range 90 { // 30 viewers, each of whom votes three times
		all.Go(func() {
			if err := vote(p.ID, 1+n%30, n%3); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for n := range 30 {
		must(t, vote(p.ID, 1+n, n%2)) // the last choice counts
	}
	if err := vote(p.ID, 1, 3); overlay.CodeOf(err) != overlay.Invalid {
		t.Errorf("an option that it has not: %v", err)
	}
	if p, err = f.Poll(ctx, show, p.ID); err != nil || !slices.Equal(p.Votes, []int64{15, 15, 0}) || p.Total != 30 {
		t.Errorf("%+v, %v", p, err)
	}

	voters := func() (n int) {
		must(t, store.Rows(f.Store).QueryRow(`SELECT count(*) FROM poll_vote`).Scan(&n))
		return n
	}
	tell := func() (told int) {
		before := len(f.events(show))
		due, _, err := f.Due(ctx, f.clock.Now())
		must(t, err)
		if len(due) > 0 {
			_, err = f.MakeDue(ctx, show, f.clock.Now())
			must(t, err)
		}
		return len(f.events(show)) - before
	}
	if n := tell(); n != 0 {
		t.Errorf("%d sums within two seconds", n)
	}
	f.clock.Add(2 * time.Second)
	if n := tell(); n != 1 || last().Kind != overlay.KindPollUpdate || !strings.Contains(string(last().Payload), `"poll":{"id":"`+p.ID+`","votes":[15,15,0]}`) {
		t.Errorf("%d sums: %s", n, last().Payload)
	}
	f.clock.Add(10 * time.Second)
	if n := tell(); n != 0 {
		t.Errorf("%d sums without a vote", n)
	}
	must(t, vote(p.ID, 31, 2))
	if n := tell(); n != 1 {
		t.Errorf("%d sums after a quiet time", n)
	}

	f.clock.Add(time.Minute)
	if err := vote(p.ID, 32, 2); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("after its end: %v", err)
	}
	if n := tell(); n != 1 || last().Kind != overlay.KindPollClose || !strings.Contains(string(last().Payload), `"votes":[15,15,1]`) || strings.Contains(string(last().State), "poll") {
		t.Errorf("at its end: %d, %s %s", n, last().Payload, last().State)
	}
	if due, next, err := f.Due(ctx, f.clock.Now()); err != nil || len(due) != 0 || !next.IsZero() {
		t.Errorf("due again: %v, %v, %v", due, next, err)
	}

	// It is opened again, and a viewer is forgotten: the sums stay.
	_, err = f.OpenPoll(ctx, show, p.ID, "test")
	must(t, err)
	_, _, err = f.EraseViewer(ctx, show, fmt.Sprintf("%016x", 31), "test")
	must(t, err)
	if n := voters(); n != 30 {
		t.Errorf("%d votes have a viewer after one was forgotten", n)
	}
	p, err = f.ClosePoll(ctx, show, p.ID, "test")
	must(t, err)
	if p.State != overlay.PollClosed || p.Total != 31 || p.Closed.IsZero() {
		t.Errorf("closed: %+v", p)
	}

	// One whose result is hidden tells it at its end alone.
	_, err = f.OpenPoll(ctx, show, other.ID, "test")
	must(t, err)
	must(t, vote(other.ID, 1, 1))
	f.clock.Add(time.Minute)
	if n := tell(); n != 0 || strings.Contains(string(last().State), "votes") {
		t.Errorf("a hidden result: %d, %s", n, last().State)
	}
	_, err = f.EndShow(ctx, "corn")
	must(t, err)
	cards, err := f.PollsTold(ctx, show)
	must(t, err)
	if len(cards) != 2 || !cards[1].Closed || !slices.Equal(cards[1].Votes, []int64{0, 1}) {
		t.Errorf("after the show: %+v", cards)
	}
	kinds := f.events(show)
	if n := len(kinds); kinds[n-2].Kind != overlay.KindPollClose || kinds[n-1].Kind != overlay.KindShowEnd {
		t.Errorf("the show ended with %s and %s", kinds[n-2].Kind, kinds[n-1].Kind)
	}
	must(t, f.SweepDeleted(ctx))
	if n := voters(); n != 0 {
		t.Errorf("%d votes have a viewer after the show", n)
	}
	r, err := f.Report(ctx, show, overlay.Everything(), true)
	must(t, err)
	if len(r.Polls) != 2 || r.Polls[0].Total != 31 {
		t.Errorf("the report has %+v", r.Polls)
	}
}
