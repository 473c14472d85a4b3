package storage

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"strconv"
)

// etag is a digest of the bytes where they may change, and, much cheaper, size
// and time where they cannot.
func (d *Dir) etag(key, path string) (string, error) {
	if Immutable(key) {
		info, err := os.Stat(path)
		if err != nil {
			return "", err
		}
		return statTag(info), nil
	}
	body, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	return bytesTag(body), nil
}

func bytesTag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:16]) + `"`
}

func statTag(info fs.FileInfo) string {
	return `"` + strconv.FormatInt(info.Size(), 16) + "-" + strconv.FormatInt(info.ModTime().UnixNano(), 16) + `"`
}

// holds tells whether the file has exactly these bytes.
func holds(path string, body [][]byte) (bool, error) {
	info, err := os.Stat(path)
	if err != nil {
		return false, err
	}
	if !info.Mode().IsRegular() || info.Size() != total(body) {
		return false, nil
	}
	have, err := os.ReadFile(path)
	for _, b := range body {
		if !bytes.HasPrefix(have, b) {
			return false, err
		}
		have = have[len(b):]
	}
	return len(have) == 0, err
}

func total(body [][]byte) (n int64) {
	for _, b := range body {
		n += int64(len(b))
	}
	return n
}
