package store

import (
	"crypto/hmac"
	"maps"
	"sync"
)

// knownKeys are the hashes of the stream keys that this process has looked up: with
// them a publisher is known again while the database is away. A key that this process
// changes is forgotten. There is at most one for each room.
type knownKeys struct {
	mu sync.Mutex
	// Guarded by mu.
	hashes  map[string][]byte // by slug
	changes uint64            // of keys
}

func (k *knownKeys) seen() (changes uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.changes
}

// remember takes what was looked up. seen is from before that: a key may have been
// changed meanwhile.
func (k *knownKeys) remember(slug string, hash []byte, seen uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if seen != k.changes {
		return
	}
	if k.hashes == nil {
		k.hashes = map[string][]byte{}
	}
	k.hashes[slug] = hash
}

// forget is called after the key of a room was changed, or may have been.
func (k *knownKeys) forget(slug string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.changes++
	delete(k.hashes, slug)
}

// drop is called for a key that no room has any more.
func (k *knownKeys) drop(hash []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	maps.DeleteFunc(k.hashes, func(_ string, h []byte) bool { return hmac.Equal(h, hash) })
}

// KnownKey gives the slug of the room whose stream key this was when this process
// last looked it up; "": it never was. It does not ask the database. A change that
// another process made since then is not known to it.
func (s *Store) KnownKey(key string) (slug string) {
	hash := s.secret.hash("stream key", key)
	s.known.mu.Lock()
	defer s.known.mu.Unlock()
	for room, h := range s.known.hashes {
		if hmac.Equal(h, hash) {
			slug = room
		}
	}
	return slug
}
