package overlay

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestPollRules(t *testing.T) {
	good := Poll{Question: " Which one? ", Options: []string{" Red", "Green"}}
	p, err := good.Checked()
	if err != nil || p.Question != "Which one?" || p.Options[0] != "Red" || len(p.Votes) != 2 {
		t.Errorf("%+v, %v", p, err)
	}
	for what, change := range map[string]func(*Poll){
		"no question":   func(p *Poll) { p.Question = " " },
		"a long one":    func(p *Poll) { p.Question = strings.Repeat("玉", maxPollQuestion+1) },
		"an address":    func(p *Poll) { p.Question = "https://tea.example" },
		"markup":        func(p *Poll) { p.Options[0] = "<b>" },
		"one option":    func(p *Poll) { p.Options = p.Options[:1] },
		"five options":  func(p *Poll) { p.Options = []string{"1", "2", "3", "4", "5"} },
		"the same":      func(p *Poll) { p.Options = []string{"1", "1 "} },
		"an empty one":  func(p *Poll) { p.Options[1] = "" },
		"a long option": func(p *Poll) { p.Options[1] = strings.Repeat("x", maxPollOption+1) },
		"too short":     func(p *Poll) { p.Seconds = minPollSeconds - 1 },
		"too long":      func(p *Poll) { p.Seconds = maxPollSeconds + 1 },
	} {
		bad := Poll{Question: good.Question, Options: append([]string{}, good.Options...)}
		change(&bad)
		if _, err := bad.Checked(); CodeOf(err) != Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, body := range []string{``, `{}`, `{"viewer":"8f3a61c07be4d215"}`, `{"viewer":"x","option":0}`, `{"viewer":"u8f3a61c07be4d215","option":0}`, `{"viewer":"8f3a61c07be4d215","option":0.5}`} {
		if v, err := ParseVote([]byte(body)); CodeOf(err) != Invalid {
			t.Errorf("%s: %+v, %v", body, v, err)
		}
	}
}

// TestPollSums: sums come at most each two seconds, and of a poll of an hour in hundreds, not
// in thousands.
func TestPollSums(t *testing.T) {
	begin := time.UnixMilli(1_760_000_000_000)
	p := Poll{Opened: begin}
	told, n := begin, 0
	for now := begin; now.Sub(begin) < time.Hour; n++ {
		next := p.NextSums(told, now)
		if n > 0 && next.Sub(told) < 2*time.Second {
			t.Fatalf("%s after %s", next, told)
		}
		told, now = next, next.Add(time.Millisecond)
	}
	if n > 500 {
		t.Errorf("%d sums in an hour", n)
	}
	if late := begin.Add(time.Minute); !p.NextSums(begin, late).Equal(late) {
		t.Error("the first vote of a quiet minute waits")
	}
}

// TestPollInBand: the longest poll fits into its cue with its result, and into a state with
// the longest products, whose words it loses first. Readers follow.
func TestPollInBand(t *testing.T) {
	long := strings.Repeat("𠀀", maxPollOption-1)
	p := Poll{ID: strings.Repeat("X", 26), Question: strings.Repeat("𠀀", maxPollQuestion), Options: []string{long + "1", long + "2", long + "3", long + "4"}, State: PollOpen, Ends: time.UnixMilli(1_760_000_000_000)}
	p, err := p.Checked()
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.Votes {
		p.Votes[i] = MaxVotes
	}
	card := p.Card()
	show := strings.Repeat("S", 26)
	open, err := EventJSON(KindPollOpen, show, 1, time.Now(), Body{Poll: &card})
	if err != nil {
		t.Fatal(err)
	}
	pinned := make([]Card, MaxPinned)
	for i := range pinned {
		pinned[i] = Card{ID: strings.Repeat("P", 26), Rev: 1 << 40, Title: strings.Repeat("玉", 90)}
	}
	text, err := StateJSON(State{Show: show, Seq: 1, At: time.Now(), Pinned: pinned, Poll: &card})
	if err != nil {
		t.Fatal(err)
	}
	var state struct {
		Pinned []Card
		Poll   PollCard
	}
	if err := json.Unmarshal(text, &state); err != nil || state.Poll.ID != p.ID || state.Poll.Question != "" || len(state.Poll.Votes) != 4 || state.Pinned[0].Title == "" {
		t.Errorf("%s, %v", text, err)
	}
	if card.Question == "" {
		t.Error("the card of the caller has lost its words")
	}

	s, err := State{Show: show}.Apply(open)
	if err != nil || s.Poll == nil || s.Poll.Question != p.Question {
		t.Fatalf("%+v, %v", s.Poll, err)
	}
	p.Votes[0] = 7
	sums := p.Sums()
	update, err := EventJSON(KindPollUpdate, show, 2, time.Now(), Body{Poll: &sums})
	if err != nil || strings.Contains(string(update), "question") {
		t.Errorf("%s, %v", update, err)
	}
	if s, err = s.Apply(update); err != nil || s.Poll.Votes[0] != 7 || s.Poll.Question == "" {
		t.Errorf("%+v, %v", s.Poll, err)
	}
	p.Hidden = true
	if p.Card().Votes != nil {
		t.Error("a hidden result is told")
	}
	p.State = PollClosed
	card = p.Card()
	if card.Votes == nil {
		t.Error("the result of a closed poll is hidden")
	}
	end, err := EventJSON(KindPollClose, show, 3, time.Now(), Body{Poll: &card})
	if err != nil {
		t.Fatal(err)
	}
	if s, err = s.Apply(end); err != nil || s.Poll != nil {
		t.Errorf("%+v, %v", s.Poll, err)
	}
}
