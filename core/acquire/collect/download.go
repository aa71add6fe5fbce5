package collect

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/fetch"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/store/cache"
)

// download gets the file of a request from the first of its addresses that has
// it, into the cache.
func (c *Collector) download(ctx context.Context, o Order, onBytes func(done, total int64)) (cache.Record, error) {
	var failed error
	for _, url := range append([]string{o.Request.URL}, o.Request.Others...) {
		rec, err := c.from(ctx, o, url, onBytes)
		if err == nil {
			return rec, nil
		}
		if failed == nil || !elsewhere(err) {
			failed = err // what may be there is a better reason than what is not
		}
		if !elsewhere(err) {
			break
		}
		c.log.Info("the address has no data", "name", o.Request.Name, "url", url, "error", err)
	}
	return cache.Record{}, failed
}

// from gets the file from one address.
func (c *Collector) from(ctx context.Context, o Order, url string, onBytes func(done, total int64)) (cache.Record, error) {
	leave, err := c.busy.enter(ctx, keyOf(url, o.Request.Form))
	if err != nil {
		return cache.Record{}, err
	}
	d := &download{Collector: c, o: o, r: &o.Request, url: url, onBytes: onBytes}
	rec, to, err := d.run(ctx)
	leave()
	if err != nil || to == nil {
		return rec, err
	}
	return c.fromMedia(ctx, o, url, *to, onBytes)
}

// fromMedia gets the file that a pointer stands for.
func (c *Collector) fromMedia(ctx context.Context, o Order, url string, to target, onBytes func(done, total int64)) (cache.Record, error) {
	leave, err := c.busy.enter(ctx, keyOf(to.url, ""))
	if err != nil {
		return cache.Record{}, err
	}
	defer leave()
	d := &download{Collector: c, o: o, r: &o.Request, url: to.url, pointer: &to.pointer, onBytes: onBytes}
	if rec, ok := d.alreadyHere(ctx); ok {
		return rec, nil
	}
	rec, further, err := d.run(ctx)
	if err == nil && further != nil {
		err = c.refuse(d.r, flaw(Pointer, "%s, to which the Git LFS pointer of %s leads, gave a pointer again", to.url, url))
	}
	return rec, err
}

// download is one address that is asked for a request's file.
type download struct {
	*Collector
	o       Order
	r       *source.Request
	url     string
	file    string   // of the user, instead of the address
	pointer *pointer // what the bytes must be, if a pointer led here
	onBytes func(done, total int64)
	known   *cache.Record // in the cache already, sound
}

// target is where a pointer leads.
type target struct {
	pointer
	url string
}

// form is what is posted to the address: media hosts are asked by GET.
func (d *download) form() string {
	if d.pointer != nil {
		return ""
	}
	return d.r.Form
}

// run asks, checks what came and keeps it. If a pointer came, it returns where
// that leads.
func (d *download) run(ctx context.Context) (cache.Record, *target, error) {
	if rec, ok := d.cache.Find(d.r.URL, d.r.Form); ok {
		if _, _, err := d.cache.Sound(ctx, rec.SHA256); err == nil {
			d.known = &rec // else "not modified" would be no answer
		}
	}
	part, state, err := d.cache.Partial(d.url, d.form())
	if err != nil {
		return cache.Record{}, nil, diskError(d.r, err)
	}
	got, err := d.fetcher.Fetch(ctx, d.get(part, state))
	if err != nil {
		return cache.Record{}, nil, d.broken(part, state, got, err)
	}
	rec, to, err := d.arrived(ctx, part, got)
	if ctx.Err() != nil && err != nil && d.keep(part, nil, got, err) {
		return rec, nil, err // it was whole, but nobody waited for the check
	}
	if err != nil || to != nil || got.NotModified {
		if failed := d.drop(); err == nil {
			err = failed
		} else if failed != nil {
			d.log.Warn("what came of a download cannot be removed", "url", d.url, "error", failed)
		}
	}
	return rec, to, err
}

// get is what to ask the fetcher for.
func (d *download) get(part string, state []byte) fetch.Get {
	g := fetch.Get{URL: d.url, Form: d.form(), Part: part, Max: d.max(), OnBytes: d.onBytes, Patience: d.o.Patience}
	if state != nil {
		if err := json.Unmarshal(state, &g.Resume); err != nil {
			d.log.Warn("the state of a download cannot be read; it begins anew", "url", d.url, "error", err)
			g.Resume = fetch.State{}
		}
	}
	if k := d.known; k != nil && suits(k, &d.r.Expect) && d.url == asked(k) {
		g.ETag, g.Modified = k.ETag, k.Modified
	}
	return g
}

// asked is the address that gave the bytes of k, and so what its tags are of.
func asked(k *cache.Record) string {
	if k.Asked != "" {
		return k.Asked
	}
	return k.URL
}

