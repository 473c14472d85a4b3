package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/time/rate"

	"mediad/overlay"
)

// Reminding sends the letters of reminders.
type Reminding interface {
	// Wake tells that somebody booked.
	Wake()
}

// Bookings: a network makes so many at once, and one more each bookEvery; all together have
// bounds, too, so that nobody makes the server write to the whole world.
const (
	booksAtOnce    = 20
	bookEvery      = 10 * time.Second
	booksOfAll     = 300
	booksOfASecond = 10
)

func newBookings() *rate.Limiter { return rate.NewLimiter(booksOfASecond, booksOfAll) }

// publicRemind says how viewers can be told when a show begins.
type publicRemind struct {
	Mail bool   `json:"mail,omitempty" doc:"By mail"`
	Push string `json:"push,omitempty" doc:"By Web Push: the server's key (VAPID), in base64url"`
}

// reminderBody is what hosts read.
type reminderBody struct {
	overlay.Reminders
	Mail bool           `json:"mail" doc:"The server sends mail; where not, viewers can book on their device alone"`
	Push bool           `json:"push" doc:"The server sends Web Push"`
	Rate []overlay.Rate `json:"rates" doc:"show_up: those who came among those who were told; empty while nobody was"`
}

type reminderAnswer struct {
	Body reminderBody
}

// booking is the body of a viewer's booking.
type booking struct {
	overlay.Contact
	Lang  overlay.Language `json:"lang"`
	Leave bool             `json:"leave"`
}

type bookedAnswer struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		State string `json:"state" enum:"asked,confirmed,left" doc:"asked: a letter goes to the address, if it may have one, and asks to confirm; confirmed: the browser is told; left: it is erased"`
	}
}

func (a *API) reminders(h huma.API) {
	tags := []string{"viewers"}
	const path = "/api/v1/shows/{show}/reminders"
	operation(a, h, huma.Operation{OperationID: "get-reminders", Method: http.MethodGet, Path: path, Tags: tags, Errors: []int{404},
		Summary: "How many want to be told when a show begins", Description: "Counts alone: contacts are sealed, and erased after the show."}, func(ctx context.Context, in *InShow) (*reminderAnswer, error) {
		r, err := a.as(ctx).Reminders(ctx, in.Show)
		return a.reminded(r), err
	})
	operation(a, h, huma.Operation{OperationID: "set-reminders", Method: http.MethodPut, Path: path, Tags: tags, Errors: []int{404, 409, 422},
		Summary: "Let viewers book reminders of a show, or not, and say when they are told"}, func(ctx context.Context, in *struct {
		InShow
		Body struct {
			Open   *bool  `json:"open,omitempty" doc:"Left out: as it is"`
			Before *int64 `json:"before_minutes,omitempty" doc:"0 to 1440; 0: when the show begins. Left out: as it is"`
		}
	}) (*reminderAnswer, error) {
		r, err := a.as(ctx).SetReminders(ctx, in.Show, in.Body.Open, in.Body.Before)
		return a.reminded(r), err
	})
	register(a, h, huma.Operation{OperationID: "book-reminder", Method: http.MethodPost, Path: "/c/{show}/reminders", Tags: tags, DefaultStatus: http.StatusAccepted,
		Summary: "Want to be told when a show begins", Errors: []int{404, 409, 413, 422, 429, 501, 503}, MaxBodyBytes: 4096, Middlewares: huma.Middlewares{withRemote},
		Description: "The body is JSON, sent as text/plain, so that pages of other sites need no preflight request: `{\"mail\":\"li@shop.example\",\"lang\":\"en\"}`, or, for a browser, `{\"push\":{\"endpoint\":\"https://…\",\"p256dh\":\"…\",\"auth\":\"…\"},\"lang\":\"zh\"}` with its subscription.\n\n" +
			"A mail address gets a letter that asks to confirm; until then it gets no other. The answer is the same whether it is known or not. At most 3 such letters go to an address within a day; more are answered alike, and not sent. " +
			"Each contact is told once, and erased after the show. `\"leave\":true` with the subscription erases it at once."}, a.bookReminder)
	register(a, h, huma.Operation{OperationID: "reminder-came", Method: http.MethodPost, Path: "/c/{show}/reminders/{ref}", Tags: tags, DefaultStatus: http.StatusNoContent,
		Summary: "A reminded viewer opened the show: r of the address of its page", Errors: []int{404, 422, 503},
		Description: "Each reminder counts once, while the show is on. The answer is the same whether it is known or not."}, a.reminderCame)
}

