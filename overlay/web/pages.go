package web

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

//go:embed pages/*.html
var sources embed.FS

type pages struct {
	templates *template.Template
	manifest  manifest
	say       map[string]phrases // by language
}

// view is the data of a template.
type view struct {
	RoomInfo
	Slug     string
	Show     string // id of the requested former show; "": the room itself
	Start    int    // where that show's recording begins to play, in seconds
	Preview  bool   // a host looks, who counts as no viewer
	Theme    string // of the player: "light", "dark", or "" as the device has it
	Date     string // of that show, in a form for people; "": not known
	About    string // in link previews; may be empty
	Address  string // of this page, for sharing
	Framed   string // address of its player alone, for frames
	Embed    string // HTML with which another page shows the same
	Frame    string // the same as a frame, where scripts of other sites are not allowed
	Code     string // path of its QR code
	OEmbed   string // address of its oEmbed answer
	Linked   any    // what search engines read of it (JSON-LD); nil: nothing
	Initial  string // first letter of the room's name, for its round mark
	Origin   string // public address of this server, with its path prefix
	Base     string // that prefix: "/shop", or ""
	Accent   template.CSS
	Lang     string // of the phrases
	Locale   string // of titles and numbers
	Say      phrases
	Manifest manifest
	App      app   // what the page runs
	Failed   bool  // the look-up of the room failed
	Bare     bool  // the server has no rooms
	Ways     []Way // to something to watch, where this page has nothing
}

func loadPages(m manifest) (*pages, error) {
	t, err := template.New("pages").Option("missingkey=error").ParseFS(sources, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse pages: %w", err)
	}
	say, err := loadPhrases(table)
	return &pages{templates: t, manifest: m, say: say}, err
}

var showID = regexp.MustCompile(`^[0-9A-Za-z]{1,40}$`)

var colour = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

func (h *handler) view(r *http.Request, slug string, room RoomInfo) view {
	v := h.pageOf(r, slug, wished(r.URL.Query()), r.URL.Query(), room)
	v.Preview = r.URL.Query().Has("preview")
	if theme := r.URL.Query().Get("theme"); theme == "light" || theme == "dark" {
		v.Theme = theme
	}
	return v
}

// pageOf tells of the page of a room, or of one of its shows. query says at which moment of that.
func (h *handler) pageOf(r *http.Request, slug, show string, query url.Values, room RoomInfo) view {
	if room.Ahead {
		show = ""
	}
	if room.Name == "" {
		room.Name = slug
	}
	if room.Title == "" {
		room.Title = room.Name
	}
	if strings.EqualFold(room.Name, room.Title) {
		room.Name = room.Title // said once is enough
	}
	lang, origin := language(r), h.origin(r)
	room.Image = picture(origin, room.Image)
	v := view{RoomInfo: room, Slug: slug, Initial: initial(room.Name), Origin: origin, Base: h.base, Lang: lang, Locale: locale(r), Say: h.pages.say[lang], Manifest: h.pages.manifest}
	v.Show, v.About = show, room.Description
	if room.Show != nil && show != "" {
		v.Start = h.startOf(r.Context(), query, show)
	}
	v.Former = slices.DeleteFunc(slices.Clone(v.Former), func(f FormerShow) bool { return f.ID == v.Show }) // that one is on
	if s := room.Show; s != nil {
		v.Date = s.Date.UTC().Format("2006-01-02")
		if s.Title != "" {
			v.Title = s.Title
		}
		v.Image = picture(origin, s.Image)
		v.About = strings.TrimSpace(strings.ReplaceAll(v.Say["recordingOf"], "{date}", v.Date) + " " + room.Description)
	}
	v.Address, v.Framed, v.Code = origin+"/watch/"+url.PathEscape(slug), origin+"/embed/"+url.PathEscape(slug), h.base+"/qr/"+url.PathEscape(slug)+".svg"
	v.Embed = fmt.Sprintf("<script type=\"module\" src=\"%s/embed.js\"></script>\n<mediad-player room=\"%s\"></mediad-player>", origin, slug)
	if v.Show != "" {
		v.Address, v.Framed, v.Code = v.Address+"?show="+v.Show, v.Framed+"?show="+v.Show, v.Code+"?show="+v.Show
		v.Embed = strings.Replace(v.Embed, "></mediad", fmt.Sprintf(" show=\"%s\"></mediad", v.Show), 1)
	}
	v.Frame, v.OEmbed = frame(v, usual), origin+"/oembed?url="+url.QueryEscape(v.Shared().Address)
	v.Linked = linked(v)
	if colour.MatchString(room.Accent) {
		v.Accent = template.CSS(room.Accent)
	}
	return v
}

// Day is a date as people write it, in the language of the page.
func (v view) Day(t time.Time) string {
	if v.Lang == "zh" {
		return t.UTC().Format("2006年1月2日")
	}
	return t.UTC().Format("2 Jan 2006")
}

// Empty tells whether the page of a room has nothing to watch and nothing to wait for.
func (v view) Empty() bool {
	return v.Show == "" && v.Since.IsZero() && len(v.Planned) == 0 && len(v.Former) == 0
}

// heading is the title of the page, with the date of a former show.
func (v view) heading() string {
	if v.Date != "" {
		return v.Title + " · " + v.Date
	}
	return v.Title
}

// wished gives the show that an address asks for; "": none, or an invalid id.
func wished(query url.Values) string {
	if show := query.Get("show"); showID.MatchString(show) {
		return show
	}
	return ""
}

func initial(name string) string {
	r, _ := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(r))
}

