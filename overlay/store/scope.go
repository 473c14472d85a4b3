package store

import (
	"encoding/json"
	"strings"

	"mediad/overlay"
)

// orHome is the first organisation where none is named.
func orHome(org string) string {
	if org == "" {
		return overlay.HomeOrg
	}
	return org
}

// scoped gives the condition for the rows of a scope, and its arguments, which come
// first in the statement. org is the column with the organisation, slug the one with
// the room's slug; "": rows that belong to no room.
func (s *Store) scoped(in overlay.Scope, org, slug string) (where string, args []any) {
	if in.All {
		return "1 = 1", nil
	}
	where, args = org+` IN `+s.dialect.List(), []any{list(in.Orgs)}
	if slug != "" {
		where = `(` + where + ` OR ` + org + ` || '/' || ` + slug + ` IN ` + s.dialect.List() + `)`
		args = append(args, list(in.Rooms))
	}
	return where, args
}

const maxWords = 8 // of what somebody looks for: more narrow nothing

// wordedAs gives the condition for rows that have each word of a text in one of the
// columns, behind others, and its arguments; without a word all rows are. SQLite's lower
// knows the letters of ASCII alone, so a word also counts as it was typed.
func wordedAs(text string, columns ...string) (and string, args []any) {
	words := strings.Fields(text)
	for _, word := range words[:min(len(words), maxWords)] {
		any := make([]string, 0, 2*len(columns))
		for _, column := range columns {
			any = append(any, column+` LIKE ? ESCAPE '!'`, `lower(`+column+`) LIKE ? ESCAPE '!'`)
			args = append(args, within(word), within(strings.ToLower(word)))
		}
		and += ` AND (` + strings.Join(any, ` OR `) + `)`
	}
	return and, args
}

// list gives the texts as the argument of dialect.List.
func list(texts []string) string {
	if len(texts) == 0 {
		return "[]"
	}
	text, _ := json.Marshal(texts) // texts can always be written
	return string(text)
}
