package layout

import "strings"

// tokenMark begins a playback token. The token is the first folder of a path below
// /live/ or /vod/. URIs in playlists are relative, so they inherit it.
const tokenMark = "~"

// LiveLead is the beginning of the paths of live media, for viewers with this playback
// token. With "" there is no token in it.
func LiveLead(token string) string { return lead(LivePath, token) }

func lead(folder, token string) string {
	if token == "" {
		return folder
	}
	return folder + tokenMark + token + "/"
}

// CutToken removes the playback token from a path below folder, which is LivePath or
// ReplayPath. The token is "" if there is none.
func CutToken(folder, path string) (token, rest string) {
	below, ok := strings.CutPrefix(path, folder)
	if !ok || !strings.HasPrefix(below, tokenMark) {
		return "", path
	}
	token, below = cutToken(below)
	return token, folder + below
}

func cutToken(below string) (token, rest string) {
	marked, ok := strings.CutPrefix(below, tokenMark)
	if !ok {
		return "", below
	}
	token, rest, _ = strings.Cut(marked, "/")
	return token, rest
}

// Site makes the addresses that viewers get: the public path prefix of the site
// ("/shop", or ""), the path, and the playback token in it where there is one.
type Site string

// Live is the address at which viewers watch a room.
func (s Site) Live(room, token string) string {
	return string(s) + LiveLead(token) + room + "/" + TopOf(room).InRoom()
}

// Rewind is the address of a live room's rewind list.
func (s Site) Rewind(room, token string) string {
	return string(s) + LiveLead(token) + room + "/" + RewindOf(room).InRoom()
}

// Poster is the address of a live room's picture.
func (s Site) Poster(room, token string) string {
	return string(s) + LiveLead(token) + room + "/" + PosterOf(room).InRoom()
}

// Replay is the address of an ended show's replay.
func (s Site) Replay(show, token string) string {
	return string(s) + lead(ReplayPath, token) + strings.TrimPrefix(Show(show).Playlist(), ReplayPath)
}
