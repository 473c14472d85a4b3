// Package spool keeps the parts of live broadcasts on the local disk, so that a
// process that dies leaves behind what its viewers were shown.
//
// In flow the parts of any number of streams, as shared slices, right before
// they are listed; a call only queues and never waits for a disk. Out flow, for
// each segment, ROOM/EPOCH/MSN.ts, its bytes and nothing else, and for many together
// ROOM/EPOCH/FIRST.records: of each segment a head, a record per part, and one that
// closes it. Such a file only grows; another is begun after 32 segments, and it is
// deleted with the last of its segments. Parts are written at once and not synced:
// the page cache outlives kill -9. A closed segment is synced, and its records and
// its folder with it, together with those of other streams, and only then are others
// told that it may be stored, and memory let it go. MSN.ts never changes from then
// on: a store in the same file system takes the file itself (File).
//
// If a disk is full, broken or hangs, viewers notice nothing: a segment that it did not
// take is left out, and the next segment is tried again. The queue for the disk is
// bounded. A call that has not returned after five seconds is trouble too, until it
// returns; Stats, Recorder.Trouble and the log say so. A disk that hangs for one room
// delays no other room, and the end of the process by three seconds at most.
//
// Find reads what a former process left. It is Exact where the page cache survived (the
// boot's id is the same) and no part was left out near the end: then numbers may go on
// right after it. A file is deleted when
// nobody needs it any more: neither the live window nor the store.
package spool
