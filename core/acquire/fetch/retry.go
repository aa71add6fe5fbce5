package fetch

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxAfter bounds a Retry-After, so that no number of a server's overflows.
const maxAfter = 365 * 24 * time.Hour

// retryAfter reads the header of that name: seconds or a date. What cannot be
// read, or is over, is 0.
func retryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if value == "" {
		return 0
	}
	if digits(value) {
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n > int64(maxAfter/time.Second) {
			return maxAfter
		}
		return time.Duration(n) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), maxAfter)
}

// backoff is the pause after so many failures in a row (1 …), the first of which
// is followed by pause (0: that of the options) at most: anything between
// nothing and a bound that doubles, so that clients that failed together do
// not come back together.
func (o *Options) backoff(pause time.Duration, fails int) time.Duration {
	bound := pause
	orElse(&bound, o.Pause)
	for i := 1; i < fails && bound < o.MaxPause; i++ {
		bound *= 2
	}
	return time.Duration(o.Random() * float64(min(bound, o.MaxPause)))
}

// busy is the error of a server that wants to be left alone.
func busy(wait time.Duration, until time.Time) *Error {
	return &Error{Kind: Busy, Wait: wait, Says: leaveAlone(wait, until)}
}

func leaveAlone(wait time.Duration, until time.Time) string {
	return fmt.Sprintf("the server asks to wait for %v; try again after %s",
		wait.Round(time.Second), until.Format("2 January 15:04:05 MST"))
}

// contentRange is the header of that name.
type contentRange struct{ from, to, size int64 } // bytes from … to, of size

// parseContentRange reads "bytes 0-99/1234". An answer that does not tell the
// size proves nothing, and is not understood here.
func parseContentRange(value string) (contentRange, bool) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(value), "bytes ")
	if !ok {
		return contentRange{}, false
	}
	span, size, ok1 := strings.Cut(strings.TrimSpace(rest), "/")
	from, to, ok2 := strings.Cut(span, "-")
	if !ok1 || !ok2 {
		return contentRange{}, false
	}
	var r contentRange
	for _, part := range []struct {
		text string
		to   *int64
	}{{from, &r.from}, {to, &r.to}, {size, &r.size}} {
		n, err := strconv.ParseInt(part.text, 10, 64)
		if err != nil || !digits(part.text) {
			return contentRange{}, false
		}
		*part.to = n
	}
	return r, r.from <= r.to && r.to < r.size
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
