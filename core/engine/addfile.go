package engine

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/ingest"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/acquire/source/local"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// ErrUnknownFile: a file is of none of the known sources.
var ErrUnknownFile = errors.New("it is not known where it is from")

// AddFile takes a file that the user has downloaded, recognises which source's
// data it is, and puts it into the cache in place of the download. Errors:
// ErrUnknownFile, ErrConsent, and those of the file's check.
func (e *Engine) AddFile(ctx context.Context, path string) (Fetched, error) {
	c, err := e.supply()
	if err != nil {
		return Fetched{}, err
	}
	p, r, err := c.recognise(ctx, path)
	if err != nil {
		return Fetched{}, err
	}
	return e.take(ctx, c, p.About().Source, *r, path)
}

// errSeen ends the reading of a file of which enough is known.
var errSeen = errors.New("seen enough")

// recognise finds the request that a file answers.
func (c *supply) recognise(ctx context.Context, path string) (source.Provider, *source.Request, error) {
	var p source.Provider
	var cell source.Cell
	name := filepath.Base(path)
	_, err := ingest.ReadFile(ctx, path, ingest.Options{}, func(layer string, f feature.Feature) error {
		keys := make([]string, len(f.Attrs))
		for i, a := range f.Attrs {
			keys[i] = a.Key
		}
		of, ok := local.Recognise(name, keys)
		if !ok {
			return errSeen
		}
		provider, err := c.provider(of)
		if err != nil {
			return err
		}
		if unit, ok := provider.Normalise(&source.Request{Source: of}, layer, &f); ok {
			p, cell = provider, unit.Cell
			return errSeen
		}
		return nil // a lake of nobody, perhaps: the next may tell
	})
	if err != nil && !errors.Is(err, errSeen) {
		return nil, nil, err
	}
	if p == nil {
		return nil, nil, fmt.Errorf("take %s: %w: it has not the attributes of any source; choose it as a file of your own instead", path, ErrUnknownFile)
	}
	r, err := c.answered(p, cell, name)
	return p, r, err
}

// answered returns the request for a cell whose file has that name. A source that
// has one edition only needs no name; of others it could be any, and one taken
// for another would be drawn as that ever after.
func (c *supply) answered(p source.Provider, cell source.Cell, name string) (*source.Request, error) {
	var first *source.Request
	all := editions(p)
	for _, v := range all {
		planned, err := plan(p, v, []source.Cell{cell})
		if errors.Is(err, source.ErrNotOffered) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for i := range planned {
			if strings.EqualFold(stem(planned[i].Name), stem(name)) {
				return &planned[i], nil
			}
			if first == nil {
				first = &planned[i]
			}
		}
	}
	if first == nil {
		return nil, fmt.Errorf("%s is of %s, level %d: %s: %w", name, c.nameOf(cell.Country), cell.Level, p.About().Name, source.ErrNotOffered)
	}
	if len(all) > 1 {
		return nil, fmt.Errorf("take %s: %w: it is of %s, but not which edition; give it the name that it has there, such as %s",
			name, ErrUnknownFile, p.About().Name, first.Name)
	}
	return first, nil
}

// plan is Plan, but at addresses that are known without asking.
func plan(p source.Provider, v shape.Variant, cells []source.Cell) ([]source.Request, error) {
	if d, ok := p.(direct); ok {
		return d.Direct(v, cells)
	}
	return p.Plan(v, cells)
}

// editions returns the variants of a source that change what a file is called:
// its own first, then every value of each choice.
func editions(p source.Provider) []shape.Variant {
	out := []shape.Variant{{}}
	for _, choice := range p.About().Choices {
		for _, value := range choice.Values {
			var v shape.Variant
			if v.Set(choice.Key, value.Value) {
				out = append(out, v)
			}
		}
	}
	return out
}

// stem is a file's name without its extensions.
func stem(name string) string {
	stem, _, _ := strings.Cut(name, ".")
	return stem
}
