package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"time"
)

// Client gets files. It is safe for concurrent use; Close it at the end.
type Client struct {
	o      Options
	places *places
	gates  *gates
	open   func(path string) (file, error)
	// close ends idle connections; nothing if the transport is the caller's.
	close func()
}

// New returns a client. It fails if the options contradict the rules: without
// a User-Agent, or with a mirror on plain http that is not on this machine.
func New(o Options) (*Client, error) {
	if strings.TrimSpace(o.UserAgent) == "" || strings.ContainsAny(o.UserAgent, "\r\n") {
		return nil, errors.New("fetch: a User-Agent is needed that names the program and how to reach its makers")
	}
	places, err := newPlaces(o.Hosts, o.Mirrors)
	if err != nil {
		return nil, err
	}
	c := &Client{o: o.filled(), places: places, open: openFile, close: func() {}}
	if c.o.Transport == nil {
		t := newTransport(c.o.Connect)
		c.o.Transport, c.close = t, t.CloseIdleConnections
	}
	c.gates = newGates(c.o)
	return c, nil
}

// Close ends the connections that are kept for later requests. Requests that
// run are not touched.
func (c *Client) Close() { c.close() }

// filled returns the options with their defaults.
func (o Options) filled() Options {
	orElse(&o.Connect, 20*time.Second)
	orElse(&o.Idle, time.Minute)
	orElse(&o.Tries, 4)
	orElse(&o.Pause, time.Second)
	orElse(&o.MaxPause, time.Minute)
	orElse(&o.MaxBytes, 4<<30)
	orElse(&o.Default.AtOnce, 2)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Random == nil {
		o.Random = rand.Float64
	}
	return o
}

func orElse[N int | int64 | time.Duration](n *N, def N) {
	if *n <= 0 {
		*n = def
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func newTransport(connect time.Duration) *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: connect, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:    connect,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        90 * time.Second,
		DisableCompression:     true, // it is undone here, where its length can be checked
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// Fetch gets a file into g.Part. It tries again where that may help, and goes
// on where it broke off if the server proves that it still has the same file.
//
// Its error is an *Error, or wraps that of ctx. Got is then what came so far:
// with its State as Resume and the same Part, a later Fetch goes on from there.
func (c *Client) Fetch(ctx context.Context, g Get) (Got, error) {
	d, err := c.begin(ctx, g)
	if err != nil {
		return Got{State: g.Resume}, err
	}
	err = d.run(ctx)
	return d.end(err)
}
