package faulty

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Fault is what a request meets. Its value is good for any number of them.
type Fault struct {
	Name  string
	serve func(*exchange)
}

// OK is no fault: the answer is sound.
func OK() Fault { return Fault{"ok", func(x *exchange) { x.sound(x.w) }} }

// page writes a page of HTML, as servers do for errors.
func page(w http.ResponseWriter, status int, title string) {
	w.Header().Set("Content-Type", "text/html; charset=iso-8859-1")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n<html><head>\n<title>%d %s</title>\n</head><body>\n<h1>%s</h1>\n</body></html>\n", status, title, title)
}

// Status answers with a page of HTML; retryAfter is the header of that name
// (seconds or a date), "" for none.
func Status(code int, retryAfter string) Fault {
	name := fmt.Sprintf("status %d", code)
	if retryAfter != "" {
		name += " retry-after"
	}
	return Fault{name, func(x *exchange) {
		if retryAfter != "" {
			x.w.Header().Set("Retry-After", retryAfter)
		}
		page(x.w, code, http.StatusText(code))
	}}
}

// NotFound is a 404 with a page of HTML.
func NotFound() Fault { return Status(http.StatusNotFound, "") }

// TooMany is a 429.
func TooMany(retryAfter string) Fault { return Status(http.StatusTooManyRequests, retryAfter) }

// Down is how a well-known host says that it is not well: 403 with 289 bytes.
func Down() Fault {
	return Fault{"403 289 bytes", func(x *exchange) {
		const size = 289
		x.w.Header().Set("Content-Type", "text/html")
		x.w.Header().Set("Content-Length", strconv.Itoa(size))
		x.w.WriteHeader(http.StatusForbidden)
		head := "<html><head><title>403 Forbidden</title></head><body><h1>Forbidden</h1>"
		_, _ = x.w.Write([]byte(head + strings.Repeat(" ", size-len(head))))
	}}
}

// Page is HTML with status 200, where data should be.
func Page() Fault {
	return Fault{"200 html", func(x *exchange) { page(x.w, http.StatusOK, "Down for maintenance") }}
}

// Empty is status 200 and no byte.
func Empty() Fault {
	return Fault{"empty", func(x *exchange) { x.w.Header().Set("Content-Length", "0") }}
}

// Body answers 200 with other bytes than those put: an API's remark, "None".
func Body(kind string, data []byte) Fault {
	return Fault{"other body", func(x *exchange) {
		x.w.Header().Set("Content-Type", kind)
		x.w.Header().Set("Content-Length", strconv.Itoa(len(data)))
		_, _ = x.w.Write(data)
	}}
}

// Redirect sends the client elsewhere: an address, or a path of this server.
func Redirect(code int, to string) Fault {
	return Fault{fmt.Sprintf("redirect %d", code), func(x *exchange) {
		x.w.Header().Set("Location", to)
		x.w.WriteHeader(code)
	}}
}

// Loop redirects to where the client is already.
func Loop() Fault {
	return Fault{"redirect loop", func(x *exchange) {
		x.w.Header().Set("Location", x.r.URL.RequestURI())
		x.w.WriteHeader(http.StatusFound)
	}}
}

// hopKey is the part of a query that tells how many hops are left.
const hopKey = "faulty-hops"

// Hops redirects n times, to and fro between the two hosts of the server, and
// then answers soundly.
func Hops(n int) Fault {
	return Fault{fmt.Sprintf("%d hops", n), func(x *exchange) {
		if n == 0 {
			x.sound(x.w)
			return
		}
		base, code := x.s.SecondURL(), http.StatusFound
		if n%2 == 0 {
			base = x.s.URL()
		}
		if x.r.Method == http.MethodPost {
			code = http.StatusTemporaryRedirect // 302 would turn it into a GET
		}
		query := x.r.URL.Query()
		query.Set(hopKey, strconv.Itoa(n-1))
		x.w.Header().Set("Location", base+x.r.URL.Path+"?"+query.Encode())
		x.w.WriteHeader(code)
	}}
}

// NotModified is a 304, asked for or not.
func NotModified() Fault {
	return Fault{"304", func(x *exchange) { x.w.WriteHeader(http.StatusNotModified) }}
}

// Change makes data the file from this request on, with an ETag of their own.
func Change(data []byte) Fault {
	return Fault{"changed", func(x *exchange) {
		x.s.Put(x.r.URL.Path, data, Modified(time.Date(2025, 5, 1, 0, 0, 0, 0, time.UTC)))
		x.f = newFile(x.r.URL.Path, data)
		x.f.modified = time.Date(2025, 5, 1, 0, 0, 0, 0, time.UTC)
		x.sound(x.w)
	}}
}
