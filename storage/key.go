package storage

import (
	"fmt"
	"path"
	"strings"
	"unicode/utf8"
)

// Limits of a key. 512 bytes leave room for a prefix below the 1,024 of S3; 255
// is what a directory entry holds on the usual file systems.
const (
	maxKey     = 512
	maxSegment = 255
)

// checkKey refuses keys that have different meanings in a bucket and in a directory:
// absolute ones, empty segments, segments that begin with a dot (such as ".."),
// backslashes and control characters.
func checkKey(key string) error {
	if key == "" || len(key) > maxKey {
		return fmt.Errorf("%w: %d bytes long, allowed are 1 to %d", ErrKey, len(key), maxKey)
	}
	if !utf8.ValidString(key) {
		return fmt.Errorf("%w: %q is not UTF-8", ErrKey, key)
	}
	for seg := range strings.SplitSeq(key, "/") {
		switch {
		case seg == "":
			return fmt.Errorf("%w: %q has an empty segment", ErrKey, key)
		case seg[0] == '.':
			return fmt.Errorf("%w: %q has a segment that begins with a dot", ErrKey, key)
		case len(seg) > maxSegment:
			return fmt.Errorf("%w: %q has a segment of more than %d bytes", ErrKey, key, maxSegment)
		}
	}
	if i := strings.IndexFunc(key, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\\' }); i >= 0 {
		return fmt.Errorf("%w: %q has a backslash or a control character", ErrKey, key)
	}
	return nil
}

// Immutable tells whether the bytes under a key never change. The only immutable
// playlist is that of a recording, vod.m3u8; all other objects are immutable.
func Immutable(key string) bool {
	return path.Ext(key) != ".m3u8" || path.Base(key) == "vod.m3u8"
}

// CacheControl is the Cache-Control of a key's object.
func CacheControl(key string) string {
	if Immutable(key) {
		return "public, max-age=31536000, immutable"
	}
	return "public, max-age=1"
}

// ContentType is the Content-Type of a key's object, by its suffix.
func ContentType(key string) string {
	switch path.Ext(key) {
	case ".ts":
		return "video/mp2t" // RFC 8216 3.2
	case ".m3u8":
		return "application/vnd.apple.mpegurl" // RFC 8216 4
	case ".mp4":
		return "video/mp4"
	case ".jpg":
		return "image/jpeg"
	case ".png":
		return "image/png"
	case ".vtt":
		return "text/vtt; charset=utf-8"
	case ".json":
		return "application/json"
	}
	return "application/octet-stream"
}

// listLimit gives a limit from 1 to MaxList; 0 and below mean MaxList.
func listLimit(limit int) int {
	if limit <= 0 || limit > MaxList {
		return MaxList
	}
	return limit
}
