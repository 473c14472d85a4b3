package loadtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"testing"
	"time"
)

// BenchmarkDeliveryDuringImport puts 300 players before the real server, in turns while
// nothing else happens and while it imports catalogues of 130,000 products, one after the
// other, and reports what the import costs them. MEDIAD_LOADTEST_PAIRS (3) is the number of
// runs, MEDIAD_LOADTEST_ROWS (130000) the length of a catalogue.
func BenchmarkDeliveryDuringImport(b *testing.B) {
	const viewers = 300
	m := startMediad(b, "", "{part: 200ms}")
	m.publish()
	time.Sleep(5 * time.Second) // for a few segments
	rows := number(b, "MEDIAD_LOADTEST_ROWS", 130_000)
	var quiet, busy []sample
	applied, read := 0, 0.
	for range b.N * number(b, "MEDIAD_LOADTEST_PAIRS", 3) {
		m.rests(b)
		quiet = append(quiet, watch(b, "", m.process, m.url, viewers))
		ctx, cancel := context.WithCancel(b.Context())
		done := make(chan error, 1)
		go func() {
			for price := applied + 1; ; price++ {
				seconds, err := m.imports(ctx, rows, price)
				if ctx.Err() != nil || err != nil {
					done <- err
					return
				}
				applied, read = applied+1, read+seconds
			}
		}()
		busy = append(busy, watch(b, "", m.process, m.url, viewers))
		cancel()
		if err := <-done; err != nil && ctx.Err() == nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(0, "ns/op")
	p99 := func(s sample) float64 { return s.p99 }
	b.ReportMetric(ratio(busy, quiet, p99), "p99-ratio")
	b.ReportMetric(ratio(busy, quiet, func(s sample) float64 { return s.parts }), "parts-ratio")
	b.ReportMetric(median(busy, p99), "p99-ms")
	b.ReportMetric(median(quiet, p99), "quiet-p99-ms")
	b.ReportMetric(sum(busy, func(s sample) float64 { return s.errors }), "errors")
	if applied > 0 {
		b.ReportMetric(float64(applied*rows)/read, "rows/s")
	}
}

// rests waits until the server has ended its work on the last import, which nobody waited
// for: with it, a quiet run would not be quiet.
func (m *mediad) rests(b *testing.B) {
	const atRest = 0.2 // of a core: the stream alone takes less
	for range 300 {
		from, at := m.cpu(), time.Now()
		time.Sleep(time.Second)
		if (m.cpu()-from)/time.Since(at).Seconds() < atRest {
			return
		}
	}
	b.Fatal("the server works on, five minutes behind the last import")
}

// imports brings a catalogue in and applies it; it tells how many seconds that took.
func (m *mediad) imports(ctx context.Context, rows, price int) (float64, error) {
	began := time.Now()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "catalogue.csv")
	if err != nil {
		return 0, err
	}
	fmt.Fprint(part, "sku,title,price,currency\n")
	for i := range rows {
		fmt.Fprintf(part, "P%06d,Sweet corn number %d,%d.90,CNY\n", i, i, 40+price)
	}
	if err := w.Close(); err != nil {
		return 0, err
	}
	var job struct {
		ID, State, Problem string
		Warnings           []struct{ Code string }
	}
	if err := m.ask(ctx, http.MethodPost, "/api/v1/imports", w.FormDataContentType(), &form, &job); err != nil {
		return 0, err
	}
	for asked := false; job.State != "applied"; {
		if err := m.ask(ctx, http.MethodGet, "/api/v1/imports/"+job.ID, "", nil, &job); err != nil {
			return 0, err
		}
		switch {
		case job.State == "failed":
			return 0, fmt.Errorf("import: %s", job.Problem)
		case job.State == "ready" && !asked:
			asked = true
			confirm := []string{}
			for _, w := range job.Warnings {
				confirm = append(confirm, w.Code)
			}
			body, err := json.Marshal(map[string]any{"confirm": confirm})
			if err != nil {
				return 0, err
			}
			if err := m.ask(ctx, http.MethodPost, "/api/v1/imports/"+job.ID+"/apply", "application/json", bytes.NewReader(body), nil); err != nil {
				return 0, err
			}
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
	return time.Since(began).Seconds(), nil
}

// ask sends a request to the API as the owner, and reads the answer into out.
func (m *mediad) ask(ctx context.Context, method, path, kind string, body io.Reader, out any) error {
	r, err := http.NewRequestWithContext(ctx, method, "http://"+m.host+path, body)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+adminToken)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %d %s", method, path, res.StatusCode, text)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(text, out)
}
