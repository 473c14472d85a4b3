package store_test

import (
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// writer is a viewer who writes.
const writer = "00000000000000a1"

// comment is one of a viewer in a show.
func (f *fixture) comment(show string) overlay.Comment {
	f.t.Helper()
	c := overlay.Comment{ID: f.NewID(), Show: show, Viewer: writer, Name: "Mei", Text: "Sweet?", At: f.clock.Now(), Sent: f.clock.Now(), Question: true}
	kept, err := f.AddComments(f.t.Context(), []overlay.Comment{c})
	must(f.t, err)
	if !kept[c.ID] {
		f.t.Fatal("the comment was not kept")
	}
	return c
}

// chatOfOthers are the rows of TestActorsOfOthers about chats.
var chatOfOthers = map[string]asks{
	"AllComments": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.AllComments(t.Context(), has.show, "", false, 10))
	},
	"CommentsFrom": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.CommentsFrom(t.Context(), has.show, "", 10))
	},
	"Comment": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Comment(t.Context(), has.show, has.comment))
	},
	"MayChat": func(t *testing.T, a store.Acting, has rows) error {
		return a.MayChat(t.Context(), has.show)
	},
	"DeleteComment": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.DeleteComment(t.Context(), has.show, has.comment, true))
	},
	"PinComment": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.PinComment(t.Context(), has.show, has.comment, true))
	},
	"AnswerComment": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.AnswerComment(t.Context(), has.show, has.comment, true))
	},
	"Mute": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Mute(t.Context(), has.show, store.NewMute{Comment: has.comment}))
	},
	"Unmute": func(t *testing.T, a store.Acting, has rows) error {
		return a.Unmute(t.Context(), has.show, writer)
	},
	"Mutes": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Mutes(t.Context(), has.show, "", 10))
	},
	"ChatSettings": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ChatSettings(t.Context(), has.show))
	},
	"SetChat": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.SetChat(t.Context(), has.show, overlay.DefaultChat()))
	},
	"EraseViewer": func(t *testing.T, a store.Acting, has rows) error {
		return err3(a.EraseViewer(t.Context(), has.show, writer))
	},
	"ChatKey": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ChatKey(t.Context(), overlay.HomeOrg))
	},
	"RenewChatKey": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.RenewChatKey(t.Context(), overlay.HomeOrg, store.Once{}))
	},
	"DeleteChatKey": func(t *testing.T, a store.Acting, has rows) error {
		return a.DeleteChatKey(t.Context(), overlay.HomeOrg)
	},
}

// TestComments: what viewers see of comments, in each order, whatever moderators do; and
// what is erased is gone from every one of them, but for its row.
func TestComments(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	show := f.begin().Show
	var ids []string
	var list []overlay.Comment
	now := f.clock.Now().Truncate(time.Millisecond)
	for i := range 6 {
		c := overlay.Comment{ID: f.NewID(), Show: show, Viewer: writer, Name: "Mei", Text: "=1", At: now.Add(-time.Duration(i) * time.Second), Sent: now, Question: i < 2, Shadow: i == 3}
		if i == 5 {
			c.Viewer = "u00000000000000b1"
		}
		list, ids = append(list, c), append(ids, c.ID)
	}
	kept, err := f.AddComments(ctx, append(list, overlay.Comment{ID: f.NewID(), Show: f.NewID(), At: now, Sent: now}))
	must(t, err)
	if len(kept) != 6 {
		t.Errorf("kept %v: the one of a show that is not there, too?", kept)
	}
	of := func(want ...int) func(got []overlay.Comment, err error) {
		return func(got []overlay.Comment, err error) {
			t.Helper()
			must(t, err)
			ok := len(got) == len(want)
			for i := range got {
				ok = ok && got[i].ID == ids[want[i]]
			}
			if !ok {
				t.Errorf("got %+v, want %v", got, want)
			}
		}
	}
	of(5, 4, 2, 1, 0)(f.CommentsBefore(ctx, show, "", 10))
	of(2, 1)(f.CommentsBefore(ctx, show, ids[4], 2))
	of(5, 4, 3, 2, 1, 0)(f.AllComments(ctx, show, "", false, 10))
	of(1, 0)(f.AllComments(ctx, show, "", true, 10))
	of(3, 4, 5)(f.CommentsFrom(ctx, show, ids[2], 10))
	of(4, 2, 1)(f.CommentsAt(ctx, show, now.Add(-4*time.Second).UnixMilli(), now.UnixMilli(), 10))
	must(t, f.LikeComments(ctx, show, map[string]int64{ids[1]: 2, ids[4]: 3, ids[3]: 9, "x": 1}))
	of(4, 1)(f.CommentsLiked(ctx, show, 10))
	if c, err := f.PinComment(ctx, show, ids[0], true, "test"); err != nil || !c.Pinned {
		t.Errorf("pinned %+v, %v", c, err)
	}
	_, err = f.PinComment(ctx, show, ids[1], true, "test")
	must(t, err)
	if chat, err := f.Chat(ctx, show); err != nil || chat.Pinned == nil || chat.Pinned.ID != ids[1] || chat.Pinned.Likes != 2 {
		t.Errorf("the chat is %+v, %v", chat, err)
	}
	if _, err := f.PinComment(ctx, show, ids[3], true, "test"); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("pinned what viewers do not see: %v", err)
	}
	_, err = f.DeleteComment(ctx, show, ids[1], true, "test")
	must(t, err)
	of(5, 4, 2, 0)(f.CommentsBefore(ctx, show, "", 10))
	of(0)(f.AllComments(ctx, show, "", true, 10))
	if c, err := f.DeleteComment(ctx, show, ids[1], false, "test"); err != nil || c.Pinned || !c.Seen() {
		t.Errorf("given back: %+v, %v", c, err)
	}
	_, err = f.AnswerComment(ctx, show, ids[0], true, "test")
	must(t, err)
	of(1)(f.AllComments(ctx, show, "", true, 10))

	m, err := f.Mute(ctx, show, store.NewMute{Comment: ids[5], For: time.Minute}, "test")
	if err != nil || m.Viewer != "u00000000000000b1" || m.Until.Sub(m.Made) != time.Minute {
		t.Errorf("muted %+v, %v", m, err)
	}
	if _, err := f.Mute(ctx, show, store.NewMute{Viewer: "mei"}, "test"); overlay.CodeOf(err) != overlay.Invalid {
		t.Errorf("muted nobody: %v", err)
	}
	f.clock.Add(time.Minute)
	if all, err := f.Mutes(ctx, show, "", 10); err != nil || len(all) != 0 {
		t.Errorf("a mute that is over: %+v, %v", all, err)
	}
	n, erased, err := f.EraseViewer(ctx, show, writer, "test")
	if err != nil || n != 5 || len(erased) != 5 {
		t.Errorf("erased %d %v, %v", n, erased, err)
	}
	of(5)(f.CommentsBefore(ctx, show, "", 10))
	of(5, 4, 3, 2, 1, 0)(f.AllComments(ctx, show, "", false, 10))
	all, err := f.AllComments(ctx, show, "", false, 10)
	must(t, err)
	if c := all[5]; c.Text != "" || c.Name != "" || c.Viewer != "" || c.State() != "erased" {
		t.Errorf("kept of an erased comment: %+v", c)
	}
	if _, err := f.DeleteComment(ctx, show, ids[0], false, "test"); overlay.CodeOf(err) != overlay.Gone {
		t.Errorf("an erased comment came back: %v", err)
	}
}

