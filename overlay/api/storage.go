package api

import (
	"context"
	"time"
)

// StorageReport tells how much is stored, and how the object store works.
type StorageReport struct {
	Kind      string        `json:"kind" doc:"dir, s3 or none"`
	Retention string        `json:"retention" doc:"Of shows whose room and show say nothing"`
	Bytes     int64         `json:"bytes" doc:"Of all segments in the object store, by the journals"`
	Segments  int           `json:"segments"`
	Queue     StorageQueue  `json:"queue"`
	Rooms     []StoredRoom  `json:"rooms"`
	Deletions int           `json:"deletions" doc:"Shows that are being deleted"`
	Alarms    []StorageWarn `json:"alarms" doc:"What is wrong now, and what to do about it"`
	Disks     []StorageDisk `json:"disks,omitempty" doc:"Room on the server's own disks, where the system tells it"`
}

// StorageDisk is the room on a disk of the server.
type StorageDisk struct {
	Of    string `json:"of" enum:"data,store" doc:"data: data_dir, with the database and what waits to be stored; store: the directory of the recordings, where that is on another disk"`
	Free  int64  `json:"free" doc:"Bytes that the server may still use"`
	Total int64  `json:"total"`
}

// StorageQueue has the segments that wait for the object store.
type StorageQueue struct {
	Segments int     `json:"segments"`
	Bytes    int64   `json:"bytes"`
	Lag      float64 `json:"lag" doc:"How long the oldest waits, in seconds"`
	Failed   uint64  `json:"failed_attempts" doc:"Since the server started"`
	GivenUp  uint64  `json:"given_up" doc:"Segments that were lost, since the server started"`
}

// StoredRoom tells how much is stored of a room.
type StoredRoom struct {
	Room  string `json:"room"`
	Title string `json:"title,omitempty" doc:"Of the room"`
	MediaSize
	Broadcasts int       `json:"broadcasts"`
	Oldest     time.Time `json:"oldest,omitzero" doc:"When the oldest stored broadcast began"`
}

// StorageWarn is a fault of the storage.
type StorageWarn struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

type storageAnswer struct{ Body StorageReport }

func (a *API) storage(ctx context.Context, _ *struct{}) (*storageAnswer, error) {
	r, err := a.o.Media.Report(ctx)
	return &storageAnswer{Body: r}, err
}
