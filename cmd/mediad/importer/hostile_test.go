package importer

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"mediad/overlay"
	"mediad/overlay/store"
	"mediad/overlay/store/storetest"
)

// Each file comes to an end, applied or failed with words, on either database: none of
// them stays for ever and holds up the others.
func TestHostileFiles(t *testing.T) {
	pad := strings.Repeat("PAD,Pad,5\n", 1) + strings.Repeat("\n", 5000) // behind what is looked at first
	wide := func(text string) string {
		var b bytes.Buffer
		for _, u := range utf16.Encode([]rune(text)) {
			b.Write([]byte{byte(u), byte(u >> 8)})
		}
		return "\xff\xfe" + b.String()
	}
	files := map[string]struct{ text, want string }{
		"a byte of zero":           {"sku,title,price,description\n" + pad + "TEA,Te\x00a,5,x\x00y\nCUP,Cup,6,\n", ""},
		"escapes of zero":          {`sku,title,price,description` + "\n" + `TEA,Te\u0000a,5,\u0000\ud800` + "\n", "applied 1"},
		"half a pair of UTF-16":    {wide("sku,title,price\nTEA,Te") + "\x00\xd8" + wide(",5\nCUP,Cup,6\n")[2:], ""},
		"UTF-16 of odd length":     {wide("sku,title,price\nTEA,Tea,5\n") + "\x0a", ""},
		"no characters":            {"sku,title,price\nTEA,Te\ufffe\uffff\ufdd0a,5\nCUP,\u202e\u2066Cup,6\n", ""},
		"GBK in the middle":        {"sku,title,price\nTEA,\u7eff\u8336,5\n" + strings.Repeat("CUP,Cup,6\n", 1) + "POT,\xc2\xcc\xb2\xe8,7\n", "failed line 4 is in another encoding than lines above"},
		"a line of 10 MB":          {"sku,title,price\nTEA," + strings.Repeat("x", 10<<20) + ",5\n", "failed row 2 is longer than 1 MiB"},
		"ten million columns":      {strings.Repeat(",", 10<<20) + "\n", "failed row 1 is longer than 1 MiB"},
		"a header of 10 MB":        {strings.Repeat("sku,title,price,", 1<<16) + "\nTEA,Tea,5\n", "failed row 1 is longer than 1 MiB"},
		"one SKU for ever":         {"sku,title,price\n" + strings.Repeat("TEA,Tea,5\n", 5000), "applied 1"},
		"SKUs that differ in case": {"sku,title,price\nTEA,Tea,5\ntea,Tea,6\nT\u00c9,Tea,7\nTE\u0301,Tea,8\n", ""},
		"a price beyond numbers":   {"sku,title,price\nTEA,Tea,99999999999999999999999999\nCUP,Cup,1e9999\nPOT,Pot,-5\nPAN,Pan,NaN\nJAR,Jar,5e9999\n", ""},
		"laughs":                   {"<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><rss><channel><item><g:id>&b;</g:id></item></channel></rss>", "failed the file defines entities"},
		"an entity from a file":    {"<!DOCTYPE r [<!ENTITY % x SYSTEM \"file:///etc/passwd\"> %x;]><rss><item/></rss>", "failed the file defines entities"},
		"attributes":               {"<rss><item " + strings.Repeat("a=\"b\" ", 400_000) + "></item></rss>", "failed an item, or the text between two, is longer"},
		"zeros in XML":             {"<rss><channel><item><id>TEA</id><title>Te&#0;a</title><price>5 CNY</price></item></channel></rss>", "failed"},
		"a category of levels":     {"sku,title,price,category\nTEA,Tea,5," + strings.Repeat("a > ", 12_000) + "b\nCUP,Cup,6,Food\n", ""},
		"words without a space":    {"sku,title,price\nTEA," + strings.Repeat("\u8336", 15_000) + ",5\nCUP," + strings.Repeat("x", 60_000) + ",5\n", ""},
	}
	storetest.OnBoth(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		defer func() { must(t, s.Close()) }()
		i, end := running(t, s, filepath.Join(o.Dir, "imports"), nil)
		defer end()
		for name, f := range files {
			job, err := i.Upload(t.Context(), overlay.Import{Org: "home", Currency: "CNY"}, strings.NewReader(f.text), "ann", store.Once{})
			must(t, err)
			job = until(t, s, job.ID)
			got := fmt.Sprint(job.State, " ", job.New+job.Changed+job.Unchanged)
			if job.State == overlay.ImportFailed {
				got = "failed " + job.Problem
			}
			if !strings.HasPrefix(got, f.want) || job.State == overlay.ImportFailed && job.Problem == "" {
				t.Errorf("%s: %s, want %s", name, got, f.want)
			}
		}
	})
}

// What an address sends packed counts as what it unpacks to.
func TestFetchedBombs(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	zeros := make([]byte, 1<<20)
	for range 300 {
		_, err := z.Write(zeros)
		must(t, err)
	}
	must(t, z.Close())
	mux := http.NewServeMux()
	mux.HandleFunc("GET /bomb", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bomb.Bytes())
	})
	mux.HandleFunc("GET /headers", func(w http.ResponseWriter, _ *http.Request) {
		for n := range 100 {
			w.Header().Set(fmt.Sprint("X-", n), strings.Repeat("x", 1<<10))
		}
		_, _ = io.WriteString(w, "sku,title,price\n")
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	o := store.Options{Dir: t.TempDir()}
	s := open(t, o)
	defer func() { must(t, s.Close()) }()
	i, end := running(t, s, filepath.Join(o.Dir, "imports"), func(netip.Addr) bool { return true })
	defer end()
	for path, want := range map[string]string{"/bomb": "the file has more than 256 MiB", "/headers": "cannot be reached"} {
		job, err := i.Fetch(t.Context(), overlay.Import{Org: "home"}, server.URL+path, "ann", store.Once{})
		must(t, err)
		if got := until(t, s, job.ID); !strings.Contains(got.Problem, want) {
			t.Errorf("%s: %+v", path, got)
		}
	}
}
