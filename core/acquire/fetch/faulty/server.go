// Package faulty is a web server for tests that misbehaves as asked: the real
// paths of the sources on the loopback device, with faults by script or by
// chance. It knows nothing of the client that it torments.
package faulty

import (
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"
)

// Server answers with what was put into it, and with the faults of its script.
// All methods are safe for concurrent use; a test may change it while it is
// being asked.
type Server struct {
	web, second *httptest.Server
	dial        dialer // nil: through the loopback device
	done        chan struct{}
	once        sync.Once

	mu       sync.Mutex
	files    map[string]*file
	scripts  map[string]*script
	requests []Request
	seen     map[string]int // requests by path and form, for chance
	chance   *chance
	release  chan struct{} // closed to let stalled answers go on
	now      int           // requests being answered
	most     int
}

// Request is one that came.
type Request struct {
	Method string
	Path   string
	Query  string
	Header http.Header
	Form   url.Values // of the query and the body
	Fault  string     // name of what it met, "ok" if nothing
	At     time.Time
}

// script is what waits for the requests of a path.
type script struct {
	next   []Fault
	always *Fault
}

// New starts a server on the loopback device. It ends with the test.
func New(tb testing.TB) *Server {
	s := prepare()
	s.web = start(s, nil)
	s.second = start(s, nil)
	tb.Cleanup(s.close)
	return s
}

// NewTLS is New with https. Transport trusts its certificate.
func NewTLS(tb testing.TB) *Server {
	s := prepare()
	s.web = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	quiet(s.web)
	s.web.StartTLS()
	s.second = start(s, nil)
	tb.Cleanup(s.close)
	return s
}

// NewPiped starts a server that is reached through memory only, by Transport:
// within a bubble of testing/synctest, where time is virtual, waiting on the
// network would keep time from passing.
func NewPiped(tb testing.TB) *Server {
	s := prepare()
	first, second := newPipes("127.0.0.1:8001"), newPipes("127.0.0.1:8002")
	s.web, s.second = start(s, first), start(s, second)
	s.dial = func(addr string) (net.Conn, error) {
		switch addr {
		case first.addr:
			return first.dial()
		case second.addr:
			return second.dial()
		}
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errRefused}
	}
	tb.Cleanup(s.close)
	return s
}

func prepare() *Server {
	return &Server{
		done:    make(chan struct{}),
		files:   map[string]*file{},
		scripts: map[string]*script{},
		seen:    map[string]int{},
		release: make(chan struct{}),
	}
}

func start(s *Server, l net.Listener) *httptest.Server {
	web := &httptest.Server{Listener: l, Config: &http.Server{Handler: http.HandlerFunc(s.serve)}}
	if l == nil {
		web = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	}
	quiet(web)
	web.Start()
	return web
}

// quiet keeps faults made on purpose out of the tests' output.
func quiet(web *httptest.Server) { web.Config.ErrorLog = log.New(io.Discard, "", 0) }

func (s *Server) close() { s.once.Do(s.end) }

func (s *Server) end() {
	close(s.done)
	s.web.Close()
	s.second.Close()
}

// URL is where the server is, without a slash at the end.
func (s *Server) URL() string { return s.web.URL }

// SecondURL is the same server under another host (a port of its own), always
// plain http: for redirects from one host to another.
func (s *Server) SecondURL() string { return s.second.URL }

// Mirrors returns what makes a client ask this server instead of the given
// hosts: "https://github.com/" → URL() + "/github.com/". The path of a file is
// then that of the host below the host's name.
func (s *Server) Mirrors(hosts ...string) map[string]string {
	out := make(map[string]string, len(hosts))
	for _, h := range hosts {
		out["https://"+h+"/"] = s.URL() + "/" + h + "/"
	}
	return out
}

// Script makes the next requests for path (without query) meet the faults, one
// each, after what is scripted already. Later ones are answered soundly, or by
// chance.
func (s *Server) Script(path string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scriptOf(path).next = append(s.scriptOf(path).next, faults...)
}

// Always makes every request for path meet the fault, once its script is over.
func (s *Server) Always(path string, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scriptOf(path).always = &f
}

func (s *Server) scriptOf(path string) *script {
	if s.scripts[path] == nil {
		s.scripts[path] = &script{}
	}
	return s.scripts[path]
}

// Release lets the answers go on that stall now.
func (s *Server) Release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.release)
	s.release = make(chan struct{})
}

// Requests returns those that came, in their order.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Forget drops the record of requests, and of how many there were at once.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests, s.most = nil, s.now
}

// Most is how many requests were answered at the same time at most.
func (s *Server) Most() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.most
}
