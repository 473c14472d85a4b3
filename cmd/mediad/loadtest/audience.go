package loadtest

import (
	"context"
	"fmt"
	"net/url"
	"path"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Audience describes the viewers.
type Audience struct {
	// URL is the multivariant playlist, over plain HTTP. Required.
	URL string
	// Viewers is how many there are.
	Viewers int
	// Warm is how long they take to arrive, which is not measured; For is how
	// long the measurement after that takes.
	Warm, For time.Duration
}

// Watched is what the viewers received in the measured time.
type Watched struct {
	Parts, Bytes, Playlists, ListBytes int64
	// Sizes of the parts that the first viewer received, in bytes, in order.
	Sizes []int
	// Errors counts requests that failed, at any time; Error is the first.
	Errors int64
	Error  string
	// Latency of the parts: from the moment at which the last frame was sent to
	// the arrival of the last byte.
	P50, P99, Max time.Duration
}

// Run runs the viewers. It fails if none of them received anything.
func (a Audience) Run(ctx context.Context) (Watched, error) {
	u, err := url.Parse(a.URL)
	if err != nil {
		return Watched{}, fmt.Errorf("watch: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, a.Warm+a.For)
	defer cancel()
	now := time.Now()
	s := &seats{url: u, begin: now.Add(a.Warm), end: now.Add(a.Warm + a.For)}
	var all sync.WaitGroup
	viewers := make([]viewer, a.Viewers)
	for i := range viewers {
		viewers[i].seats, viewers[i].first = s, i == 0
		all.Go(func() {
			pause(ctx, a.Warm*time.Duration(i)/time.Duration(a.Viewers)*2/3)
			if err := viewers[i].watch(ctx); err != nil {
				s.fail(err)
			}
		})
	}
	all.Wait()
	w := Watched{Errors: s.errors.Load(), Sizes: viewers[0].sizes}
	if e := s.first.Load(); e != nil {
		w.Error = (*e).Error()
	}
	var latencies []time.Duration
	for i := range viewers {
		v := &viewers[i]
		w.Parts, w.Bytes, w.Playlists = w.Parts+v.parts, w.Bytes+v.bytes, w.Playlists+v.playlists
		w.ListBytes += v.listBytes
		latencies = append(latencies, v.latencies...)
	}
	if len(latencies) == 0 {
		return w, fmt.Errorf("watch: nobody saw a part: %s", w.Error)
	}
	slices.Sort(latencies)
	at := func(q float64) time.Duration { return latencies[int(q*float64(len(latencies)-1)+0.5)] }
	w.P50, w.P99, w.Max = at(.5), at(.99), at(1)
	return w, nil
}

// seats is the state that all viewers share.
type seats struct {
	url        *url.URL
	begin, end time.Time // of the measured time
	errors     atomic.Int64
	first      atomic.Pointer[error]
}

func (s *seats) fail(err error) {
	if time.Until(s.end) < 20*time.Millisecond {
		return // the run is over
	}
	s.errors.Add(1)
	s.first.CompareAndSwap(nil, &err)
}

func (s *seats) measures(t time.Time) bool { return t.After(s.begin) && t.Before(s.end) }

// viewer is one player.
type viewer struct {
	seats *seats
	first bool
	// Owned by watch.
	playlists, listBytes int64
	// Owned by fetch until it returns.
	parts, bytes int64
	latencies    []time.Duration
	sizes        []int // only of the first
}

// watch reloads the playlist with blocking requests on one connection, and
// hands new parts to another connection that fetches them.
func (v *viewer) watch(ctx context.Context) error {
	host := v.seats.url.Host
	lists, err := dial(ctx, host)
	if err != nil {
		return err
	}
	defer lists.close()
	master, err := lists.get(v.seats.url.RequestURI())
	if err != nil {
		return fmt.Errorf("multivariant playlist: %w", err)
	}
	media := path.Join(path.Dir(v.seats.url.Path), variant(master))
	files, err := dial(ctx, host)
	if err != nil {
		return err
	}
	defer files.close()

	wanted := make(chan string, 32)
	var fetching sync.WaitGroup
	defer fetching.Wait()
	defer close(wanted)
	fetching.Go(func() {
		for uri := range wanted {
			if err := v.fetch(files, uri); err != nil {
				v.seats.fail(fmt.Errorf("part: %w", err))
				for range wanted {
				}
			}
		}
	})
	dir, last, load := path.Dir(media)+"/", "", media
	for ctx.Err() == nil {
		list, err := lists.get(load)
		if err != nil {
			return fmt.Errorf("playlist: %w", err)
		}
		if v.seats.measures(time.Now()) {
			v.playlists, v.listBytes = v.playlists+1, v.listBytes+int64(len(list))
		}
		for _, uri := range partsAfter(list, last) {
			last = uri
			wanted <- dir + uri
		}
		e := end(list)
		load = fmt.Sprintf("%s?_HLS_msn=%d&_HLS_part=%d", media, e.msn, e.part)
	}
	return nil
}

func (v *viewer) fetch(c *conn, uri string) error {
	part, err := c.get(uri)
	if err != nil {
		return err
	}
	now := time.Now()
	if !v.seats.measures(now) {
		return nil
	}
	t, ok := sent(part)
	if !ok {
		return fmt.Errorf("%s holds no stamp", uri)
	}
	v.parts, v.bytes = v.parts+1, v.bytes+int64(len(part))
	v.latencies = append(v.latencies, now.Sub(t))
	if v.first {
		v.sizes = append(v.sizes, len(part))
	}
	return nil
}
