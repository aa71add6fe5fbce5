package faulty

import (
	"bytes"
	"compress/gzip"
	"net"
	"net/http"
	"strconv"
	"time"
)

// writer alters a sound answer on its way.
type writer struct {
	http.ResponseWriter
	head func(h http.Header, status int) // before the header is sent; nil: as it is
	body func(b []byte) (int, error)     // nil: as it is
	sent bool
}

// WriteHeader implements http.ResponseWriter.
func (w *writer) WriteHeader(status int) {
	if !w.sent && w.head != nil {
		w.head(w.Header(), status)
	}
	w.sent = true
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *writer) Write(b []byte) (int, error) {
	if !w.sent {
		w.WriteHeader(http.StatusOK)
	}
	if w.body == nil {
		return w.ResponseWriter.Write(b)
	}
	return w.body(b)
}

// Unwrap lets http.ResponseController flush and hijack.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// cut answers soundly up to a share of the bytes, then calls end once; the rest
// follows if end returns.
func (x *exchange) cut(share float64, end func()) {
	left, over := int64(0), false
	w := &writer{ResponseWriter: x.w}
	w.head = func(h http.Header, _ int) {
		n, _ := strconv.ParseInt(h.Get("Content-Length"), 10, 64)
		left = int64(share * float64(n))
	}
	w.body = func(b []byte) (int, error) {
		n := 0
		if !over && int64(len(b)) >= left {
			n, _ = x.w.Write(b[:left])
			_ = http.NewResponseController(x.w).Flush()
			over, b = true, b[left:]
			end()
		}
		left -= int64(len(b))
		m, err := x.w.Write(b)
		return n + m, err
	}
	x.sound(w)
}

// Truncate sends a share [0, 1) of the bytes under the length of all of them,
// and closes the connection.
func Truncate(share float64) Fault {
	return Fault{"truncated", func(x *exchange) {
		x.cut(share, func() { panic(http.ErrAbortHandler) })
	}}
}

// Reset sends a share of the bytes and resets the connection.
func Reset(share float64) Fault {
	return Fault{"reset", func(x *exchange) { x.cut(share, func() { reset(x.w) }) }}
}

// Hangup resets the connection before anything is answered.
func Hangup() Fault { return Fault{"hangup", func(x *exchange) { reset(x.w) }} }

func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
	panic(http.ErrAbortHandler)
}

// Stall sends a share of the bytes and then nothing until Release, the client
// goes or the test ends.
func Stall(share float64) Fault {
	return Fault{"stalled", func(x *exchange) { x.cut(share, x.wait) }}
}

// Mute answers nothing at all, not even a header, until Release.
func Mute() Fault {
	return Fault{"mute", func(x *exchange) {
		x.wait()
		x.sound(x.w)
	}}
}

// wait returns on Release; otherwise it ends the answer.
func (x *exchange) wait() {
	x.s.mu.Lock()
	release := x.s.release
	x.s.mu.Unlock()
	select {
	case <-release:
	case <-x.s.done:
		panic(http.ErrAbortHandler)
	case <-x.r.Context().Done():
		panic(http.ErrAbortHandler)
	}
}

// Drip sends size bytes at a time, with a pause after each.
func Drip(size int, pause time.Duration) Fault {
	return Fault{"slow drip", func(x *exchange) {
		w := &writer{ResponseWriter: x.w}
		w.body = func(b []byte) (int, error) {
			for at := 0; at < len(b); at += size {
				if _, err := x.w.Write(b[at:min(at+size, len(b))]); err != nil {
					return at, err
				}
				_ = http.NewResponseController(x.w).Flush()
				x.pause(pause)
			}
			return len(b), nil
		}
		x.sound(w)
	}}
}

func (x *exchange) pause(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-x.s.done:
		panic(http.ErrAbortHandler)
	case <-x.r.Context().Done():
		panic(http.ErrAbortHandler)
	}
}

// over reports whether the test is.
func (x *exchange) over() bool {
	select {
	case <-x.s.done:
		return true
	default:
		return false
	}
}

// Endless sends bytes without a length for as long as the client takes them.
func Endless() Fault {
	return Fault{"endless", func(x *exchange) {
		x.w.Header().Set("Content-Type", "application/json")
		block := make([]byte, 32<<10)
		for i := range block {
			block[i] = ' '
		}
		for {
			if _, err := x.w.Write(block); err != nil || x.over() {
				return
			}
		}
	}}
}

// Chunked leaves out the length.
func Chunked() Fault {
	return Fault{"no length", func(x *exchange) {
		w := &writer{ResponseWriter: x.w}
		w.head = func(h http.Header, _ int) { h.Del("Content-Length") }
		w.body = func(b []byte) (int, error) {
			n, err := x.w.Write(b)
			_ = http.NewResponseController(x.w).Flush()
			return n, err
		}
		x.sound(w)
	}}
}

// Gzip compresses the answer, asked or not; of the compressed bytes only a
// share (0, 1] is sent, without saying how many there should be.
func Gzip(share float64) Fault {
	name := "gzip"
	if share < 1 {
		name = "gzip cut"
	}
	return Fault{name, func(x *exchange) {
		x.r.Header.Del("Range")
		w := &writer{ResponseWriter: x.w}
		w.head = func(h http.Header, _ int) {
			h.Del("Content-Length")
			h.Set("Content-Encoding", "gzip")
		}
		var all bytes.Buffer
		z := gzip.NewWriter(&all)
		w.body = z.Write
		x.sound(w)
		_ = z.Close() // into memory
		_, _ = x.w.Write(all.Bytes()[:int(share*float64(all.Len()))])
	}}
}
