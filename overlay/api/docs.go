package api

import (
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// docs makes the readable page at /api from the OpenAPI document. It fetches
// nothing from anywhere.
func (a *API) docs(doc *huma.OpenAPI) http.HandlerFunc {
	page := template.Must(template.New("docs").Parse(docsPage))
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", pagePolicy)
		_ = page.Execute(w, describe(a.o.Base, doc)) // the client may have gone
	}
}

type docsData struct {
	Base                        string // in front of every path
	Title, Version, Description string
	Text                        string // the rule for texts
	Operations                  []docsOperation
}

type docsOperation struct {
	Method, Path, ID, Summary, Description string
	Token                                  bool
	Statuses                               []string
	Params, Body                           []docsField
}

type docsField struct {
	Name, In, Type, Doc string
	Required            bool
}

func describe(base string, doc *huma.OpenAPI) docsData {
	about, text, _ := strings.Cut(doc.Info.Description, "\n\n")
	d := docsData{Base: base, Title: doc.Info.Title, Version: doc.Info.Version, Description: about, Text: text}
	for path, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Patch, item.Put, item.Delete} {
			if op != nil {
				d.Operations = append(d.Operations, describeOperation(doc, path, op))
			}
		}
	}
	slices.SortFunc(d.Operations, func(x, y docsOperation) int {
		return strings.Compare(x.Path+" "+x.Method, y.Path+" "+y.Method)
	})
	return d
}

func describeOperation(doc *huma.OpenAPI, path string, op *huma.Operation) docsOperation {
	o := docsOperation{Method: op.Method, Path: path, ID: op.OperationID, Summary: op.Summary, Description: op.Description, Token: len(op.Security) > 0}
	for status := range op.Responses {
		o.Statuses = append(o.Statuses, status)
	}
	slices.Sort(o.Statuses)
	for _, p := range op.Parameters {
		f := docsField{Name: p.Name, In: p.In, Doc: p.Description, Required: p.Required}
		if p.Schema != nil {
			f.Type = p.Schema.Type
			if f.Doc == "" {
				f.Doc = p.Schema.Description
			}
		}
		o.Params = append(o.Params, f)
	}
	if op.RequestBody != nil && op.RequestBody.Content["application/json"] != nil {
		o.Body = describeBody(doc, op.RequestBody.Content["application/json"].Schema)
	}
	return o
}

func describeBody(doc *huma.OpenAPI, s *huma.Schema) []docsField {
	if s != nil && s.Ref != "" {
		s = doc.Components.Schemas.SchemaFromRef(s.Ref)
	}
	if s == nil {
		return nil
	}
	var fields []docsField
	for name, p := range s.Properties {
		fields = append(fields, docsField{Name: name, Type: p.Type, Doc: p.Description, Required: slices.Contains(s.Required, name)})
	}
	slices.SortFunc(fields, func(x, y docsField) int { return strings.Compare(x.Name, y.Name) })
	return fields
}

const docsPage = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{.Title}} API</title>
<style>
body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
h2{font-size:1.05rem;margin:2.2rem 0 .2rem;border-top:1px solid #8884;padding-top:1.2rem}
code{font:.95em ui-monospace,monospace}.method{display:inline-block;min-width:4.5em;font-weight:700}
table{border-collapse:collapse;margin:.6rem 0}td,th{padding:.15rem .9rem .15rem 0;text-align:left;vertical-align:top;font-size:.92rem}
.meta{color:#666;font-size:.9rem}a{color:inherit}
@media(prefers-color-scheme:dark){body{color:#eee;background:#181818}.meta{color:#aaa}}
</style>
<main>
<h1>{{.Title}} API</h1>
<p>{{.Description}}</p>
<p class="meta">Version {{.Version}} · machine-readable: <a href="{{.Base}}/api/openapi.json">{{.Base}}/api/openapi.json</a></p>
<p>If an operation needs a token, send <code>Authorization: Bearer TOKEN</code>. Lists have pages: send <code>next</code> as <code>cursor</code> to get the next page.</p>
{{range .Operations}}
<h2 id="{{.ID}}"><code><span class="method">{{.Method}}</span> {{$.Base}}{{.Path}}</code></h2>
<p>{{.Summary}}{{with .Description}}<br>{{.}}{{end}}</p>
<p class="meta">{{if .Token}}Token · {{else}}Public · {{end}}answers {{range .Statuses}}{{.}} {{end}}</p>
{{with .Params}}<table>{{range .}}<tr><td><code>{{.Name}}</code></td><td>{{.In}}</td><td>{{.Type}}</td><td>{{.Doc}}</td></tr>{{end}}</table>{{end}}
{{with .Body}}<table><tr><th>Body</th><th>Type</th><th>What it says</th></tr>{{range .}}<tr><td><code>{{.Name}}</code></td><td>{{.Type}}{{if .Required}}, required{{end}}</td><td>{{.Doc}}</td></tr>{{end}}</table>{{end}}
{{end}}
<h2 id="errors">Errors</h2>
<p>Every error is <code>application/problem+json</code>; its <code>type</code> ends in the code.</p>
<table>
<tr><td id="invalid"><code>invalid</code></td><td>422, 400, 415</td><td>The request is not valid, and <code>detail</code> names the field (422). Or the body is not JSON or has <code>null</code> for a field that cannot be empty (400), or it has another Content-Type (415).</td></tr>
<tr><td id="unknown_parameter"><code>unknown_parameter</code></td><td>400</td><td>The operation does not have this query parameter; <code>detail</code> lists those that it has.</td></tr>
<tr><td id="not_found"><code>not_found</code></td><td>404</td><td>The thing does not exist.</td></tr>
<tr><td id="conflict"><code>conflict</code></td><td>409</td><td>The request is valid, but not possible now: a moment that has passed, a name that is in use, an old revision.</td></tr>
<tr><td id="unauthorized"><code>unauthorized</code></td><td>401</td><td>The token is missing or not known.</td></tr>
<tr><td id="forbidden"><code>forbidden</code></td><td>403</td><td>The role of the token may not do this.</td></tr>
<tr><td id="too_large"><code>too_large</code></td><td>413</td><td>The body is larger than the limit.</td></tr>
<tr><td id="too_many"><code>too_many</code></td><td>429</td><td>Too many requests; <code>Retry-After</code> says when to try again.</td></tr>
<tr><td id="gone"><code>gone</code></td><td>410</td><td>It existed once, and was deleted.</td></tr>
<tr><td id="unavailable"><code>unavailable</code></td><td>503</td><td>Nothing can be saved now: the disk is full or fails, or too many requests wait. Try again, with the same Idempotency-Key.</td></tr>
<tr><td id="internal"><code>internal</code></td><td>500</td><td>The server failed; its log says why.</td></tr>
</table>
<h2 id="text">Text</h2>
<p>{{.Text}}</p>
</main>
</html>
`
