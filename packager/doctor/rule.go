package doctor

// Severity says how hard a statement binds.
type Severity string

// The severities. Player is for rules that no standard has, but that a widespread
// player needs.
const (
	Must   Severity = "MUST"
	Should Severity = "SHOULD"
	Player Severity = "player"
)

// Rule is one statement by which a live address is judged.
type Rule struct {
	// ID is the statement's number in docs/conformance.md. A letter behind the
	// number marks one of several claims of a statement.
	ID       string   `json:"id"`
	Severity Severity `json:"severity"`
	Says     string   `json:"says"`
	Source   string   `json:"source"`
	// Needs says why the rule could not be judged: what did not come.
	Needs string `json:"needs,omitempty"`
}

// Rules lists every rule, in the order of their numbers.
func Rules() []Rule {
	var out []Rule
	for _, group := range [][]Rule{playlistRules(), dateRules(), tableRules(), multivariantRules(), httpRules(), cacheRules(), streamRules()} {
		out = append(out, group...)
	}
	return out
}
