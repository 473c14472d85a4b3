package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestDoctorExitCodes(t *testing.T) {
	ended := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.Write([]byte("#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:2\n#EXTINF:2.0,\n1.ts\n#EXT-X-ENDLIST\n"))
	}))
	defer ended.Close()
	for _, c := range []struct {
		args []string
		code int
		err  string
	}{
		{[]string{"doctor"}, exitUsage, "expected"},
		{[]string{"doctor", "somewhere"}, exitUsage, "neither an http nor an https address"},
		{[]string{"doctor", "http://127.0.0.1:1/x.m3u8"}, exitUsage, "no playlist could be read there"},
		{[]string{"doctor", ended.URL, "--for", "0s"}, exitUsage, "--for needs a time"},
		{[]string{"doctor", ended.URL, "--json"}, exitFailed, ""},
	} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), c.args, nil, &out, &errs); code != c.code || !strings.Contains(errs.String(), c.err) {
			t.Errorf("%v: exit code %d, %s", c.args, code, &errs)
		}
		if c.code != exitFailed {
			continue
		}
		var report struct {
			Violated []struct{ ID, Severity, Evidence string }
		}
		if err := json.Unmarshal(out.Bytes(), &report); err != nil || len(report.Violated) == 0 || report.Violated[0].Severity != "MUST" {
			t.Errorf("%v: %s", err, &out)
		}
	}
}
