package store

import (
	"encoding/json"

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

// list gives the texts as the argument of dialect.List.
func list(texts []string) string {
	if len(texts) == 0 {
		return "[]"
	}
	text, _ := json.Marshal(texts) // texts can always be written
	return string(text)
}
