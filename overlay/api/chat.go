package api

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"mediad/overlay"
	"mediad/overlay/chat"
	"mediad/overlay/clicks"
)

// How long caches keep pages of a chat: while it goes on, and of a show that has ended,
// whose comments may still be deleted.
const chatOver = "public, max-age=30"

// longestRange is the longest stretch of the picture that is asked for at once, in seconds.
const longestRange = 3600

// chatFile is a page of a chat.
type chatFile struct{ json.RawMessage }

// Schema tells of it.
func (chatFile) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[chat.Page](), true, "Chat")
}

// commentAnswer is a comment that was taken.
type commentAnswer struct {
	CacheControl string `header:"Cache-Control"`
	Body         overlay.CommentCard
}

func (a *API) chats(h huma.API) {
	tags := []string{"chat"}
	open := func(ctx huma.Context, next func(huma.Context)) {
		ctx.SetHeader("Access-Control-Allow-Origin", "*")
		ctx.SetHeader("Cache-Control", aMoment) // a 404 lives as short
		next(ctx)
	}
	register(a, a.onChatMux(h), huma.Operation{OperationID: "chat", Method: http.MethodGet, Path: "/c/{show}/chat", Tags: tags, Errors: []int{404, 422}, Middlewares: huma.Middlewares{open},
		Summary: "Read the chat of a show",
		Description: "The newest 50 comments; with `before=ID` older ones; with `sort=liked` those with the most likes. With `from` and `to`, in Unix seconds, those whose moment of the picture lies there, oldest first, at most 200: so a recording shows them in time. " +
			"Caches keep an answer for a second, of a show that has ended for half a minute. Where `events` is false, too many listen already: ask for this page every `every` seconds."}, a.chatPage)
	register(a, h, huma.Operation{OperationID: "write-comment", Method: http.MethodPost, Path: "/c/{show}/chat", Tags: tags, DefaultStatus: http.StatusCreated,
		Errors: []int{401, 403, 404, 409, 413, 422, 429, 503}, MaxBodyBytes: overlay.MaxCommentBody, Middlewares: huma.Middlewares{withRemote, withViewer},
		Summary: "Write in the chat of a show",
		Description: "The body is JSON, and may be sent as text/plain, so that pages of other sites need no preflight request:\n\n" +
			"`{\"text\":\"Is it sweet?\",\"name\":\"Mei\",\"viewer\":\"8f3a61c07be4d215\",\"at\":1760000000.5,\"reply_to\":\"01HX…\",\"identity\":\"…\"}`\n\n" +
			"text has up to 300 characters, name up to 30. viewer is the number that the page drew for its beacons, at the moment of the picture that the viewer sees, in Unix seconds. " +
			"The answer has the comment as others see it, and is there when it is kept. The same words of a viewer within half a minute are one comment. 409: the chat is closed. 429: too soon, in slow mode or otherwise. identity is what the embedding site signed: then the name is that in it, and the comment is verified. 403: the viewer is muted, or has to be signed in. 401: the identity does not hold. 422: a link, a blocked word, or too long."}, a.writeComment)
	register(a, h, huma.Operation{OperationID: "like-comment", Method: http.MethodPost, Path: "/c/{show}/chat/{comment}/like", Tags: tags, DefaultStatus: http.StatusNoContent,
		Errors: []int{404, 409, 422, 429, 503}, MaxBodyBytes: overlay.MaxCommentBody,
		Summary: "Like a comment", Description: "The body is JSON, and may be sent as text/plain: `{\"viewer\":\"8f3a61c07be4d215\"}`. Each viewer counts once. Who likes what is not kept."}, a.likeComment)
	a.chatEvents(h)
	a.chatHosts(h)
	a.chatKeys(h)
}

// forChatMux tells whether a request is for a route of chats on a mux of their own.
func (a *API) forChatMux(r *http.Request) bool {
	_, name, ok := fileAt(r.URL.Path)
	if ok = ok && name == chatName && r.Method != http.MethodPost; !ok {
		rest, of := strings.CutPrefix(r.URL.Path, "/api/v1/shows/")
		_, rest, _ = strings.Cut(rest, "/chat/")
		ok = of && (strings.HasPrefix(rest, "mutes/") || strings.HasPrefix(rest, "viewers/"))
	}
	if ok {
		_, pattern := a.chatMux.Handler(r)
		return pattern != ""
	}
	return false
}

// onMux is an API whose routes stand on another mux, before that of all others, where
// they would be in the way of others: /c/{show}/chat and /c/room/{file},
// /chat/mutes/{viewer} and /chat/{comment}/pin.
type onMux struct {
	huma.API
	adapter huma.Adapter
}

func (m onMux) Adapter() huma.Adapter { return m.adapter }

func (a *API) onChatMux(h huma.API) huma.API { return onMux{h, humago.NewAdapter(a.chatMux, "")} }

