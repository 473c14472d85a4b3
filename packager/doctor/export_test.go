package doctor

import (
	"mediad/packager/check"
	"mediad/packager/m3u8"
)

// RuleNumbers and FaultNumber give tests the numbers under which the doctor reports
// rules of package check and faults of package m3u8; LeftOut gives the rules that it
// does not report.
func RuleNumbers(rule check.RuleID) []string { return newNumbers().rules[rule] }
func FaultNumber(fault m3u8.Fault) string    { return newNumbers().faults[fault] }
func LeftOut() []check.RuleID                { return leftOut() }

// JudgedByOthers gives the numbers of the mapping, and whether another package judges
// each.
func JudgedByOthers() map[string]bool {
	out := map[string]bool{}
	for _, j := range judgedByOthers() {
		out[j.id] = len(j.rules)+len(j.faults) > 0 && !out[j.id]
	}
	return out
}
