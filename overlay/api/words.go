package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"mediad/overlay"
)

// answering is a huma.Context under a name that does not hide its method Context.
type answering huma.Context

// asked is a request whose body is kept, so that errors can speak of it. A body that
// is JSON is taken as JSON, whatever it is called: curl -d calls everything a form.
type asked struct {
	answering
	body bytes.Buffer // what was read of it
}

// Unwrap is for humago.Unwrap.
func (a *asked) Unwrap() huma.Context { return a.answering }

func (a *asked) BodyReader() io.Reader { return io.TeeReader(a.answering.BodyReader(), &a.body) }

// Header calls a body JSON if it is an object, and the request calls it nothing, a
// form or a text. Pages of other sites gain nothing by that: every request that
// changes something needs a token in a header, or is refused to pages of other sites.
func (a *asked) Header(name string) string {
	value := a.answering.Header(name)
	if !strings.EqualFold(name, "Content-Type") {
		return value
	}
	kind, _, err := mime.ParseMediaType(value)
	loose := value == "" || err == nil && slices.Contains([]string{"application/x-www-form-urlencoded", "text/plain", "application/octet-stream"}, kind)
	if loose && bytes.HasPrefix(bytes.TrimSpace(a.body.Bytes()), []byte("{")) {
		return "application/json"
	}
	return value
}

// sending is a request whose body may break off: that is the client's fault, and huma
// would call it ours.
type sending struct {
	answering
	broken bool // the body could not be read to its end
}

// Unwrap is for humago.Unwrap.
func (s *sending) Unwrap() huma.Context { return s.answering }

func (s *sending) BodyReader() io.Reader { return &toItsEnd{s.answering.BodyReader(), &s.broken} }

// SetStatus tells what inWords says.
func (s *sending) SetStatus(code int) {
	if s.broken && code == http.StatusInternalServerError {
		code = http.StatusBadRequest
	}
	s.answering.SetStatus(code)
}

// toItsEnd gives each error of a body as one kind, except that its time is over.
type toItsEnd struct {
	io.Reader
	broken *bool
}

func (r *toItsEnd) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	var timed net.Error
	if err != nil && !errors.Is(err, io.EOF) && (!errors.As(err, &timed) || !timed.Timeout()) {
		*r.broken, err = true, io.ErrUnexpectedEOF
	}
	return n, err
}

func sent(ctx huma.Context, next func(huma.Context)) { next(&sending{answering: ctx}) }

// brokenOff tells whether a body was not sent to its end, or not in time.
func brokenOff(err error) bool {
	var timed net.Error
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &timed) && timed.Timeout()
}

// readWell lets asked see the body of a request.
func readWell(ctx huma.Context, next func(huma.Context)) { next(&asked{answering: ctx}) }

// onlyKnown refuses query parameters that the operation does not have: one that
// is misspelled would be passed over in silence.
func onlyKnown(h huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		var known []string
		for _, p := range ctx.Operation().Parameters {
			if p.In == "query" {
				known = append(known, p.Name)
			}
		}
		u := ctx.URL()
		var unknown []string
		for name := range u.Query() {
			if !slices.Contains(known, name) {
				unknown = append(unknown, strconv.Quote(overlay.Plain(name, 64)))
			}
		}
		if len(unknown) == 0 {
			next(ctx)
			return
		}
		slices.Sort(unknown)
		there := "there are none here"
		if len(known) > 0 {
			there = "known here: " + strings.Join(known, ", ")
		}
		p := &huma.ErrorModel{Type: "/api#unknown_parameter", Title: http.StatusText(http.StatusBadRequest), Status: http.StatusBadRequest,
			Detail: fmt.Sprintf("unknown query parameter %s; %s", strings.Join(unknown, ", "), there)}
		ctx.SetHeader("Content-Type", "application/problem+json")
		ctx.SetStatus(p.Status)
		_ = h.Marshal(ctx.BodyWriter(), "application/json", p) // the client may have gone
	}
}

