package store_test

import (
	"testing"

	"mediad/overlay"
	"mediad/overlay/store"
)

// pollsOfOthers are the rows of ofOthers about polls.
var pollsOfOthers = map[string]asks{
	"Polls": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Polls(t.Context(), has.show, "", 10))
	},
	"Poll": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Poll(t.Context(), has.show, has.poll))
	},
	"CreatePoll": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.CreatePoll(t.Context(), overlay.Poll{Show: has.show, Question: "Which?", Options: []string{"Red", "Green"}}, false, store.Once{}))
	},
	"ChangePoll": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ChangePoll(t.Context(), has.show, has.poll, store.PollChange{}))
	},
	"OpenPoll": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.OpenPoll(t.Context(), has.show, has.poll))
	},
	"ClosePoll": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ClosePoll(t.Context(), has.show, has.poll))
	},
	"DeletePoll": func(t *testing.T, a store.Acting, has rows) error {
		return a.DeletePoll(t.Context(), has.show, has.poll)
	},
}
