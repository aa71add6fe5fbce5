// Package gadm is the provider of GADM 4.1: boundaries of most countries down
// to communes. They are for non-commercial use and may not be given to others.
package gadm

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

const (
	vintage = "4.1"
	base    = "https://geodata.ucdavis.edu/gadm/gadm4.1/json/"
)

// Provider is GADM. It is immutable.
type Provider struct {
	world *admin.Table
	areas []area // by country
}

// area is what GADM has a file of.
type area struct {
	country string // of model/admin
	code    string // GID_0
	deepest uint8
}

// New returns the provider. An error says that its table and that of countries
// do not fit together.
func New(world *admin.Table) (*Provider, error) {
	p := &Provider{world: world}
	level := uint64(0)
	for _, word := range strings.Fields(deepest) {
		if n, isLevel := strings.CutSuffix(word, ":"); isLevel {
			var err error
			if level, err = strconv.ParseUint(n, 10, 8); err != nil || level > shape.MaxLevel {
				return nil, fmt.Errorf("gadm: %q is no level", word)
			}
			continue
		}
		c, ok := world.Of(admin.GADM, word)
		if !ok {
			return nil, fmt.Errorf("gadm: the code %q is of no country that is known", word)
		}
		p.areas = append(p.areas, area{country: c.Code, code: word, deepest: uint8(level)})
	}
	slices.SortFunc(p.areas, func(a, b area) int { return strings.Compare(a.country, b.country) })
	return p, nil
}

// Hosts are those that the addresses are at.
func Hosts() []string { return []string{"geodata.ucdavis.edu"} }

// About implements source.Provider.
func (p *Provider) About() source.About {
	return source.About{
		Source:   shape.GADM,
		Name:     "GADM",
		Summary:  "Boundaries of most countries at up to five levels, in one form for all. For non-commercial use; not to be given to others.",
		Homepage: "https://gadm.org/",
		Formats:  []string{"GeoJSON", "GeoJSON (zip)"},
		Vintage:  vintage,
		License:  license(),
		Policy:   "The server is kept by a university and is now and then out of reach for days, mostly around the turn of the year. Files that were fetched are kept.",
	}
}

func license() source.License {
	return source.License{
		Name: "GADM: non-commercial", Original: "GADM license", URL: "https://gadm.org/license.html",
		Text: "Free for academic and other non-commercial use; maps made of it may be published in articles and books. " +
			"Redistribution, also of tiles made of it, or commercial use is not allowed without prior permission.",
		Attribution: `<a href="https://gadm.org">GADM</a> 4.1, &copy; 2018-2022 GADM, non-commercial`,
		NoSharing:   true, NonCommercial: true, Consent: true,
	}
}

// Offers implements source.Provider. GADM has no variants.
func (p *Provider) Offers(shape.Variant) ([]source.Offer, error) {
	var out []source.Offer
	for _, a := range p.areas {
		for level := range a.deepest + 1 {
			out = append(out, source.Offer{
				Cell:    source.Cell{Country: a.country, Level: level},
				Vintage: vintage, License: license(),
			})
		}
	}
	return out, nil
}

// Plan implements source.Provider: each cell is a file.
func (p *Provider) Plan(v shape.Variant, cells []source.Cell) ([]source.Request, error) {
	cells = slices.Clone(cells)
	slices.SortFunc(cells, compareCells)
	var out []source.Request
	for _, c := range slices.Compact(cells) {
		a, ok := p.area(c.Country)
		if !ok || c.Level > a.deepest {
			return nil, fmt.Errorf("gadm: %s, level %d: %w", c.Country, c.Level, source.ErrNotOffered)
		}
		r := a.request(v, c)
		r.Expect.Near = source.Bounds(p.world.Bounds(c.Country))
		out = append(out, r)
	}
	return out, nil
}

func (p *Provider) area(country string) (area, bool) {
	i, ok := slices.BinarySearchFunc(p.areas, country, func(a area, c string) int { return strings.Compare(a.country, c) })
	if !ok {
		return area{}, false
	}
	return p.areas[i], true
}

// request of a cell. Level 0 is served plain, the others zipped: asked for the
// other form the server has answered with nothing at all, so that is the second
// try. Both forms hold the same, and the first bytes tell which came.
func (a area) request(v shape.Variant, c source.Cell) source.Request {
	plain := fmt.Sprintf("gadm41_%s_%d.json", a.code, c.Level)
	r := source.Request{
		Source: shape.GADM, Variant: v, Cells: []source.Cell{c}, License: license(), Vintage: vintage,
		URL: base + plain, Others: []string{base + plain + ".zip"}, Name: plain,
		Expect: source.Expect{Format: source.GeoJSON, Member: plain, Keys: []string{"GID_0", "COUNTRY"}},
	}
	r.Expect.Marks = []source.Mark{{Keys: []string{"GID_0"}, Value: a.code}}
	if c.Level > 0 {
		r.URL, r.Others, r.Name = base+plain+".zip", []string{base + plain}, plain+".zip"
		r.Expect.Format = source.Zip
		r.Expect.Keys = []string{"GID_0", levelKey("GID", c.Level), levelKey("NAME", c.Level)}
	}
	return r
}

// levelKey is the attribute of a level: "NAME_2".
func levelKey(name string, level uint8) string { return name + "_" + strconv.Itoa(int(level)) }

func compareCells(a, b source.Cell) int {
	return cmp.Or(cmp.Compare(a.Country, b.Country), cmp.Compare(a.Level, b.Level))
}
