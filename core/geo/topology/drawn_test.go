package topology

import (
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/grid"
)

// scale is how many units of the world a unit of the drawings is.
const scale = 1000

// loop makes a closed ring of x, y pairs of a drawing.
func loop(xy ...int32) orb.Ring {
	var r orb.Ring
	for i := 0; i < len(xy); i += 2 {
		r = append(r, grid.Point{X: xy[i] * scale, Y: xy[i+1] * scale}.LonLat(grid.Bits))
	}
	return append(r, r[0])
}

func box(x0, y0, x1, y1 int32) orb.Ring { return loop(x0, y0, x1, y0, x1, y1, x0, y1) }

// drawing is polygons of one layer and what the arrangement must make of them.
type drawing struct {
	name     string
	features []orb.MultiPolygon
	arcs     int
	areas    []float64 // of each polygon made, in units of the drawing
	faults   []feature.Code
}

func one(rings ...orb.Ring) orb.MultiPolygon { return orb.MultiPolygon{rings} }

func turned(r orb.Ring) orb.Ring {
	r = r.Clone()
	r.Reverse()
	return r
}

// from starts a ring at its n-th vertex.
func from(r orb.Ring, n int) orb.Ring {
	open := r[:len(r)-1]
	out := append(slices.Clone(open[n:]), open[:n]...)
	return append(out, out[0])
}

func drawings() []drawing {
	left, right := box(1, 1, 5, 5), box(5, 1, 9, 5)
	return []drawing{
		// ┌──┬──┐
		// │P │ Q│   a border of two is one arc
		// └──┴──┘
		{"two squares", []orb.MultiPolygon{one(left), one(right)}, 3, []float64{16, 16}, nil},
		{"one of them turned", []orb.MultiPolygon{one(turned(left)), one(right)}, 3, []float64{16, 16}, nil},
		{"rings started elsewhere", []orb.MultiPolygon{one(from(left, 3)), one(from(turned(right), 2))}, 3, []float64{16, 16}, nil},
		// the same square twice: one arc, two polygons
		{"duplicated", []orb.MultiPolygon{one(left), one(from(turned(left), 1))}, 1, []float64{16, 16}, nil},
		// ┌──┬──┐
		// │  ├──┤   the corner of two on the side of a third
		// └──┴──┘
		{"T-junction", []orb.MultiPolygon{one(box(1, 1, 5, 9)), one(box(5, 1, 9, 5)), one(box(5, 5, 9, 9))}, 6, []float64{32, 16, 16}, nil},
		// ┌─────┐
		// │ ┌─┐ │   an enclave fills a hole: its border is the hole's
		// │ └─┘ │
		// └─────┘
		{"enclave", []orb.MultiPolygon{one(box(1, 1, 9, 9), box(3, 3, 6, 6)), one(box(3, 3, 6, 6))}, 2, []float64{55, 9}, nil},
		// a hole wound like its exterior is a hole all the same
		{"hole wound wrongly", []orb.MultiPolygon{one(box(1, 1, 9, 9), turned(box(3, 3, 6, 6)))}, 2, []float64{55}, nil},
		// two parts far apart
		{"island", []orb.MultiPolygon{{{box(1, 1, 5, 5)}, {box(7, 7, 9, 9)}}}, 2, []float64{20}, nil},
		// ┌─┬─┐
		// │A│B│   four in a point
		// ├─┼─┤
		// │C│D│
		// └─┴─┘
		{"quadruple point", []orb.MultiPolygon{one(box(1, 1, 3, 3)), one(box(3, 1, 5, 3)), one(box(1, 3, 3, 5)), one(box(3, 3, 5, 5))}, 8, []float64{4, 4, 4, 4}, nil},
		// three in a point, at the end of slanting borders
		{"triple point", []orb.MultiPolygon{
			one(loop(1, 1, 9, 1, 5, 5)), one(loop(9, 1, 5, 9, 5, 5)), one(loop(5, 9, 1, 1, 5, 5)),
		}, 6, []float64{16, 8, 8}, nil},
		// ┌─┐
		// └─X─┐   two parts of one feature touch in a point
		//   └─┘
		{"parts touch in a point", []orb.MultiPolygon{{{box(1, 1, 3, 3)}, {box(3, 3, 5, 5)}}}, 2, []float64{8}, nil},
		// two parts with a side in common: the side goes
		{"parts share a side", []orb.MultiPolygon{{{left}, {right}}}, 3, []float64{32}, []feature.Code{feature.FaultOverlappingParts}},
		// ┌───┐
		// │ ┌─┼─┐   parts overlap: merged
		// └─┼─┘ │
		//   └───┘
		{"parts overlap", []orb.MultiPolygon{{{box(1, 1, 5, 5)}, {box(3, 3, 7, 7)}}}, 4, []float64{28}, []feature.Code{feature.FaultSelfIntersection}},
		{"part in a part", []orb.MultiPolygon{{{box(1, 1, 9, 9)}, {box(3, 3, 5, 5)}}}, 2, []float64{64}, []feature.Code{feature.FaultOverlappingParts}},
		{"part in a hole", []orb.MultiPolygon{{{box(1, 1, 9, 9), box(3, 3, 7, 7)}, {box(4, 4, 6, 6)}}}, 3, []float64{52}, nil},
		// ╲╱
		// ╱╲   a bow-tie keeps both its loops
		{"bow-tie", []orb.MultiPolygon{one(loop(1, 1, 9, 9, 9, 1, 1, 9))}, 2, []float64{32}, []feature.Code{feature.FaultSelfIntersection}},
		// a bow-tie with its crossing as a vertex touches itself only
		{"figure of eight", []orb.MultiPolygon{one(loop(1, 1, 5, 5, 9, 9, 9, 1, 5, 5, 1, 9))}, 2, []float64{32}, []feature.Code{feature.FaultSelfIntersection}},
		// a way there and back is no area, however it turns
		{"no area", []orb.MultiPolygon{one(loop(1, 1, 5, 1, 9, 9, 5, 1)), one(box(1, 1, 2, 2))}, 3, []float64{1}, []feature.Code{feature.FaultSelfIntersection, feature.FaultEmptyFeature}},
		// a hole that sticks out is cut off and its outside counts (even-odd)
		{"hole sticks out", []orb.MultiPolygon{one(box(1, 1, 5, 5), box(3, 3, 7, 7))}, 4, []float64{24}, []feature.Code{feature.FaultSelfIntersection}},
		// two features overlap: told, and left as they are
		{"features overlap", []orb.MultiPolygon{one(box(1, 1, 5, 5)), one(box(3, 3, 7, 7))}, 4, []float64{16, 16}, []feature.Code{feature.FaultOverlap}},
		// a spike has no area
		{"spike", []orb.MultiPolygon{one(loop(1, 1, 5, 1, 8, 1, 5, 1, 5, 5, 1, 5))}, 2, []float64{16}, []feature.Code{feature.FaultSelfIntersection}},
		// the whole of x = 0, and the poles' edges: the world in two halves
		{
			"world",
			[]orb.MultiPolygon{one(worldBox(0, grid.Size/2)), one(worldBox(grid.Size/2, grid.Size))},
			3,
			[]float64{worldHalf, worldHalf},
			nil,
		},
	}
}

