package engine

import (
	"context"
	"fmt"
	"os"

	"github.com/shapes-desktop/shapes/core/acquire/collect"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/acquire/source/geoboundaries"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// LiveTable is the table of a source as its server has it now.
type LiveTable struct {
	Date    string   // of the newest layer
	Layers  int      // that it lists
	Refused []string // records that could not be used, and why
}

// Live asks a source what it has now, and offers that from then on, also after a
// restart. Only geoBoundaries can tell; others give ErrUsage.
func (e *Engine) Live(ctx context.Context, s shape.Source, v shape.Variant) (LiveTable, error) {
	c, err := e.supply()
	if err != nil {
		return LiveTable{}, err
	}
	if s != shape.GeoBoundaries {
		return LiveTable{}, fmt.Errorf("%s has no list that could be asked for: the one in the program is all there is: %w", s, ErrUsage)
	}
	if v.Release == "" {
		v.Release = geoboundaries.Open
	}
	r, err := geoboundaries.MatrixRequest(v.Release)
	if err != nil {
		return LiveTable{}, err
	}
	_, path, err := c.collector.Get(ctx, collect.Order{Request: r, Refresh: true})
	if err != nil {
		return LiveTable{}, err
	}
	m, err := c.adopt(v.Release, path)
	return LiveTable{m.Date, len(m.Layers), m.Refused}, err
}

// adopt offers what an answer lists.
func (c *supply) adopt(release, path string) (geoboundaries.Matrix, error) {
	answer, err := os.ReadFile(path)
	if err != nil {
		return geoboundaries.Matrix{}, fmt.Errorf("read the list of %s: %w", release, err)
	}
	m, err := geoboundaries.Live(release, answer)
	if err != nil {
		return m, fmt.Errorf("%w; what was offered before still is", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, p := range c.all {
		if gb, ok := p.(*geoboundaries.Provider); ok {
			c.all[i] = gb.With(m)
		}
	}
	return m, nil
}

// adoptKept offers what was asked for before. A list that cannot be read any
// more is passed over: the program's own will do.
func (e *Engine) adoptKept(c *supply) {
	for _, release := range []string{geoboundaries.Open, geoboundaries.Humanitarian, geoboundaries.Authoritative} {
		r, err := geoboundaries.MatrixRequest(release)
		if err != nil {
			continue
		}
		rec, ok := c.cache.Find(r.URL, r.Form)
		if !ok {
			continue
		}
		_, path, err := c.cache.Sound(context.Background(), rec.SHA256)
		if err == nil {
			_, err = c.adopt(release, path)
		}
		if err != nil {
			e.log.Warn("the list of a source that was asked for before cannot be used", "release", release, "error", err)
		}
	}
}

// providers returns the sources, in the order in which people see them.
func (c *supply) providers() []source.Provider {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]source.Provider(nil), c.all...)
}
