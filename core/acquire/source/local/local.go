// Package local is the provider of files of the user's own: it offers nothing,
// and makes units of what such files hold. Files that were fetched by hand from
// a known source are recognised, so that they are normalised as that source's.
package local

import (
	"fmt"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// Provider makes units of users' files. It is immutable.
type Provider struct{ world *admin.Table }

// New returns the provider; it never fails.
func New(world *admin.Table) (*Provider, error) { return &Provider{world}, nil }

// Hosts returns nothing: no server is asked.
func Hosts() []string { return nil }

// About implements source.Provider.
func (p *Provider) About() source.About {
	return source.About{
		Source:  shape.Local,
		Name:    "Local files",
		Summary: "Files of your own. Files fetched by hand from Natural Earth, geoBoundaries, GADM or OpenStreetMap are recognised.",
		Formats: []string{"GeoJSON", "TopoJSON", "shapefile", "GeoPackage", "Overpass JSON"},
		License: source.License{
			Name: "Your own files",
			Text: "You answer for the right to use these files and to share what is made of them. Give the attribution that they ask for.",
		},
	}
}

// Offers implements source.Provider: what a file holds is known once it is read.
func (p *Provider) Offers(shape.Variant) ([]source.Offer, error) { return nil, nil }

// Plan implements source.Provider: there is nothing to download.
func (p *Provider) Plan(_ shape.Variant, cells []source.Cell) ([]source.Request, error) {
	if len(cells) > 0 {
		return nil, fmt.Errorf("local files: %s, level %d: %w; import a file that has it", cells[0].Country, cells[0].Level, source.ErrNotOffered)
	}
	return nil, nil
}
