// Package snap rounds line work to a coarser grid without ever turning it
// inside out: snap rounding (Hobby 1999; Guibas and Marimont 1998).
//
// Every vertex makes the pixel that holds it hot. Every segment that passes a
// hot pixel is bent through the pixel's centre. Lines may come to lie on each
// other, but no line ever passes over a vertex, so what was beside stays
// beside: areas can shrink to nothing, they cannot overlap.
//
//	  before            after
//	a───────────b     a─┐   ┌──b     the vertex c made its pixel hot,
//	     ·c             └─c─┘        the segment a–b shares it now
//
// Lines are taken as they are before rounding; rounding first and looking for
// crossings later would already have put vertices on the wrong side.
package snap

import (
	"slices"

	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/spatial"
)

// Lines is a family of horizontal and vertical lines that take part in the
// rounding: wherever a segment crosses one, a vertex is made exactly on it.
// In units of the coarse grid they run at k·Step ± Margin for k = 1 … Count-1.
// A zero Lines has none.
type Lines struct{ Step, Margin, Count int32 }

// Crossing is a point where two segments of the input crossed.
type Crossing struct {
	A, B int32      // chains
	At   grid.Point // on the coarse grid
}

// Rounder rounds chains. It keeps its memory from call to call and is not
// safe for concurrent use.
type Rounder struct {
	// Stop, if set, is asked every few thousand points whether to give up.
	// What is put out then is not complete, and good for nothing.
	Stop func() bool

	asked int // points looked at, all in all
	shift uint
	half  int64
	known pixelSet
	cells spatial.Cells // hot pixels, by number
	width uint          // of cells, as a power of two of pixels
	hot   []grid.Point
	hits  []hit
	found []Crossing
}

type hit struct {
	order int64
	p     grid.Point
}

// Round rounds every chain of in to the grid that is coarser by shift bits
// and appends the results to out (which it resets first), one chain for each,
// in the coarse grid's units. Consecutive equal points are merged, so a chain
// may end as one point.
//
// The chains of in must not cross each other, save at their vertices: see
// Node for those that do.
func (r *Rounder) Round(in *grid.Chains, shift uint, lines Lines, out *grid.Chains) {
	r.start(in, shift)
	for i := range in.Len() {
		pts := in.At(i)
		for j, p := range pts {
			if r.stop() {
				return
			}
			r.heat(r.pixel(p))
			if j > 0 && lines.Count > 0 {
				r.heatLines(pts[j-1], p, lines)
			}
		}
	}
	r.route(in, out)
}

func (r *Rounder) start(in *grid.Chains, shift uint) {
	r.shift, r.half = shift, 0
	if shift > 0 {
		r.half = 1 << (shift - 1)
	}
	r.width = spatial.WidthFor(in, shift+1) - shift
	r.cells.Reset(r.width, len(in.Pts))
	r.known.reset(len(in.Pts))
	r.hot = r.hot[:0]
}

// StopEvery is how many points are looked at between two questions to Stop.
// Round looks at each point twice, Node at least four times.
const StopEvery = 1 << 13

// stop asks Stop now and then.
func (r *Rounder) stop() bool {
	r.asked++
	return r.asked%StopEvery == 0 && r.Stop != nil && r.Stop()
}

// pixel returns the pixel that holds p. Pixels are half open: they own their
// left and upper edges.
func (r *Rounder) pixel(p grid.Point) grid.Point {
	return grid.Point{X: int32((int64(p.X) + r.half) >> r.shift), Y: int32((int64(p.Y) + r.half) >> r.shift)}
}

// heat makes a pixel hot, if it is not yet.
func (r *Rounder) heat(p grid.Point) {
	if r.known.add(p) {
		r.cells.AddCell(p.X>>r.width, p.Y>>r.width, int32(len(r.hot)))
		r.hot = append(r.hot, p)
	}
}

// route emits every chain bent through the hot pixels it passes.
func (r *Rounder) route(in, out *grid.Chains) {
	out.Reset()
	out.Pts = slices.Grow(out.Pts, len(in.Pts)+len(in.Pts)/16)
	out.Start = slices.Grow(out.Start, in.Len())
	for i := range in.Len() {
		first := len(out.Pts)
		emit := func(p grid.Point) {
			if n := len(out.Pts); n == first || out.Pts[n-1] != p {
				out.Pts = append(out.Pts, p)
			}
		}
		pts := in.At(i)
		emit(r.pixel(pts[0]))
		for j := 1; j < len(pts) && !r.stop(); j++ {
			r.between(pts[j-1], pts[j], emit)
			emit(r.pixel(pts[j]))
		}
		out.End()
	}
}

// between calls emit with the hot pixels that a–b passes, those of its ends
// left out, in the order of the way.
func (r *Rounder) between(a, b grid.Point, emit func(grid.Point)) {
	pa, pb := r.pixel(a), r.pixel(b)
	if pa == pb {
		return
	}
	sx, sy := sign(b.X-a.X), sign(b.Y-a.Y)
	s := newSegment(a, b, r.shift)
	r.hits = r.hits[:0]
	box := grid.EmptyBox().Add(pa).Add(pb)
	half := int32(r.half)
	fa, fb := grid.Point{X: a.X + half, Y: a.Y + half}, grid.Point{X: b.X + half, Y: b.Y + half}
	spatial.Cover(fa, fb, r.shift+r.width, half+1, func(cx, cy int32) {
		for e := r.cells.First(cx, cy); e >= 0; e = r.cells.Next(e) {
			h := r.hot[r.cells.Item(e)]
			if !box.Contains(h) || h == pa || h == pb || !s.passes(h) {
				continue
			}
			// A segment is monotone in x and y, and so is the order of the
			// pixels it passes.
			r.hits = append(r.hits, hit{sx*int64(h.X) + sy*int64(h.Y), h})
		}
	})
	if len(r.hits) > 1 {
		slices.SortFunc(r.hits, func(p, q hit) int {
			switch {
			case p.order < q.order:
				return -1
			case p.order > q.order:
				return 1
			}
			return 0
		})
	}
	for _, h := range r.hits {
		emit(h.p)
	}
}

func sign(v int32) int64 {
	switch {
	case v < 0:
		return -1
	case v > 0:
		return 1
	}
	return 0
}
