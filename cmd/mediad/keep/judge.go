package keep

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"mediad/packager/check"
	"mediad/packager/layout"
	"mediad/packager/m3u8"
	"mediad/storage"
)

// judge compares row, journal and objects of one epoch.
func (s *Survey) judge(ctx context.Context, e *epoch) error {
	at := Finding{Room: e.Room, Epoch: e.Epoch.Epoch}
	say := func(kind Kind, key, format string, args ...any) {
		f := at
		f.Kind, f.Key, f.Text = kind, key, fmt.Sprintf(format, args...)
		s.find(f)
	}
	switch {
	case e.row == nil:
		return s.judgeUnknown(e)
	case !e.show.Deleting.IsZero():
		say(Deleting, "", "show %s of room %s is marked for deletion, and it has not ended", e.show.ID, e.Room)
		return nil
	}
	s.judgeSpool(e)
	if e.missesJournal() && (!e.row.Ended.IsZero() || s.o.Alone || s.long(e)) {
		say(JournalMissing, "", "broadcast %s of room %s has %d segments in the store, and its journal is gone or says nothing of them: its length and size are not known", e.Epoch.Epoch, e.Room, len(e.segments()))
		return nil
	}
	if e.journal == nil {
		return nil
	}
	j := e.journal
	if j.Bad > 0 {
		say(JournalDamaged, "", "the journal of broadcast %s of room %s has %d lines that cannot be read", e.Epoch.Epoch, e.Room, j.Bad)
	}
	if !e.row.Ended.IsZero() && !j.Done {
		say(Unfinished, "", "the replay of broadcast %s of room %s is not stored yet; the server does it, at the latest at its next start", e.Epoch.Epoch, e.Room)
	}
	listed := map[string]bool{}
	stored := 0
	for _, r := range j.Records {
		key := e.Segment(r.MSN).Key()
		if r.Gap {
			listed[key] = r.Bytes > 0 // the record is of another store, from which the object may have been copied
			continue
		}
		listed[key] = true
		if !r.StandIn {
			stored++
		}
		info, ok := e.objects[key]
		if !ok {
			s.unlisted = append(s.unlisted, key)
		}
		f := at
		f.Key, f.msn = key, r.MSN
		s.expected++
		if ok {
			s.seen++
		}
		switch {
		case !ok:
			f.Kind, f.Text = SegmentMissing, "segment "+key+" is not in the store"
			s.find(f)
		case info.Size != r.Bytes:
			f.Kind, f.Text = SegmentSize, fmt.Sprintf("segment %s has %d bytes and not %d", key, info.Size, r.Bytes)
			s.find(f)
		}
	}
	if !e.settled() {
		return nil // a segment without a line in the journal may be one that is just being put
	}
	vod := e.Recording().Key()
	if _, ok := e.objects[vod]; ok {
		if err := s.judgePlaylist(ctx, at, vod, check.VODPlaylist, func(key string) bool {
			// A damaged journal may have fewer segments than the playlist.
			listed[key] = true
			_, ok := e.objects[key]
			return ok
		}); err != nil {
			return err
		}
	} else if s.unlisted = append(s.unlisted, vod); stored > 0 {
		say(ReplayMissing, vod, "the playlist of the replay %s is not in the store", vod)
	}
	for _, info := range e.unjournaled() {
		if listed[info.Key] {
			continue
		}
		msn, _ := segmentOf(info.Key)
		_, err := s.measure(ctx, e, msn, info)
		if errors.Is(err, errNoMedia) {
			continue
		}
		if err != nil {
			return err
		}
		listed[info.Key] = true
		say(SegmentUnlisted, info.Key, "neither journal nor replay has the segment %s, which is stored", info.Key)
	}
	for _, key := range slices.Sorted(maps.Keys(e.objects)) {
		// Only names that the archive gives: other objects may lie there too.
		if _, segment := segmentOf(key); segment && !listed[key] {
			f := at
			f.Kind, f.Key, f.Text = ObjectOrphan, key, "neither journal nor replay has the segment "+key
			s.orphan(f, e.objects[key].Modified)
		}
	}
	return nil
}

// long tells whether an epoch has segments that are old enough to be in the
// journal.
func (s *Survey) long(e *epoch) bool {
	for _, info := range e.segments() {
		if s.o.Now().Sub(info.Modified) > time.Minute {
			return true
		}
	}
	return false
}

