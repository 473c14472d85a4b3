package layout

import (
	"strconv"
	"strings"
)

// The replays of shows, over HTTP alone:
//
//	/vod/SHOW/index.m3u8           all of a show
//	/vod/SHOW/chapters.vtt         its chapters, as WebVTT
//	/vod/SHOW/thumbs.vtt           its seek thumbnails, as WebVTT
//	/vod/SHOW/clips/PRODUCT.m3u8   where a product is spoken about
//	/vod/SHOW/card.jpg             its picture in link previews
//	/vod/SHOW/moments/SECOND.jpg   that of a moment
const (
	replays       = "vod/"
	chaptersFile  = "chapters.vtt"
	clipsFolder   = "clips/"
	clipSuffix    = playlistSuffix
	momentsFolder = "moments/"
	momentSuffix  = ".jpg"
)

// The folders of media over HTTP.
const (
	LivePath   = "/" + Live
	ReplayPath = "/" + replays
)

// Show names the files of a show's replay. Show("{show}") names patterns for a mux.
type Show string

// Playlist is the path of the whole replay.
func (s Show) Playlist() string { return s.below(indexFile) }

// Chapters is the path of the chapters.
func (s Show) Chapters() string { return s.below(chaptersFile) }

// Thumbs is the path of the seek thumbnails.
func (s Show) Thumbs() string { return s.below(trackFile) }

// Clip is the path of a product's clip: the parts of the show that are about it.
func (s Show) Clip(product string) string { return s.Clips(product + clipSuffix) }

// Clips is the path of a file among the clips.
func (s Show) Clips(file string) string { return s.below(clipsFolder + file) }

// Card is the path of the picture that link previews show.
func (s Show) Card() string { return s.below(cardFile) }

// Moment is the path of the picture of a moment, in whole seconds of the recording.
func (s Show) Moment(second int) string { return s.Moments(strconv.Itoa(second) + momentSuffix) }

// Moments is the path of a file among the pictures of moments.
func (s Show) Moments(file string) string { return s.below(momentsFolder + file) }

func (s Show) below(file string) string { return ReplayPath + string(s) + "/" + file }

// ClipProduct reads the product from the name of a clip's file.
func ClipProduct(file string) (product string, ok bool) { return strings.CutSuffix(file, clipSuffix) }

// MomentSecond reads the second from the name of a moment's picture.
func MomentSecond(file string) (second int, ok bool) {
	digits, ok := strings.CutSuffix(file, momentSuffix)
	n, err := strconv.ParseUint(digits, 10, 20) // more than a week is no place
	return int(n), ok && err == nil && strconv.FormatUint(n, 10) == digits
}

// IsLive tells whether a path lies below the folder of live media, even if it names
// nothing there.
func IsLive(path string) bool { return strings.HasPrefix(path, LivePath) || path == "/live" }

// IsReplay tells whether a path lies below the folder of replays, even if it names
// nothing there.
func IsReplay(path string) bool { return strings.HasPrefix(path, ReplayPath) }
