package collect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/shapes-desktop/shapes/core/acquire/fetch"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/store/cache"
)

// Has reports whether all that a request leads to is in the cache, so that Get
// would ask nobody.
func (c *Collector) Has(r *source.Request) bool {
	at := *r
	for range maxFollow + 1 {
		rec, ok := c.cache.Find(at.URL, at.Form)
		if !ok || !suits(&rec, &at.Expect) {
			return false
		}
		_, path, err := c.cache.Get(rec.SHA256)
		if err != nil {
			return false
		}
		if at.Follow == nil {
			return true
		}
		if at, err = c.nextRequest(&at, path); err != nil {
			return false
		}
	}
	return false
}

// ErrSteps: a file cannot stand for a request whose address is only known once
// a server was asked.
var ErrSteps = errors.New("the source names the address of this file only when it is asked")

// Take puts a copy of a file that the user has downloaded into the cache in
// place of a download, after the same checks. Errors are those of Get, and
// ErrSteps.
func (c *Collector) Take(ctx context.Context, o Order, path string) (cache.Record, error) {
	r := &o.Request
	if r.License.Consent && o.Accepted.IsZero() {
		return cache.Record{}, consentError(r)
	}
	if r.Follow != nil {
		return cache.Record{}, fmt.Errorf("take %s: %w; choose it as a file of your own instead", path, ErrSteps)
	}
	leave, err := c.busy.enter(ctx, keyOf(r.URL, r.Form))
	if err != nil {
		return cache.Record{}, err
	}
	defer leave()
	part, _, err := c.cache.Partial(r.URL, r.Form)
	if err != nil {
		return cache.Record{}, diskError(r, err)
	}
	d := &download{Collector: c, o: o, r: r, url: r.URL, file: path}
	got, err := copyTo(ctx, path, part)
	if err != nil {
		return cache.Record{}, errors.Join(err, d.drop())
	}
	p, err := d.check(ctx, part, got)
	if err == nil && p != nil {
		err = flaw(Pointer, "it is a Git LFS pointer, which only names the data")
	}
	if err != nil {
		return cache.Record{}, errors.Join(fmt.Errorf("take %s: %w; nothing was changed", path, err), d.drop())
	}
	rec, err := d.cache.Add(d.record(got), part)
	if err != nil {
		return cache.Record{}, errors.Join(diskError(r, err), d.drop())
	}
	return rec, d.drop()
}

// copyTo copies a file and tells its size and hash.
func copyTo(ctx context.Context, from, to string) (fetch.Got, error) {
	in, err := os.Open(from)
	if err != nil {
		return fetch.Got{}, fmt.Errorf("take %s: %w", from, err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fetch.Got{}, fmt.Errorf("take %s: %w", from, err)
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(out, h), reading{ctx, in})
	if err = errors.Join(err, out.Close()); err != nil {
		return fetch.Got{}, fmt.Errorf("take %s: %w", from, err)
	}
	return fetch.Got{Bytes: n, SHA256: hex.EncodeToString(h.Sum(nil))}, nil
}

// reading ends when ctx does.
type reading struct {
	ctx context.Context
	r   io.Reader
}

func (r reading) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
