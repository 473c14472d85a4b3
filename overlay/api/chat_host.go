package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"mediad/overlay"
	"mediad/overlay/store"
)

// InComment is the path of a comment.
type InComment struct {
	InShow
	Comment string `path:"comment" doc:"The comment's id"`
}

type hostCommentAnswer struct{ Body overlay.HostComment }

type hostCommentList struct {
	Body struct {
		Items []overlay.HostComment `json:"items" doc:"The newest first"`
		Next  string                `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

type muteAnswer struct{ Body overlay.Mute }

type muteList struct {
	Body struct {
		Items []overlay.Mute `json:"items"`
		Next  string         `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

type chatSettingsAnswer struct{ Body overlay.ChatSettings }

func (a *API) chatHosts(h huma.API) {
	tags := []string{"chat"}
	const path = "/api/v1/shows/{show}/chat"
	operation(a, h, huma.Operation{OperationID: "list-comments", Method: http.MethodGet, Path: path, Tags: tags, Errors: []int{404, 422},
		Summary: "List the comments of a show, in every state, with who wrote them"}, a.listComments)
	operation(a, h, huma.Operation{OperationID: "host-comment", Method: http.MethodPost, Path: path, Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 409, 422, 503},
		Summary:     "Write in the chat as the host",
		Description: "Also while viewers may not write. An answer to a question marks it as answered. The same words within half a minute are one comment."}, a.hostComment)
	operation(a, h, huma.Operation{OperationID: "delete-comment", Method: http.MethodDelete, Path: path + "/{comment}", Tags: tags, DefaultStatus: http.StatusOK, Errors: []int{404, 410, 503},
		Summary: "Take a comment from viewers", Description: "It stays for hosts, who can give it back (PUT)."}, a.turned(func(s store.Acting, ctx context.Context, in *InComment) (overlay.Comment, error) {
		return s.DeleteComment(ctx, in.Show, in.Comment, true)
	}))
	operation(a, h, huma.Operation{OperationID: "restore-comment", Method: http.MethodPut, Path: path + "/{comment}", Tags: tags, DefaultStatus: http.StatusOK, Errors: []int{404, 410, 503},
		Summary: "Give a deleted comment back to viewers"}, a.turned(func(s store.Acting, ctx context.Context, in *InComment) (overlay.Comment, error) {
		return s.DeleteComment(ctx, in.Show, in.Comment, false)
	}))
	turn := func(id, method, deed, summary, more string, f func(s store.Acting, ctx context.Context, in *InComment) (overlay.Comment, error)) {
		operation(a, h, huma.Operation{OperationID: id, Method: method, Path: path + "/{comment}/" + deed, Tags: tags, DefaultStatus: http.StatusOK, Errors: []int{404, 409, 410, 503}, Summary: summary, Description: more}, a.turned(f))
	}
	turn("pin-comment", http.MethodPut, "pin", "Pin a comment, in the place of the one that was pinned", "", func(s store.Acting, ctx context.Context, in *InComment) (overlay.Comment, error) {
		return s.PinComment(ctx, in.Show, in.Comment, true)
	})
	turn("unpin-comment", http.MethodDelete, "pin", "Unpin a comment", "", func(s store.Acting, ctx context.Context, in *InComment) (overlay.Comment, error) {
		return s.PinComment(ctx, in.Show, in.Comment, false)
	})
	turn("answer-comment", http.MethodPut, "answered", "Mark a question as answered", "A comment with a question mark is a question by itself; any other becomes one.", func(s store.Acting, ctx context.Context, in *InComment) (overlay.Comment, error) {
		return s.AnswerComment(ctx, in.Show, in.Comment, true)
	})
	turn("reopen-comment", http.MethodDelete, "answered", "Mark a question as not answered", "", func(s store.Acting, ctx context.Context, in *InComment) (overlay.Comment, error) {
		return s.AnswerComment(ctx, in.Show, in.Comment, false)
	})
	operation(a, h, huma.Operation{OperationID: "mute-viewer", Method: http.MethodPost, Path: path + "/mutes", Tags: tags, DefaultStatus: http.StatusOK, Errors: []int{404, 409, 422, 503},
		Summary:     "Keep a viewer from writing in the room",
		Description: "The viewer who wrote a comment, or who is named. With `shadow` they go on to write, and are the only ones who see it. A viewer without a signed name is a page that is open: who loads it anew is another viewer."}, a.mute)
	operation(a, h, huma.Operation{OperationID: "list-mutes", Method: http.MethodGet, Path: path + "/mutes", Tags: tags, Errors: []int{404, 422},
		Summary: "List the viewers who may not write in the room"}, a.listMutes)
	operation(a, a.onChatMux(h), huma.Operation{OperationID: "unmute-viewer", Method: http.MethodDelete, Path: path + "/mutes/{viewer}", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 503},
		Summary: "Let a viewer write again"}, func(ctx context.Context, in *InViewer) (*struct{}, error) {
		if err := a.as(ctx).Unmute(ctx, in.Show, in.Viewer); err != nil {
			return nil, err
		}
		return nil, a.moderated(ctx, in.Show)
	})
	operation(a, h, huma.Operation{OperationID: "chat-settings", Method: http.MethodGet, Path: path + "/settings", Tags: tags, Errors: []int{404},
		Summary: "Read how the chat is set"}, func(ctx context.Context, in *InShow) (*chatSettingsAnswer, error) {
		set, err := a.as(ctx).ChatSettings(ctx, in.Show)
		return &chatSettingsAnswer{set}, err
	})
	operation(a, h, huma.Operation{OperationID: "set-chat", Method: http.MethodPut, Path: path + "/settings", Tags: tags, DefaultStatus: http.StatusOK, Errors: []int{404, 422, 503},
		Summary: "Set the chat", Description: "The settings are those of the room: they hold for all of its shows, at once."}, a.setChat)
	operation(a, h, huma.Operation{OperationID: "export-comments", Method: http.MethodGet, Path: path + ".csv", Tags: tags, Errors: []int{404},
		Summary: "Download the comments as a table (CSV)", Description: "In UTF-8 with a byte order mark; the oldest first, in every state. Times are in UTC. A cell that a spreadsheet would take for a formula begins with an apostrophe.",
		Responses: map[string]*huma.Response{"200": {Description: "The table", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}}}}}, a.exportComments)
	operation(a, a.onChatMux(h), huma.Operation{OperationID: "erase-viewer", Method: http.MethodDelete, Path: path + "/viewers/{viewer}", Tags: tags, DefaultStatus: http.StatusOK, Errors: []int{404, 422, 503},
		Summary: "Forget what a viewer wrote", Description: "In all shows of the room, with the name. It cannot be taken back. The number of comments does not change."}, a.eraseViewer)
}