// picture makes an image's address absolute, as link previews need it; "": it is no web address.
func picture(origin, image string) string {
	base, err := url.Parse(origin)
	if err != nil || image == "" {
		return ""
	}
	if strings.HasPrefix(image, "/") {
		image = base.Path + image // it is one on this server
	}
	u, err := base.Parse(image)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// origin gives the server's address: from the configuration, or else from
// this request.
func (h *handler) origin(r *http.Request) string {
	if h.publicURL != "" {
		return h.publicURL
	}
	scheme := "http"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// page answers with a template for a room; frames says which pages may show it in a frame.
func (h *handler) page(name, frames string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		slug := r.PathValue("room")
		room, err := h.room(r.Context(), slug, wished(r.URL.Query()))
		switch v := h.view(r, slug, room); {
		case errors.Is(err, context.Canceled): // whoever asked has gone
		case err != nil:
			h.log.Error("look up room for its page", "room", slug, "err", err)
			h.unavailable(w, frames, v)
		case !room.Exists:
			v.Ways = h.waysFrom(r, "")
			h.write(w, http.StatusNotFound, "missing", frames, v)
		default:
			if v.Empty() || v.Show != "" && room.Show == nil {
				v.Ways = h.waysFrom(r, slug)
			}
			h.write(w, http.StatusOK, name, frames, v)
		}
	}
}

// waysFrom gives the ways from a page without anything to watch. Without an answer there are none.
func (h *handler) waysFrom(r *http.Request, room string) []Way {
	ways, err := h.ways(r.Context(), room)
	if err != nil && !errors.Is(err, context.Canceled) {
		h.log.Error("look up what is on", "err", err)
	}
	return ways
}

// front sends to what is on, to what comes, or to the first room.
func (h *handler) front(w http.ResponseWriter, r *http.Request) {
	ways, err := h.ways(r.Context(), "")
	slug := ""
	if err == nil && len(ways) > 0 {
		slug = ways[0].Room
	} else if err == nil {
		slug, err = h.first(r.Context())
	}
	switch {
	case errors.Is(err, context.Canceled): // whoever asked has gone
	case err != nil:
		h.log.Error("look up the first room", "err", err)
		h.unavailable(w, "'self'", h.view(r, "", RoomInfo{}))
	case slug == "":
		v := h.view(r, "", RoomInfo{})
		v.Bare = true
		h.write(w, http.StatusNotFound, "missing", "'self'", v)
	default:
		http.Redirect(w, r, h.base+"/watch/"+slug, http.StatusFound)
	}
}

// unavailable answers that a room cannot be looked up now.
func (h *handler) unavailable(w http.ResponseWriter, frames string, v view) {
	v.Failed = true
	w.Header().Set("Retry-After", retryAfter)
	h.write(w, http.StatusServiceUnavailable, "missing", frames, v)
}

// retryAfter is when a page that could not be shown may be asked for again, in seconds.
const retryAfter = "5"

func (h *handler) missing(w http.ResponseWriter, r *http.Request) {
	v := h.view(r, "", RoomInfo{})
	v.Ways = h.waysFrom(r, "")
	h.write(w, http.StatusNotFound, "missing", "'self'", v)
}

// studio is the page on which a shop is set up. It knows no room.
func (h *handler) studio(w http.ResponseWriter, r *http.Request) {
	h.write(w, http.StatusOK, "studio", "'self'", h.view(r, "", RoomInfo{}))
}

func (h *handler) write(w http.ResponseWriter, status int, name, frames string, v view) {
	app := "player" // whose style serves a page without an app, too
	if _, own := v.Manifest.Apps[name]; own {
		app = name
	}
	v.App = v.Manifest.Apps[app]
	if v.Failed {
		w.Header().Set("Cache-Control", "no-store")
	}
	h.writePage(w, status, name, frames, v)
}

// writePage answers with a template and its data.
func (h *handler) writePage(w http.ResponseWriter, status int, name, frames string, v any) {
	var body bytes.Buffer
	if err := h.pages.templates.ExecuteTemplate(&body, name+".html", v); err != nil {
		h.log.Error("write page", "page", name, "err", err)
		http.Error(w, "The page could not be made.", http.StatusInternalServerError)
		return
	}
	head := w.Header()
	head.Set("Content-Type", "text/html; charset=utf-8")
	if head.Get("Cache-Control") == "" {
		head.Set("Cache-Control", "no-cache")
	}
	head.Set("Vary", "Accept-Language")
	head.Set("X-Content-Type-Options", "nosniff")
	if head.Get("Referrer-Policy") == "" {
		head.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	}
	head.Set("Content-Security-Policy", policy(name, frames))
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // the reader may have left
}

// policy lets the pages run only our own scripts. Product pictures and, behind a CDN, the media may come from
// elsewhere. Inline styles are only the accent that the template writes. The icons of the component library are data
// that it fetches. Only the studio has frames: it shows what another page would embed. The dock alone may speak to the
// OBS of its own computer, which the host connects.
func policy(page, frames string) string {
	obs, forms := "", "'none'"
	if page == "dock" {
		obs = " ws://127.0.0.1:4455"
	}
	if page == "reminder" { // it works without scripts
		forms = "'self'"
	}
	return "default-src 'none'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; " +
		"img-src 'self' https: data: blob:; media-src 'self' https: blob: data:; connect-src 'self' https: data:" + obs + "; frame-src 'self'; " +
		"base-uri 'none'; form-action " + forms + "; frame-ancestors " + frames
}
