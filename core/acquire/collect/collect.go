// Package collect brings the file that a source's request names into the cache:
// fetched once however many ask, followed to where the data really are, and
// checked before it is kept. It draws nothing and reads no geometry: what the
// units look like is ingest's matter.
package collect

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/shapes-desktop/shapes/core/acquire/fetch"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/store/cache"
)

// Fetcher gets bytes: fetch.Client, or a fake.
type Fetcher interface {
	Fetch(ctx context.Context, g fetch.Get) (fetch.Got, error)
}

// Options of New. The zero value of a field takes its default.
type Options struct {
	// Media is where the files are that Git LFS pointers of GitHub stand for; the
	// repository's owner, name, version and path are put behind it.
	// ["https://media.githubusercontent.com/media/"]
	Media  string
	Limits Limits
	Now    func() time.Time
	Log    *slog.Logger
}

// Limits bound what is read of an answer while it is checked. A zero field takes
// its default.
type Limits struct {
	Depth    int   // nesting of JSON [64]
	Text     int64 // bytes of one JSON string or number [16 MiB]
	Index    int64 // bytes of an answer that is to be followed [32 MiB]
	Members  int   // of a zip archive [10 000]
	Unpacked int64 // bytes of all its members [8 GiB]
	Ratio    int64 // of unpacked to packed bytes, once past 16 MiB [250]
}

func (l Limits) withDefaults() Limits {
	l.Depth = or(l.Depth, 64)
	l.Text = or(l.Text, 16<<20)
	l.Index = or(l.Index, 32<<20)
	l.Members = or(l.Members, 10_000)
	l.Unpacked = or(l.Unpacked, 8<<30)
	l.Ratio = or(l.Ratio, 250)
	return l
}

func or[T int | int64](v, d T) T {
	if v <= 0 {
		return d
	}
	return v
}

// Collector gets files. Its methods are safe for concurrent use; a cache has one
// collector at a time.
type Collector struct {
	fetcher Fetcher
	cache   *cache.Cache
	media   string
	limits  Limits
	now     func() time.Time
	log     *slog.Logger
	flights flights
	busy    gate // addresses that are being asked
}

