// Package thumbs makes pictures of broadcasts with an external ffmpeg: a poster
// of each room on air, renewed now and then, and of each finished broadcast one
// sprite of small pictures with a WebVTT track that says which is from when.
//
// In flow bytes of MPEG-TS, from the live window and from the store; out flow
// JPEG and WebVTT, to memory and to the store. All of it is beside the media path: if it
// fails or is slow, nothing else is. One ffmpeg runs at a time, with the lowest priority
// and with bounds on its time and its output. The package serves no HTTP, and knows only
// the names of rooms.
package thumbs
