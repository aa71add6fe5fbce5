package geoboundaries

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// choose returns the release and the detail that v names.
func (p *Provider) choose(v shape.Variant) (name string, simplified bool, err error) {
	name, detail := v.Release, v.Detail
	if name == "" {
		name = Open
	}
	if _, known := p.releases[name]; !known {
		return "", false, fmt.Errorf("geoBoundaries has no release %q, but %s: %w", name, strings.Join(releases(), ", "), source.ErrVariant)
	}
	switch detail {
	case "", Full:
		return name, false, nil
	case Simplified:
		return name, true, nil
	}
	return "", false, fmt.Errorf("geoBoundaries has no detail %q, but %s and %s: %w", detail, Full, Simplified, source.ErrVariant)
}

// Offers returns the layers of a release by country and level. Bytes are an
// estimate; of simplified layers the number of vertices is not known.
func (p *Provider) Offers(v shape.Variant) ([]source.Offer, error) {
	name, simplified, err := p.choose(v)
	if err != nil {
		return nil, err
	}
	r := p.releases[name]
	offers := make([]source.Offer, 0, len(r.sorted))
	for _, cell := range r.sorted {
		l := r.layers[cell]
		o := source.Offer{
			Cell: cell, Title: l.Title, Vintage: l.Vintage, Units: l.Units, Bytes: l.Bytes(simplified),
			License: l.license, Sources: sourcesOf(l.Layer),
		}
		if !simplified {
			o.Vertices = l.Vertices()
		}
		offers = append(offers, o)
	}
	return offers, nil
}

// Plan asks the API for the record of each cell and follows it to the layer,
// wherever that is kept now. Where the API has no record, the address beside it
// has the record of the bundled matrix's day.
func (p *Provider) Plan(v shape.Variant, cells []source.Cell) ([]source.Request, error) {
	return p.plan(v, cells, p.ask)
}

// Direct plans as Plan does, but without the API: each layer at the address that
// the matrix has for it. It is for the days when the API is down; what it gets
// is as old as the matrix. A layer that is kept where no address can be told
// beforehand is ErrNotOffered.
func (p *Provider) Direct(v shape.Variant, cells []source.Cell) ([]source.Request, error) {
	return p.plan(v, cells, direct)
}

// wish is a cell that was asked for.
type wish struct {
	variant    shape.Variant
	release    string
	simplified bool
	cell       source.Cell
	layer      offered
	near       source.Bounds
}

func (p *Provider) plan(v shape.Variant, cells []source.Cell, prepare func(wish) (source.Request, error)) ([]source.Request, error) {
	name, simplified, err := p.choose(v)
	if err != nil {
		return nil, err
	}
	cells = slices.Clone(cells)
	slices.SortFunc(cells, compareCells)
	var out []source.Request
	for _, cell := range slices.Compact(cells) {
		layer, has := p.releases[name].layers[cell]
		if !has {
			return nil, p.notOffered(name, cell)
		}
		r, err := prepare(wish{v, name, simplified, cell, layer, source.Bounds(p.world.Bounds(cell.Country))})
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func (p *Provider) notOffered(name string, cell source.Cell) error {
	var levels []string
	for _, c := range p.releases[name].sorted {
		if c.Country == cell.Country {
			levels = append(levels, fmt.Sprint(c.Level))
		}
	}
	if len(levels) == 0 {
		return fmt.Errorf("geoBoundaries (%s) has nothing of %q: %w", name, cell.Country, source.ErrNotOffered)
	}
	return fmt.Errorf("geoBoundaries (%s) has no level %d of %s, but %s: %w",
		name, cell.Level, cell.Country, strings.Join(levels, ", "), source.ErrNotOffered)
}

// recordPath is where the API, and the repository of its answers, has a record.
func (w wish) recordPath() string {
	return fmt.Sprintf("%s/%s/ADM%d/", w.release, w.layer.Country, w.layer.Level)
}

// oldAPI is the API's tree of 20 February 2024, in the repository that the site
// is made of: plain files, that lead to layers of the same day.
const oldAPI = "https://github.com/wmgeolab/gbWeb/raw/57dcd431/api/current/"

// ask makes the request for a record.
func (p *Provider) ask(w wish) (source.Request, error) {
	r := request(w, w.layer)
	r.URL = api + w.recordPath()
	r.Others = []string{oldAPI + w.recordPath() + "index.json"}
	r.Name = fmt.Sprintf("geoBoundaries-%s-%s-ADM%d.json", w.release, w.layer.Country, w.layer.Level)
	r.Expect = source.Expect{Format: source.JSON, Max: maxRecord}
	r.Follow = func(answer []byte) (source.Request, error) { return p.follow(w, answer) }
	return r, nil
}

// direct makes the request for a layer at the address that the matrix has.
func direct(w wish) (source.Request, error) {
	if w.layer.Commit == "" {
		return source.Request{}, fmt.Errorf("geoBoundaries must be asked where it keeps level %d of %s: try again when it answers: %w",
			w.cell.Level, w.cell.Country, source.ErrNotOffered)
	}
	return data(w, w.layer, layerURL(w))
}

// follow reads the record of a layer and makes the request for that.
func (p *Provider) follow(w wish, answer []byte) (source.Request, error) {
	fail := func(err error) (source.Request, error) {
		return source.Request{}, fmt.Errorf("geoBoundaries' record of level %d of %s (%s): %w", w.cell.Level, w.cell.Country, w.release, err)
	}
	records, err := readRecords(answer, maxRecord)
	switch {
	case err == errNothing:
		return fail(fmt.Errorf("%w: %w", err, source.ErrNotOffered))
	case err != nil:
		return fail(err)
	}
	for _, r := range records {
		l, err := r.layer()
		if err != nil || l.Country != w.layer.Country || l.Level != w.layer.Level {
			continue
		}
		address := r.Full.text()
		if w.simplified {
			address = r.Simplified.text()
		}
		l.Disputed = w.layer.Disputed || len(records) > 1
		followed, err := data(w, offered{l, p.license(l)}, address)
		if err != nil {
			return fail(err)
		}
		return followed, nil
	}
	return fail(fmt.Errorf("the answer is about something else: %w", errForm))
}

// data makes the request for the file of a layer.
func data(w wish, l offered, address string) (source.Request, error) {
	address, err := checkAddress(address)
	if err != nil {
		return source.Request{}, err
	}
	r := request(w, l)
	r.URL = address
	r.Others = mediaAddress(address)
	r.Name = fileName(l.Layer, w.simplified)
	r.Expect = source.Expect{
		Format: source.GeoJSON, Units: l.Units, Max: l.maxBytes(),
		Keys: []string{keyName, keyID, keyGroup, keyType},
		Marks: []source.Mark{
			{Keys: []string{keyGroup}, Value: l.Country},
			{Keys: []string{keyType}, Value: fmt.Sprintf("ADM%d", l.Level)},
		},
		Near: w.near,
	}
	if l.Disputed {
		r.Expect.Units, r.Expect.Max = 0, 0
	}
	return r, nil
}

// request is what all requests for a cell have in common.
func request(w wish, l offered) source.Request {
	return source.Request{
		Source: shape.GeoBoundaries, Variant: w.variant, Cells: []source.Cell{w.cell},
		License: l.license, Sources: sourcesOf(l.Layer), Vintage: l.Vintage,
	}
}
