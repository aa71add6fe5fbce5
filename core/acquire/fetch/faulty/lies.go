package faulty

import (
	"fmt"
	"net/http"
	"strconv"
)

// header answers soundly under an altered header.
func header(name string, alter func(h http.Header, status int)) Fault {
	return Fault{name, func(x *exchange) { x.sound(&writer{ResponseWriter: x.w, head: alter}) }}
}

// WrongType gives the sound answer another Content-Type.
func WrongType(kind string) Fault {
	return header("wrong type", func(h http.Header, _ int) { h.Set("Content-Type", kind) })
}

// ShortLength says, and sends, fewer bytes than there are: by so many. The
// answer looks whole.
func ShortLength(by int64) Fault {
	return Fault{"short length", func(x *exchange) {
		x.r.Header.Del("Range")
		left := int64(0)
		w := &writer{ResponseWriter: x.w}
		w.head = func(h http.Header, _ int) {
			n, _ := strconv.ParseInt(h.Get("Content-Length"), 10, 64)
			left = max(n-by, 0)
			h.Set("Content-Length", strconv.FormatInt(left, 10))
		}
		w.body = func(b []byte) (int, error) {
			n := min(int64(len(b)), left)
			left -= n
			_, err := x.w.Write(b[:n])
			return len(b), err
		}
		x.sound(w)
	}}
}

// LongLength says more bytes than there are, by so many, and closes the
// connection after the last.
func LongLength(by int64) Fault {
	return header("long length", func(h http.Header, _ int) {
		n, _ := strconv.ParseInt(h.Get("Content-Length"), 10, 64)
		h.Set("Content-Length", strconv.FormatInt(n+by, 10))
	})
}

// WholeFile answers a Range with status 200 and all bytes.
func WholeFile() Fault {
	return Fault{"200 to a range", func(x *exchange) {
		x.r.Header.Del("Range")
		x.sound(x.w)
	}}
}

// WrongRange answers a Range with another part of the file than was asked for.
func WrongRange() Fault {
	return header("wrong content-range", func(h http.Header, status int) {
		var from, to, size int64
		if _, err := fmt.Sscanf(h.Get("Content-Range"), "bytes %d-%d/%d", &from, &to, &size); err == nil && status == http.StatusPartialContent {
			h.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from+1, to+1, size+1))
		}
	})
}

// NoContentRange leaves out which part it is that a Range is answered with.
func NoContentRange() Fault {
	return header("no content-range", func(h http.Header, _ int) { h.Del("Content-Range") })
}

// OtherTag answers a Range with the part asked for, under another ETag.
func OtherTag() Fault {
	return header("other etag", func(h http.Header, _ int) { h.Set("ETag", `"another"`) })
}

// Unsatisfiable is a 416.
func Unsatisfiable() Fault {
	return Fault{"416", func(x *exchange) {
		x.w.Header().Set("Content-Range", "bytes */0")
		page(x.w, http.StatusRequestedRangeNotSatisfiable, "Requested Range Not Satisfiable")
	}}
}
