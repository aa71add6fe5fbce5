// Package geoboundaries is the catalogue of geoBoundaries: which countries it
// has at which levels, under which of its many licences, and from which
// addresses. A dated copy of its matrix is inside; Live reads a newer one.
package geoboundaries

import (
	"slices"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// The releases: what a layer may be made of, and under which licences.
const (
	Open          = "gbOpen"          // open licences; the default
	Humanitarian  = "gbHumanitarian"  // the UN's common operational data sets
	Authoritative = "gbAuthoritative" // agreed with the countries (UN SALB), not for commerce
)

// The details of a layer's lines.
const (
	Full       = "full" // as the layer's source has them; the default
	Simplified = "simplified"
)

const (
	homepage = "https://www.geoboundaries.org"
	api      = homepage + "/api/current/"
)

// Hosts returns the hosts of all addresses that the provider plans or follows:
// the API, where it keeps its layers (Git LFS at GitHub), and where its newer
// builds do.
func Hosts() []string {
	return []string{
		"github.com", "media.githubusercontent.com", "raw.githubusercontent.com",
		"www.geoboundaries-dev.org", "www.geoboundaries.org",
	}
}

func releases() []string { return []string{Open, Humanitarian, Authoritative} }

// Provider is geoBoundaries as a source of boundaries. It is immutable.
type Provider struct {
	world    *admin.Table
	terms    map[string]source.License // by the folded words of the source
	releases map[string]release
}

// release is a matrix, ready to be asked.
type release struct {
	date   string
	sorted []source.Cell
	layers map[source.Cell]offered
}

// offered is a layer and its licence, which takes longer to tell than to keep.
type offered struct {
	Layer
	license source.License
}

// New returns the provider with the matrices that are bundled. It panics if
// those cannot be read, which tests rule out.
func New(world *admin.Table) *Provider {
	matrices, err := Bundled()
	if err != nil {
		panic("geoboundaries: the bundled matrix is damaged: " + err.Error())
	}
	p := &Provider{world: world, terms: knownTerms(), releases: map[string]release{}}
	for _, m := range matrices {
		p.releases[m.Release] = p.index(m)
	}
	return p
}

// With returns a provider that knows the layers of m in place of those that it
// had of m's release. A matrix of no known release, or without layers, changes
// nothing: an empty catalogue is never right.
func (p *Provider) With(m Matrix) *Provider {
	out := &Provider{world: p.world, terms: p.terms, releases: map[string]release{}}
	for name, r := range p.releases {
		out.releases[name] = r
	}
	if r := p.index(m); slices.Contains(releases(), m.Release) && len(r.sorted) > 0 {
		out.releases[m.Release] = r
	}
	return out
}

// index sorts a matrix by the countries of this program. A layer of a country
// that the program does not know cannot be selected, and is left out.
func (p *Provider) index(m Matrix) release {
	r := release{date: m.Date, layers: map[source.Cell]offered{}}
	for _, l := range m.Layers {
		code, known := p.country(l.Country)
		if !known {
			continue
		}
		cell := source.Cell{Country: code, Level: l.Level}
		if _, twice := r.layers[cell]; !twice {
			r.sorted = append(r.sorted, cell)
		}
		r.layers[cell] = offered{l, p.license(l)}
	}
	slices.SortFunc(r.sorted, compareCells)
	return r
}

// country returns the program's code for one of geoBoundaries.
func (p *Provider) country(code string) (string, bool) {
	c, known := p.countryOf(code)
	return c.Code, known
}

// countryOf finds a country by geoBoundaries' code; one that the table has no
// code of geoBoundaries for may have come to it since.
func (p *Provider) countryOf(code string) (admin.Country, bool) {
	if c, known := p.world.Of(admin.GeoBoundaries, code); known {
		return c, true
	}
	return p.world.Get(code)
}

// About tells what geoBoundaries is.
func (p *Provider) About() source.About {
	return source.About{
		Source:   shape.GeoBoundaries,
		Name:     "geoBoundaries",
		Summary:  "Administrative boundaries of most countries, down to municipalities in many. Made by William & Mary geoLab from open data; each layer has its own source, year and licence.",
		Homepage: homepage,
		Formats:  []string{"GeoJSON"},
		Vintage:  p.releases[Open].date,
		License: source.License{
			Name: "Open licences, by layer", URL: homepage,
			Text:        "Each layer has a licence of its own; some ask that what is made of them is shared alike. Name geoBoundaries and the source of each layer.",
			Attribution: credit, ShareAlike: true, Consent: true,
		},
		Policy: "Files are kept at GitHub, which at times limits how much is fetched. Neighbouring countries are from different sources: their borders overlap or leave gaps.",
		Choices: []source.Choice{
			{Key: "release", Title: "Release", Default: Open, Values: []source.ChoiceValue{
				{Value: Open, Title: "Open: free for any use, some share-alike"},
				{Value: Humanitarian, Title: "Humanitarian: data sets of the UN (OCHA)"},
				{Value: Authoritative, Title: "Authoritative: UN SALB, not for commerce"},
			}},
			{Key: "detail", Title: "Detail", Default: Full, Values: []source.ChoiceValue{
				{Value: Full, Title: "Full"},
				{Value: Simplified, Title: "Simplified (about 100 m)"},
			}},
		},
	}
}

func compareCells(a, b source.Cell) int {
	switch {
	case a.Country < b.Country:
		return -1
	case a.Country > b.Country:
		return 1
	}
	return int(a.Level) - int(b.Level)
}
