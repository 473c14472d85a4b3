// Package layout names everything that is stored or served: objects in the store,
// paths of media over HTTP, entries of playlists, and files of journals and spool.
//
// Rooms, epochs and numbers flow in, and names flow out. The package also reads a
// name back into the values that it was made of. A name is a function of these values
// alone, so it is the same on every node and in every process; the package does no
// I/O and knows no time. It refuses a name that it would spell differently, so
// nothing has two names.
package layout

// Live is the first folder of media, in the store and over HTTP:
//
//	live/ROOM/index.m3u8             in the store the stable playlist, over HTTP the multivariant one
//	live/ROOM/poster.jpg             over HTTP alone: the poster of the latest broadcast
//	live/ROOM/dvr/index.m3u8         over HTTP alone: the multivariant playlist of the rewind list
//	live/ROOM/EPOCH/dvr.m3u8         over HTTP alone: the rewind list
//	live/ROOM/EPOCH/vod.m3u8         the recording, once the broadcast has ended
//	live/ROOM/EPOCH/poster.jpg       its last picture, where one was made
//	live/ROOM/EPOCH/thumbs.vtt, .jpg its seek thumbnails, where they were made
//	live/ROOM/EPOCH/main/index.m3u8  over HTTP alone: the low-latency playlist
//	live/ROOM/EPOCH/main/N.ts        the segment with media sequence number N
//	live/ROOM/EPOCH/main/pN.ts       over HTTP alone: part number N
//	live/ROOM/EPOCH/1/…              over HTTP alone: the same in rendition 1, and so on
const Live = "live/"

// The files that have the same name everywhere.
const (
	indexFile  = "index.m3u8"
	rewindFile = "dvr.m3u8"
	rewindRoom = "dvr" // the folder of the rewind list's multivariant playlist
	vodFile    = "vod.m3u8"
	posterFile = "poster.jpg"
	cardFile   = "card.jpg"
	spriteFile = "thumbs.jpg"
	trackFile  = "thumbs.vtt"

	playlistSuffix = ".m3u8"
)

// Kind is what a name stands for.
type Kind uint8

// The kinds. The first four are a room's, the others a broadcast's.
const (
	None           Kind = iota
	Top                 // ROOM/index.m3u8
	RewindTop           // ROOM/dvr/index.m3u8
	RoomPoster          // ROOM/poster.jpg
	RoomCard            // ROOM/card.jpg
	RewindPlaylist      // EPOCH/dvr.m3u8
	Recording           // EPOCH/vod.m3u8
	Poster              // EPOCH/poster.jpg
	Sprite              // EPOCH/thumbs.jpg
	Track               // EPOCH/thumbs.vtt
	MediaPlaylist       // EPOCH/main/index.m3u8
	Segment             // EPOCH/main/N.ts
	Part                // EPOCH/main/pN.ts
	kinds               // the number of kinds
)

// Name says what something is. It is a value: two equal names name one thing.
type Name struct {
	Kind      Kind
	Broadcast           // that it belongs to; without an epoch, it belongs to the room
	Rendition Rendition // of a MediaPlaylist, Segment or Part
	Media     Media     // of a Segment or Part: its number
}

// Known tells whether this version stores such names: those of the main rendition and
// of the first generation. The others are served while they are live, or are reserved
// for several nodes.
func (n Name) Known() bool { return n.Rendition == Main && n.Media.Gen == 0 }

// File is the last element of a name.
func (n Name) File() string {
	switch n.Kind {
	case Top, RewindTop, MediaPlaylist:
		return indexFile
	case RewindPlaylist:
		return rewindFile
	case Recording:
		return vodFile
	case RoomPoster, Poster:
		return posterFile
	case RoomCard:
		return cardFile
	case Sprite:
		return spriteFile
	case Track:
		return trackFile
	case Segment:
		return n.Media.segment()
	case Part:
		return n.Media.part()
	}
	return ""
}

// InEpoch is a name as it stands in a file of its broadcast's folder: main/N.ts.
func (n Name) InEpoch() string {
	if n.Kind >= MediaPlaylist {
		return n.Rendition.String() + "/" + n.File()
	}
	return n.File()
}

// InRoom is a name as it stands in a file of its room's folder: EPOCH/main/N.ts.
func (n Name) InRoom() string {
	switch {
	case n.Kind == RewindTop:
		return rewindRoom + "/" + n.File()
	case n.Kind > RoomCard:
		return n.Epoch + "/" + n.InEpoch()
	}
	return n.File()
}

// In is the name of the same in another rendition.
func (n Name) In(r Rendition) Name {
	n.Rendition = r
	return n
}

// FromRendition is a name as it stands in a media playlist of another rendition: ../main/index.m3u8.
func (n Name) FromRendition() string { return "../" + n.InEpoch() }

// InRewind is a name as it stands in the rewind list's multivariant playlist.
func (n Name) InRewind() string { return "../" + n.InRoom() }

// Key is the key of an object in the store.
func (n Name) Key() string { return Live + n.Room + "/" + n.InRoom() }

// Path is the path over HTTP, without a playback token.
func (n Name) Path() string { return "/" + n.Key() }

// Broadcast names one broadcast of a room.
type Broadcast struct{ Room, Epoch string }

// Of is the broadcast of a room under an epoch.
func Of(room, epoch string) Broadcast { return Broadcast{room, epoch} }

// The names of what a broadcast has.

// MediaPlaylist is the low-latency playlist of the main rendition.
func (b Broadcast) MediaPlaylist() Name { return Name{Kind: MediaPlaylist, Broadcast: b} }

// Segment is a segment of the main rendition.
func (b Broadcast) Segment(msn uint64) Name {
	return Name{Kind: Segment, Broadcast: b, Media: Media{Number: msn}}
}

// RewindPlaylist is the rewind list.
func (b Broadcast) RewindPlaylist() Name { return Name{Kind: RewindPlaylist, Broadcast: b} }

// Recording is the playlist of the whole broadcast, once it has ended.
func (b Broadcast) Recording() Name { return Name{Kind: Recording, Broadcast: b} }

// Poster is its last picture.
func (b Broadcast) Poster() Name { return Name{Kind: Poster, Broadcast: b} }

// Sprite is the sheet of its seek thumbnails, and Track says where each is on it.
func (b Broadcast) Sprite() Name { return Name{Kind: Sprite, Broadcast: b} }
func (b Broadcast) Track() Name  { return Name{Kind: Track, Broadcast: b} }

// Folder begins the keys of all its objects, FolderPath their paths.
func (b Broadcast) Folder() string     { return Live + b.Room + "/" + b.Epoch + "/" }
func (b Broadcast) FolderPath() string { return "/" + b.Folder() }

// The names of what a room has.

// TopOf is a room's playlist: in the store the stable one, over HTTP the
// multivariant one.
func TopOf(room string) Name { return ofRoom(Top, room) }

// RewindOf is the multivariant playlist of a room's rewind list.
func RewindOf(room string) Name { return ofRoom(RewindTop, room) }

// PosterOf is a room's poster.
func PosterOf(room string) Name { return ofRoom(RoomPoster, room) }

// CardOf is the picture of a room in link previews.
func CardOf(room string) Name { return ofRoom(RoomCard, room) }

func ofRoom(k Kind, room string) Name { return Name{Kind: k, Broadcast: Broadcast{Room: room}} }