// max is how many bytes are taken. Where the size is known there is room for a
// page that says why the data did not come.
func (d *download) max() int64 {
	const page = 64 << 10
	switch {
	case d.pointer != nil:
		return d.pointer.size + page
	case d.r.Expect.Size > 0:
		return d.r.Expect.Size + page
	}
	return d.r.Expect.Max
}

// arrived checks what came and puts it into the cache.
func (d *download) arrived(ctx context.Context, part string, got fetch.Got) (cache.Record, *target, error) {
	if got.NotModified {
		rec, err := d.stillCurrent()
		return rec, nil, err
	}
	p, err := d.check(ctx, part, got)
	switch {
	case ctx.Err() != nil:
		return cache.Record{}, nil, ctx.Err()
	case err != nil:
		return cache.Record{}, nil, d.refused(err)
	case p != nil:
		url, ok := mediaURL(d.media, d.url)
		if !ok {
			url, ok = mediaURL(d.media, got.URL)
		}
		if !ok {
			return cache.Record{}, nil, d.refused(flaw(Pointer, "a Git LFS pointer came, and it is not known where the file itself is"))
		}
		return cache.Record{}, &target{*p, url}, nil
	}
	rec := d.record(got)
	rec, err = d.cache.Add(rec, part)
	if err != nil {
		return cache.Record{}, nil, diskError(d.r, err)
	}
	d.log.Info("fetched", "name", rec.Name, "url", d.url, "bytes", rec.Size, "requests", got.Requests)
	return rec, nil, nil
}

// stillCurrent notes that the server has nothing newer.
func (d *download) stillCurrent() (cache.Record, error) {
	if d.known == nil || d.url != asked(d.known) {
		return cache.Record{}, d.refused(flaw(Unchanged, "the server says that the file has not changed, but it was never fetched"))
	}
	rec := *d.known
	rec.Checked = d.now()
	if err := d.cache.Update(rec); err != nil {
		return cache.Record{}, diskError(d.r, err)
	}
	return rec, nil
}

// alreadyHere finds the bytes that a pointer stands for in the cache, whichever
// address they came from, and adds ours to their record.
func (d *download) alreadyHere(ctx context.Context) (cache.Record, bool) {
	_, path, err := d.cache.Sound(ctx, d.pointer.sha256)
	if err != nil {
		return cache.Record{}, false
	}
	got := fetch.Got{SHA256: d.pointer.sha256, Bytes: d.pointer.size}
	if known, ok := d.cache.Find(d.r.URL, d.r.Form); ok && known.SHA256 == d.pointer.sha256 && asked(&known) == d.url {
		got.State = fetch.State{URL: known.FinalURL, ETag: known.ETag, Modified: known.Modified}
	}
	if p, err := d.check(ctx, path, got); err != nil || p != nil {
		return cache.Record{}, false // it is fetched again, and told of then
	}
	rec := d.record(got)
	if err := d.cache.Update(rec); err != nil {
		return cache.Record{}, false
	}
	return rec, true
}

// check compares the bytes with all that is known of them.
func (d *download) check(ctx context.Context, path string, got fetch.Got) (*pointer, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) { // nothing came, so nothing was written
		return nil, flaw(Empty, "an empty answer came")
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	k := &inspection{ctx: ctx, limits: d.limits, expect: d.expected(), size: info.Size()}
	p, err := k.look(f)
	if err != nil || p != nil && d.pointer == nil {
		return p, err
	}
	if err := d.announced(info.Size(), got.SHA256); err != nil {
		return nil, err
	}
	if err := k.inspect(f); err != nil || d.r.Follow == nil {
		return nil, err
	}
	_, err = d.nextRequest(d.r, path)
	return nil, err
}

// expected is what the bytes of this address must be: some sources have the same
// data packed at one address and plain at another.
func (d *download) expected() *source.Expect {
	e := d.r.Expect
	name := d.url
	if d.file != "" {
		name = d.file
	}
	switch packed := strings.HasSuffix(name, ".zip"); {
	case e.Format == source.GeoJSON && packed:
		e.Format = source.Zip
	case e.Format == source.Zip && (strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".geojson")):
		e.Format = source.GeoJSON
	}
	return &e
}

// announced compares size and hash with what pointer and source say of them.
func (d *download) announced(size int64, sha string) error {
	if p := d.pointer; p != nil && (p.size != size || p.sha256 != sha) {
		return flaw(Checksum, "%d bytes came that are not those that the Git LFS pointer stands for (%d bytes, sha256 %.12s…)", size, p.size, p.sha256)
	}
	if e := &d.r.Expect; e.Size > 0 && e.Size != size {
		return flaw(Checksum, "%d bytes came instead of %d", size, e.Size)
	} else if e.SHA256 != "" && e.SHA256 != sha {
		return flaw(Checksum, "the bytes that came are not those that the source announced (sha256 %.12s… instead of %.12s…)", sha, e.SHA256)
	}
	return nil
}
