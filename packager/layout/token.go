package layout

import "strings"

// tokenMark is before a playback token, which is the first folder of a path below
// /live/ or /vod/: what playlists list is relative to them and so inherits it.
const tokenMark = "~"

// LiveLead is what the paths of live media begin with for who has a playback
// token; "": for everybody.
func LiveLead(token string) string { return lead(LivePath, token) }

func lead(folder, token string) string {
	if token == "" {
		return folder
	}
	return folder + tokenMark + token + "/"
}

// CutToken takes the playback token out of a path below folder, which is LivePath
// or ReplayPath: "" if there is none.
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

// Site makes the addresses that viewers are told: paths with what the world has in
// front of them ("/shop", or ""), and with the playback token where there is one.
type Site string

// Live is where a room is watched.
func (s Site) Live(room, token string) string {
	return string(s) + LiveLead(token) + room + "/" + TopOf(room).InRoom()
}

// Rewind is where a live room's past is watched.
func (s Site) Rewind(room, token string) string {
	return string(s) + LiveLead(token) + room + "/" + RewindOf(room).InRoom()
}

// Replay is where a show is watched that is over.
func (s Site) Replay(show, token string) string {
	return string(s) + lead(ReplayPath, token) + strings.TrimPrefix(Show(show).Playlist(), ReplayPath)
}
