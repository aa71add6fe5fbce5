// Package grid is the integer plane that all geometry lives on between ingest
// and tile: Web Mercator, 2^30 units around the world (3.7 cm at the equator),
// x growing east and y growing south, with exact predicates.
//
// Integers make every later question (which side, which pixel, how much area)
// a matter of arithmetic instead of tolerance.
package grid

import (
	"math"

	"github.com/paulmach/orb"
)

// Bits is the width of the world in bits.
const Bits = 30

// Size is the width and the height of the world in units.
const Size = 1 << Bits

// MaxLat is the latitude (degrees) where the Mercator square ends.
const MaxLat = 85.0511287798066

// Point is a position on the grid, or on one coarser by some bits.
type Point struct{ X, Y int32 }

// Less orders points by x, then y.
func (p Point) Less(q Point) bool { return p.X < q.X || p.X == q.X && p.Y < q.Y }

// Key packs a point into one word; equal points have equal keys.
func (p Point) Key() uint64 { return uint64(uint32(p.X))<<32 | uint64(uint32(p.Y)) }

// Project maps degrees to the grid (EPSG:3857, scaled). Latitudes beyond the
// square are put on its edge.
func Project(p orb.Point) Point {
	x := (p[0] + 180) / 360
	lat := p[1]
	if lat > MaxLat {
		lat = MaxLat
	} else if lat < -MaxLat {
		lat = -MaxLat
	}
	s := math.Sin(lat * math.Pi / 180)
	// atanh(sin φ) = ln tan(π/4 + φ/2), Snyder (1987) eq. 7-2.
	y := 0.5 - math.Log((1+s)/(1-s))/(4*math.Pi)
	return Point{clamp(x), clamp(y)}
}

func clamp(v float64) int32 {
	v = math.Floor(v*Size + 0.5)
	return int32(max(0, min(Size, v)))
}

// LonLat is the inverse of Project for a grid that is 2^bits wide.
func (p Point) LonLat(bits uint) orb.Point {
	w := float64(uint64(1) << bits)
	y := math.Pi * (1 - 2*float64(p.Y)/w)
	return orb.Point{float64(p.X)/w*360 - 180, math.Atan(math.Sinh(y)) * 180 / math.Pi}
}

// Cross is twice the signed area of the triangle a, b, c: positive if c lies
// to the left of a→b in a plane whose y grows up. Exact on the whole grid.
func Cross(a, b, c Point) int64 {
	return int64(b.X-a.X)*int64(c.Y-a.Y) - int64(b.Y-a.Y)*int64(c.X-a.X)
}

// Area2 is twice the signed area of a ring whose first point is not repeated.
// Positive rings are exteriors in tiles (MVT 2.1, section 4.3.3.3). It is exact
// as long as twice the area fits 63 bits, which the whole grid does.
func Area2(ring []Point) int64 {
	var s int64
	for i := 1; i+1 < len(ring); i++ {
		s += Cross(ring[0], ring[i], ring[i+1])
	}
	return s
}

// Box is an axis-parallel box with its borders.
type Box struct{ MinX, MinY, MaxX, MaxY int32 }

// EmptyBox contains nothing and grows by Add.
func EmptyBox() Box {
	return Box{math.MaxInt32, math.MaxInt32, math.MinInt32, math.MinInt32}
}

// Add returns b grown to hold p.
func (b Box) Add(p Point) Box {
	return Box{min(b.MinX, p.X), min(b.MinY, p.Y), max(b.MaxX, p.X), max(b.MaxY, p.Y)}
}

// Union returns the smallest box that holds both.
func (b Box) Union(o Box) Box {
	return Box{min(b.MinX, o.MinX), min(b.MinY, o.MinY), max(b.MaxX, o.MaxX), max(b.MaxY, o.MaxY)}
}

// Contains reports whether p lies in b or on its border.
func (b Box) Contains(p Point) bool {
	return b.MinX <= p.X && p.X <= b.MaxX && b.MinY <= p.Y && p.Y <= b.MaxY
}

// Covers reports whether o lies in b.
func (b Box) Covers(o Box) bool {
	return b.MinX <= o.MinX && o.MaxX <= b.MaxX && b.MinY <= o.MinY && o.MaxY <= b.MaxY
}

// Intersects reports whether the two share a point.
func (b Box) Intersects(o Box) bool {
	return b.MinX <= o.MaxX && o.MinX <= b.MaxX && b.MinY <= o.MaxY && o.MinY <= b.MaxY
}

// BoxOf returns the smallest box around pts.
func BoxOf(pts []Point) Box {
	b := EmptyBox()
	for _, p := range pts {
		b = b.Add(p)
	}
	return b
}

// Chains is a list of polylines in one array: chain i is
// Pts[Start[i]:Start[i+1]]. Start has one entry more than there are chains.
type Chains struct {
	Pts   []Point
	Start []int32
}

// Len returns the number of chains.
func (c *Chains) Len() int { return max(0, len(c.Start)-1) }

// At returns chain i; it shares memory with c.
func (c *Chains) At(i int) []Point { return c.Pts[c.Start[i]:c.Start[i+1]:c.Start[i+1]] }

// Reset empties c and keeps its memory.
func (c *Chains) Reset() {
	c.Pts = c.Pts[:0]
	c.Start = append(c.Start[:0], 0)
}

// End closes the chain whose points were appended to Pts since the last End.
func (c *Chains) End() { c.Start = append(c.Start, int32(len(c.Pts))) }
