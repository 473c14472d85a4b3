package restream

import (
	"context"
	"sync"
	"time"

	"mediad/ingest/rtmp/push"
)

// stopWithin is how long a server has, when a target is stopped, to take what is being
// written and the goodbye.
const stopWithin = 700 * time.Millisecond

// target is one target with its queue, and the goroutine that sends.
type target struct {
	Target // read only, as are the next four
	room   *room
	o      Options
	server string
	queue  *queue

	woken chan struct{} // has a value when something may have changed

	mu sync.Mutex
	// Guarded by mu.
	on      bool
	hurried bool               // the next try must not wait
	end     context.CancelFunc // of the goroutine; nil: it was not started
	hangUp  context.CancelFunc // of the connection, or of the attempt; nil: there is none
	phase   Phase
	since   time.Time
	next    time.Time
	problem *Problem
	tries   int
	conn    *push.Conn // nil: not connected
	bytes   uint64     // of former connections
	told    uint64     // bytes at the last measure
	toldAt  time.Time
	bitrate int64
}

func newTarget(r *room, t Target, o Options) *target {
	t.Delay = min(max(t.Delay, 0), MaxDelay)
	made := &target{
		Target: t, room: r, o: o, server: serverOf(t.URL), queue: newQueue(t.Delay, o.MaxBitrate),
		woken: make(chan struct{}, 1), on: t.Enabled, phase: Off, since: time.Now(),
	}
	if t.Enabled {
		made.phase = Waiting
	}
	return made
}

func (t *target) wake() {
	select {
	case t.woken <- struct{}{}:
	default:
	}
}

func (t *target) start() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.phase == Off {
		t.phase, t.since, t.problem = Waiting, time.Now(), nil
	}
	t.on, t.hurried, t.tries = true, true, 0
	t.wake()
}

func (t *target) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.on, t.problem = false, nil
	t.enter(Off)
	t.queue.take(false)
	if t.hangUp != nil {
		t.hangUp()
	}
	t.wake()
}

// quit ends the target for good.
func (t *target) quit() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.end != nil {
		t.end()
	}
}

// enter begins a phase. t.mu is held.
func (t *target) enter(p Phase) {
	if t.phase != p {
		t.phase, t.since = p, time.Now()
	}
	if p != Retrying {
		t.next = time.Time{}
	}
}

// wanted tells whether the target should be connected.
func (t *target) wanted() bool {
	t.mu.Lock()
	on := t.on
	t.mu.Unlock()
	return on && t.room.onAir()
}

// run connects whenever the target is on and its room on air, until ctx ends.
func (t *target) run(ctx context.Context) {
	for ctx.Err() == nil {
		if !t.wanted() {
			t.idle()
			select {
			case <-t.woken:
			case <-ctx.Done():
			}
			continue
		}
		lived, err := t.once(ctx)
		if err == nil || ctx.Err() != nil {
			continue // it was stopped, or nothing is on air any more
		}
		t.fail(err, lived)
		t.rest(ctx)
	}
}

// expect opens the queue of a target that is about to connect, so that it has the first key
// frame of a publisher who just came.
func (t *target) expect() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.on && t.phase == Waiting {
		t.queue.take(true)
	}
}

// idle is the state of a target that nothing is sent to.
func (t *target) idle() {
	t.mu.Lock()
	was := t.phase
	if t.tries = 0; t.on {
		t.enter(Waiting)
	} else {
		t.enter(Off)
	}
	changed := was != t.phase
	t.mu.Unlock()
	if changed {
		t.room.tell()
	}
}

// once connects, and sends until there is nothing to send or the connection breaks, and tells
// how long it was live.
func (t *target) once(ctx context.Context) (lived time.Duration, err error) {
	ctx, hangUp := context.WithCancel(ctx)
	defer hangUp()
	if !t.attempt(hangUp) {
		return 0, nil
	}
	if !t.queue.taking() {
		t.queue.take(true)
		t.room.choose()
	}
	defer func() {
		t.queue.take(false)
		t.room.choose()
		t.over()
	}()
	conn, err := push.New(push.Options{URL: t.URL, Key: t.Key, TLS: t.o.TLS, Timeout: t.o.Timeout}).Dial(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return 0, nil
		}
		return 0, err
	}
	began := time.Now()
	t.queue.count()
	t.live(conn)
	t.o.Log.Info("restreaming", "room", t.room.slug, "target", t.Name, "server", t.server)
	// The goroutine may be writing to a server that takes nothing.
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(stopWithin, conn.Abort) })
	defer stop()
	err = t.send(ctx, conn)
	if ctx.Err() != nil {
		err = nil
	}
	if err == nil {
		over := time.AfterFunc(stopWithin, conn.Abort)
		_ = conn.Unpublish() // who does not hear it sees the end of the connection
		over.Stop()
	}
	conn.Close()
	return time.Since(began), err
}

// attempt begins to connect; false: it was stopped meanwhile.
func (t *target) attempt(hangUp context.CancelFunc) bool {
	t.mu.Lock()
	ok := t.on
	if ok {
		t.hangUp, t.hurried = hangUp, false
		t.enter(Connecting)
	}
	t.mu.Unlock()
	t.room.tell()
	return ok
}

func (t *target) live(conn *push.Conn) {
	t.mu.Lock()
	t.conn, t.told, t.toldAt = conn, 0, time.Now()
	if t.on {
		t.enter(Live)
	}
	t.mu.Unlock()
	t.room.tell()
}

func (t *target) over() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.conn != nil {
		t.bytes += t.conn.Bytes()
	}
	t.conn, t.hangUp, t.bitrate = nil, nil, 0
}

// fail notes why a connection was not made, or broke.
func (t *target) fail(err error, lived time.Duration) {
	t.mu.Lock()
	if lived >= steady {
		t.tries = 0
	}
	t.tries++
	t.problem = problem(err, t.Key)
	wait := jittered(pause(t.tries, t.problem.Code == RefusedKey))
	if t.on {
		t.enter(Retrying)
		t.next = time.Now().Add(wait)
	}
	p, tries := t.problem, t.tries
	t.mu.Unlock()
	t.o.Log.Warn("restreaming failed: "+p.Text, "room", t.room.slug, "target", t.Name, "server", t.server, "said", p.Said, "failures", tries, "next", wait.Round(100*time.Millisecond))
	t.room.tell()
}

// rest waits for the next try, as long as there is one.
func (t *target) rest(ctx context.Context) {
	for {
		t.mu.Lock()
		wait, hurried := time.Until(t.next), t.hurried
		t.mu.Unlock()
		if wait <= 0 || hurried || !t.wanted() {
			return
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-t.woken:
		case <-ctx.Done():
			timer.Stop()
			return
		}
		timer.Stop()
	}
}

// measure takes the bit rate; true: there is something to tell.
func (t *target) measure(now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.conn == nil {
		return false
	}
	sent, over := t.conn.Bytes(), now.Sub(t.toldAt).Seconds()
	if over > 0 {
		t.bitrate = int64(float64(sent-t.told) * 8 / over)
	}
	t.told, t.toldAt = sent, now
	return true
}

// State tells how the target is.
func (t *target) State() State {
	_, dropped := t.queue.figures()
	t.mu.Lock()
	defer t.mu.Unlock()
	s := State{
		Name: t.Name, Server: t.server, Phase: t.phase, Since: t.since, Next: t.next, Problem: t.problem, Delay: t.Delay,
		Bytes: t.bytes, Dropped: dropped, Bitrate: t.bitrate, Tries: t.tries,
	}
	if t.conn != nil {
		s.Bytes += t.conn.Bytes()
	}
	return s
}
