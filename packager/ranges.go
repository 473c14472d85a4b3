package packager

import (
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// serveContent is http.ServeContent with ranges as RFC 9110 14 has them: a range that is
// not of bytes is ignored, only a GET has ranges, and no cache keeps a refusal.
func serveContent(w http.ResponseWriter, r *http.Request, size int64, content io.ReadSeeker) {
	if given := r.Header["Range"]; given != nil {
		plain := *r
		plain.Header = r.Header.Clone()
		plain.Header.Del("Range")
		if set := byteRanges(given[0], size); set != "" && r.Method == http.MethodGet {
			plain.Header.Set("Range", set)
		}
		r = &plain
	}
	http.ServeContent(unkept{w}, r, "", time.Time{}, content)
}

// mostRanges is how many ranges an answer has at most, and a chunk is how much several
// have together: http.ServeContent holds that in memory. No player asks for more
// than one, and RFC 9110 14.2 lets a server ignore them.
const mostRanges = 16

// unkept is an answer that no cache keeps if it refuses a range.
type unkept struct{ http.ResponseWriter }

func (u unkept) WriteHeader(status int) {
	if status == http.StatusRequestedRangeNotSatisfiable {
		u.Header().Set("Cache-Control", noStore)
	}
	u.ResponseWriter.WriteHeader(status)
}

// ReadFrom keeps http.ServeContent from a buffer of its own.
func (u unkept) ReadFrom(src io.Reader) (int64, error) { return copyOut(u.ResponseWriter, src) }

// byteRanges puts a Range header into the words of http.ServeContent: those of its
// ranges that lie in size bytes, one behind the end if none does, "" if it is to be
// ignored.
func byteRanges(header string, size int64) string {
	list, ok := strings.CutPrefix(header, "bytes=")
	if !ok {
		return ""
	}
	var in []string
	var all int64 // bytes of them
	legal := false
	for one := range strings.SplitSeq(list, ",") {
		if one = strings.Trim(one, " \t"); one == "" {
			continue // an empty element of a list (RFC 9110 5.6.1.2)
		}
		from, to, ok := strings.Cut(one, "-")
		first, firstOK := position(from)
		last, lastOK := position(to)
		switch {
		case !ok, !firstOK && from != "", !lastOK && to != "", !firstOK && !lastOK, firstOK && lastOK && first > last:
			return ""
		case !firstOK:
			first, last = size-min(last, size), size-1
		case !lastOK:
			last = size - 1
		}
		if legal = true; first < size {
			last = min(last, size-1)
			in = append(in, strconv.FormatInt(first, 10)+"-"+strconv.FormatInt(last, 10))
			all += last - first + 1
		}
	}
	switch {
	case !legal, len(in) > mostRanges, len(in) > 1 && all > chunk:
		return ""
	case in == nil:
		return "bytes=" + strconv.FormatInt(size, 10) + "-"
	}
	return "bytes=" + strings.Join(in, ",")
}

// oneRange reads a header that asks for one range and says where it begins;
// length is -1 up to the end.
func oneRange(header string) (offset, length int64, ok bool) {
	one, ok := strings.CutPrefix(header, "bytes=")
	if !ok || strings.Contains(one, ",") {
		return 0, 0, false
	}
	from, to, ok := strings.Cut(strings.Trim(one, " \t"), "-")
	first, firstOK := position(from)
	last, lastOK := position(to)
	switch {
	case !ok || !firstOK || !lastOK && to != "" || lastOK && first > last:
		return 0, 0, false
	case !lastOK || last-first == math.MaxInt64:
		return first, -1, true
	}
	return first, last - first + 1, true
}

// position reads a byte's position. One that no number holds is beyond any end.
func position(digits string) (n int64, ok bool) {
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	n, _ = strconv.ParseInt(digits, 10, 64) // out of range, it is the greatest
	return n, true
}
