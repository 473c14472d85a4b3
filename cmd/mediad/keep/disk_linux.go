package keep

import "golang.org/x/sys/unix"

// space gives the room on the disk of a directory, and which disk that is.
func space(dir string) (r room, device uint64, ok bool) {
	var fs unix.Statfs_t
	var info unix.Stat_t
	if unix.Statfs(dir, &fs) != nil || unix.Stat(dir, &info) != nil {
		return r, 0, false
	}
	return room{int64(fs.Bavail) * fs.Bsize, int64(fs.Blocks) * fs.Bsize}, info.Dev, true
}
