package faulty

import (
	"context"
	"net"
	"net/http"
	"sync"
	"syscall"
)

// dialer connects to a server in memory.
type dialer func(addr string) (net.Conn, error)

// errRefused is what a port without a server answers.
const errRefused = syscall.ECONNREFUSED

// Transport reaches the server; the caller closes its idle connections. It
// trusts the certificate of NewTLS, and is the only way to a piped server.
func (s *Server) Transport() *http.Transport {
	t := &http.Transport{}
	if own, ok := s.web.Client().Transport.(*http.Transport); ok && s.web.TLS != nil {
		t.TLSClientConfig = own.TLSClientConfig.Clone()
	}
	if s.dial != nil {
		t.DialContext = func(_ context.Context, _, addr string) (net.Conn, error) { return s.dial(addr) }
	}
	return t
}

// pipes is a listener whose connections are pairs of pipes in memory.
type pipes struct {
	addr   string
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes(addr string) *pipes {
	return &pipes{addr: addr, conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (p *pipes) dial() (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.conns <- server:
		return client, nil
	case <-p.closed:
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errRefused}
	}
}

// Accept implements net.Listener.
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

// Addr implements net.Listener.
func (p *pipes) Addr() net.Addr { return pipeAddr(p.addr) }

type pipeAddr string

func (pipeAddr) Network() string  { return "tcp" }
func (a pipeAddr) String() string { return string(a) }
