package api_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"mediad/overlay"
	"mediad/storage"
)

// pictureDir is the store of uploaded pictures.
func pictureDir(t testing.TB, dir string) *storage.Dir {
	t.Helper()
	d, err := storage.OpenDir(filepath.Join(dir, "images"))
	must(t, err)
	t.Cleanup(func() { must(t, d.Close()) })
	return d
}

// uploadAs sends a picture for an organisation, "" for the own one.
func (s *server) uploadAs(t *testing.T, token, key string, file []byte, org string) (int, string) {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", "corn.exe")
	must(t, err)
	_, err = part.Write(file)
	must(t, err)
	must(t, form.Close())
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/api/v1/images?org="+org, &b)
	must(t, err)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Idempotency-Key", key)
	res, err := http.DefaultClient.Do(r)
	must(t, err)
	defer res.Body.Close()
	var text bytes.Buffer
	_, err = text.ReadFrom(res.Body)
	must(t, err)
	return res.StatusCode, text.String()
}

func TestImages(t *testing.T) {
	w := newTown(t)
	var file bytes.Buffer
	must(t, png.Encode(&file, image.NewGray(image.Rect(0, 0, 40, 30))))
	status, text := w.uploadAs(t, w.vars["token"], "one", file.Bytes(), "")
	var made overlay.Image
	must(t, json.Unmarshal([]byte(text), &made))
	if status != http.StatusCreated || made.Width != 40 || made.Org != "home" || made.Path != overlay.ImagePath(made.ID) {
		t.Fatalf("%d %s", status, text)
	}
	if _, again := w.uploadAs(t, w.vars["token"], "one", file.Bytes(), ""); again != text {
		t.Errorf("a repeated upload gives %s", again)
	}
	if status, text := w.uploadAs(t, w.vars["token"], "one", file.Bytes(), w.other); status != http.StatusUnprocessableEntity {
		t.Errorf("its key for another organisation: %d %s", status, text)
	}
	status, body := w.send2(t, http.MethodPatch, "/api/v1/products/CORN", `{"image":"`+made.Path+`"}`)
	if status != http.StatusOK {
		t.Errorf("a product takes the picture: %d %s", status, body)
	}
	if status, body = w.send2(t, http.MethodPatch, "/api/v1/products/CORN", `{"image":"/i/aaaaaaaaaaaaaaaaaaaaaaaaaa.jpg"}`); status != http.StatusUnprocessableEntity || !strings.Contains(body, "upload it") {
		t.Errorf("a picture that is not there: %d %s", status, body)
	}

	// Nobody uploads into an organisation of others, nor without the right.
	stranger, host := w.tokenFor(t, overlay.Owner, w.other), w.tokenFor(t, overlay.Moderator, "home")
	for name, c := range map[string]struct {
		token string
		file  []byte
		org   string
		want  int
		says  string
	}{
		"of others":  {stranger, file.Bytes(), "home", http.StatusNotFound, "no organisation"},
		"no right":   {host, file.Bytes(), "", http.StatusForbidden, "role"},
		"no picture": {w.vars["token"], []byte("MZ"), "", http.StatusUnprocessableEntity, "no picture"},
		"much":       {w.vars["token"], make([]byte, 11<<20), "", http.StatusRequestEntityTooLarge, "10 MiB"},
	} {
		if status, text := w.uploadAs(t, c.token, "", c.file, c.org); status != c.want || !strings.Contains(text, c.says) {
			t.Errorf("%s: %d %s", name, status, text)
		}
	}
	if status, text := w.send2(t, http.MethodPost, "/api/v1/images", `{}`); status != http.StatusUnprocessableEntity || !strings.Contains(text, "multipart") {
		t.Errorf("no form: %d %s", status, text)
	}
}

// send2 sends JSON with the admin's token.
func (s *server) send2(t testing.TB, method, path, body string) (int, string) {
	t.Helper()
	status, text := s.send(t, method, path, "application/json", strings.NewReader(body))
	return status, string(text)
}