// segmentOf reads the media sequence number from a key that has the form of the
// archive's segment keys.
func segmentOf(key string) (msn uint64, ok bool) {
	n, ok := layout.ParseKey(key)
	_, ours := layout.Owner(key)
	return n.Media.Number, ok && ours && n.Kind == layout.Segment && n.Known()
}

// judgeUnknown judges an epoch that is not in the database.
func (s *Survey) judgeUnknown(e *epoch) error {
	f := Finding{Room: e.Room, Epoch: e.Epoch.Epoch}
	if e.journal != nil {
		f.Kind, f.File = JournalOrphan, layout.Disk(s.o.Dir).Journal(e.Epoch)
		info, err := os.Stat(f.File)
		if errors.Is(err, os.ErrNotExist) {
			return nil // deleted with its show during the survey
		}
		if err != nil {
			return fmt.Errorf("look at journal: %w", err)
		}
		f.Text = fmt.Sprintf("no broadcast in the database has the journal %s", f.File)
		s.orphan(f, info.ModTime())
	}
	for _, key := range slices.Sorted(maps.Keys(e.objects)) {
		o := Finding{Kind: ObjectOrphan, Room: e.Room, Epoch: e.Epoch.Epoch, Key: key, Text: "no broadcast in the database has the object " + key}
		s.orphan(o, e.objects[key].Modified)
	}
	s.judgeSpool(e)
	return nil
}

// judgePlaylist reads a stored playlist and looks for the objects that it
// names.
func (s *Survey) judgePlaylist(ctx context.Context, f Finding, key string, kind check.PlaylistKind, there func(key string) bool) error {
	f.Key = key
	text, err := s.text(ctx, key)
	if errors.Is(err, storage.ErrNotFound) {
		return nil // deleted since it was listed
	}
	if err != nil {
		return err
	}
	rules := check.Playlist{Kind: kind}
	if broken := rules.Next(text); len(broken) > 0 {
		f.Kind, f.Text = PlaylistBroken, fmt.Sprintf("playlist %s is not sound: %s", key, broken[0].Detail)
		s.find(f)
		return nil
	}
	m, err := m3u8.Parse(text)
	if err != nil {
		return fmt.Errorf("read %s: %w", key, err)
	}
	var missing []string
	for _, seg := range m.Segments {
		if named := path.Join(path.Dir(key), seg.URI); !seg.Gap && !there(named) {
			missing = append(missing, named)
		}
	}
	if len(missing) > 0 {
		f.Kind, f.Text = PlaylistNames, fmt.Sprintf("playlist %s names %d objects that are not in the store, the first %s", key, len(missing), missing[0])
		s.find(f)
	}
	return nil
}

// judgePlain judges a room's stable playlist. It may be newer than the list
// of objects, so the store is asked for each object that seems to be missing.
func (s *Survey) judgePlain(ctx context.Context, room string, all []*epoch) error {
	f := Finding{Room: room}
	known := false
	for _, e := range all {
		if e.Room == room && e.row != nil && !e.row.Rehearsal {
			known, f.Epoch = true, e.Epoch.Epoch // the newest comes last
		}
	}
	key := layout.TopOf(room).Key()
	if !known {
		f.Kind, f.Key, f.Text = ObjectOrphan, key, "no broadcast in the database has the playlist "+key
		info, err := s.o.Objects.List(ctx, key, "", 1)
		if err == nil && len(info) == 1 {
			s.orphan(f, info[0].Modified)
		}
		return err
	}
	var failed error
	err := s.judgePlaylist(ctx, f, key, check.PlainPlaylist, func(named string) bool {
		_, ok, err := stat(ctx, s.o.Objects, named)
		failed = errors.Join(failed, err)
		return ok
	})
	return errors.Join(err, failed)
}

// maxText bounds a playlist that is read. A larger object is no playlist of
// ours.
const maxText = 64 << 20

func (s *Survey) text(ctx context.Context, key string) ([]byte, error) {
	o, err := s.o.Objects.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(o.Body, maxText))
	if err = errors.Join(err, o.Body.Close()); err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	return text, nil
}

// temps finds files that a crash left half-written.
func (s *Survey) temps() error {
	for _, pattern := range s.o.Temps {
		files, err := filepath.Glob(pattern)
		if err != nil {
			return fmt.Errorf("look for %s: %w", pattern, err)
		}
		for _, file := range files {
			info, err := os.Stat(file)
			if err != nil {
				continue // its writer has finished
			}
			s.orphan(Finding{Kind: TempFile, File: file, Text: "a writer left the file " + file}, info.ModTime())
		}
	}
	return nil
}
