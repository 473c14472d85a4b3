package doctor

// Severity says how hard a statement binds.
type Severity string

// The severities. Player is for what no standard demands, but without which a
// widespread player stumbles.
const (
	Must   Severity = "MUST"
	Should Severity = "SHOULD"
	Player Severity = "player"
)

// Rule is one statement that a live address is held against.
type Rule struct {
	// ID is the statement's number, as in docs/conformance.md; a letter behind
	// it marks one of several claims of the statement.
	ID       string   `json:"id"`
	Severity Severity `json:"severity"`
	Says     string   `json:"says"`
	Source   string   `json:"source"`
	// Needs is what must have come before the rule can be judged.
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
