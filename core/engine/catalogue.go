package engine

import (
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// Catalogue is what the sources have, told from the bundled tables without a
// data directory: nothing in it is marked as being at hand. It is safe for
// concurrent use.
type Catalogue struct{ c *supply }

// OpenCatalogue reads the tables. There is nothing to close.
func OpenCatalogue() (Catalogue, error) {
	c, _, err := readTables()
	return Catalogue{c}, err
}

// Sources is Engine.Sources.
func (t Catalogue) Sources() []source.About { return t.c.about() }

// Places is Engine.Places.
func (t Catalogue) Places(query string) []admin.Country { return t.c.places(query) }

// Near returns the few places that a query may mean which Places finds none for:
// those with almost the same name.
func (t Catalogue) Near(query string) []admin.Country { return t.c.world.Near(query) }

// Offers is Engine.Offers; no cell is Cached.
func (t Catalogue) Offers(s shape.Source, v shape.Variant) (Matrix, error) { return t.c.matrix(s, v) }