// inWords turns the faults that huma finds into words for users.
func inWords(ctx huma.Context, _ string, v any) (any, error) {
	p, ok := v.(*huma.ErrorModel)
	if !ok || p.Type != "" { // it is ours
		return v, nil
	}
	p.Type = "/api#" + string(overlay.Invalid)
	var body []byte
	if a, ok := ctx.(*asked); ok {
		body = a.body.Bytes()
	}
	switch p.Status {
	case http.StatusUnsupportedMediaType:
		p.Detail, p.Errors = "send JSON, with the header Content-Type: application/json", nil
		return p, nil
	case http.StatusRequestEntityTooLarge:
		p.Type, p.Detail = "/api#"+string(overlay.TooLarge), fmt.Sprintf("the body is larger than %d bytes", ctx.Operation().MaxBodyBytes)
		return p, nil
	case http.StatusInternalServerError:
		if p.Detail == "cannot read request body" {
			p.Title, p.Status, p.Detail, p.Errors = http.StatusText(http.StatusBadRequest), http.StatusBadRequest, "the body is broken, or was not sent to its end", nil
		}
		return p, nil
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
	default:
		return p, nil
	}
	var all []string
	for _, d := range p.Errors {
		_, field, _ := strings.Cut(d.Location, ".")
		if d.Location == "body" && p.Status == http.StatusBadRequest {
			d.Value, d.Message = nil, notJSON(d.Message) // and is not sent back whole
			all = append(all, "the body "+d.Message)
			continue
		}
		if d.Location == "body" && strings.HasPrefix(d.Message, "json: ") {
			field, d.Message = notTaken(d.Message)
			d.Value = nil
		} else if name, ok := within(d.Message, validation.MsgExpectedRequiredProperty); ok {
			field, d.Message = strings.TrimPrefix(field+"."+name, "."), "is missing"
		} else {
			d.Message = words(field, d, body)
		}
		all = append(all, strings.TrimPrefix(field+": ", ": ")+d.Message)
	}
	slices.Sort(all) // huma goes through objects in any order
	if len(all) > 0 {
		p.Detail = strings.Join(all, "; ")
	}
	return p, nil
}

// notJSON says why a body cannot be read. It leaves out the decoder's words for
// types, and the body itself.
func notJSON(message string) string {
	if strings.Contains(message, "cannot unmarshal number") {
		return "has a number that is too large"
	}
	return "is not JSON: " + overlay.Plain(strings.TrimPrefix(message, "json: "), 200)
}

// notTaken says why the decoder does not take a value that the schema allows: 1e3 and
// -0.0 are whole, but not as it reads them.
func notTaken(message string) (field, why string) {
	_, field, _ = strings.Cut(message, " into Go struct field ")
	field, _, _ = strings.Cut(field, " of type ")
	_, field, _ = strings.Cut(field, ".") // the name of the type
	if strings.HasPrefix(message, "json: cannot unmarshal number") {
		return field, "must be a whole number, written in digits alone, and not too large"
	}
	return field, "has a value that cannot be read"
}

// within takes the value of %s out of one of huma's messages.
func within(message, pattern string) (string, bool) {
	before, after, _ := strings.Cut(pattern, "%")
	after = strings.TrimLeft(after, "svd")
	rest, ok := strings.CutPrefix(message, before)
	if !ok {
		return "", false
	}
	return strings.CutSuffix(rest, after)
}

func words(field string, d *huma.ErrorDetail, body []byte) string {
	switch m := d.Message; m {
	case validation.MsgExpectedInteger, validation.MsgExpectedNumber:
		if strings.HasSuffix(field, "price") { // list_price too
			return priceWords(d.Value, body)
		}
		return "must be a whole number, without quotes"
	case validation.MsgExpectedString:
		return "must be a text in quotes"
	case validation.MsgExpectedBoolean:
		return "must be true or false, without quotes"
	case validation.MsgExpectedArray:
		return "must be a list: […]"
	case validation.MsgExpectedObject:
		return "must be an object: {…}"
	case validation.MsgUnexpectedProperty:
		return "is not known here"
	case "invalid integer":
		return "must be a whole number"
	case "invalid boolean":
		return "must be true or false"
	default:
		for pattern, say := range map[string]string{
			validation.MsgExpectedOneOf: "must be one of %s", validation.MsgExpectedMinimumNumber: "must be %s or more", validation.MsgExpectedMaximumNumber: "must be %s or less",
			validation.MsgExpectedMinLength: "must have %s characters or more", validation.MsgExpectedMaxLength: "must have %s characters or fewer",
		} {
			if what, ok := within(m, pattern); ok {
				return fmt.Sprintf(say, what)
			}
		}
		if strings.HasPrefix(m, "invalid date/time") || m == validation.MsgExpectedRFC3339DateTime {
			return "must be a date and time such as 2026-11-29T20:00:00Z"
		}
		return m
	}
}

// priceWords tells how a price is sent, by the currency that stands beside it.
func priceWords(value any, body []byte) string {
	const general = "prices are integers in minor units: for 49.90 CNY send 4990"
	amount, number := value.(float64)
	if !number {
		if _, ok := value.(string); ok {
			return "must be a number, without quotes; " + general
		}
		return "must be a number; " + general
	}
	var product struct{ Currency string }
	_ = json.Unmarshal(body, &product) // what is wrong with it is told anyway
	currency := strings.ToUpper(product.Currency)
	digits, ok := overlay.MinorDigits(currency)
	minor := math.Round(amount * math.Pow10(digits))
	if !ok || amount < 0 || minor > 1<<53 {
		return general
	}
	amount = minor / math.Pow10(digits)
	written := fmt.Sprintf("%s %s", strconv.FormatFloat(amount, 'f', digits, 64), currency)
	if digits == 0 {
		return fmt.Sprintf("prices are integers in minor units, and %s has no decimals: for %s send %.0f", currency, written, minor)
	}
	return fmt.Sprintf("prices are integers in minor units: for %s send %.0f", written, minor)
}
