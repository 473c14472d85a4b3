package overlay

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestLinksInComments(t *testing.T) {
	for _, link := range []string{"https://a.example/x", "HTTP://A", "see www.shop.example", "shop.com", "SHOP.COM!", "加我abc.com吧", "abc．com", "abc。com", "abc｡com", "ａｂｃ.ｃｏｍ",
		"t.me/deal", "bit.ly/3x", "pen.is/x", "mei@shop.cn", "商店.中国", "a-b.shop", "10.0.0.1", "host.example:8080", "(shop.vip)", "shop.com.", "去shop.top看看", "sub.shop.co.uk"} {
		if !HasLink(link) {
			t.Errorf("%q is no link", link)
		}
	}
	for _, text := range []string{"3.5kg", "v2.0", "e.g. tea", "Nice.Is it corn?", "ok...so", "好的。谢谢", "19.90", "Wait. What?", "hello.how are you", "1.2.3", "真好。in", "U.S.A.", "...", ".com", "a.b", "¥3.99/斤", "good.it tastes"} {
		if HasLink(text) {
			t.Errorf("%q is a link", text)
		}
	}
}

func TestBlockedWords(t *testing.T) {
	l := NewWordList([]string{"ass", "Penis", "buy followers", "加微信", "가짜", "straße", "v信", "ﬁsh"})
	for _, text := range []string{"ass", "you ASS!", "ａｓｓ", "a s s", "A.S.S", "x a-s-s y", "p e n i s", "Buy   Followers now", "buyfollowers", "BUY-FOLLOWERS", "快加微信", "加 微 信", "加*微*信", "加　微信", "가짜예요", "STRASSE", "strasse", "加Ｖ信", "a\u0301\u0327ss ass", "fish", "ＦＩＳＨ"} {
		if !l.In(text) {
			t.Errorf("%q passes", text)
		}
	}
	for _, text := range []string{"class", "assess", "the pen is here", "as sure", "buy two followers", "微信加", "passe", "fishes", "", "¡!", "加我的微信"} {
		if l.In(text) {
			t.Errorf("%q is refused", text)
		}
	}
	if (WordList{}).In("ass") {
		t.Error("an empty list finds something")
	}
}

func TestComments(t *testing.T) {
	now := time.Date(2026, 11, 30, 20, 0, 0, 123456789, time.UTC)
	rules := DefaultChat().Rules()
	c, err := NewComment{Text: "  Is it \t sweet？ ", Name: " Mei ", Viewer: "8f3a61c07be4d215", At: float64(now.Add(-5*time.Second).UnixMilli()) / 1000}.Checked(rules, now)
	if err != nil || c.Text != "Is it sweet？" || c.Name != "Mei" || !c.Question || now.Sub(c.At).Round(time.Millisecond) != 5*time.Second || c.Sent != now.Truncate(time.Millisecond) {
		t.Errorf("%+v, %v", c, err)
	}
	for what, n := range map[string]NewComment{
		"name: is missing": {Text: "a"}, "text: is missing": {Name: "a", Text: " \n "},
		"text: has 301 characters, at most 300 are allowed": {Name: "a", Text: strings.Repeat("好", 301)},
		"name: has 31 characters, at most 30 are allowed":   {Name: strings.Repeat("n", 31), Text: "a"},
		"reply_to: must be the id of a comment":             {Name: "a", Text: "a", ReplyTo: "x"},
		"text: links are not allowed in this chat":          {Name: "shop.com", Text: "hi"},
	} {
		if _, err := n.Checked(rules, now); err == nil || err.Error() != what {
			t.Errorf("want %q, got %v", what, err)
		}
	}
	for _, text := range []string{"a\u202eb", "a\u0000b", "a\u200bb", "\xff", "a\u2066b"} {
		if _, err := (NewComment{Name: "a", Text: text}).Checked(rules, now); CodeOf(err) != Invalid {
			t.Errorf("%q: %v", text, err)
		}
	}
	if c, err := (NewComment{Name: "a", Text: strings.Repeat("好", 300)}).Checked(rules, now); err != nil || c.Question {
		t.Errorf("300 characters: %v", err)
	}
	for _, at := range []float64{0, -1, math.NaN(), math.Inf(1), 1e300, float64(now.Unix() + 60), float64(now.Add(-72 * time.Hour).Unix())} {
		if c, err := (NewComment{Name: "a", Text: "a", At: at}).Checked(rules, now); err != nil || c.At != c.Sent {
			t.Errorf("at %v: %+v, %v", at, c, err)
		}
	}
	if _, err := (NewComment{Name: "Shop", Text: "shop.com", Host: true}).Checked(rules, now); err != nil {
		t.Errorf("a host's link: %v", err)
	}
	set := DefaultChat()
	set.Words = []string{" ass ", "ass", "", "!!"}
	if _, err := set.Checked(); err == nil {
		t.Error("a word without letters is taken")
	}
	set.Words = set.Words[:3]
	set, err = set.Checked()
	if err != nil || len(set.Words) != 1 {
		t.Errorf("%+v, %v", set, err)
	}
	for _, bad := range []ChatSettings{{Slow: -1, Names: NamesFree}, {Slow: 301, Names: NamesFree}, {Names: "all"}, {Names: NamesFree, SampleOver: -1}} {
		if _, err := bad.Checked(); CodeOf(err) != Invalid {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func TestChatOpens(t *testing.T) {
	now := time.Now()
	open, shut := DefaultChat().Rules(), ChatRules{}
	for what, show := range map[string]Show{
		"": {State: ShowLive}, "paused": {State: ShowPaused}, "an hour before": {State: ShowPlanned, Starts: now.Add(CommentsEarly)}, "no time": {State: ShowPlanned},
	} {
		if err := ChatOpen(show, open, now); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if err := ChatOpen(show, shut, now); CodeOf(err) != Conflict {
			t.Errorf("%s, closed: %v", what, err)
		}
	}
	for code, show := range map[Code]Show{NotFound: {State: ShowLive, Rehearsal: true}, Conflict: {State: ShowEnded}} {
		if err := ChatOpen(show, open, now); CodeOf(err) != code {
			t.Errorf("%+v: %v", show, err)
		}
	}
	if err := ChatOpen(Show{State: ShowPlanned, Starts: now.Add(CommentsEarly + time.Minute)}, open, now); CodeOf(err) != Conflict {
		t.Errorf("too early: %v", err)
	}
}