func (a *API) reminded(r overlay.Reminders) *reminderAnswer {
	out := &reminderAnswer{reminderBody{Reminders: r, Mail: a.o.Mail != nil && a.o.Reminding != nil, Push: a.o.PushKey != "" && a.o.Reminding != nil, Rate: []overlay.Rate{}}}
	if rate, ok := r.ShowUp(); ok {
		out.Body.Rate = append(out.Body.Rate, rate)
	}
	return out
}

// remind gives the ways in which viewers can book a show; nil: there are none.
func (a *API) remind(ctx context.Context, show string) (*publicRemind, error) {
	if a.o.Reminding == nil || a.o.Mail == nil && a.o.PushKey == "" {
		return nil, nil
	}
	r, err := a.viewers.Reminders(ctx, show)
	if err != nil || !r.Open {
		return nil, err
	}
	return &publicRemind{a.o.Mail != nil, a.o.PushKey}, nil
}

func (a *API) bookReminder(ctx context.Context, in *struct {
	Show    string `path:"show"`
	RawBody []byte `contentType:"text/plain"`
}) (*bookedAnswer, error) {
	var b booking
	if err := json.Unmarshal(in.RawBody, &b); err != nil {
		return nil, overlay.Errorf(overlay.Invalid, `the body must be JSON like {"mail":"li@shop.example","lang":"en"}`)
	}
	c, err := b.Contact.Checked()
	if err != nil {
		return nil, err
	}
	push := c.Way() == overlay.ByPush
	if a.o.Reminding == nil || push && a.o.PushKey == "" || !push && a.o.Mail == nil {
		return nil, overlay.Errorf(overlay.Unsupported, "this server sends no such reminders")
	}
	out := &bookedAnswer{CacheControl: "no-store"}
	if push && b.Leave {
		out.Body.State = "left"
		return out, a.viewers.LeaveReminderOf(ctx, in.Show, c)
	}
	if err := a.mayBook(ctx); err != nil {
		return nil, err
	}
	if err := a.viewers.BookReminder(ctx, in.Show, c, b.Lang); err != nil {
		return nil, err
	}
	a.o.Reminding.Wake()
	out.Body.State = "asked"
	if push {
		out.Body.State = "confirmed"
	}
	return out, nil
}

// mayBook bounds the bookings of a network, and all of them.
func (a *API) mayBook(ctx context.Context) error {
	network, own := networkOf(comingFrom(ctx).remote)
	if left := a.bookers.left(network, time.Now()); left > 0 {
		return tooManyBookings(left)
	}
	if !own { // not for a proxy on the same machine, behind which everybody is
		a.bookers.wrong(network, time.Now())
	}
	if !a.bookings.Allow() {
		return tooManyBookings(bookEvery)
	}
	return nil
}

func tooManyBookings(left time.Duration) error {
	return overlay.Errorf(overlay.TooMany, "too many reminders are asked for; try again in %v", max(left.Round(time.Second), time.Second))
}

func (a *API) reminderCame(ctx context.Context, in *struct {
	Show string `path:"show"`
	Ref  string `path:"ref" pattern:"^[0-9a-f]{16}$"`
}) (*struct{}, error) {
	if err := a.forViewers(ctx, in.Show); err != nil {
		return nil, err
	}
	return nil, a.viewers.ReminderCame(ctx, in.Show, in.Ref)
}
