package broadcast

import (
	"errors"
	"fmt"
	"time"

	"mediad/overlay/api"
	"mediad/packager/layout"
	"mediad/packager/spool"
)

// BehindStore is how long a segment may wait for the store before a room's
// host is told.
const BehindStore = 30 * time.Second

// tellReplaced is how long a host is told that the playlist of another broadcast
// was replaced. This server cannot see whether the other server still runs.
const tellReplaced = 10 * time.Minute

// keeping tells what is wrong with the storage of the broadcast, on the local
// disk and in the store. Viewers do not notice these problems.
func (a *onAir) keeping() (out []api.Warning) {
	if err := a.spooled.Trouble(); err != nil {
		do := "Free space in data_dir."
		if errors.Is(err, spool.ErrHangs) {
			do = "Check the disk of data_dir, and the machine that it is on."
		}
		out = append(out, api.Warning{Code: "spool", Text: "The server's disk does not take the broadcast (" + err.Error() +
			"): it goes on, but a crash of the server would lose its last minutes. " + do})
	}
	waiting, oldest, gone := a.stored.Waiting()
	if oldest > BehindStore {
		out = append(out, api.Warning{Code: "storage_behind", Value: oldest.Seconds(), Text: fmt.Sprintf(
			"The object store is behind: %d segments wait for it, the oldest for %s. They are kept until it takes them.",
			waiting, oldest.Round(time.Second))})
	}
	if gone > 0 {
		out = append(out, api.Warning{Code: "storage_given_up", Value: float64(gone), Text: fmt.Sprintf(
			"%d segments will be missing from the replay: more waited for the object store than may. Raise storage.spool.", gone)})
	}
	_, bad := a.stored.Journal()
	switch {
	case a.forgot:
		out = append(out, api.Warning{Code: "journal_missing", Text: "What was stored of this broadcast before the server's last start is not known: its journal in data_dir is gone. " +
			"It is missing from the replay until mediad storage repair is run, once the broadcast has ended."})
	case bad > 0:
		out = append(out, api.Warning{Code: "journal_damaged", Value: float64(bad), Text: fmt.Sprintf(
			"%d lines of this broadcast's journal cannot be read: their segments are missing from the replay until mediad storage repair is run, once the broadcast has ended.", bad)})
	}
	if epoch, at := a.stored.Replaced(); epoch != "" && time.Since(at) < tellReplaced {
		out = append(out, api.Warning{Code: "storage_shared", Text: fmt.Sprintf(
			"A broadcast that this server does not know (%s) stood, not ended, in this room's stored playlist, %s, and was replaced. "+
				"If another server still runs for it, give each a storage.s3.prefix (or storage.dir.path) of its own.", epoch, layout.TopOf(a.begin.Room).Key())})
	}
	if rival := a.stored.Rival(); rival != "" {
		out = append(out, api.Warning{Code: "storage_shared", Text: fmt.Sprintf(
			"Another server writes this room's stored playlist, %s, for a newer broadcast (%s): viewers who play from the store see that one. "+
				"Stop one of the two servers, or give each a storage.s3.prefix (or storage.dir.path) of its own.", layout.TopOf(a.begin.Room).Key(), rival)})
	}
	return out
}
