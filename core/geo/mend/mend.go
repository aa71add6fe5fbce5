// Package mend puts right what rounding to a zoom's grid closes up: strips of
// open ground that were pinched off from the rest, and units that have
// shrunk to nothing.
//
// Nothing of the arcs is changed. A mend is a patch: a small ring of ground
// that some polygons gain and others lose. Since a polygon's border is a set
// of directed edges, a patch is added to it like any other ring, and the edges
// that the two have in common cancel.
package mend

import (
	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/ring"
	"github.com/shapes-desktop/shapes/core/geo/topology"
)

// Patch is ground that changes hands.
type Patch struct {
	Rings      []ring.Ring // an exterior, of positive area, and its holes
	Gain, Lose []int32     // polygons
}

// Scene is a world at one zoom.
type Scene struct {
	World *topology.World
	Arcs  *grid.Chains // every arc of the world, rounded
	Area2 []int64      // twice the area of each polygon
	// Step and Margin tell where the sides of tiles run, see snap.Lines: no
	// edge may cross them without a vertex.
	Step, Margin int32
	// Size is the width of the world in tile units; nothing is drawn beyond it.
	Size int32
	// Scratch is memory to use again from zoom to zoom; must be set.
	Scratch *Scratch
}

// Scratch is memory that a Scene works in. The zero value is ready; it is not
// safe for concurrent use.
type Scratch struct {
	rings ring.Builder
	edges []ring.Edge
}

// Apply adds what the patches change to the areas.
func (s *Scene) Apply(patches []Patch) {
	for _, p := range patches {
		var area int64
		for _, r := range p.Rings {
			area += grid.Area2(r)
		}
		for _, g := range p.Gain {
			s.Area2[g] += area
		}
		for _, l := range p.Lose {
			s.Area2[l] -= area
		}
	}
}

// onSide returns the polygons on the left (or right) of arc a that belong to
// layer.
func (s *Scene) onSide(a int32, left bool, layer int32) []int32 {
	list := s.World.Right(a)
	if left {
		list = s.World.Left(a)
	}
	var out []int32
	for _, p := range list {
		if s.World.Polys[p].Layer == layer {
			out = append(out, p)
		}
	}
	return out
}