// TestCommentsGoWithTheRecording: the comments of a show are deleted with it, and those of a
// room with the room.
func TestCommentsGoWithTheRecording(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	b := f.begin()
	f.comment(b.Show)
	_, err := f.Mute(ctx, b.Show, store.NewMute{Viewer: writer}, "test")
	must(t, err)
	set := overlay.DefaultChat()
	set.Slow = 5
	_, err = f.SetChat(ctx, b.Show, set, "test")
	must(t, err)
	must(t, f.EndBroadcast(ctx, b.Epoch, f.clock.Now(), "host"))
	_, err = f.EndShow(ctx, "corn")
	must(t, err)
	must(t, f.SweepDeleted(ctx))
	left := func() int {
		all, err := f.AllComments(ctx, b.Show, "", false, 10)
		must(t, err)
		return len(all)
	}
	if n := left(); n != 1 {
		t.Fatalf("%d comments of a show that is kept", n)
	}
	_, err = f.BeginDeletion(ctx, b.Show, "test")
	must(t, err)
	if kept, err := f.AddComments(ctx, []overlay.Comment{{ID: f.NewID(), Show: b.Show, At: f.clock.Now(), Sent: f.clock.Now()}}); err != nil || len(kept) != 0 {
		t.Errorf("a show that is being deleted took %v, %v", kept, err)
	}
	must(t, f.EndDeletion(ctx, b.Show))
	must(t, f.SweepDeleted(ctx))
	if n := left(); n != 0 {
		t.Errorf("%d comments of a deleted show", n)
	}
	must(t, f.DeleteRoom(ctx, "corn", "test"))
	must(t, f.SweepDeleted(ctx))
	if _, err := f.RoomBySlug(ctx, "corn"); overlay.CodeOf(err) != overlay.NotFound {
		t.Errorf("the room is there: %v", err)
	}
}

// TestChatKeys: a key can be read by the server alone; after another one is made, the
// former holds for a day.
func TestChatKeys(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	if keys, err := f.ChatSecrets(ctx, overlay.HomeOrg); err != nil || len(keys) != 0 {
		t.Errorf("before one is made: %v, %v", keys, err)
	}
	first, err := f.RenewChatKey(ctx, overlay.HomeOrg, "test", store.Once{Key: "k"})
	must(t, err)
	if again, err := f.RenewChatKey(ctx, overlay.HomeOrg, "test", store.Once{Key: "k"}); err != nil || again != first {
		t.Errorf("the same request again: %+v, %v", again, err)
	}
	second, err := f.RenewChatKey(ctx, overlay.HomeOrg, "test", store.Once{})
	must(t, err)
	if keys, err := f.ChatSecrets(ctx, overlay.HomeOrg); err != nil || len(keys) != 2 || keys[0] != second.Key || keys[1] != first.Key || first.Key == second.Key {
		t.Errorf("%v, %v", keys, err)
	}
	f.reopen()
	f.clock.Add(overlay.ChatKeyHandOver)
	if keys, err := f.ChatSecrets(ctx, overlay.HomeOrg); err != nil || len(keys) != 1 || keys[0] != second.Key {
		t.Errorf("a day later: %v, %v", keys, err)
	}
	must(t, f.DeleteChatKey(ctx, overlay.HomeOrg, "test"))
	if key, err := f.ChatKey(ctx, overlay.HomeOrg); err != nil || key.Set {
		t.Errorf("deleted: %+v, %v", key, err)
	}
}
