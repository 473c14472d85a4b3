package store_test

import (
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// festivalsOfOthers are rows of TestActorsOfOthers.
var festivalsOfOthers = map[string]asks{
	"Festival": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Festival(t.Context(), has.festival))
	},
	"Festivals": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.Festivals(t.Context(), overlay.Scope{Orgs: []string{overlay.HomeOrg}}, "", 10))
	},
	"CreateFestival": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.CreateFestival(t.Context(), overlay.Festival{Org: overlay.HomeOrg}, store.Once{}))
	},
	"ChangeFestival": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ChangeFestival(t.Context(), has.festival, overlay.FestivalChange{}))
	},
	"DeleteFestival": func(t *testing.T, a store.Acting, has rows) error { return a.DeleteFestival(t.Context(), has.festival) },
	"FestivalReport": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.FestivalReport(t.Context(), has.festival, overlay.ByRoom))
	},
	"FestivalNow": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.FestivalNow(t.Context(), has.festival, 1))
	},
	"Participants": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Participants(t.Context(), has.festival, "", 10))
	},
	"Participant": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Participant(t.Context(), has.festival, has.part))
	},
	"InviteToFestival": func(t *testing.T, a store.Acting, has rows) error {
		return err3(a.InviteToFestival(t.Context(), has.festival, "Tea", "", store.Once{}))
	},
	"ChangeParticipant": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ChangeParticipant(t.Context(), has.festival, has.part, nil, nil))
	},
	"RemoveParticipant": func(t *testing.T, a store.Acting, has rows) error {
		return a.RemoveParticipant(t.Context(), has.festival, has.part)
	},
	"Participation": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Participation(t.Context(), has.part))
	},
	"Participations": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.Participations(t.Context(), overlay.Scope{Orgs: []string{overlay.HomeOrg}}, "", 10))
	},
	"AcceptFestival": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.AcceptFestival(t.Context(), "", overlay.HomeOrg, []string{has.room}))
	},
	"SetFestivalRooms": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.SetFestivalRooms(t.Context(), has.part, []string{has.room}))
	},
	"LeaveFestival": func(t *testing.T, a store.Acting, has rows) error { return a.LeaveFestival(t.Context(), has.part) },
}

// inFestival brings the room into a festival of its own organisation.
func (f *fixture) inFestival() (slug, part string) {
	f.t.Helper()
	june, err := f.CreateFestival(f.t.Context(), overlay.Festival{Org: overlay.HomeOrg, Slug: "june", Title: "June", Starts: time.Now().Add(-time.Hour), Ends: time.Now().Add(time.Hour)}, "test", store.Once{})
	must(f.t, err)
	return june.Slug, f.join(june.Slug, "Corn town", "", overlay.HomeOrg, "corn").ID
}
