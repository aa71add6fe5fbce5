package fetch

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"":                               0,
		"0":                              0,
		"30":                             30 * time.Second,
		" 7 ":                            7 * time.Second,
		"-5":                             0,
		"+5":                             0,
		"1.5":                            0,
		"soon":                           0,
		"99999999999999999999999":        maxAfter,
		"9223372036854775807":            maxAfter,
		"Sun, 01 Nov 2026 12:02:00 GMT":  2 * time.Minute,
		"Sunday, 01-Nov-26 12:00:10 GMT": 10 * time.Second,
		"Sun Nov  1 12:00:09 2026":       9 * time.Second,
		"Sun, 01 Nov 2026 11:00:00 GMT":  0,
		"Mon, 01 Nov 9999 12:00:00 GMT":  maxAfter,
	} {
		if got := retryAfter(value, now); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"", "1", "-1", "1e9", "Sun, 01 Nov 2026 12:02:00 GMT", "99999999999999999999", "Mon, 01 Jan 0001 00:00:00 GMT"} {
		f.Add(s, int64(0))
	}
	f.Fuzz(func(t *testing.T, value string, now int64) {
		if d := retryAfter(value, time.Unix(now, 0)); d < 0 || d > maxAfter {
			t.Errorf("%q: %v", value, d)
		}
	})
}

func TestContentRange(t *testing.T) {
	for value, want := range map[string]contentRange{
		"bytes 0-99/1234":                {0, 99, 1234},
		"bytes 100-1233/1234":            {100, 1233, 1234},
		" bytes  5-5/6 ":                 {5, 5, 6},
		"bytes 0-99/*":                   {},
		"bytes */1234":                   {},
		"bytes 5-4/9":                    {},
		"bytes 5-9/9":                    {},
		"bytes -1-9/10":                  {},
		"bytes +1-9/10":                  {},
		"bytes 1-9":                      {},
		"items 0-9/10":                   {},
		"bytes=0-9/10":                   {},
		"bytes 0-9/99999999999999999999": {},
		"":                               {},
	} {
		got, ok := parseContentRange(value)
		if ok != (want != contentRange{}) || ok && got != want {
			t.Errorf("%q: %v, %v, want %v", value, got, ok, want)
		}
	}
}

func FuzzContentRange(f *testing.F) {
	for _, s := range []string{"bytes 0-99/1234", "bytes */5", "bytes 1-2/*", "bytes 18446744073709551616-1/2", "bytes 0-0/1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		r, ok := parseContentRange(value)
		if !ok {
			return
		}
		if r.from < 0 || r.from > r.to || r.to >= r.size {
			t.Errorf("%q: %+v", value, r)
		}
		if again, ok := parseContentRange(fmt.Sprintf("bytes %d-%d/%d", r.from, r.to, r.size)); !ok || again != r {
			t.Errorf("%q is %+v, written again %+v", value, r, again)
		}
	})
}

func FuzzRedact(f *testing.F) {
	for _, s := range []string{"https://a.example/?key=s3cr3t", "https://u:s3cr3t@a.example/#s3cr3t", "?;token=s3cr3t", "//u:s3cr3t@h", "%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		once := redact(raw)
		if twice := redact(once); once != "(an address that cannot be read)" && twice != once {
			t.Errorf("%q: %q, then %q", raw, once, twice)
		}
		if strings.Contains(redact("https://user:hunter2@a.example/?token=hunter2&"+raw), "user:hunter2") {
			t.Errorf("%q lets a password out", raw)
		}
	})
}

func TestPausesAreBoundedAndGrow(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		o := Options{
			Pause:    time.Duration(rapid.Int64Range(1, int64(time.Minute)).Draw(r, "pause")),
			MaxPause: time.Duration(rapid.Int64Range(1, int64(time.Hour)).Draw(r, "most")),
			Random:   func() float64 { return 1 },
		}.filled()
		last := time.Duration(0)
		for fails := 1; fails < 100; fails++ {
			d := o.backoff(0, fails)
			if d < last || d > o.MaxPause || fails == 1 && d > o.Pause {
				r.Fatalf("pause %d is %v after %v", fails, d, last)
			}
			last = d
		}
		if last != o.MaxPause {
			r.Fatalf("the pauses end at %v", last)
		}
		o.Random = func() float64 { return 0 }
		if o.backoff(0, 9) != 0 {
			r.Fatal("full jitter begins at nothing")
		}
	})
}
