package api

import (
	"html/template"
	"net/http"

	"mediad/overlay"
)

// goShop is the way to the shop: it mints a click and redirects to the
// product's link. The address comes from the catalogue, never from the request.
func (a *API) goShop(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "origin")
	show, err := a.o.Store.GetShow(r.Context(), r.PathValue("show"))
	if err != nil {
		a.goNowhere(w, r, err)
		return
	}
	p, err := a.o.Store.GetProduct(r.Context(), r.PathValue("variant"), 0)
	if err != nil {
		a.goNowhere(w, r, err)
		return
	}
	shown, err := a.o.Store.Shown(r.Context(), show.ID, p.ID)
	if err == nil && !shown {
		err = overlay.Errorf(overlay.NotFound, "there is no such product in this show")
	}
	if err != nil {
		a.goNowhere(w, r, err)
		return
	}
	if p.Link == "" {
		a.goNowhere(w, r, overlay.Errorf(overlay.NotFound, "%s cannot be bought here yet: the shop has given no link.", p.Title))
		return
	}
	// A link checker or a browser that fetches ahead is no click.
	click := ""
	if r.Method == http.MethodGet && r.Header.Get("Sec-Purpose") == "" {
		if click, err = a.o.Store.RecordClick(r.Context(), show.ID, p); err != nil {
			// The buyer goes on all the same.
			a.o.Logger.ErrorContext(r.Context(), "click lost", "show", show.ID, "product", p.ID, "error", err)
		}
	}
	// Not http.Redirect, which would rewrite the link's path.
	w.Header().Set("Location", p.WithClick(click))
	w.WriteHeader(http.StatusFound)
}

func (a *API) goNowhere(w http.ResponseWriter, r *http.Request, err error) {
	p := a.problem(r.Context(), err)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", pagePolicy)
	w.WriteHeader(p.Status)
	_ = nowhere().Execute(w, p.Detail) // the client may have gone
}

// pagePolicy lets a page have its own styles and nothing else.
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors *"

func nowhere() *template.Template {
	return template.Must(template.New("nowhere").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Not available</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1.5rem;color:#222;background:#fff}
@media(prefers-color-scheme:dark){body{color:#eee;background:#181818}}</style>
<h1>Not available</h1><p>{{.}}</p><p>Please go back to the show.</p></html>
`))
}
