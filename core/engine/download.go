package engine

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/collect"
	"github.com/shapes-desktop/shapes/core/acquire/fetch"
	"github.com/shapes-desktop/shapes/core/acquire/ingest"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/pipeline/schedule"
)

// maxDownloads bounds the downloads of a selection that names no country.
const maxDownloads = 50

// requests returns the downloads that a selection of a source needs.
func (c *supply) requests(s shape.Source, v shape.Variant, sel shape.Selection) (source.Provider, []source.Request, error) {
	p, err := c.provider(s)
	if err != nil {
		return nil, nil, err
	}
	cells, err := c.cells(p, v, sel)
	if err != nil {
		return nil, nil, err
	}
	all, err := p.Plan(v, cells)
	if err == nil && sel.Everything() && len(all) > maxDownloads {
		err = saying{ErrUsage, fmt.Sprintf("all that %s has is %d downloads: choose countries and levels, such as FRA:0-1, or *:0 for all countries at level 0",
			p.About().Name, len(all))}
	}
	return p, all, err
}

// saying is one of the errors that callers tell apart, in words of its own.
type saying struct {
	is   error
	text string
}

func (s saying) Error() string { return s.text }
func (s saying) Unwrap() error { return s.is }

// offersOf returns what a source has in a variant that it knows.
func offersOf(p source.Provider, v shape.Variant) ([]source.Offer, error) {
	rest, keys := v, []string{}
	for _, c := range p.About().Choices {
		rest.Set(c.Key, "")
		keys = append(keys, c.Key)
	}
	if rest != (shape.Variant{}) {
		what := "there is no variant to choose"
		if len(keys) > 0 {
			what = "there is " + strings.Join(keys, ", ")
		}
		return nil, saying{source.ErrVariant, fmt.Sprintf("%s does not have that variant: %s", p.About().Name, what)}
	}
	return p.Offers(v)
}

// cells returns what a selection means for a source: a level that it names must
// be offered; what it means by "*", and by all levels of a country, is what
// there is.
func (c *supply) cells(p source.Provider, v shape.Variant, sel shape.Selection) ([]source.Cell, error) {
	offers, err := offersOf(p, v)
	if err != nil {
		return nil, err
	}
	var out []source.Cell
	levels := map[string][]uint8{}
	for _, o := range offers {
		levels[o.Country] = append(levels[o.Country], o.Level)
		if sel.Has(o.Country, o.Level) {
			out = append(out, o.Cell)
		}
	}
	for _, country := range sel.Countries() {
		if country == shape.All {
			continue
		}
		if len(sel[country]) == shape.Levels && len(levels[country]) > 0 {
			continue
		}
		for _, level := range sel[country] {
			if !slices.Contains(levels[country], level) {
				return nil, saying{source.ErrNotOffered, fmt.Sprintf("%s has no level %d of %s: %s", p.About().Name, level, c.nameOf(country), has(levels[country]))}
			}
		}
	}
	if len(out) == 0 {
		return nil, saying{source.ErrNotOffered, fmt.Sprintf("%s has nothing of what is selected: %s", p.About().Name, sel)}
	}
	return out, nil
}

// has says which levels there are, for people.
func has(levels []uint8) string {
	if len(levels) == 0 {
		return "it has nothing of it"
	}
	var words []string
	for _, l := range levels {
		words = append(words, fmt.Sprint(l))
	}
	return "it has " + strings.Join(words, ", ")
}

// nameOf is a country for people.
func (c *supply) nameOf(code string) string {
	if country, ok := c.world.Get(code); ok {
		return country.Name + " (" + code + ")"
	}
	return code
}

// downloads returns what a session of a source that is fetched has to read:
// one input for each address.
func (e *Engine) downloads(ses *session.Session) ([]schedule.Input, error) {
	c, err := e.supply()
	if err != nil {
		return nil, err
	}
	p, all, err := c.requests(ses.Source, ses.Variant, ses.Selection)
	if err != nil {
		return nil, err
	}
	offers, err := c.offers(p, ses.Variant)
	if err != nil {
		return nil, err
	}
	var out []schedule.Input
	for i := range all {
		r := &all[i]
		t := session.TaskConfig{Source: ses.Source, Level: -1, URL: r.URL}
		name := plainName(fmt.Sprintf("%d-%s", i, r.Name))
		if len(r.Cells) == 1 {
			t.Country, t.Level = r.Cells[0].Country, int(r.Cells[0].Level)
			name = fmt.Sprintf("%s-level%d", t.Country, t.Level)
		}
		out = append(out, schedule.Input{Name: name, Title: "Fetch " + c.title(r), Weight: c.weight(offers, r), Config: t})
	}
	return out, nil
}

