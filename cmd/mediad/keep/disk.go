package keep

import (
	"path/filepath"

	"mediad/overlay/api"
)

// disks tells the room in data_dir, and in the store's directory where that is on another
// disk. What the system does not tell is left out.
func disks(data, dir string) (out []api.StorageDisk) {
	first, device, ok := space(data)
	if ok {
		out = append(out, api.StorageDisk{Of: "data", Free: first.free, Total: first.total})
	}
	if dir == "" || filepath.Clean(dir) == filepath.Clean(data) {
		return out
	}
	if second, other, told := space(dir); told && (!ok || other != device) {
		out = append(out, api.StorageDisk{Of: "store", Free: second.free, Total: second.total})
	}
	return out
}

type room struct{ free, total int64 }
