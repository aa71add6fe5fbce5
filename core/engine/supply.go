package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/shapes-desktop/shapes/core/acquire/collect"
	"github.com/shapes-desktop/shapes/core/acquire/fetch"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/acquire/source/gadm"
	"github.com/shapes-desktop/shapes/core/acquire/source/geoboundaries"
	"github.com/shapes-desktop/shapes/core/acquire/source/naturalearth"
	"github.com/shapes-desktop/shapes/core/acquire/source/osm"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/store/cache"
)

// supply is what can be had from elsewhere, and what is needed to get it: tables,
// cache, collector and client.
type supply struct {
	world     *admin.Table
	cache     *cache.Cache
	collector *collect.Collector
	client    *fetch.Client

	mu  sync.Mutex
	all []source.Provider // see providers
}

// Network says how servers are reached.
type Network struct {
	// Mirrors replace the beginnings of addresses, see fetch.Options.
	Mirrors map[string]string
}

// userAgent names the program to servers: some refuse those that do not.
const userAgent = "shapes-desktop/1 (+https://github.com/shapes-desktop/shapes)"

// openSupply reads the tables and opens the cache.
func (e *Engine) openSupply() (*supply, error) {
	c, hosts, err := readTables()
	if err != nil {
		return nil, err
	}
	if c.cache, err = cache.Open(filepath.Join(e.dir, "cache")); err != nil {
		return nil, err
	}
	c.client, err = fetch.New(fetch.Options{UserAgent: userAgent, Hosts: hosts, Mirrors: e.network.Mirrors, Rules: rules(), Log: e.log})
	if err != nil {
		return nil, err
	}
	c.collector = collect.New(c.client, c.cache, collect.Options{Log: e.log})
	e.adoptKept(c)
	e.opened.Store(c)
	return c, nil
}

// direct is a provider that knows addresses for when the API that tells them is
// down.
type direct interface {
	Direct(v shape.Variant, cells []source.Cell) ([]source.Request, error)
}

// get brings the file of an order into the cache and returns the request that
// led to it.
func (c *supply) get(ctx context.Context, p source.Provider, o collect.Order) (cache.Record, string, *source.Request, error) {
	rec, path, err := c.collector.Get(ctx, o)
	d, can := p.(direct)
	if err == nil || !can || o.Request.Follow == nil || ctx.Err() != nil || !otherwise(err) {
		return rec, path, &o.Request, err
	}
	others, planErr := d.Direct(o.Request.Variant, o.Request.Cells)
	if planErr != nil || len(others) != 1 || asked(&others[0], err) {
		return rec, path, &o.Request, err
	}
	second := o
	second.Request = others[0]
	if rec, path, err2 := c.collector.Get(ctx, second); err2 == nil {
		return rec, path, &second.Request, nil
	}
	return rec, path, &o.Request, err // the first is what people should hear of
}

// otherwise reports whether another address may have what this error kept from
// coming: its server is down, or sends or leads to something else than data.
// What it says it does not have is not looked for.
func otherwise(err error) bool {
	var f *fetch.Error
	if !errors.As(err, &f) {
		return false
	}
	var e *collect.Error
	return f.Again() || f.Kind == fetch.Forbidden || f.Kind == fetch.Refused || errors.As(err, &e) && e.Temporary()
}

// asked reports whether it was an address of r that failed.
func asked(r *source.Request, err error) bool {
	var e *collect.Error
	return errors.As(err, &e) && (e.URL == r.URL || slices.Contains(r.Others, e.URL))
}

// readTables makes a supply of the bundled tables alone, and names the hosts
// that its sources are on.
func readTables() (c *supply, hosts []string, err error) {
	c = &supply{}
	if c.world, err = admin.World(); err != nil {
		return nil, nil, err
	}
	add := func(p source.Provider, err error, more []string) error {
		c.all = append(c.all, p)
		hosts = append(hosts, more...)
		return err
	}
	ne, err1 := naturalearth.New(c.world)
	gb := geoboundaries.New(c.world)
	ga, err2 := gadm.New(c.world)
	om, err3 := osm.New(c.world)
	err = errors.Join(
		add(ne, err1, naturalearth.Hosts()), add(gb, nil, geoboundaries.Hosts()),
		add(ga, err2, gadm.Hosts()), add(om, err3, osm.Hosts()),
	)
	if err != nil {
		return nil, nil, err
	}
	return c, hosts, nil
}

