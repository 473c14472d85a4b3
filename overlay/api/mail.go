package api

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/store"
)

// Mail sends the letters that wait in the store.
type Mail interface {
	// Wake tells that there is a letter.
	Wake()
	// Test sends a letter at once; an overlay.Error has the words of the mail server.
	Test(ctx context.Context, to string, language overlay.Language) error
	// Told gives the mail server, and the address that letters come from.
	Told() (server, from string)
}

// Letters that people ask for who are not signed in: this many at once, and one more each
// askedEvery, besides the bounds of the throttle for each network.
const (
	askedAtOnce = 60
	askedEvery  = time.Second
)

type mailBody struct {
	Sends   bool   `json:"sends" doc:"The server is set up for mail"`
	Server  string `json:"server,omitempty" doc:"The mail server that takes the letters"`
	From    string `json:"from,omitempty" doc:"The address that they come from"`
	Waiting int    `json:"waiting" doc:"Letters that the mail server has not taken yet"`
	Failed  int    `json:"failed" doc:"Letters that it refused, or did not take in time, within a day"`
	Problem string `json:"problem,omitempty" doc:"What it said last about one of these"`
}

func (a *API) mail(h huma.API) {
	open(a, h, huma.Operation{OperationID: "reset-by-mail", Method: http.MethodGet, Path: "/api/v1/password/reset",
		Summary: "Whether the server sends links for new passwords by mail, and whether it has an owner yet", Tags: []string{"sign-in"}}, a.resetByMail)
	open(a, h, huma.Operation{OperationID: "ask-reset", Method: http.MethodPost, Path: "/api/v1/password/reset",
		Summary: "Ask for a link for a new password, by mail", Tags: []string{"sign-in"}, DefaultStatus: http.StatusNoContent, Errors: []int{422, 429, 501, 503},
		Description: "The answer is the same whether an account has the address or not. The link holds for a day. At most 3 letters go to an address within an hour; more are answered alike, and not sent."}, a.askReset)
	operation(a, h, huma.Operation{OperationID: "get-mail", Method: http.MethodGet, Path: "/api/v1/mail",
		Summary: "How the sending of mail goes", Tags: []string{"server"}}, a.getMail)
	operation(a, h, huma.Operation{OperationID: "test-mail", Method: http.MethodPost, Path: "/api/v1/mail/test",
		Summary: "Send a letter to one's own address, at once", Tags: []string{"server"}, DefaultStatus: http.StatusNoContent, Errors: []int{409, 422, 501},
		Description: "For people: a token has no address. Where the mail server does not take the letter, the answer has its words (409)."}, a.testMail)
}

// sending checks that a link can be sent by mail, if it is to be.
func (a *API) sending(mail bool, language overlay.Language) (store.Sending, error) {
	if mail && a.o.Mail == nil {
		return store.Sending{}, noMail()
	}
	return store.Sending{Mail: mail, Language: language}, nil
}

func noMail() error {
	return overlay.Errorf(overlay.Unsupported, "this server sends no mail: an owner makes a link, and sends it another way")
}

func tooManyLetters(left time.Duration) error {
	return overlay.Errorf(overlay.TooMany, "too many letters are asked for; try again in %v", max(left.Round(time.Second), time.Second))
}

// posted lets a letter go, if there is one.
func (a *API) posted(i store.Invitation) {
	if i.Posted != nil {
		a.o.Mail.Wake()
	}
}

type resetWay struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Sends bool `json:"sends" doc:"It does; where not, an owner makes a link"`
		Owned bool `json:"has_owner" doc:"The first owner is set up, and signs in"`
	}
}

func (a *API) resetByMail(ctx context.Context, _ *struct{}) (*resetWay, error) {
	out := &resetWay{CacheControl: "no-store"}
	out.Body.Sends = a.o.Mail != nil
	var err error
	out.Body.Owned, err = a.door.OwnerIsSetUp(ctx)
	return out, err
}

func (a *API) askReset(ctx context.Context, in *struct {
	Body struct {
		Email    string           `json:"email"`
		Language overlay.Language `json:"language,omitempty" enum:"en,zh" doc:"Of the letter; en if left out"`
	}
}) (*struct{}, error) {
	if a.o.Mail == nil {
		return nil, noMail()
	}
	email, err := overlay.CheckEmail(in.Body.Email)
	if err != nil {
		return nil, err
	}
	network, own := networkOf(comingFrom(ctx).remote)
	if left := a.asked.left(network, time.Now()); left > 0 {
		return nil, tooManyLetters(left)
	}
	if !own { // not for a proxy on the same machine, behind which everybody is
		a.asked.wrong(network, time.Now())
	}
	if !a.letters.Allow() {
		return nil, tooManyLetters(askedEvery)
	}
	if err := a.door.AskReset(ctx, email, in.Body.Language); err != nil {
		return nil, err
	}
	a.o.Mail.Wake()
	return nil, nil
}

// networkOf gives the address of HOST:PORT, or the /64 of an IPv6 address, and tells
// whether it is the loopback.
func networkOf(remote string) (network string, own bool) {
	at, err := netip.ParseAddrPort(remote)
	if err != nil {
		return remote, false
	}
	return overlay.Network(at.Addr()).String(), at.Addr().Unmap().IsLoopback()
}

func (a *API) getMail(ctx context.Context, _ *struct{}) (*struct{ Body mailBody }, error) {
	out := &struct{ Body mailBody }{}
	if a.o.Mail == nil {
		return out, nil
	}
	counts, err := a.as(ctx).MailCounts(ctx)
	if err != nil {
		return nil, err
	}
	out.Body = mailBody{Sends: true, Waiting: counts.Waiting, Failed: counts.Failed, Problem: counts.Problem}
	out.Body.Server, out.Body.From = a.o.Mail.Told()
	return out, nil
}

func (a *API) testMail(ctx context.Context, in *struct {
	Body struct {
		Language overlay.Language `json:"language,omitempty" enum:"en,zh" doc:"Of the letter; en if left out"`
	}
}) (*struct{}, error) {
	if a.o.Mail == nil {
		return nil, noMail()
	}
	by := who(ctx)
	if by.Person == "" {
		return nil, overlay.Errorf(overlay.Conflict, "a token has no address: sign in to send yourself a letter")
	}
	if !a.letters.Allow() {
		return nil, tooManyLetters(askedEvery)
	}
	if err := overlay.CheckLanguage(in.Body.Language); err != nil {
		return nil, err
	}
	return nil, a.o.Mail.Test(ctx, by.Name, in.Body.Language)
}
