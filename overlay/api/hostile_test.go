package api_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
)

// described is an operation with what the document says of its input.
type described struct {
	ID         string `json:"operationId"`
	Parameters []struct {
		Name, In string
		Schema   map[string]any
	}
	RequestBody *struct {
		Content map[string]struct{ Schema reference }
	} `json:"requestBody"`
	method, path string
}

func describedOperations(t *testing.T) (all []described, schemas map[string]schema) {
	t.Helper()
	text, err := os.ReadFile("../web/openapi.json")
	must(t, err)
	var document struct {
		Paths      map[string]map[string]described
		Components struct{ Schemas map[string]schema }
	}
	must(t, json.Unmarshal(text, &document))
	for path, item := range document.Paths {
		for method, o := range item {
			o.method, o.path = strings.ToUpper(method), path
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b described) int { return strings.Compare(a.ID, b.ID) })
	return all, document.Components.Schemas
}

// notBodies are no body of any operation.
var notBodies = map[string]string{
	"no JSON":        "corn",
	"half an object": `{"title":`,
	"a list":         `[]`,
	"a text":         `"corn"`,
	"a deep list":    strings.Repeat("[", 20_000),
	"a deep object":  strings.Repeat(`{"a":`, 20_000),
	"too large":      `{"title":"` + strings.Repeat("x", 80<<10) + `"}`,
	"not UTF-8":      "{\"title\":\"\xff\xfe\"}",
	"unknown field":  `{"no-such-field":1}`,
}

// notValues are no value of any field.
var notValues = map[string]string{
	"a huge number":     "1e400",
	"too large a whole": "1e18",
	"a long text":       `"` + strings.Repeat("x", 30_000) + `"`,
	"a control":         `"a\u0007b"`,
	"a turned text":     `"a\u202eb"`,
	"half a surrogate":  `"a\ud800"`,
	"a list of objects": `[{"a":[{"b":[]}]}]`,
}

// notNames are no name in an address.
var notNames = []string{"%00", "..%2f..%2fetc%2fpasswd", "%ff%fe", strings.Repeat("x", 5_000), "a%0d%0aSet-Cookie:x=y", "'%20OR%201=1--", "%E2%80%AE"}

// notQueries are values that queries do not take well.
var notQueries = []string{"%00", "-1", "999999999999999999999", "%ff", strings.Repeat("x", 5_000), "'", "2026-13-45T99:00:00Z"}

// inside are words of the program that no answer may have.
var inside = regexp.MustCompile(`(?i)sqlite|postgres|SQLSTATE|\bsql:|goroutine|panic|runtime error|0xc000|\.go:\d|strconv\.|mediad/overlay|cannot unmarshal|\b(?-i:json): `)