// rules are how hosts want to be asked. Overpass thinks for up to three minutes
// before the first byte, and wants one question at a time.
func rules() map[string]fetch.Rule {
	out := map[string]fetch.Rule{}
	for _, host := range osm.Hosts() {
		out[host] = fetch.Rule{AtOnce: 1, Every: time.Second, After429: time.Minute, Idle: 4 * time.Minute}
	}
	return out
}

// provider returns the source of that name.
func (c *supply) provider(s shape.Source) (source.Provider, error) {
	for _, p := range c.providers() {
		if p.About().Source == s {
			return p, nil
		}
	}
	return nil, fmt.Errorf("source %s: %w: it is not fetched from anywhere", s, ErrUsage)
}

// fetched reports whether boundaries of the source come over the network.
func fetched(s shape.Source) bool { return s != shape.Sample && s != shape.Local }

// Sources returns what the sources say of themselves, in the order in which
// people should see them.
func (e *Engine) Sources() ([]source.About, error) {
	c, err := e.supply()
	if err != nil {
		return nil, err
	}
	return c.about(), nil
}

// about returns what the sources say of themselves.
func (c *supply) about() []source.About {
	var out []source.About
	for _, p := range c.providers() {
		out = append(out, p.About())
	}
	return out
}

// Places returns the countries that a query finds, best first; all, by English
// name, for "".
func (e *Engine) Places(query string) ([]admin.Country, error) {
	c, err := e.supply()
	if err != nil {
		return nil, err
	}
	return c.places(query), nil
}

func (c *supply) places(query string) []admin.Country {
	if strings.TrimSpace(query) == "" {
		return c.world.All()
	}
	return c.world.Search(query)
}

// CellOffer is what a source has of a cell.
type CellOffer struct {
	source.Offer
	// Cached: all that it needs is at hand.
	Cached bool
}

// Matrix is what a source has, country by country.
type Matrix struct {
	About source.About
	Rows  []MatrixRow // by English name
}

// MatrixRow is a country.
type MatrixRow struct {
	Country admin.Country
	Cells   []CellOffer // by level; some levels may be missing
}

// Offers returns what a source has in a variant. Errors: source.ErrVariant,
// ErrUsage for a source that is not fetched.
func (e *Engine) Offers(ctx context.Context, s shape.Source, v shape.Variant) (Matrix, error) {
	c, err := e.supply()
	if err != nil {
		return Matrix{}, err
	}
	m, err := c.matrix(s, v)
	if err != nil {
		return Matrix{}, err
	}
	return m, ctx.Err()
}

// matrix returns what a source has in a variant.
func (c *supply) matrix(s shape.Source, v shape.Variant) (Matrix, error) {
	p, err := c.provider(s)
	if err != nil {
		return Matrix{}, err
	}
	offers, err := offersOf(p, v)
	if err != nil {
		return Matrix{}, err
	}
	by := map[string]*MatrixRow{}
	for _, o := range offers {
		r := by[o.Country]
		if r == nil {
			country, ok := c.world.Get(o.Country)
			if !ok {
				country = admin.Country{Code: o.Country, Name: o.Country}
			}
			r = &MatrixRow{Country: country}
			by[o.Country] = r
		}
		r.Cells = append(r.Cells, CellOffer{Offer: o})
	}
	if err := c.mark(p, v, offers, by); err != nil {
		return Matrix{}, err
	}
	m := Matrix{About: p.About()}
	for _, r := range by {
		m.Rows = append(m.Rows, *r)
	}
	slices.SortFunc(m.Rows, func(a, b MatrixRow) int {
		return cmp.Or(strings.Compare(a.Country.Name, b.Country.Name), strings.Compare(a.Country.Code, b.Country.Code))
	})
	return m, nil
}

// mark notes which cells are in the cache.
func (c *supply) mark(p source.Provider, v shape.Variant, offers []source.Offer, by map[string]*MatrixRow) error {
	if c.cache == nil {
		return nil
	}
	name := string(p.About().Source)
	if !slices.ContainsFunc(c.cache.List(), func(r cache.Record) bool { return r.Source == name }) {
		return nil
	}
	cells := make([]source.Cell, len(offers))
	for i := range offers {
		cells[i] = offers[i].Cell
	}
	requests, err := p.Plan(v, cells)
	if err != nil {
		return err
	}
	for i := range requests {
		if !c.collector.Has(&requests[i]) {
			continue
		}
		for _, cell := range requests[i].Cells {
			row := by[cell.Country]
			for j := range row.Cells {
				if row.Cells[j].Level == cell.Level {
					row.Cells[j].Cached = true
				}
			}
		}
	}
	return nil
}