const worldHalf = float64(grid.Size) / 2 / scale * (float64(grid.Size) / scale)

func worldBox(x0, x1 int32) orb.Ring {
	var r orb.Ring
	for _, p := range []grid.Point{{X: x0}, {X: x1}, {X: x1, Y: grid.Size}, {X: x0, Y: grid.Size}} {
		r = append(r, p.LonLat(grid.Bits))
	}
	return append(r, r[0])
}

func TestDrawings(t *testing.T) {
	for _, d := range drawings() {
		t.Run(d.name, func(t *testing.T) {
			for _, shift := range []uint{0, 3} {
				w, faults := d.build(shift)
				if w.Arcs.Len() != d.arcs {
					t.Errorf("shift %d: %d arcs, want %d", shift, w.Arcs.Len(), d.arcs)
				}
				if len(w.Polys) != len(d.areas) {
					t.Fatalf("shift %d: %d polygons, want %d", shift, len(w.Polys), len(d.areas))
				}
				unit := float64(scale) / float64(int(1)<<shift)
				for i, p := range w.Polys {
					if got, want := p.Area, d.areas[i]*unit*unit; got != want {
						t.Errorf("shift %d: polygon %d covers %f, want %f", shift, i, got, want)
					}
				}
				if !slices.Equal(faults, d.faults) {
					t.Errorf("shift %d: faults %v, want %v", shift, faults, d.faults)
				}
				if err := checkWorld(w); err != nil {
					t.Errorf("shift %d: %v", shift, err)
				}
			}
		})
	}
}

func (d *drawing) build(shift uint) (*World, []feature.Code) {
	b := NewBuilder()
	for i, mp := range d.features {
		b.Add(0, i, mp)
	}
	var faults []feature.Code
	w, err := b.Build(Options{Shift: shift, LayerNames: []string{"adm0"}, Fault: func(f feature.Fault) { faults = append(faults, f.Code) }})
	if err != nil {
		panic(err) // no drawing is tangled
	}
	return w, faults
}