// TestBadInput goes through all operations of the document with bodies, fields, names and
// queries that are none: each is refused in words, as a problem, and changes nothing.
func TestBadInput(t *testing.T) {
	w := newTown(t)
	token := w.tokenFor(t, overlay.Owner, overlay.HomeOrg)
	all, schemas := describedOperations(t)
	before := w.dump(t)
	sent := 0
	try := func(o described, what, path, body string, refused bool) {
		sent++
		status, kind, text := w.sendRaw(t, o.method, path, token, body)
		switch {
		case status >= 500 && status != http.StatusNotImplemented:
			t.Errorf("%s with %s: %d %s", o.ID, what, status, text)
		case refused && status < 400:
			t.Errorf("%s takes %s: %d %s", o.ID, what, status, text)
		case status >= 400 && kind != "application/problem+json":
			t.Errorf("%s with %s: %d is no problem, but %q: %s", o.ID, what, status, kind, text)
		case status >= 400 && inside.MatchString(text):
			t.Errorf("%s with %s tells of the inside: %s", o.ID, what, text)
		}
	}
	for _, o := range all {
		if o.ID == "room-events" || strings.HasSuffix(o.ID, "-download") {
			continue // a stream, and what the town has no service for
		}
		path := w.fill(o.path)
		for _, p := range o.Parameters {
			switch p.In {
			case "path":
				for _, name := range notNames {
					try(o, "the "+p.Name+" "+cutTo(name), w.fill(strings.ReplaceAll(o.path, "{"+p.Name+"}", name)), bodyFor(o), true)
				}
			case "query":
				if o.method != http.MethodGet {
					continue
				}
				for _, value := range notQueries {
					try(o, p.Name+"="+cutTo(value), path+"?"+url.QueryEscape(p.Name)+"="+value, "", false)
				}
			}
		}
		if o.RequestBody == nil {
			continue
		}
		media, has := o.RequestBody.Content["application/json"]
		if !has {
			continue
		}
		for what, body := range notBodies {
			try(o, what, path, body, true)
		}
		for field := range schemas[media.Schema.name()].Properties {
			for what, value := range notValues {
				if o.ID == "create-cue" && field == "data" && what == "a list of objects" {
					continue // it may be any JSON
				}
				fields := map[string]json.RawMessage{}
				if body := bodyFor(o); body != "" {
					must(t, json.Unmarshal([]byte(body), &fields))
				}
				fields[field] = json.RawMessage(`"PLACE"`)
				text, err := json.Marshal(fields)
				must(t, err)
				try(o, field+" as "+what, path, strings.Replace(string(text), `"PLACE"`, value, 1), true)
			}
		}
	}
	if sent < 1_000 {
		t.Errorf("%d requests: that is not all", sent)
	}
	if after := w.dump(t); after != before {
		t.Errorf("it changed the database:\n%s\nbecame\n%s", before, after)
	}
}

// TestBodiesThatBreakOff: a body that breaks off is the fault of who sends it, wherever it goes.
func TestBodiesThatBreakOff(t *testing.T) {
	w := newTown(t)
	const form = "multipart/form-data; boundary=b"
	const file = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n\x89PNG"
	for path, c := range map[string]struct{ kind, begins string }{
		"/api/v1/products":                 {"application/json", `{"sku":"A","title":"A","price":1,"currency":"CNY"}`},
		"/api/v1/session":                  {"application/json", `{"email":`},
		"/api/v1/images":                   {form, file},
		"/api/v1/imports":                  {form, file},
		"/c/" + w.values["show"] + "/beat": {"text/plain", `{"viewer":"8f3a61c07be4d215"}`},
	} {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(w.URL, "http://"))
		must(t, err)
		_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\nno length\r\n",
			path, w.vars["token"], c.kind, len(c.begins), c.begins)
		must(t, err)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		must(t, err)
		text, err := io.ReadAll(res.Body)
		must(t, err)
		if res.StatusCode != http.StatusBadRequest && res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(text), "not sent to its end") {
			t.Errorf("%s: %d %s", path, res.StatusCode, text)
		}
		must(t, conn.Close())
	}
}

// bodyFor is a body that the operation takes, but for what is put into it.
func bodyFor(o described) string {
	if o.ID == "create-cue" {
		return `{"kind":"custom","data":{"a":1}}`
	}
	if body := creating[o.ID]; body != "" {
		return body
	}
	if body := naming[o.ID]; strings.HasPrefix(body, "{") {
		return body
	}
	return ""
}

func (w *town) fill(path string) string {
	for name, value := range w.values {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	return strings.ReplaceAll(path, "{file}", "x.json")
}

func cutTo(s string) string { return s[:min(len(s), 30)] }

func (w *town) sendRaw(t *testing.T, method, path, token, body string) (status int, kind, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, w.URL+"/", bytes.NewReader([]byte(body)))
	must(t, err)
	raw, query, _ := strings.Cut(path, "?")
	r.URL.Opaque, r.URL.RawQuery = "//"+r.URL.Host+raw, query
	r.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	res, err := w.transport().RoundTrip(r)
	must(t, err)
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	must(t, err)
	return res.StatusCode, res.Header.Get("Content-Type"), string(answer[:min(len(answer), 400)])
}