// New makes a collector that puts files into c.
func New(f Fetcher, c *cache.Cache, o Options) *Collector {
	if o.Media == "" {
		o.Media = "https://media.githubusercontent.com/media/"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Collector{
		fetcher: f, cache: c, media: o.Media, limits: o.Limits.withDefaults(), now: o.Now, log: o.Log,
		flights: flights{running: map[key]*flight{}}, busy: gate{held: map[key]chan struct{}{}},
	}
}

// ErrClosed: the collector was closed.
var ErrClosed = errors.New("nothing is fetched any more: the program ends")

// Close ends the downloads that are under way and waits until what came of them
// is kept, so that a later start goes on from there: one that nobody waits for
// any more may still be at that. Get then gives ErrClosed, or the end of a
// context, for what is not in the cache.
func (c *Collector) Close() { c.flights.close() }

// Order is a request, and who wants it on what terms.
type Order struct {
	Request source.Request
	// AcceptedBy accepted the licence, at Accepted. Without the latter nothing is
	// fetched whose licence must be accepted first.
	AcceptedBy string
	Accepted   time.Time
	// Covers reports whether what was accepted speaks of a licence by its name; nil:
	// of any. It is asked where an answer leads to a file under a licence that the
	// request did not name.
	Covers func(license string) bool
	// Refresh asks the server whether what is in the cache is still current.
	Refresh bool
	// Patience of who orders; of several who want the same file, that of the first
	// counts.
	Patience fetch.Patience
	// OnBytes hears of progress: bytes so far, and in all (0: not known). Each
	// file of a chain begins at 0. It is called from other goroutines, one call
	// at a time, and not after Get has returned.
	OnBytes func(done, total int64)
}

// result is a file in the cache.
type result struct {
	rec    cache.Record
	path   string
	cached bool // no server was asked
}

// maxFollow is how often an answer may send us on.
const maxFollow = 3

// Get returns the file that an order's request leads to, as it lies in the
// cache, and its record; it is only to be read. What is there already is taken
// without asking anybody, unless Refresh, or its bytes are damaged. ctx ends the waiting of this caller; a
// download goes on while others wait for it. Errors are *Error, ErrConsent
// within some of them, or that of ctx.
func (c *Collector) Get(ctx context.Context, o Order) (cache.Record, string, error) {
	var hear listener
	if o.OnBytes != nil {
		hear.hear = o.OnBytes
		o.OnBytes = hear.call
		defer hear.stop()
	}
	res, err := c.get(ctx, o, 0)
	return res.rec, res.path, err
}

func (c *Collector) get(ctx context.Context, o Order, hops int) (result, error) {
	if o.Request.License.Consent && o.Accepted.IsZero() {
		return result{}, consentError(&o.Request)
	}
	if l := &o.Request.License; hops > 0 && l.Consent && o.Covers != nil && !o.Covers(l.Name) {
		return result{}, changedError(&o.Request)
	}
	if hops > maxFollow {
		return result{}, c.refuse(&o.Request, flaw(Astray, "the answers lead from one to the next and never to the data"))
	}
	res, err := c.one(ctx, o)
	if err != nil || o.Request.Follow == nil {
		return res, err
	}
	out, err := c.follow(ctx, o, res, hops)
	if err == nil || !res.cached || !elsewhere(err) {
		return out, err
	}
	// The answer was an old one and its address holds nothing now: ask again,
	// once, whether there is a new one.
	fresh := o
	fresh.Refresh = true
	again, freshErr := c.one(ctx, fresh)
	if freshErr != nil || again.rec.SHA256 == res.rec.SHA256 {
		return out, err
	}
	return c.follow(ctx, o, again, hops)
}

// follow gets what the answer in res leads to.
func (c *Collector) follow(ctx context.Context, o Order, res result, hops int) (result, error) {
	next, err := c.nextRequest(&o.Request, res.path)
	if err != nil {
		return result{}, c.refuse(&o.Request, err)
	}
	o.Request = next
	return c.get(ctx, o, hops+1)
}

// one gets the file of a single request, from the cache or by a download that
// all share who want it now.
func (c *Collector) one(ctx context.Context, o Order) (result, error) {
	if err := ctx.Err(); err != nil {
		return result{}, err
	}
	r := &o.Request
	var unusable error // what is in the cache
	if rec, ok := c.cache.Find(r.URL, r.Form); ok && !o.Refresh && suits(&rec, &r.Expect) {
		_, _, err := c.cache.Sound(ctx, rec.SHA256)
		switch {
		case err == nil:
			return c.settle(o, rec, true)
		case ctx.Err() != nil:
			return result{}, ctx.Err()
		}
		unusable = err
		c.log.Warn("a file of the cache is gone or damaged and is fetched again", "name", rec.Name, "url", r.URL, "error", err)
	}
	rec, err := c.flights.do(ctx, keyOf(r.URL, r.Form), o.OnBytes, func(ctx context.Context, onBytes func(done, total int64)) (cache.Record, error) {
		return c.download(ctx, o, onBytes)
	})
	if err != nil {
		return result{}, notReplaced(err, unusable)
	}
	return c.settle(o, rec, false)
}

// suits reports whether a file of the cache is what is expected now: a source
// may have learnt of a new version.
func suits(rec *cache.Record, e *source.Expect) bool {
	return (e.SHA256 == "" || e.SHA256 == rec.SHA256) && (e.Size == 0 || e.Size == rec.Size)
}

// settle notes in the record who uses the file, and returns it.
func (c *Collector) settle(o Order, rec cache.Record, cached bool) (result, error) {
	cells := union(rec.Cells, cellNames(o.Request.Cells))
	if len(cells) != len(rec.Cells) || rec.Accepted.IsZero() && !o.Accepted.IsZero() {
		rec.Cells = cells
		if rec.Accepted.IsZero() {
			rec.AcceptedBy, rec.Accepted = o.AcceptedBy, o.Accepted
		}
		if err := c.cache.Update(rec); err != nil {
			return result{}, diskError(&o.Request, err)
		}
	}
	if err := c.cache.Touch(rec.SHA256, c.now()); err != nil {
		return result{}, diskError(&o.Request, err)
	}
	_, path, err := c.cache.Get(rec.SHA256)
	if err != nil {
		return result{}, diskError(&o.Request, err)
	}
	if now, ok := c.cache.Find(o.Request.URL, o.Request.Form); ok && now.SHA256 == rec.SHA256 {
		rec = now
	}
	return result{rec, path, cached}, nil
}

// listener passes progress on until its caller is gone.
type listener struct {
	mu   sync.Mutex
	hear func(done, total int64)
}

func (l *listener) call(done, total int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.hear != nil {
		l.hear(done, total)
	}
}

func (l *listener) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hear = nil
}
