package fetch

import (
	"errors"
	"fmt"
	"time"
)

// Kind says what went wrong: what callers decide by.
type Kind string

// The kinds of errors.
const (
	Offline   Kind = "offline"   // no connection, or no such host
	Timeout   Kind = "timeout"   // nothing came for too long
	Broken    Kind = "broken"    // the connection broke off, or bytes are missing
	Missing   Kind = "missing"   // 404, 410: there is no such file
	Refused   Kind = "refused"   // 401, 403, 406, 451 and other 4xx: asking again is no use
	Busy      Kind = "busy"      // 408, 425, 429, 5xx: later
	Forbidden Kind = "forbidden" // an address that may not be asked (host, http, too many redirects)
	TooLarge  Kind = "too-large"
	Bad       Kind = "bad"  // what came is not what was asked for
	Disk      Kind = "disk" // the file could not be written
)

// Error is why a download failed. Its text is a sentence for people.
type Error struct {
	Kind   Kind
	URL    string
	Status int // HTTP, 0 if there was no answer
	// Wait is what the server asked for before the next try; 0: nothing.
	Wait  time.Duration
	Tries int
	Says  string // the sentence, without the address
	Cause error
}

func (e *Error) Error() string {
	s := fmt.Sprintf("fetch %s: %s", e.URL, e.Says)
	if e.Tries > 1 {
		s += fmt.Sprintf(" (tried %d times)", e.Tries)
	}
	return s
}

func (e *Error) Unwrap() error { return e.Cause }

// KindOf returns the kind of an error of this package, "" if it is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// Again reports whether trying later may help.
func (e *Error) Again() bool {
	switch e.Kind {
	case Offline, Timeout, Broken, Busy:
		return true
	}
	return false
}

// addressed says which address an error is of.
func addressed(err error, raw string) error {
	var e *Error
	if errors.As(err, &e) {
		e.URL = redact(raw)
		return e
	}
	return fmt.Errorf("fetch %s: %w", redact(raw), err)
}
