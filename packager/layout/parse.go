package layout

import "strings"

// ParseKey reads the key of an object. ok is false where it is no name of ours.
// A broadcast's folder may hold other objects: Owner tells to whom they belong.
func ParseKey(key string) (n Name, ok bool) {
	below, ok := strings.CutPrefix(key, Live)
	if !ok {
		return Name{}, false
	}
	return parse(below)
}

// ParsePath reads a path over HTTP that has no playback token. ok is false where
// it is no name of live media.
func ParsePath(path string) (n Name, ok bool) {
	below, ok := strings.CutPrefix(path, LivePath)
	if !ok {
		return Name{}, false
	}
	return parse(below)
}

// ParseRequest is ParsePath for a path as viewers ask for it, with or without a
// playback token. It does not check the token.
func ParseRequest(path string) (n Name, ok bool) {
	below, ok := strings.CutPrefix(path, LivePath)
	if !ok {
		return Name{}, false
	}
	_, below = cutToken(below)
	return parse(below)
}

// parse reads a name below Live.
func parse(below string) (Name, bool) {
	room, rest, _ := strings.Cut(below, "/")
	if !Legal(room) {
		return Name{}, false
	}
	n := ofRoom(None, room)
	switch rest {
	case indexFile:
		n.Kind = Top
	case rewindRoom + "/" + indexFile:
		n.Kind = RewindTop
	case posterFile:
		n.Kind = RoomPoster
	case cardFile:
		n.Kind = RoomCard
	}
	if n.Kind != None {
		return n, true
	}
	epoch, rest, _ := strings.Cut(rest, "/")
	if !Legal(epoch) || !n.inEpoch(rest) {
		return Name{}, false
	}
	n.Epoch = epoch
	return n, true
}

// inEpoch reads a name below a broadcast's folder.
func (n *Name) inEpoch(rest string) bool {
	switch rest {
	case rewindFile:
		n.Kind = RewindPlaylist
	case vodFile:
		n.Kind = Recording
	case posterFile:
		n.Kind = Poster
	case spriteFile:
		n.Kind = Sprite
	case trackFile:
		n.Kind = Track
	default:
		folder, file, ok := strings.Cut(rest, "/")
		if !ok {
			return false
		}
		if n.Rendition, ok = readRendition(folder); !ok {
			return false
		}
		if n.Kind = MediaPlaylist; file == indexFile {
			return true
		}
		n.Media, n.Kind, ok = readMedia(file)
		return ok
	}
	return true
}

// Owner tells in whose folder an object lies, whatever its file is called: in a
// broadcast's or, with an Epoch of "", in a room's. ok is false where no object of ours
// has such a key.
func Owner(key string) (b Broadcast, ok bool) {
	below, ok := strings.CutPrefix(key, Live)
	room, rest, _ := strings.Cut(below, "/")
	if !ok || !Legal(room) {
		return Broadcast{}, false
	}
	if rest == indexFile {
		return Broadcast{Room: room}, true
	}
	epoch, _, ok := strings.Cut(rest, "/")
	if !ok || !isEpoch(epoch) {
		return Broadcast{}, false
	}
	return Broadcast{room, epoch}, true
}

// EpochOf reads the epoch from a URI in a room's stable playlist, EPOCH/main/N.ts.
func EpochOf(uri string) (epoch string, ok bool) {
	epoch, _, ok = strings.Cut(uri, "/")
	return epoch, ok && Legal(epoch)
}
