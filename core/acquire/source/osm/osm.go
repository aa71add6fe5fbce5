// Package osm is the provider of OpenStreetMap: administrative boundaries as
// people map them today, asked from the Overpass API country by country and
// level by level.
package osm

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// vintage is of the table of levels, which is what is bundled.
const vintage = "2026"

// maxAnswer is more bytes than any sound answer has; all the municipalities of
// a large country are some 500 MB.
const maxAnswer = 2 << 30

// Provider is OpenStreetMap. It is immutable.
type Provider struct {
	world  *admin.Table
	areas  []area         // by country
	byCode map[string]int // by the code that OpenStreetMap has for the country
}

// New returns the provider. An error says that its table and that of countries
// do not fit together.
func New(world *admin.Table) (*Provider, error) {
	p := &Provider{world: world, byCode: map[string]int{}}
	rows, err := parseLevels(levelTable())
	if err != nil {
		return nil, fmt.Errorf("osm: the table of levels: %w", err)
	}
	for _, a := range rows {
		c, ok := world.Of(admin.OSM, a.code)
		if !ok {
			return nil, fmt.Errorf("osm: the code %q is of no country that is known", a.code)
		}
		a.country, a.iso2, a.iso3 = c.Code, c.ISO2, c.ISO3
		p.areas = append(p.areas, a)
	}
	slices.SortFunc(p.areas, func(a, b area) int { return strings.Compare(a.country, b.country) })
	for i, a := range p.areas {
		p.byCode[a.code] = i
	}
	return p, nil
}

// Endpoint is the address that all questions go to. Another server of the
// Overpass API can stand in for it as a mirror of the fetcher.
func Endpoint() string { return "https://overpass-api.de/api/interpreter" }

// Hosts are those that the addresses are at.
func Hosts() []string { return []string{"overpass-api.de"} }

// About implements source.Provider.
func (p *Provider) About() source.About {
	return source.About{
		Source:   shape.OpenStreetMap,
		Name:     "OpenStreetMap",
		Summary:  "Boundaries as people map them today, in much detail, down to municipalities where they are mapped. Seas that belong to a country are part of it.",
		Homepage: "https://www.openstreetmap.org/",
		Formats:  []string{"Overpass API JSON"},
		Vintage:  vintage,
		License:  license(),
		Policy:   policy,
	}
}

// policy is what the people who run the server ask of its users.
const policy = "Answers come from overpass-api.de, which volunteers run for everybody: up to about 10 000 questions and 1 GB a day for one user, " +
	"two at the same time at most, and after “too many requests” a pause of at least 30 seconds. This program says who it is, asks one question after the other, " +
	"and keeps every answer. For more than a few countries use a server of your own or another mirror (shapes --mirror, or SHAPES_MIRRORS), or a hand-fetched file. " +
	"A question may take the server three minutes; at busy hours it refuses some."

func license() source.License {
	return source.License{
		Name: "ODbL 1.0", Original: "Open Data Commons Open Database License 1.0", URL: "https://www.openstreetmap.org/copyright",
		Text: "Credit “© OpenStreetMap contributors” with a link to openstreetmap.org/copyright. " +
			"Data made of it, such as tiles, may be shared and sold, but under the same licence; pictures need the credit only.",
		Attribution: `<a href="https://www.openstreetmap.org/copyright">&copy; OpenStreetMap contributors</a>`,
		ShareAlike:  true, Consent: true,
	}
}

// Offers implements source.Provider. OpenStreetMap has no variants: there is
// only today's. How many units a level has is known when they are asked for.
func (p *Provider) Offers(shape.Variant) ([]source.Offer, error) {
	var out []source.Offer
	for _, a := range p.areas {
		for level := range uint8(len(a.levels) + 1) {
			out = append(out, source.Offer{Cell: source.Cell{Country: a.country, Level: level}, Title: a.title(level), License: license()})
		}
	}
	return out, nil
}

// Plan implements source.Provider: each cell is a question of its own, so that
// none is too much for the server.
func (p *Provider) Plan(v shape.Variant, cells []source.Cell) ([]source.Request, error) {
	cells = slices.Clone(cells)
	slices.SortFunc(cells, func(a, b source.Cell) int {
		return cmp.Or(cmp.Compare(a.Country, b.Country), cmp.Compare(a.Level, b.Level))
	})
	var out []source.Request
	for _, c := range slices.Compact(cells) {
		a, ok := p.area(c.Country)
		if !ok || int(c.Level) > len(a.levels) {
			return nil, fmt.Errorf("osm: %s, level %d: %w", c.Country, c.Level, source.ErrNotOffered)
		}
		out = append(out, source.Request{
			Source: shape.OpenStreetMap, Variant: v, Cells: []source.Cell{c}, License: license(),
			URL: Endpoint(), Form: "data=" + url.QueryEscape(a.query(c.Level)), Name: a.fileName(c.Level),
			Expect: source.Expect{
				Format: source.Answer, Keys: []string{"boundary"}, Marks: a.marks(c.Level),
				Near: source.Bounds(p.world.Bounds(c.Country)), Max: maxAnswer,
			},
		})
	}
	return out, nil
}

func (p *Provider) area(country string) (*area, bool) {
	i, ok := slices.BinarySearchFunc(p.areas, country, func(a area, c string) int { return strings.Compare(a.country, c) })
	if !ok {
		return nil, false
	}
	return &p.areas[i], true
}

// areaOf returns the country that OpenStreetMap calls code.
func (p *Provider) areaOf(code string) (*area, bool) {
	i, ok := p.byCode[code]
	if !ok {
		return nil, false
	}
	return &p.areas[i], true
}
