package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
)

// send sends a request with the token, and reads the answer.
func (s *server) send(t testing.TB, method, path, kind string, body io.Reader) (int, []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, body)
	must(t, err)
	r.Header.Set("Authorization", "Bearer "+s.vars["token"])
	r.Header.Set("Content-Type", kind)
	res, err := s.transport().RoundTrip(r)
	must(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	must(t, err)
	return res.StatusCode, text
}

// upload sends a form: pairs of name and value, and then the file.
func (s *server) upload(t *testing.T, file []byte, fields ...string) (int, []byte) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		must(t, w.WriteField(fields[i], fields[i+1]))
	}
	if file != nil {
		part, err := w.CreateFormFile("file", "my shop.csv")
		must(t, err)
		_, err = part.Write(file)
		must(t, err)
	}
	must(t, w.Close())
	return s.send(t, http.MethodPost, "/api/v1/imports", w.FormDataContentType(), &b)
}

// importUntil waits for a state of an import.
func (s *server) importUntil(t *testing.T, id string, states ...overlay.ImportState) overlay.Import {
	t.Helper()
	for {
		status, text := s.send(t, http.MethodGet, "/api/v1/imports/"+id, "", nil)
		var i overlay.Import
		if err := json.Unmarshal(text, &i); err != nil || status != http.StatusOK {
			t.Fatalf("%d %s, %v", status, text, err)
		}
		for _, state := range states {
			if i.State == state {
				return i
			}
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-t.Context().Done():
			t.Fatalf("the import stays %s", i.State)
		}
	}
}

func idOf(t *testing.T, status int, text []byte) string {
	t.Helper()
	var made struct{ ID string }
	if err := json.Unmarshal(text, &made); err != nil || status != http.StatusAccepted || made.ID == "" {
		t.Fatalf("%d %s, %v", status, text, err)
	}
	return made.ID
}

func TestImportOfAFile(t *testing.T) {
	s := newServer(t, time.Second)
	feed, err := os.ReadFile("../catalogue/testdata/shopify-old.csv")
	must(t, err)
	status, text := s.upload(t, feed, "org", "home", "dry_run", "true", "currency", "eur")
	id := idOf(t, status, text)
	i := s.importUntil(t, id, overlay.ImportReady, overlay.ImportFailed)
	if i.State != overlay.ImportReady || i.New != 2 || i.RejectedN != 3 || i.Source != "my shop.csv" || i.Rejected[1].Row != 8 || !i.DryRun {
		t.Fatalf("%+v", i)
	}
	if status, text := s.send(t, http.MethodGet, "/api/v1/products/MUG-7", "", nil); status != http.StatusNotFound {
		t.Errorf("a dry run made a product: %s", text)
	}
	if status, text = s.send(t, http.MethodPost, "/api/v1/imports/"+id+"/apply", "application/json", strings.NewReader(`{}`)); status != http.StatusAccepted {
		t.Fatalf("%d %s", status, text)
	}
	s.importUntil(t, id, overlay.ImportApplied)
	status, text = s.send(t, http.MethodGet, "/api/v1/products/red-shirt", "", nil)
	if status != http.StatusOK || !strings.Contains(string(text), `"RS-M"`) || !strings.Contains(string(text), `"price":1750`) {
		t.Errorf("%d %s", status, text)
	}

	// The same file again, without a dry run and at less than half: it waits for a yes.
	cheap := bytes.ReplaceAll(bytes.ReplaceAll(feed, []byte("19.90"), []byte("1.90")), []byte("17.50"), []byte("1.50"))
	status, text = s.upload(t, cheap, "currency", "EUR")
	id = idOf(t, status, text)
	i = s.importUntil(t, id, overlay.ImportReady)
	if i.Changed != 1 || i.Unchanged != 1 || len(i.Warnings) != 1 || i.Warnings[0].Code != overlay.WarnPriceDrop || i.Warnings[0].Examples[0].Was != "17.50 EUR" {
		t.Fatalf("%+v", i)
	}
	if status, text = s.send(t, http.MethodPost, "/api/v1/imports/"+id+"/apply", "application/json", strings.NewReader(`{"confirm":["currency"]}`)); status != http.StatusConflict || !strings.Contains(string(text), "price_drop") {
		t.Errorf("%d %s", status, text)
	}
	if status, text = s.send(t, http.MethodPost, "/api/v1/imports/"+id+"/apply", "application/json", strings.NewReader(`{"confirm":["price_drop"]}`)); status != http.StatusAccepted {
		t.Errorf("%d %s", status, text)
	}
	s.importUntil(t, id, overlay.ImportApplied)

	// Without warnings it is applied at once. A file that is none fails in words.
	status, text = s.upload(t, []byte("sku\ttitle\tprice\nTEA\tTea\t5 EUR\n"))
	s.importUntil(t, idOf(t, status, text), overlay.ImportApplied)
	status, text = s.upload(t, []byte("PK\x03\x04"))
	if i = s.importUntil(t, idOf(t, status, text), overlay.ImportFailed); !strings.Contains(i.Problem, "Excel workbook") {
		t.Errorf("%+v", i)
	}
}