// InViewer is the path of a viewer of a chat.
type InViewer struct {
	InShow
	Viewer string `path:"viewer" doc:"As in comments and mutes"`
}

// moderated has listeners told of what moderators changed.
func (a *API) moderated(ctx context.Context, show string, ids ...string) error {
	err := a.o.Chat.Moderated(ctx, show, ids...)
	if overlay.CodeOf(err) == overlay.NotFound {
		return nil // a show whose chat nobody finds any more
	}
	return err
}

// turned is a deed of a moderator on one comment.
func (a *API) turned(f func(s store.Acting, ctx context.Context, in *InComment) (overlay.Comment, error)) func(context.Context, *InComment) (*hostCommentAnswer, error) {
	return func(ctx context.Context, in *InComment) (*hostCommentAnswer, error) {
		after, err := f(a.as(ctx), ctx, in)
		if err == nil {
			err = a.moderated(ctx, in.Show, in.Comment)
		}
		return &hostCommentAnswer{after.ForHosts()}, err
	}
}

func (a *API) listComments(ctx context.Context, in *struct {
	InShow
	Paging
	Questions bool `query:"questions" doc:"true: only questions that await an answer"`
}) (*hostCommentList, error) {
	all, err := a.as(ctx).AllComments(ctx, in.Show, in.Cursor, in.Questions, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &hostCommentList{}
	out.Body.Items, out.Body.Next = cut(cards(all), in.Limit, func(c overlay.HostComment) string { return c.ID })
	return out, nil
}

func (a *API) hostComment(ctx context.Context, in *struct {
	InShow
	Body struct {
		Text    string  `json:"text" doc:"Up to 300 characters; links are allowed"`
		Name    string  `json:"name,omitempty" doc:"What viewers read as who says it; left out: the title of the room"`
		At      float64 `json:"at,omitempty" minimum:"0" maximum:"100000000000" doc:"The moment of the picture, in Unix seconds; left out: now"`
		ReplyTo string  `json:"reply_to,omitempty" doc:"The comment that it answers"`
	}
}) (*hostCommentAnswer, error) {
	if err := a.as(ctx).MayChat(ctx, in.Show); err != nil {
		return nil, err
	}
	show, err := a.as(ctx).GetShow(ctx, in.Show)
	if err != nil {
		return nil, err
	}
	if show.Rehearsal {
		return nil, overlay.Errorf(overlay.Conflict, "a rehearsal has no chat: nobody but hosts is there")
	}
	b := in.Body
	if b.Name == "" {
		room, err := a.as(ctx).Room(ctx, show.Room)
		if err != nil {
			return nil, err
		}
		if b.Name = overlay.Plain(room.Title, overlay.MaxCommentName); b.Name == "" {
			b.Name = overlay.Plain(room.Slug, overlay.MaxCommentName)
		}
	}
	c, err := a.o.Chat.Post(ctx, in.Show, overlay.NewComment{Text: b.Text, Name: b.Name, At: b.At, ReplyTo: b.ReplyTo, Host: true}, netip.Addr{})
	if err != nil {
		return nil, err
	}
	return &hostCommentAnswer{c.ForHosts()}, a.answered(ctx, c)
}

// answered marks the question as answered to which a host's comment is a reply.
func (a *API) answered(ctx context.Context, reply overlay.Comment) error {
	if reply.ReplyTo == "" {
		return nil
	}
	asked, err := a.as(ctx).Comment(ctx, reply.Show, reply.ReplyTo)
	if err != nil || !asked.Question || asked.Answered || !asked.Erased.IsZero() {
		return nil // the reply stands, whatever it answers
	}
	if _, err := a.as(ctx).AnswerComment(ctx, reply.Show, reply.ReplyTo, true); err != nil {
		return err
	}
	return a.moderated(ctx, reply.Show, reply.ReplyTo)
}

func (a *API) mute(ctx context.Context, in *struct {
	InShow
	Body struct {
		Comment string `json:"comment,omitempty" doc:"A comment of the viewer"`
		Viewer  string `json:"viewer,omitempty" doc:"Or who it is"`
		Minutes int64  `json:"minutes,omitempty" minimum:"1" maximum:"43200" doc:"Left out: for good"`
		Shadow  bool   `json:"shadow,omitempty" doc:"true: the viewer can write, and is the only one who sees it"`
	}
}) (*muteAnswer, error) {
	b := in.Body
	if (b.Comment == "") == (b.Viewer == "") {
		return nil, overlay.Errorf(overlay.Invalid, "comment or viewer: name one of the two")
	}
	m, err := a.as(ctx).Mute(ctx, in.Show, store.NewMute{Comment: b.Comment, Viewer: b.Viewer, For: time.Duration(b.Minutes) * time.Minute, Shadow: b.Shadow})
	if err == nil {
		err = a.moderated(ctx, in.Show)
	}
	return &muteAnswer{m}, err
}

func (a *API) listMutes(ctx context.Context, in *struct {
	InShow
	Paging
}) (*muteList, error) {
	all, err := a.as(ctx).Mutes(ctx, in.Show, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &muteList{}
	out.Body.Items, out.Body.Next = cut(all, in.Limit, func(m overlay.Mute) string { return m.Viewer })
	return out, nil
}

func (a *API) setChat(ctx context.Context, in *struct {
	InShow
	Body overlay.ChatSettings
}) (*chatSettingsAnswer, error) {
	set, err := a.as(ctx).SetChat(ctx, in.Show, in.Body)
	if err == nil {
		err = a.moderated(ctx, in.Show)
	}
	return &chatSettingsAnswer{set}, err
}

type erasedComments struct {
	Body struct {
		Comments int64 `json:"comments" doc:"How many were erased"`
	}
}

func (a *API) eraseViewer(ctx context.Context, in *InViewer) (*erasedComments, error) {
	n, ids, err := a.as(ctx).EraseViewer(ctx, in.Show, in.Viewer)
	if err == nil {
		err = a.moderated(ctx, in.Show, ids...)
	}
	out := &erasedComments{}
	out.Body.Comments = n
	return out, err
}

func (a *API) exportComments(ctx context.Context, in *InShow) (*huma.StreamResponse, error) {
	// The first page before the answer begins, so that what is wrong is told in words.
	page, err := a.as(ctx).CommentsFrom(ctx, in.Show, "", exportPage)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		_, w := humago.Unwrap(hc)
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="chat-%s.csv"`, in.Show))
		if err := a.writeComments(ctx, w, in.Show, page); err != nil {
			if ctx.Err() == nil {
				a.o.Logger.ErrorContext(ctx, "an export of comments broke off", "err", err)
			}
			panic(http.ErrAbortHandler) // so that nobody takes the part for the whole
		}
	}}, nil
}

func (a *API) writeComments(ctx context.Context, w http.ResponseWriter, show string, page []overlay.Comment) error {
	t, err := overlay.NewSheet(w, overlay.CommentColumns()...)
	going := still(ctx)
	for err == nil && len(page) > 0 {
		for _, c := range page {
			if err = t.Row(c.Cells()...); err != nil {
				return err
			}
		}
		if t.Flush(); t.Error() != nil || len(page) < exportPage {
			return t.Error()
		}
		if !going(ctx) {
			return errors.New("the token or the session has ended")
		}
		page, err = a.as(ctx).CommentsFrom(ctx, show, page[len(page)-1].ID, exportPage)
	}
	t.Flush()
	if err != nil {
		return err
	}
	return t.Error()
}
