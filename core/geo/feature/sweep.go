package feature

import "math"

// Quality is how much of an area simplification has left as it was: 1 less the
// area of the symmetric difference to the source as a share of the source's,
// not below 0. Both are in the same unit. Nothing that stays nothing is kept
// whole.
func Quality(difference, source float64) float64 {
	if difference <= 0 {
		return 1
	}
	return max(0, 1-difference/source) // also where source is 0
}

// Sweep sums the area between borders and what is left of them when some of
// their vertices are dropped. It is an upper bound of the area of the symmetric
// difference, and that area itself unless pieces of it overlap:
//
//	     b
//	a___/_\___d   a–d replaces a, b, c, d: two pieces, one on
//	       \ /    each side of the chord's line, counted both
//	        c
//
// The dropped vertices between two kept ones and the chord make a loop. The
// chord's line cuts it into pieces that lie on one side of it, and the area of
// such a piece, which a border that does not cross itself bounds, is exact. The
// symmetric difference is the union of all pieces, less what lies in two.
//
// Start a chain with its first vertex, which stays, then tell what becomes of
// each; the last stays. Where the first has moved, start where it is now and
// drop where it was. A ring is a chain that comes back to its start: dropped
// but for that, it counts whole. Chains may be told in any plane: areas are in
// square units of it. The zero Sweep is ready.
type Sweep struct {
	area float64 // twice
	last spot
	loop []spot // dropped since, from last
}

// spot is a vector in the plane.
type spot struct{ x, y float64 }

func (a spot) cross(b spot) float64 { return a.x*b.y - a.y*b.x }

// Start begins a chain at a vertex.
func (s *Sweep) Start(x, y float64) {
	s.last = spot{x, y}
	s.loop = s.loop[:0]
}

// Drop goes on to a vertex that is dropped.
func (s *Sweep) Drop(x, y float64) { s.loop = append(s.loop, spot{x - s.last.x, y - s.last.y}) }

// Keep goes on to a vertex that stays.
func (s *Sweep) Keep(x, y float64) {
	if len(s.loop) > 0 {
		s.close(spot{x - s.last.x, y - s.last.y})
	}
	s.Start(x, y)
}

// Move goes on to a vertex that stays, but at another place: rounded to a grid,
// say. What it sweeps on the way is counted with its neighbours.
func (s *Sweep) Move(x, y, toX, toY float64) {
	s.Drop(x, y)
	s.Keep(toX, toY)
	s.Drop(x, y)
}

// Area returns what was swept so far, square units.
func (s *Sweep) Area() float64 { return s.area / 2 }

// Reset forgets all and keeps the memory.
func (s *Sweep) Reset() { s.area, s.loop = 0, s.loop[:0] }

// close adds the pieces between the dropped vertices and the chord from last to
// end. All are seen from last, so that the parts of a piece's border that lie
// on the chord's line add nothing.
func (s *Sweep) close(end spot) {
	var piece, side float64 // twice the area so far; > 0: left of the line
	var from spot
	step := func(to spot, away float64) {
		if side*away < 0 { // the line lies between
			t := side / (side - away)
			at := spot{from.x + t*(to.x-from.x), from.y + t*(to.y-from.y)}
			s.area += math.Abs(piece + from.cross(at))
			piece, from = 0, at
		}
		piece += from.cross(to)
		from, side = to, away
		if away == 0 && end != (spot{}) {
			s.area += math.Abs(piece)
			piece = 0
		}
	}
	for _, p := range s.loop {
		step(p, end.cross(p))
	}
	step(end, 0)
	s.area += math.Abs(piece)
}
