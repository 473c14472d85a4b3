package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// status is the one table from the codes of errors to HTTP.
func status(code overlay.Code) int {
	switch code {
	case overlay.Invalid:
		return http.StatusUnprocessableEntity
	case overlay.NotFound:
		return http.StatusNotFound
	case overlay.Conflict, overlay.SoldOut, overlay.Limit:
		return http.StatusConflict
	case overlay.Unauthorized:
		return http.StatusUnauthorized
	case overlay.Forbidden:
		return http.StatusForbidden
	case overlay.TooLarge:
		return http.StatusRequestEntityTooLarge
	case overlay.Unsupported:
		return http.StatusNotImplemented
	case overlay.TooMany:
		return http.StatusTooManyRequests
	case overlay.Gone:
		return http.StatusGone
	case overlay.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// problem turns an error into problem details for a user. An error that is no
// overlay.Error goes to the log instead.
func (a *API) problem(ctx context.Context, err error) *huma.ErrorModel {
	code, words := overlay.CodeOf(err), ""
	var bad malformed
	if errors.As(err, &bad) {
		return &huma.ErrorModel{Type: a.o.Base + "/api#" + string(overlay.Invalid), Title: http.StatusText(http.StatusBadRequest), Status: http.StatusBadRequest, Detail: string(bad)}
	}
	var e *overlay.Error
	if errors.As(err, &e) {
		words = e.Message
		if code == overlay.Unavailable && !errors.As(err, new(fullError)) {
			a.o.Logger.ErrorContext(ctx, "request not carried out", "err", err)
		}
	} else {
		words = "the server failed; its log says why"
		if !errors.Is(err, context.Canceled) {
			a.o.Logger.ErrorContext(ctx, "request failed", "err", err)
		}
	}
	n := status(code)
	return &huma.ErrorModel{Type: a.o.Base + "/api#" + string(code), Title: http.StatusText(n), Status: n, Detail: words}
}

func writeProblem(w http.ResponseWriter, p *huma.ErrorModel) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client may have gone
}

// notFound answers a request under /api that has no route: with 405 if another
// method has one.
func notFound(mux *http.ServeMux) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n, words := http.StatusNotFound, "there is nothing at this address; /api lists what is"
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			probe := &http.Request{Method: method, URL: r.URL, Host: r.Host}
			if _, pattern := mux.Handler(probe); pattern != "/api/" {
				w.Header().Add("Allow", method)
				n, words = http.StatusMethodNotAllowed, "this address does not take "+r.Method
			}
		}
		writeProblem(w, &huma.ErrorModel{Title: http.StatusText(n), Status: n, Detail: words})
	}
}
