package simplify

import (
	"slices"

	"github.com/shapes-desktop/shapes/core/geo/grid"
)

// Weighted is arcs with a weight for each vertex.
type Weighted struct {
	Arcs   *grid.Chains
	Weight []float32 // parallel to Arcs.Pts
	Size   []float32 // of each arc, see topology.World
}

// Weigh computes the weights of all arcs. stop (may be nil) is asked now and
// then whether to give up; the result is nil then.
func Weigh(arcs *grid.Chains, size []float32, a Algorithm, stop func() bool) *Weighted {
	w := &Weighted{Arcs: arcs, Weight: make([]float32, len(arcs.Pts)), Size: size}
	for i := range arcs.Len() {
		if i%64 == 0 && stop != nil && stop() {
			return nil
		}
		a.Weights(arcs.At(i), w.Weight[arcs.Start[i]:arcs.Start[i+1]])
	}
	return w
}

// sizeShare is how small a part of a small ring's width simplification may move
// its border: a twentieth keeps islets within a few percent of their area.
const sizeShare = 20

// Tolerance returns what simplification may spend on arc i, where tolerance
// is that of the zoom and unit the width of a tile unit there, all in grid
// units. Rings of a few tile units are spared, so that a unit that can be
// seen keeps an area; what is below one unit is not worth vertices.
func (w *Weighted) Tolerance(i int, tolerance, unit float64) float32 {
	if size := float64(w.Size[i]); size >= unit {
		return float32(min(tolerance, size/sizeShare))
	}
	return float32(tolerance)
}

// state of a vertex at a zoom.
type state uint8

const (
	dropped state = iota
	kept
	fresh // given back in the latest round
)

// Filter finds the vertices of a zoom. It keeps its memory from call to call
// and is not safe for concurrent use.
type Filter struct {
	state []state
	guard guard
}

// Apply appends to out (which it resets) what is left of each arc at the given
// tolerance, in the units of the arcs. The result has the topology of the
// arcs: no two chains cross, and nothing changes sides. It returns how many
// vertices that took beyond those above the tolerance.
func (f *Filter) Apply(w *Weighted, tolerance, unit float64, out *grid.Chains) (givenBack int) {
	n := len(w.Arcs.Pts)
	if cap(f.state) < n {
		f.state = make([]state, n)
	}
	f.state = f.state[:n]
	count := 0
	for i := range w.Arcs.Len() {
		t := w.Tolerance(i, tolerance, unit)
		for j := w.Arcs.Start[i]; j < w.Arcs.Start[i+1]; j++ {
			f.state[j] = dropped
			if w.Weight[j] >= t {
				f.state[j] = kept
				count++
			}
		}
	}
	if count < n {
		givenBack = f.guard.run(w, f.state, count)
	}
	out.Reset()
	out.Pts = slices.Grow(out.Pts, count+givenBack)
	out.Start = slices.Grow(out.Start, w.Arcs.Len())
	for i := range w.Arcs.Len() {
		for j := w.Arcs.Start[i]; j < w.Arcs.Start[i+1]; j++ {
			if f.state[j] != dropped {
				out.Pts = append(out.Pts, w.Arcs.Pts[j])
			}
		}
		out.End()
	}
	return givenBack
}
