package engine

import (
	"fmt"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// Faults of what was fetched.
const (
	// faultForeign: a unit of another country than was asked for.
	faultForeign feature.Code = "foreign-unit"
	// faultMissing: a cell of which the file has nothing.
	faultMissing feature.Code = "missing-cell"
)

// units turns features of a download into units.
type units struct {
	p         source.Provider
	req       *source.Request
	faults    *feature.Faults
	originals bool
	taken     map[source.Cell]bool // of which there was a unit
}

// missing records the cells that the file should have served and has no unit of.
func (u *units) missing(c *supply) {
	for _, cell := range u.req.Cells {
		if !u.taken[cell] {
			u.faults.Add(feature.Fault{
				Code: faultMissing, Feature: -1,
				Detail: fmt.Sprintf("%s has no unit of %s, level %d, although the source's table tells of some", u.req.Name, c.nameOf(cell.Country), cell.Level),
			})
		}
	}
}

// take gives f the common schema and returns its layer; false if it is not
// wanted.
func (u *units) take(layer string, f *feature.Feature) (string, bool) {
	unit, ok := u.p.Normalise(u.req, layer, f)
	if !ok || !u.req.Wanted(unit.Cell) {
		if ok && len(u.req.Cells) == 1 { // a file of one cell has it, all the same
			u.faults.Add(feature.Fault{
				Code: faultForeign, Layer: layer, Feature: f.Index,
				Detail: fmt.Sprintf("%s is of %s level %d; left out", unit.Name, unit.Country, unit.Level),
			})
		}
		return "", false
	}
	attrs := unit.Attrs()
	if u.originals {
		attrs = append(attrs, others(attrs, f.Attrs)...)
	}
	f.ID, f.Attrs = unit.ID(), attrs
	u.taken[unit.Cell] = true
	return layerOf(unit.Level), true
}

// layerOf names the layer of a level.
func layerOf(level uint8) string { return fmt.Sprintf("adm%d", level) }

// others returns the source's own attributes; those that have the name of one
// of the common schema are called "source_name" and so on.
func others(common, own []feature.Attr) []feature.Attr {
	out := make([]feature.Attr, 0, len(own))
	for _, a := range own {
		for _, c := range common {
			if c.Key == a.Key {
				a.Key = "source_" + a.Key
				break
			}
		}
		out = append(out, a)
	}
	return out
}