type chatAsked struct {
	Show   string  `path:"show"`
	Before string  `query:"before" doc:"Comments older than the one with this id"`
	Sort   string  `query:"sort" doc:"liked: those with the most likes first"`
	From   float64 `query:"from" doc:"A moment of the picture, in Unix seconds"`
	To     float64 `query:"to" doc:"Another one, behind it, an hour at most"`
}

// key names the page that is asked for; pages are made once for all who ask.
func (q chatAsked) key() (string, error) {
	switch {
	case q.Sort != "" && q.Sort != "liked":
		return "", overlay.Errorf(overlay.Invalid, "sort: must be liked, or be left out")
	case q.Before != "" && !overlay.ValidID(q.Before):
		return "", overlay.Errorf(overlay.Invalid, "before: must be the id of a comment")
	case q.Sort != "":
		return q.Show + "/liked", nil
	case q.From != 0 || q.To != 0:
		if !(q.From >= 0 && q.To > q.From && q.To-q.From <= longestRange && q.To < 1e11) {
			return "", overlay.Errorf(overlay.Invalid, "from and to: must be Unix seconds, to behind from, by at most %d", longestRange)
		}
		return fmt.Sprintf("%s/at/%d/%d", q.Show, int64(math.Floor(q.From*1000)), int64(math.Ceil(q.To*1000))), nil
	case q.Before != "":
		return q.Show + "/before/" + q.Before, nil
	}
	return q.Show, nil
}

func (a *API) chatPage(ctx context.Context, in *chatAsked) (*cached[chatFile], error) {
	key, err := in.key()
	if err != nil {
		return nil, err
	}
	show, err := a.o.Chat.Show(ctx, in.Show)
	if err != nil {
		return nil, err
	}
	f, err := a.editionNow(ctx, a.chatFiles, key)
	if err != nil {
		return nil, err
	}
	keep := aMoment
	if show.State == overlay.ShowEnded {
		keep = chatOver
	}
	return &cached[chatFile]{keep, chatFile{f.text}}, nil
}

// chatMark is what tells that a page of a chat is no more what it was.
func (a *API) chatMark(key string) any {
	show, page, _ := strings.Cut(key, "/")
	if page == "" {
		return a.o.Chat.Mark(show)
	}
	return a.o.Chat.Moderations(show)
}

// chatNow makes a page of a chat.
func (a *API) chatNow(ctx context.Context, key string) (any, error) {
	show, which, _ := strings.Cut(key, "/")
	page, err := a.o.Chat.Page(ctx, show)
	if err != nil || which == "" {
		return page, err
	}
	var list []overlay.Comment
	page.Before, page.Sampled = nil, false
	kind, rest, _ := strings.Cut(which, "/")
	switch kind {
	case "liked":
		list, err = a.viewers.CommentsLiked(ctx, show, overlay.CommentPage)
	case "at":
		var from, to int64
		if _, err = fmt.Sscanf(rest, "%d/%d", &from, &to); err == nil {
			list, err = a.viewers.CommentsAt(ctx, show, from, to, overlay.CommentRange)
		}
	default:
		list, err = a.viewers.CommentsBefore(ctx, show, rest, overlay.CommentPage+1)
		if len(list) > overlay.CommentPage {
			list = list[:overlay.CommentPage]
			page.Before = &list[overlay.CommentPage-1].ID
		}
	}
	page.Comments = make([]overlay.CommentCard, len(list))
	for i, c := range list {
		page.Comments[i] = c.Card()
	}
	return page, err
}

func (a *API) writeComment(ctx context.Context, in *struct {
	Show    string `path:"show"`
	RawBody []byte `contentType:"text/plain"`
}) (*commentAnswer, error) {
	b, err := overlay.ParseComment(in.RawBody)
	if err != nil {
		return nil, err
	}
	if err := overlay.CheckViewer(b.Viewer); err != nil || strings.HasPrefix(b.Viewer, "u") {
		return nil, overlay.Errorf(overlay.Invalid, "viewer: must be 16 hexadecimal digits, drawn by chance for each page that opens")
	}
	if err := a.identify(ctx, in.Show, &b); err != nil {
		return nil, err
	}
	from, _ := ctx.Value(viewerKey{}).(clicks.Viewer)
	c, err := a.o.Chat.Post(ctx, in.Show, b.NewComment, from.Address)
	if err != nil {
		return nil, err
	}
	return &commentAnswer{"no-store", c.Card()}, nil
}

func (a *API) likeComment(ctx context.Context, in *struct {
	Show    string `path:"show"`
	Comment string `path:"comment"`
	RawBody []byte `contentType:"text/plain"`
}) (*struct{}, error) {
	viewer, err := overlay.ParseLiker(in.RawBody)
	if err != nil {
		return nil, err
	}
	return nil, a.o.Chat.Like(ctx, in.Show, in.Comment, viewer)
}

// cards gives comments as hosts get them.
func cards(list []overlay.Comment) []overlay.HostComment {
	all := make([]overlay.HostComment, len(list))
	for i, c := range list {
		all[i] = c.ForHosts()
	}
	return all
}
