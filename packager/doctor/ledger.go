package doctor

import "time"

// Finding is a broken rule, with the first place where it was broken.
type Finding struct {
	Rule
	Count    int       `json:"count"`
	Where    string    `json:"where"` // the address
	At       time.Time `json:"at"`
	Detail   string    `json:"detail"`
	Evidence string    `json:"evidence"` // the text or bytes that show it
}

// Unchecked is a rule that could not be judged, and the reason.
type Unchecked struct {
	ID  string `json:"id"`
	Why string `json:"why"`
}

// ledger notes which rules were judged, and which were broken. One goroutine writes
// it.
type ledger struct {
	now     func() time.Time
	checked map[string]bool
	found   map[string]*Finding
}

func newLedger(now func() time.Time) *ledger {
	return &ledger{now: now, checked: map[string]bool{}, found: map[string]*Finding{}}
}

// ok notes that the rules were judged.
func (l *ledger) ok(ids ...string) {
	for _, id := range ids {
		l.checked[id] = true
	}
}

// bad notes a violation. Of each rule, the ledger keeps the first one.
func (l *ledger) bad(id, where, evidence, detail string) {
	l.checked[id] = true
	if f := l.found[id]; f != nil {
		f.Count++
		return
	}
	l.found[id] = &Finding{Count: 1, Where: where, At: l.now(), Detail: detail, Evidence: evidence}
}

// judge notes that a rule was judged, and whether it held.
func (l *ledger) judge(id string, holds bool, where, evidence, detail string) {
	if l.checked[id] = true; !holds {
		l.bad(id, where, evidence, detail)
	}
}
