// Package fetch gets bytes from servers that misbehave: politely, bounded,
// resuming what broke off, and never taking an error page for data. It knows
// nothing of boundaries.
package fetch

import (
	"context"
	"log/slog"
	"net/http"
	"time"
)

// Options of New. The zero value of a field takes its default.
type Options struct {
	// UserAgent names the program and how to reach its makers; required.
	UserAgent string
	// Hosts that may be asked or redirected to: "github.com", or "*.example.org"
	// for all below. Loopback addresses, and hosts of Mirrors, may always.
	Hosts []string
	// Mirrors replace the beginning of an address: "https://geodata.ucdavis.edu/"
	// → "http://127.0.0.1:8080/gadm/". The longest that fits counts. Plain http
	// is allowed for loopback only.
	Mirrors map[string]string
	// Rules for single hosts (of the address as the source has it, before
	// mirrors), by name.
	Rules map[string]Rule
	// Default rule of all others: 2 at once.
	Default Rule

	Connect   time.Duration // until connected [20 s]
	Idle      time.Duration // without a byte [60 s]; there is no bound on the whole
	Tries     int           // of one address in all [4]
	Pause     time.Duration // before the second try [1 s]; doubles, with jitter
	MaxPause  time.Duration // [60 s]; a longer Retry-After is an error that says so
	MaxBytes  int64         // of an answer [4 GiB]
	Transport http.RoundTripper
	Log       *slog.Logger
	Now       func() time.Time
	Sleep     func(ctx context.Context, d time.Duration) error
	Random    func() float64 // [0, 1), for jitter
}

// Rule bounds how a host is asked.
type Rule struct {
	AtOnce int           // requests at the same time; 1: one after the other
	Every  time.Duration // at least between the beginnings of two requests
	// After429 is the least wait after an answer that says "too many".
	After429 time.Duration
	// Idle is for servers that think long before they answer; 0: that of Options.
	Idle time.Duration
}

// Get is what is asked for.
type Get struct {
	URL  string
	Form string // body of a POST; "": GET
	// Part is the path of the file that takes the bytes, in a folder that exists;
	// it is made for the owner's eyes only, and not synced. What is in it already
	// is continued if Resume proves that the server still has the same. After an
	// error it holds what came so far.
	Part string
	// Resume is what was told of the bytes in Part, from the Got that an error
	// came with; zero: begin anew.
	Resume State
	// ETag and Modified of what the caller has: the answer may be "not modified".
	ETag, Modified string
	Max            int64 // bytes; 0: that of Options
	// Patience of who asks; zero fields: that of Options.
	Patience
	// OnBytes hears of progress: bytes so far, and in all (0: not known). It is
	// called by the goroutine of Fetch, often; "so far" falls when a download has
	// to begin anew.
	OnBytes func(done, total int64)
}

// Patience says how long a download is hoped for.
type Patience struct {
	Tries int           // in all, as in Options
	Pause time.Duration // before the second
	Idle  time.Duration // without a byte; a host's own rule is the least
}

// State is what a server says of a file's version.
type State struct {
	URL            string // after redirects
	ETag, Modified string
	Size           int64 // in all; 0: not known
}

// Got is what came.
type Got struct {
	State
	NotModified bool
	Type        string // Content-Type
	Bytes       int64  // in Part
	SHA256      string // hex, of all of Part
	Requests    int    // that it took
}
