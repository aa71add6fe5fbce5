package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/shapes-desktop/shapes/core/acquire/collect"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/store/cache"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// FetchOrder asks for files without making anything of them.
type FetchOrder struct {
	Source    shape.Source
	Variant   shape.Variant
	Selection shape.Selection
	Refresh   bool // ask servers whether files at hand are current
	AtOnce    int  // downloads at the same time; 0: 2
	// Report hears of each download as it goes on and ends; from several
	// goroutines; may be nil.
	Report func(Fetched)
}

// Fetched is a download, under way or ended.
type Fetched struct {
	Title       string // for people
	Number, Of  int    // the place among the downloads of the order, from 1, and how many they are
	Cells       []source.Cell
	Done, Total int64 // bytes; Total 0: not known
	Over        bool
	Cached      bool // it was at hand; in a refresh: and still is what the server has
	File        cache.Record
	Err         error // why there is nothing
}

// Fetch gets the files that a selection needs into the cache. One that fails
// does not keep the others from coming: its Err says why. Errors: ErrConsent,
// source.ErrNotOffered, source.ErrVariant, ErrUsage, and ctx's.
func (e *Engine) Fetch(ctx context.Context, o FetchOrder) ([]Fetched, error) {
	c, err := e.supply()
	if err != nil {
		return nil, err
	}
	p, requests, err := c.requests(o.Source, o.Variant, o.Selection)
	if err != nil {
		return nil, err
	}
	consent, err := e.consentFor(o.Source, requests)
	if err != nil {
		return nil, err
	}
	if o.Report == nil {
		o.Report = func(Fetched) {}
	}
	if o.AtOnce <= 0 {
		o.AtOnce = 2
	}
	out := make([]Fetched, len(requests))
	var g errgroup.Group
	g.SetLimit(o.AtOnce)
	for i := range requests {
		g.Go(func() error {
			out[i] = c.fetchOne(ctx, p, requests, i, o, consent)
			o.Report(out[i])
			return nil
		})
	}
	_ = g.Wait() // each has its own error
	return out, ctx.Err()
}

// consentFor returns the consent to what is asked for, nil if none is needed:
// that to the source, or else one that was given for a shape.
func (e *Engine) consentFor(s shape.Source, requests []source.Request) (*shape.Consent, error) {
	consent, err := e.Accepted(s)
	if err != nil {
		return nil, err
	}
	names := unaccepted(s, consent, requests)
	if len(names) == 0 {
		return consent, nil
	}
	err = e.coreView(func(tx *kv.Tx) error {
		for sh, err := range shape.Shapes().All(tx, nil) {
			if err != nil {
				return err
			}
			if sh.Source == s && sh.License != nil && len(unaccepted(s, sh.License, requests)) == 0 {
				consent, names = sh.License, nil
				break
			}
		}
		return nil
	})
	if err == nil && len(names) > 0 {
		err = fmt.Errorf("fetch from %s: %w: %s", s, ErrConsent, strings.Join(names, "; "))
	}
	if err != nil {
		return nil, err
	}
	return consent, nil
}

// unaccepted names the licences of requests that must be accepted first, and
// that the consent, nil if there is none, does not speak of.
func unaccepted(s shape.Source, consent *shape.Consent, requests []source.Request) []string {
	t, _ := shape.TermsOf(s)
	var names []string
	if t.Required && consent == nil {
		names = append(names, t.Name)
	}
	for i := range requests {
		l := &requests[i].License
		if !t.Required && !l.Consent || slices.Contains(names, l.Name) || consent != nil && consent.SpeaksOf(l.Name) {
			continue
		}
		names = append(names, l.Name)
	}
	return names
}

// fetchOne gets the i-th of the files.
func (c *supply) fetchOne(ctx context.Context, p source.Provider, all []source.Request, i int, o FetchOrder, consent *shape.Consent) Fetched {
	r, began := &all[i], time.Now()
	f := Fetched{Title: c.title(r), Number: i + 1, Of: len(all), Cells: r.Cells, Cached: !o.Refresh && c.collector.Has(r)}
	order := collect.Order{Request: *r, Refresh: o.Refresh, OnBytes: func(done, total int64) {
		f := f
		f.Done, f.Total = done, total
		o.Report(f)
	}}
	if consent != nil {
		order.AcceptedBy, order.Accepted, order.Covers = consent.Who, consent.When, consent.SpeaksOf
	}
	f.File, _, _, f.Err = c.get(ctx, p, order)
	f.Over = true
	if f.Err == nil {
		f.Done, f.Total = f.File.Size, f.File.Size
		f.Cached = f.File.Fetched.Before(began)
	}
	return f
}

// TakeFile takes a file that the user has downloaded for the one download that
// the order asks for. Errors: those of Fetch, and of the file's check.
func (e *Engine) TakeFile(ctx context.Context, o FetchOrder, path string) (Fetched, error) {
	c, err := e.supply()
	if err != nil {
		return Fetched{}, err
	}
	_, requests, err := c.requests(o.Source, o.Variant, o.Selection)
	if err != nil {
		return Fetched{}, err
	}
	if len(requests) != 1 {
		return Fetched{}, fmt.Errorf("%d files are asked for: name the one country and level that %s is of: %w", len(requests), path, ErrUsage)
	}
	return e.take(ctx, c, o.Source, requests[0], path)
}

// take puts a file of the user's own into the cache in place of a download.
func (e *Engine) take(ctx context.Context, c *supply, s shape.Source, r source.Request, path string) (Fetched, error) {
	consent, err := e.consentFor(s, []source.Request{r})
	if err != nil {
		return Fetched{}, err
	}
	order := collect.Order{Request: r}
	if consent != nil {
		order.AcceptedBy, order.Accepted, order.Covers = consent.Who, consent.When, consent.SpeaksOf
	}
	f := Fetched{Title: c.title(&r), Cells: r.Cells, Over: true}
	f.File, err = c.collector.Take(ctx, order, path)
	return f, err
}

// wantable checks, before a shape is finished, that its source has what it
// selects, in the variant that it names.
func (e *Engine) wantable(s *shape.Shape) error {
	v := &shape.Invalid{}
	if !fetched(s.Source) {
		if s.Variant != (shape.Variant{}) {
			v.Add(shape.StepSource, "variant", "", "only a source that is fetched has variants: leave it out, or name the source")
		}
		return v.Err()
	}
	c, err := e.supply()
	if err != nil {
		return err
	}
	_, requests, err := c.requests(s.Source, s.Variant, s.Selection)
	if err == nil {
		if names := unaccepted(s.Source, s.License, requests); len(names) > 0 {
			v.Add(shape.StepLicense, "license", "", "also to be accepted, for what is selected now: "+strings.Join(names, ", "))
		}
		return v.Err()
	}
	if errors.Is(err, source.ErrVariant) {
		v.Add(shape.StepSource, "variant", "", err.Error())
	} else {
		v.Add(shape.StepSelection, "selection", s.Selection.String(), err.Error())
	}
	return v.Err()
}
