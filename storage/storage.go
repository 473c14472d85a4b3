// Package storage keeps objects under keys: in a local directory (Dir) or in an
// S3-compatible bucket (S3). Both have the same methods with the same meaning,
// held by one conformance suite.
//
// Whole objects flow in, as bytes that are durable once Put returns nil; whole
// objects or ranges of them flow out. A key decides everything else about its
// object: whether it may change, its Content-Type and its Cache-Control. The
// package knows nothing of rooms or playlists, serves no HTTP, keeps no queue
// and hardly retries: a caller that must not lose an object puts it again.
//
// Put is safe concurrently. Putting the same bytes under the same key again
// succeeds. Keys that end in .m3u8 are mutable, except a finished VOD playlist
// (vod.m3u8); every other key is immutable, so a cache may keep it for ever.
package storage

import (
	"errors"
	"io"
	"io/fs"
	"time"
)

// Object is what Get finds. Its reader must close Body.
type Object struct {
	Body        io.ReadCloser
	Size        int64     // of the whole object in bytes, also where Body is a range of it
	ETag        string    // quoted, as HTTP writes it; what PutIf compares with
	ContentType string    // by the key's suffix
	Modified    time.Time // when it was put
}

// Info is one object in a list.
type Info struct {
	Key      string
	Size     int64 // in bytes
	Modified time.Time
}

// MaxList is the largest number of objects that one List returns.
const MaxList = 1000

// The errors that callers tell apart. Every one comes wrapped in a text that
// names the operation and the key, and never holds a credential.
var (
	// ErrNotFound: there is no object under the key.
	ErrNotFound error = absent("object not found")
	// ErrChanged: the condition of PutIf does not hold.
	ErrChanged error = changed("object was changed by somebody else")
	// ErrImmutable: other bytes stand already under an immutable key. Trying
	// again cannot help.
	ErrImmutable error = permanent("other bytes stand under this immutable key")
	// ErrKey: the key is not one that can be stored. Trying again cannot help.
	ErrKey error = permanent("invalid object key")
	// ErrRange: the range begins behind the object's end.
	ErrRange = errors.New("range begins behind the end of the object")
	// ErrNoConditional: the store has no conditional writes.
	ErrNoConditional error = unconditional("the store has no conditional writes")
	// ErrBucket: there is no such bucket.
	ErrBucket = errors.New("bucket not found")
	// ErrDenied: the credentials are good but may not do this.
	ErrDenied = errors.New("access denied")
	// ErrLocked: a retention or a legal hold protects the object.
	ErrLocked = errors.New("object is locked")
	// ErrCredentials: there are no credentials, or the store refuses them.
	ErrCredentials = errors.New("no valid credentials")
	// ErrBusy: the store asks for fewer requests.
	ErrBusy = errors.New("store busy")
	// ErrNotS3: something answers there, and it is no S3 server.
	ErrNotS3 = errors.New("not an S3 server")
	// ErrListing: the store's list of objects contradicts itself.
	ErrListing = errors.New("the store's list of objects cannot be relied on")
	// ErrUnreachable: nothing answers there.
	ErrUnreachable = errors.New("store unreachable")
)

// permanent is an error that no retry cures. Its method tells so to a queue that must
// not import this package.
type permanent string

func (p permanent) Error() string { return string(p) }

// Permanent tells that trying again is of no use.
func (p permanent) Permanent() bool { return true }

// absent is an error that is fs.ErrNotExist too, for callers that must not import
// this package.
type absent string

func (a absent) Error() string { return string(a) }

// Is tells what else the error is.
func (a absent) Is(target error) bool { return target == fs.ErrNotExist }

// changed is an error for the same callers: a condition does not hold.
type changed string

func (c changed) Error() string { return string(c) }

// Changed tells that a condition does not hold.
func (c changed) Changed() bool { return true }

// unconditional is an error for the same callers: there are no conditions.
type unconditional string

func (u unconditional) Error() string { return string(u) }

// Unconditional tells that the store has no conditional writes.
func (u unconditional) Unconditional() bool { return true }
