package keep_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mediad/cmd/mediad/keep"
	"mediad/ingest"
	"mediad/overlay"
	"mediad/packager/archive"
	"mediad/packager/layout"
	"mediad/packager/spool"
)

func archiveSegment(msn uint64) archive.Segment {
	return archive.Segment{MSN: msn, Duration: 2 * time.Second, Date: time.Now(), Data: [][]byte{[]byte("more")}}
}

// damage damages a show of five segments; the room is on air with another
// show.
type damage struct {
	plant  func(h *house, b overlay.Begin)
	finds  []keep.Kind
	keeps  []keep.Kind // what a repair leaves
	orphan bool        // only deleted on demand
}

func (h *house) delete(key string) { must(h.t, h.objects.Delete(h.t.Context(), key)) }

func (h *house) put(key, body string) {
	h.delete(key)
	must(h.t, h.objects.Put(h.t.Context(), key, []byte(body)))
}

func (h *house) spooled(room, epoch, name, text string) {
	dir := filepath.Join(h.spool(), room, epoch)
	must(h.t, os.MkdirAll(dir, 0o755))
	must(h.t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
}

func (h *house) edit(epoch string, f func(string) string) {
	path := filepath.Join(h.spool(), "corn", epoch+".journal")
	text, err := os.ReadFile(path)
	must(h.t, err)
	must(h.t, os.WriteFile(path, []byte(f(string(text))), 0o644))
}

// strangers are other objects in the same bucket, which must be left alone.
var strangers = []string{"readme.txt", "other/1.ts", "live/readme.txt", "live/corn/notes/1.ts", "live/corn/01AAAAAAAAAAAAAAAAAAAAAAAA/main/1.ts"}

var damages = map[string]damage{
	"nothing": {plant: func(*house, overlay.Begin) {}},
	"other people's objects": {plant: func(h *house, _ overlay.Begin) {
		for _, key := range strangers {
			h.put(key, "somebody else's")
		}
	}},
	"a segment is gone": {plant: func(h *house, b overlay.Begin) { h.delete(layout.Of("corn", b.Epoch).Segment(b.Numbers.MSN + 2).Key()) },
		finds: []keep.Kind{keep.PlaylistNames, keep.SegmentMissing}},
	"a segment is torn": {plant: func(h *house, b overlay.Begin) {
		h.put(layout.Of("corn", b.Epoch).Segment(b.Numbers.MSN+1).Key(), "seg")
	},
		// It is an orphan then: the journal has a gap in its place.
		finds: []keep.Kind{keep.SegmentSize}, keeps: []keep.Kind{keep.ObjectOrphan}, orphan: true},
	"all segments are gone": {plant: func(h *house, b overlay.Begin) {
		for i := range uint64(5) {
			h.delete(layout.Of("corn", b.Epoch).Segment(b.Numbers.MSN + i).Key())
		}
	}, finds: []keep.Kind{keep.PlaylistNames, keep.SegmentMissing}},
	"the replay is gone": {plant: func(h *house, b overlay.Begin) { h.delete(layout.Of("corn", b.Epoch).Recording().Key()) },
		finds: []keep.Kind{keep.ReplayMissing}},
	"the replay is half": {plant: func(h *house, b overlay.Begin) {
		h.put(layout.Of("corn", b.Epoch).Recording().Key(), "#EXTM3U\n#EXT-X-VERSION:6\n#EXTINF:2.0")
	},
		finds: []keep.Kind{keep.PlaylistBroken}},
	"the replay steps": {plant: func(h *house, b overlay.Begin) {
		h.put(layout.Of("corn", b.Epoch).Recording().Key(), "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:1\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:9.0,\nmain/1.ts\n#EXT-X-ENDLIST\n")
	}, finds: []keep.Kind{keep.PlaylistBroken}},
	"a former store's objects were copied over": {plant: func(h *house, b overlay.Begin) {
		h.edit(b.Epoch, func(s string) string { return strings.Replace(s, "\n", "\n{\"store\":\"a\"}\n", 1) })
		h.edit(b.Epoch, func(s string) string {
			i := strings.LastIndex(s, `{"segment"`)
			return s[:i] + "{\"store\":\"b\"}\n" + s[i:]
		})
		vod, err := archive.OpenJournals(h.spool()).Replay(archive.Epoch{Room: "corn", Epoch: b.Epoch})
		must(h.t, err)
		if n := strings.Count(string(vod), "EXT-X-GAP"); n != 4 {
			h.t.Fatalf("%d gaps in\n%s", n, vod)
		}
		h.put(layout.Of("corn", b.Epoch).Recording().Key(), string(vod))
	}},
	"a journal line is bad": {plant: func(h *house, b overlay.Begin) {
		h.edit(b.Epoch, func(s string) string { return strings.Replace(s, `"ns":2000000000`, `"ns":"x"`, 1) })
	}, finds: []keep.Kind{keep.JournalDamaged}},
	"no journal line is good but its end": {plant: func(h *house, b overlay.Begin) {
		h.edit(b.Epoch, func(string) string { return "{\"x\n\n{\"end\":true}\n{\"done\":true}\n" })
	}, finds: []keep.Kind{keep.JournalDamaged}},
	"the journal is gone": {plant: func(h *house, b overlay.Begin) {
		must(h.t, os.Remove(filepath.Join(h.spool(), "corn", b.Epoch+".journal")))
	}, finds: []keep.Kind{keep.JournalMissing}},
	"the journal says nothing but its end": {plant: func(h *house, b overlay.Begin) {
		h.edit(b.Epoch, func(string) string { return "{\"end\":true}\n{\"done\":true}\n" })
	}, finds: []keep.Kind{keep.JournalMissing}},
	"the replay was not finished": {plant: func(h *house, b overlay.Begin) {
		h.edit(b.Epoch, func(s string) string { return strings.Replace(s, "{\"done\":true}\n", "", 1) })
		h.delete(layout.Of("corn", b.Epoch).Recording().Key())
	}, finds: []keep.Kind{keep.Unfinished}, keeps: []keep.Kind{keep.Unfinished}},
	"an epoch that nobody knows": {plant: func(h *house, b overlay.Begin) {
		h.put("live/corn/01aaaaaaaaaaaaaaaaaaaaaaaa/main/1.ts", "x")
		must(h.t, os.WriteFile(filepath.Join(h.spool(), "corn", "01aaaaaaaaaaaaaaaaaaaaaaaa.journal"), nil, 0o644))
	}, finds: []keep.Kind{keep.JournalOrphan, keep.ObjectOrphan}, keeps: []keep.Kind{keep.JournalOrphan, keep.ObjectOrphan}, orphan: true},
	"objects beside": {plant: func(h *house, b overlay.Begin) {
		h.put("mediad-check/LEFT", "x")
		h.put("live/nowhere/index.m3u8", "x")
		h.put(layout.Of("corn", b.Epoch).Segment(9999).Key(), "x")
	}, finds: []keep.Kind{keep.ObjectOrphan}, keeps: []keep.Kind{keep.ObjectOrphan}, orphan: true},
	"a file half-written": {plant: func(h *house, b overlay.Begin) {
		must(h.t, os.WriteFile(filepath.Join(h.spool(), "corn", "x.journal.1.partial"), nil, 0o644))
	}, finds: []keep.Kind{keep.TempFile}, keeps: []keep.Kind{keep.TempFile}, orphan: true},
	"spooled segments that nobody will store": {plant: func(h *house, b overlay.Begin) {
		h.spooled("corn", b.Epoch, "1.parts", "junk")
		h.spooled("corn", "01aaaaaaaaaaaaaaaaaaaaaaaa", "1.parts", "junk")
		h.spooled("nowhere", "01aaaaaaaaaaaaaaaaaaaaaaaa", "1.parts", "junk")
	}, finds: []keep.Kind{keep.SpoolOrphan}, keeps: []keep.Kind{keep.SpoolOrphan}, orphan: true},
	"a spooled segment beside a bad journal line": {plant: func(h *house, b overlay.Begin) {
		h.spooled("corn", b.Epoch, "1.parts", "junk")
		h.edit(b.Epoch, func(s string) string { return strings.Replace(s, `"ns":2000000000`, `"ns":"x"`, 1) })
	}, finds: []keep.Kind{keep.JournalDamaged, keep.SpoolOrphan}, keeps: []keep.Kind{keep.SpoolOrphan}, orphan: true},
	"a deletion that has not ended": {plant: func(h *house, b overlay.Begin) {
		_, err := h.store.BeginDeletion(h.t.Context(), b.Show, "tester")
		must(h.t, err)
	}, finds: []keep.Kind{keep.Deleting}, keeps: []keep.Kind{keep.Deleting}},
}

// TestDamage: beside a room on air, each kind of damage gives exactly the right
// finding, and is repaired, or left with a reason.
func TestDamage(t *testing.T) {
	everywhere(t, func(t *testing.T, h *house) {
		n := 0
		for name, d := range damages {
			t.Run(name, func(t *testing.T) {
				h.t = t
				b := h.show(5)
				live, stream := h.air(3)
				d.plant(h, b)
				if got := kinds(h.look()); !slices.Equal(got, d.finds) {
					t.Fatalf("found %v, want %v: %v", got, d.finds, h.look().Findings)
				}
				s := h.look()
				_, err := s.Repair(t.Context(), keep.RepairOptions{})
				must(t, err)
				if got := kinds(h.look()); !slices.Equal(got, d.keeps) {
					t.Errorf("after a repair %v, want %v: %v", got, d.keeps, s.Findings)
				}
				if strings.Contains(name, "journal") {
					if len(h.keys(layout.Of("corn", b.Epoch).Recording().Key())) != 1 {
						t.Error("the repair took the replay away")
					}
					// The stored replay has the lost lines.
					j, err := archive.OpenJournals(h.spool()).Read(archive.Epoch{Room: "corn", Epoch: b.Epoch})
					must(t, err)
					if u := j.Records; len(u) != 5 || u[4].Bytes != int64(len(fmt.Sprint("segment ", u[4].MSN))) || u[4].Duration != 2*time.Second || u[0].Gap || !j.Done {
						t.Errorf("the journal has %+v", j)
					}
				}
				s = h.look()
				left, err := s.Repair(t.Context(), keep.RepairOptions{DeleteOrphans: true})
				must(t, err)
				if got := kinds(h.look()); d.orphan && (len(got) > 0 || left > 0) {
					t.Errorf("after the orphans went: %v, %d left", got, left)
				}
				if n := len(h.keys("live/corn/" + live.Epoch + "/main/")); n != 3 {
					t.Errorf("%d segments of the room on air", n)
				}
				if name == "other people's objects" {
					for _, key := range strangers {
						if !slices.Equal(h.keys(key), []string{key}) {
							t.Errorf("%s was deleted", key)
						}
						h.delete(key)
					}
				}
				// Both are removed for the next case.
				stream.End()
				must(t, h.archive.Flush(t.Context()))
				for h.archive.Idle("corn", live.Epoch) != nil {
					time.Sleep(time.Millisecond)
				}
				_, err = h.store.EndShow(t.Context(), "corn")
				must(t, err)
				must(t, h.store.EndBroadcast(t.Context(), live.Epoch, h.now, "host"))
				for _, show := range []string{b.Show, live.Show} {
					_, err = h.store.BeginDeletion(t.Context(), show, "tester")
					must(t, err)
				}
				must(t, h.sweeper(h.objects, 0).Sweep(t.Context()))
				n++
			})
		}
		if n != len(damages) && !t.Failed() {
			t.Errorf("%d of %d cases ran", n, len(damages))
		}
	})
}

// TestDamageOnAir: a room on air is checked and not changed.
func TestDamageOnAir(t *testing.T) {
	everywhere(t, func(t *testing.T, h *house) {
		b, _ := h.air(8)
		h.delete(layout.Of("corn", b.Epoch).Segment(b.Numbers.MSN + 7).Key())
		s := h.look()
		if got := kinds(s); !slices.Equal(got, []keep.Kind{keep.PlaylistNames, keep.SegmentMissing}) {
			t.Fatalf("found %v", s.Findings)
		}
		before, err := os.ReadFile(filepath.Join(h.spool(), "corn", b.Epoch+".journal"))
		must(t, err)
		left, err := s.Repair(t.Context(), keep.RepairOptions{DeleteOrphans: true})
		must(t, err)
		after, err := os.ReadFile(filepath.Join(h.spool(), "corn", b.Epoch+".journal"))
		must(t, err)
		if left != 2 || string(before) != string(after) || !strings.Contains(s.Findings[0].Text, "not touched") {
			t.Errorf("%d left: %v", left, s.Findings)
		}
	})
}

// TestSpooled: segments that wait for the store are reported and left to the
// server, and those that it cannot store are reported as lost.
func TestSpooled(t *testing.T) {
	everywhere(t, func(t *testing.T, h *house) {
		b, stream := h.air(2) // the store has two
		sp := spool.New(spool.Options{Dir: h.spool(), Log: slog.New(slog.DiscardHandler)})
		st := sp.Open(spool.Opening{Room: "corn", Epoch: b.Epoch, Kept: func(uint64) {}})
		for i := range uint64(4) {
			st.Part(&spool.Head{MSN: b.Numbers.MSN + i, Start: int64(i) * 2 * ingest.Clock, Date: h.now},
				spool.Part{Number: i + 1, Duration: 2 * ingest.Clock, Target: 2 * ingest.Clock, Data: []byte("media")})
			st.Close(1, 2*ingest.Clock)
		}
		ctx, stop := context.WithCancel(t.Context())
		stop() // it writes what it was given
		must(t, sp.Run(ctx))
		s := h.look()
		if len(s.Findings) != 1 || s.Findings[0].Kind != keep.SpoolWaiting || !strings.HasPrefix(s.Findings[0].Text, "2 segments") {
			t.Fatalf("found %v", s.Findings)
		}
		left, err := s.Repair(t.Context(), keep.RepairOptions{DeleteOrphans: true})
		must(t, err)
		if found, err := spool.Look(h.spool()); err != nil || len(found) != 4 || left != 0 {
			t.Errorf("%d left, %d files after a repair, %v", left, len(found), err)
		}
		h.spooled("corn", b.Epoch, fmt.Sprint(b.Numbers.MSN+3, ".ts"), "torn")
		s = h.look()
		if got := kinds(s); !slices.Equal(got, []keep.Kind{keep.SpoolDamaged, keep.SpoolWaiting}) {
			t.Fatalf("found %v", s.Findings)
		}
		left, err = s.Repair(t.Context(), keep.RepairOptions{DeleteOrphans: true})
		must(t, err)
		if found, err := spool.Look(h.spool()); err != nil || len(found) != 4 || left != 1 {
			t.Errorf("%d left, %d files after a repair, %v", left, len(found), err)
		}
		h.end(b, stream)
	})
}

// TestAnotherStore: a store that has none of the segments is the wrong one,
// and no reason to change the journals.
func TestAnotherStore(t *testing.T) {
	everywhere(t, func(t *testing.T, h *house) {
		b := h.show(3)
		for _, key := range h.keys("live/") {
			h.delete(key)
		}
		path := filepath.Join(h.spool(), "corn", b.Epoch+".journal")
		before, err := os.ReadFile(path)
		must(t, err)
		if err := h.look().Elsewhere(); err == nil || !strings.Contains(err.Error(), "another bucket") {
			t.Errorf("looked at: %v", err)
		}
		if _, err := h.look().Repair(t.Context(), keep.RepairOptions{}); err == nil || !strings.Contains(err.Error(), "another bucket") {
			t.Errorf("repaired: %v", err)
		}
		after, err := os.ReadFile(path)
		must(t, err)
		if string(before) != string(after) {
			t.Error("the journal was changed")
		}
	})
}

// TestYoungOrphans: an orphan that is younger than a day may belong to a
// broadcast that just begins.
func TestYoungOrphans(t *testing.T) {
	everywhere(t, func(t *testing.T, h *house) {
		h.put("live/corn/01aaaaaaaaaaaaaaaaaaaaaaaa/main/1.ts", "x")
		s, err := keep.Look(t.Context(), keep.SurveyOptions{Rows: h.store, Objects: h.objects, Dir: h.spool()})
		must(t, err)
		left, err := s.Repair(t.Context(), keep.RepairOptions{DeleteOrphans: true})
		must(t, err)
		if len(s.Findings) != 1 || !s.Findings[0].Young || left != 0 || len(h.keys("live/")) != 1 {
			t.Errorf("%d left of %v", left, s.Findings)
		}
	})
}