// A request that is sent twice with one key begins one import; so does a feed.
func TestImportIsRepeatable(t *testing.T) {
	s := newServer(t, time.Second)
	form := func(file string) (*bytes.Buffer, string) {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		must(t, w.WriteField("dry_run", "true"))
		part, err := w.CreateFormFile("file", "shop.csv")
		must(t, err)
		_, err = io.WriteString(part, file)
		must(t, err)
		must(t, w.Close())
		return &b, w.FormDataContentType()
	}
	send := func(path, kind string, body io.Reader) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+path, body)
		must(t, err)
		r.Header.Set("Authorization", "Bearer "+s.vars["token"])
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Idempotency-Key", "once")
		res, err := s.transport().RoundTrip(r)
		must(t, err)
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		must(t, err)
		return res.StatusCode, string(text)
	}
	var first string
	for n, file := range []string{"sku,title,price\nTEA,Tea,5 EUR\n", "sku,title,price\nTEA,Tea,5 EUR\n", "sku,title,price\nTEA,Tea,6 EUR\n"} {
		b, kind := form(file)
		status, text := send("/api/v1/imports", kind, b)
		switch {
		case n == 0:
			first = idOf(t, status, []byte(text))
			s.importUntil(t, first, overlay.ImportReady)
		case n == 1 && idOf(t, status, []byte(text)) != first:
			t.Errorf("a second import: %s", text)
		case n == 2 && status != http.StatusUnprocessableEntity:
			t.Errorf("another file with the same key: %d %s", status, text)
		}
	}
	left, err := os.ReadDir(s.dir + "/imports")
	if err != nil || len(left) > 0 {
		t.Errorf("files stay behind: %v, %v", left, err)
	}
	for range 2 {
		if status, text := send("/api/v1/feeds", "application/json", strings.NewReader(`{"url":"https://shop.example/feed","paused":true}`)); status != http.StatusCreated {
			t.Errorf("%d %s", status, text)
		}
	}
	status, text := s.send(t, http.MethodGet, "/api/v1/feeds", "", nil)
	if status != http.StatusOK || strings.Count(string(text), "shop.example") != 1 || !strings.Contains(string(text), `"every_hours":24`) {
		t.Errorf("%d %s", status, text)
	}
	if status, text = s.send(t, http.MethodDelete, "/api/v1/imports/"+first, "", nil); status != http.StatusNoContent {
		t.Errorf("%d %s", status, text)
	}
	status, text = s.send(t, http.MethodGet, "/api/v1/imports?org=home", "", nil)
	if status != http.StatusOK || !strings.Contains(string(text), `"problem":"somebody dropped it"`) || strings.Count(string(text), `"id"`) != 1 {
		t.Errorf("%d %s", status, text)
	}
}

func TestImportRefusals(t *testing.T) {
	s := newServer(t, time.Second)
	for name, c := range map[string]struct {
		status int
		want   string
		ask    func() (int, []byte)
	}{
		"no file":    {422, "file: is missing", func() (int, []byte) { return s.upload(t, nil, "org", "home") }},
		"other part": {422, "only file, org, dry_run and currency", func() (int, []byte) { return s.upload(t, []byte("a"), "files", "x") }},
		"dry_run":    {422, "dry_run: must be true or false", func() (int, []byte) { return s.upload(t, []byte("a"), "dry_run", "maybe") }},
		"currency":   {422, "currency: ", func() (int, []byte) { return s.upload(t, []byte("a"), "currency", "Yuan") }},
		"other org":  {404, "there is no organisation", func() (int, []byte) { return s.upload(t, []byte("a"), "org", "nobody") }},
		"other kind": {422, "multipart/form-data", func() (int, []byte) { return s.send(t, "POST", "/api/v1/imports", "text/csv", strings.NewReader("a")) }},
		"broken form": {422, "the form is broken", func() (int, []byte) {
			return s.send(t, "POST", "/api/v1/imports", "multipart/form-data; boundary=x", strings.NewReader("--x\r\nContent-Disp"))
		}},
		"cut form": {422, "was not sent to its end", func() (int, []byte) {
			return s.send(t, "POST", "/api/v1/imports", "multipart/form-data; boundary=x", strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nsku,ti"))
		}},
		"JSON": {422, "the body must be a JSON object", func() (int, []byte) {
			return s.send(t, "POST", "/api/v1/imports", "application/json", strings.NewReader(`{"uri":"x"}`))
		}},
		"no address": {422, "url: must be an address", func() (int, []byte) {
			return s.send(t, "POST", "/api/v1/imports", "application/json", strings.NewReader(`{"url":"file:///etc/passwd"}`))
		}},
		"no import": {404, "no such import", func() (int, []byte) { return s.send(t, "GET", "/api/v1/imports/x", "", nil) }},
		"apply of none": {404, "no such import", func() (int, []byte) {
			return s.send(t, "POST", "/api/v1/imports/x/apply", "application/json", strings.NewReader(`{}`))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if status, text := c.ask(); status != c.status || !strings.Contains(string(text), c.want) {
				t.Errorf("%d %s", status, text)
			}
		})
	}
	left, err := os.ReadDir(s.dir + "/imports")
	if err != nil || len(left) > 0 {
		t.Errorf("files stay behind: %v, %v", left, err)
	}
	// An address on this machine is refused, and nothing is told of what is there.
	status, text := s.send(t, "POST", "/api/v1/imports", "application/json", strings.NewReader(`{"url":"`+s.URL+`/api"}`))
	if i := s.importUntil(t, idOf(t, status, text), overlay.ImportFailed); i.Problem != "url: it leads to an address that is not one of the public internet" {
		t.Errorf("%+v", i)
	}
}
