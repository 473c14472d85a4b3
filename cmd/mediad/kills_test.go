package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"mediad/overlay/store"
)

// kills is how often the server dies: MEDIAD_KILLS.
func kills(t *testing.T) int {
	t.Helper()
	text := os.Getenv("MEDIAD_KILLS")
	if text == "" {
		return 5
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("MEDIAD_KILLS=%q is no number", text)
	}
	return n
}

// TestKills: the server is killed with SIGKILL at random moments of a broadcast
// and started again. The replay has everything that was listed for a player,
// except the last part before each kill. The player goes on at the same
// address, the stored playlist is legal all the time, and the database is
// sound. A directory store is faster than everything else, and accepts no other
// bytes under a key that it has.
func TestKills(t *testing.T) {
	t.Parallel()
	rounds := kills(t)
	t.Run("s3", func(t *testing.T) {
		t.Parallel()
		b := newTrouble(t)
		storage, env := b.config()
		// Requests of a process reach the store after its death.
		testKills(t, rounds, newChild(t, storage, env, "room0"), b.dir, b.late)
	})
	t.Run("dir", func(t *testing.T) {
		t.Parallel()
		objects := t.TempDir()
		testKills(t, (rounds+1)/2, newChild(t, inFolder(objects), nil, "room0"), objects, func() func() { return func() {} })
	})
}

// testKills kills the server in a number of rounds. objects are the files of
// its store. delay makes them arrive late from the first start on.
func testKills(t *testing.T, rounds int, c *child, objects string, delay func() (onTime func())) {
	seed := uint64(time.Now().UnixNano())
	dice := rand.New(rand.NewPCG(seed, 0))
	c.start()
	onTime := delay()
	defer func() {
		if t.Failed() {
			t.Logf("seed %d", seed)
		}
	}()
	f := c.airWatched("room0", objects, true)

	var moments []time.Time
	// owed are the parts of the publisher's that the player must still be told of, so
	// that the rounds prove something. On a busy machine he takes longer to come back
	// than the player needs for the next part of the slate.
	owed := 0
	told := func(parts int) {
		t.Helper()
		eventually(t, "the publisher is back", time.Minute, func() bool {
			return c.metric("mediad_room_publishing{room=\"room0\"}") == 1
		})
		before := f.listed()
		eventually(t, "the player goes on with the publisher", time.Minute, func() bool { return f.listed() >= before+parts })
	}
	for round := range rounds {
		before := f.listed()
		eventually(t, "the player goes on at the same address", time.Minute, func() bool { return f.listed() > before })
		if owed += 4; round%3 != 0 { // the other processes may die before the publisher is back
			told(owed)
			owed = 0
		}
		sleep(t.Context(), time.Duration(dice.IntN(5000))*time.Millisecond)
		c.stop(syscall.SIGKILL)
		moments = append(moments, time.Now())
		c.start()
	}
	told(owed + 8)
	onTime()
	f.off()
	eventually(t, "the replay", time.Minute, f.stored)
	sleep(t.Context(), time.Second)
	f.leave()
	c.stop(syscall.SIGTERM)
	if err := store.Check(t.Context(), c.data); err != nil {
		t.Error(err)
	}
	journal, err := os.ReadFile(filepath.Join(c.data, "spool/room0", f.epoch()+".journal"))
	if err != nil || bytes.Count(journal, []byte(`{"store":"`)) != 1 {
		t.Errorf("the journal does not tell once which store it speaks of: %v\n%.200s", err, journal)
	}

	_, replayed := replayOf(t, objects, "room0", f.epoch())
	standIns := f.standIns(objects, replayed)
	var lost []listedPart
	played := 0
	for _, p := range f.parts {
		switch {
		case holds(replayed, p.body):
			played++
		case !holds(standIns, p.body): // slate is in no replay
			lost = append(lost, p)
		}
	}
	if played < 4*rounds {
		t.Errorf("%d of %d listed parts are in the replay: that proves nothing", played, len(f.parts))
	}
	allowed := map[string]bool{}
	for _, m := range moments {
		if i := slices.IndexFunc(f.parts, func(p listedPart) bool { return p.seen.After(m) }); i > 0 {
			allowed[f.parts[i-1].uri] = true
		}
	}
	for _, p := range lost {
		if !allowed[p.uri] {
			t.Errorf("part %s of segment %d was listed and is in no object", p.uri, p.msn)
		}
	}
	if f.versions < rounds {
		t.Errorf("%d versions of the stored playlist were seen", f.versions)
	}
	t.Logf("%d kills: %d parts listed, %d in the replay, %d of a still, %d lost as the last ones before a kill; %d stored playlists",
		rounds, len(f.parts), played, len(f.parts)-played-len(lost), len(lost), f.versions)
}

// standIns reads the stored objects that no replay lists. They can only be
// slate, since nothing else of what was listed is left out.
func (f *follower) standIns(dir string, replayed map[string][]byte) map[string][]byte {
	folder := filepath.Join(dir, "live", f.room, f.epoch(), "main")
	entries, err := os.ReadDir(folder)
	if err != nil {
		f.t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, e := range entries {
		if _, listed := replayed[e.Name()]; listed || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if out[e.Name()], err = os.ReadFile(filepath.Join(folder, e.Name())); err != nil {
			f.t.Fatal(err)
		}
	}
	return out
}
