package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestJournalGone: while the server is down, the journal of a broadcast on air is
// lost with the spool, is lost alone, or is damaged. The log and the room's host are
// told. A repair beside the server, after the broadcast's end, restores everything
// that the store has.
func TestJournalGone(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(folder, journal string) error
		code  string // of the warning
	}{
		"with the spool": {func(folder, _ string) error { return os.RemoveAll(folder) }, "journal_missing"},
		"emptied, and the segments gone": {func(folder, journal string) error {
			if err := os.RemoveAll(strings.TrimSuffix(journal, ".journal")); err != nil {
				return err
			}
			return os.Truncate(journal, 0)
		}, "journal_missing"},
		"damaged": {func(_, journal string) error {
			text, err := os.ReadFile(journal)
			if err != nil {
				return err
			}
			lines := bytes.SplitAfter(text, []byte("\n"))
			for i, line := range lines {
				if bytes.HasPrefix(line, []byte(`{"segment"`)) && bytes.HasPrefix(lines[i+1], []byte(`{"segment"`)) {
					line[3] ^= 0xff
					break
				}
			}
			return os.WriteFile(journal, bytes.Join(lines, nil), 0o644)
		}, "journal_damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			s, objects := startStored(t)
			off := s.air("tea")
			eventually(t, "some of it is stored", time.Minute, func() bool { return inStore(t, objects) >= 4 })
			s.stop(syscall.SIGKILL)
			before, err := filepath.Glob(filepath.Join(objects, "live", "tea", "*", "main", "*.ts"))
			if err != nil {
				t.Fatal(err)
			}
			had := len(before)
			folder := filepath.Join(s.data, "spool", "tea")
			journals, err := filepath.Glob(filepath.Join(folder, "*.journal"))
			if err != nil || len(journals) != 1 {
				t.Fatal(journals, err)
			}
			if err := c.spoil(folder, journals[0]); err != nil {
				t.Fatal(err)
			}

			s.start()
			defer s.stop(syscall.SIGTERM)
			eventually(t, "it is on air and stored again", time.Minute, func() bool {
				return s.onAir("tea") && inStore(t, objects) >= had+2
			})
			if log := s.log.String(); !strings.Contains(log, "level=ERROR") || !strings.Contains(log, "mediad storage repair") {
				t.Errorf("the log does not say it: %s", log)
			}
			eventually(t, "the host is told "+c.code, time.Minute, func() bool {
				var raw json.RawMessage
				s.call("GET", "/api/v1/rooms/tea", "", &raw)
				return strings.Contains(string(raw), `"`+c.code+`"`)
			})

			s.call("POST", "/api/v1/rooms/tea/end", "", nil)
			off()
			eventually(t, "it is a replay", time.Minute, func() bool { all := s.shows(); return len(all) == 1 && all[0].Replay != "" })
			replay := s.shows()[0].Replay
			s.replayed(replay)
			s.command(exitFailed, "storage", "check")
			s.command(exitOK, "storage", "repair")
			text, err := os.ReadFile(filepath.Join(filepath.Dir(filepath.Dir(before[0])), "vod.m3u8"))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range before {
				if name := "main/" + filepath.Base(file); !strings.Contains(string(text), "\n"+name+"\n") {
					t.Errorf("the replay lacks %s, which was stored before:\n%s", name, text)
				}
			}
			if strings.Contains(string(text), "EXT-X-GAP") {
				t.Errorf("the replay has gaps:\n%s", text)
			}
			if show := s.shows()[0]; show.Segments < had+2 {
				t.Errorf("the show is %+v; %d segments were stored before", show, had)
			}
			s.command(exitOK, "storage", "check")
		})
	}
}