// title names a download for people.
func (c *supply) title(r *source.Request) string {
	if len(r.Cells) == 1 {
		return fmt.Sprintf("%s, level %d", c.nameOf(r.Cells[0].Country), r.Cells[0].Level)
	}
	return r.Name
}

// offers returns what a source has, by cell.
func (c *supply) offers(p source.Provider, v shape.Variant) (map[source.Cell]source.Offer, error) {
	all, err := p.Offers(v)
	out := make(map[source.Cell]source.Offer, len(all))
	for _, o := range all {
		out[o.Cell] = o
	}
	return out, err
}

// unknownBytes is the weight of a download of unknown size.
const unknownBytes = 1 << 20

// weight is about how many bytes a download has.
func (c *supply) weight(offers map[source.Cell]source.Offer, r *source.Request) float64 {
	var n int64
	for _, cell := range r.Cells {
		n += offers[cell].Bytes
	}
	return float64(max(n, r.Expect.Size, unknownBytes))
}

// requestOf finds the request that a task was made for, and the lowest level
// of all that the session asks for: the one that gets labels.
func (e *Engine) requestOf(ses *session.Session, t session.TaskConfig) (p source.Provider, r *source.Request, lowest uint8, err error) {
	c, err := e.supply()
	if err != nil {
		return nil, nil, 0, err
	}
	p, all, err := c.requests(ses.Source, ses.Variant, ses.Selection)
	if err != nil {
		return nil, nil, 0, err
	}
	if t.Input >= len(all) || !madeFor(&all[t.Input], t) {
		return nil, nil, 0, fmt.Errorf("%s: the table of the source has changed since the session began; discard it and run again: %w", t.URL, schedule.ErrLost)
	}
	lowest = shape.MaxLevel
	for i := range all {
		for _, cell := range all[i].Cells {
			lowest = min(lowest, cell.Level)
		}
	}
	return p, &all[t.Input], lowest, nil
}

// madeFor reports whether a task was made for the request. All questions to
// OpenStreetMap go to one address: there the cell tells.
func madeFor(r *source.Request, t session.TaskConfig) bool {
	if r.URL != t.URL || (len(r.Cells) == 1) != (t.Country != "") {
		return false
	}
	return t.Country == "" || r.Cells[0] == source.Cell{Country: t.Country, Level: uint8(t.Level)}
}

// readFetched fetches an input, if it is not at hand, and reads it as units of
// the common schema.
func (r reader) readFetched(ctx context.Context, t session.TaskConfig, opt ingest.Options, each ingest.Sink) (res schedule.SourceResult, err error) {
	p, req, lowest, err := r.e.requestOf(&r.ses, t)
	if err != nil {
		return res, err
	}
	c, err := r.e.supply()
	if err != nil {
		return res, err
	}
	progress := opt.OnBytes
	order := collect.Order{Request: *req, Refresh: r.ses.Refresh, OnBytes: func(done, total int64) { progress(done, 2*total) }}
	order.Patience = patienceOf(r.ses.Config.Download)
	if l := r.ses.License; l != nil {
		order.AcceptedBy, order.Accepted, order.Covers = l.Who, l.When, l.SpeaksOf
	}
	rec, path, req, err := c.get(ctx, p, order)
	if err != nil {
		return res, err
	}
	res.Hash = rec.SHA256
	opt.OnBytes = func(done, total int64) { progress(total+done, 2*total) }
	opt.Layer = strings.TrimSuffix(req.Name, filepath.Ext(req.Name))
	u := units{p: p, req: req, faults: &res.Faults, taken: map[source.Cell]bool{}, originals: r.ses.Config.Download.Originals}
	sum, err := ingest.ReadFile(ctx, path, opt, func(layer string, f feature.Feature) error {
		name, ok := u.take(layer, &f)
		if !ok {
			return nil
		}
		return each(name, f)
	})
	res.Faults.Merge(&sum.Faults)
	if err != nil {
		return res, fmt.Errorf("%s: %w", req.Name, err)
	}
	if len(u.taken) == 0 {
		return res, fmt.Errorf("%s has no unit of what was asked for: %w", req.Name, source.ErrNotOffered)
	}
	u.missing(c)
	for _, cell := range req.Cells {
		if cell.Level == lowest {
			res.Labels = []string{layerOf(lowest)}
		}
	}
	return res, nil
}

// patienceOf is how long a session hopes for a download.
func patienceOf(d shape.Download) fetch.Patience {
	return fetch.Patience{Tries: d.Retries + 1, Pause: d.RetryDelay, Idle: d.Timeout}
}
