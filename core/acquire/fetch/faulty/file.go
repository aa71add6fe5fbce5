package faulty

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// file is what is under a path.
type file struct {
	data     []byte
	answer   func(Request) ([]byte, bool) // nil: data
	etag     string
	modified time.Time
	kind     string // Content-Type
	noRanges bool
	picky    bool
}

// Option of Put.
type Option func(*file)

// ETag sets the tag, quotes included; "" for none. By default it is strong and
// made of the bytes.
func ETag(tag string) Option { return func(f *file) { f.etag = tag } }

// Modified sets Last-Modified; the zero time for none.
func Modified(t time.Time) Option { return func(f *file) { f.modified = t } }

// Type sets the Content-Type.
func Type(t string) Option { return func(f *file) { f.kind = t } }

// NoRanges makes the server answer a Range with the whole file.
func NoRanges() Option { return func(f *file) { f.noRanges = true } }

// Plain is a file without anything that tells its version.
func Plain() Option {
	return func(f *file) { f.etag, f.modified, f.noRanges = "", time.Time{}, true }
}

// Picky makes the server refuse (406) who does not say who he is: no User-Agent,
// or that of Go's library.
func Picky() Option { return func(f *file) { f.picky = true } }

// Put serves data at path, which begins with a slash and has no query; what
// was there is replaced. The data are not copied. A path that ends in a slash
// is also found without: by a redirect.
func (s *Server) Put(path string, data []byte, opts ...Option) {
	s.put(path, newFile(path, data), opts)
}

// PutFS serves all files of fsys below prefix, which begins and ends with a
// slash.
func (s *Server) PutFS(prefix string, fsys fs.FS, opts ...Option) error {
	return fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		if err == nil {
			s.Put(prefix+name, data, opts...)
		}
		return err
	})
}

// Answer serves what answer returns for a request: an API. False: 404. It may
// be called by several requests at once.
func (s *Server) Answer(path string, answer func(Request) ([]byte, bool), opts ...Option) {
	f := newFile(path, nil)
	f.answer, f.etag, f.modified, f.noRanges = answer, "", time.Time{}, true
	s.put(path, f, opts)
}

func (s *Server) put(path string, f *file, opts []Option) {
	for _, o := range opts {
		o(f)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[path] = f
}

func newFile(name string, data []byte) *file {
	f := &file{data: data, kind: "application/octet-stream", modified: time.Date(2024, 2, 20, 12, 0, 0, 0, time.UTC)}
	sum := sha256.Sum256(data)
	f.etag = `"` + hex.EncodeToString(sum[:8]) + `"`
	switch path.Ext(name) {
	case ".json", ".geojson", "":
		f.kind = "application/json"
	case ".zip":
		f.kind = "application/zip"
	}
	return f
}

// exchange is a request and its answer.
type exchange struct {
	s   *Server
	w   http.ResponseWriter
	r   *http.Request
	req Request
	f   *file // nil: there is none
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm() // a form that cannot be read is one without values
	req := Request{
		Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
		Header: r.Header.Clone(), Form: r.Form, At: time.Now(),
	}
	out := &leaving{ResponseWriter: w, leave: sync.OnceFunc(s.leave)}
	x := &exchange{s: s, w: out, r: r}
	fault := s.take(x, &req)
	x.req = req
	defer out.leave()
	fault.serve(x)
}

// leaving counts a request as answered before the last byte of a body of known
// length goes out: who has that may ask again at once.
type leaving struct {
	http.ResponseWriter
	leave func()
	sent  int64
}

func (l *leaving) Write(p []byte) (int, error) {
	l.sent += int64(len(p))
	if length, err := strconv.ParseInt(l.Header().Get("Content-Length"), 10, 64); err == nil && l.sent >= length {
		l.leave()
	}
	return l.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController flush and hijack.
func (l *leaving) Unwrap() http.ResponseWriter { return l.ResponseWriter }

// take records the request and says what it meets.
func (s *Server) take(x *exchange, req *Request) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now++
	s.most = max(s.most, s.now)
	x.f = s.files[req.Path]
	fault := s.faultOf(req)
	req.Fault = fault.Name
	s.requests = append(s.requests, *req)
	return fault
}

func (s *Server) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now--
}

func (s *Server) faultOf(req *Request) Fault {
	if hops := req.Form.Get(hopKey); hops != "" {
		n, _ := strconv.Atoi(hops)
		return Hops(max(n, 0))
	}
	if script := s.scripts[req.Path]; script != nil {
		if len(script.next) > 0 {
			fault := script.next[0]
			script.next = script.next[1:]
			return fault
		}
		if script.always != nil {
			return *script.always
		}
	}
	if s.chance != nil {
		key := req.Path + "?" + req.Form.Encode()
		s.seen[key]++
		return s.chance.pick(key, s.seen[key])
	}
	return OK()
}

// sound answers as a good server does, through w.
func (x *exchange) sound(w http.ResponseWriter) {
	if x.f == nil {
		x.missing(w)
		return
	}
	if agent := x.r.UserAgent(); x.f.picky && (agent == "" || strings.HasPrefix(agent, "Go-http-client")) {
		page(w, http.StatusNotAcceptable, "Not Acceptable")
		return
	}
	data := x.f.data
	if x.f.answer != nil {
		var ok bool
		if data, ok = x.f.answer(x.req); !ok {
			x.missing(w)
			return
		}
	}
	if x.f.noRanges {
		x.r.Header.Del("Range")
	}
	w.Header().Set("Content-Type", x.f.kind)
	if x.f.etag != "" {
		w.Header().Set("ETag", x.f.etag)
	}
	if x.r.Method == http.MethodPost {
		x.r.Method = http.MethodGet // ServeContent has no bodies for others
	}
	http.ServeContent(w, x.r, "", x.f.modified, bytes.NewReader(data))
}

// missing answers 404, or 301 if there is something under the path with a slash.
func (x *exchange) missing(w http.ResponseWriter) {
	x.s.mu.Lock()
	_, slash := x.s.files[x.r.URL.Path+"/"]
	x.s.mu.Unlock()
	if slash {
		http.Redirect(w, x.r, x.r.URL.Path+"/", http.StatusMovedPermanently)
		return
	}
	page(w, http.StatusNotFound, "Not Found")
}
