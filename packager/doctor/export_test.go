package doctor

import (
	"mediad/packager/check"
	"mediad/packager/m3u8"
)

// RuleNumbers and FaultNumber let the tests see under which numbers what package
// check and package m3u8 find is reported; LeftOut what is not.
func RuleNumbers(rule check.RuleID) []string { return newNumbers().rules[rule] }
func FaultNumber(fault m3u8.Fault) string    { return newNumbers().faults[fault] }
func LeftOut() []check.RuleID                { return leftOut() }

// JudgedByOthers gives the numbers of the mapping, and whether each is judged by
// anything.
func JudgedByOthers() map[string]bool {
	out := map[string]bool{}
	for _, j := range judgedByOthers() {
		out[j.id] = len(j.rules)+len(j.faults) > 0 && !out[j.id]
	}
	return out
}
