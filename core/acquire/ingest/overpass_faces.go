package ingest

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// faces finds what chains enclose that meet four or more in a point, where
// they could be joined in several ways:
//
//	a   b        the ring a b c d would touch itself in the middle;
//	 \ /         a d and b c are two that touch each other
//	  X
//	 / \
//	d   c
//
// Chains that do not cross divide the plane into faces. Walking along each
// face with it on the left tells them apart, and every chain lies between a
// face that is area and one that is not, as the outside is not. So there is
// one answer, and its rings are simple.
type faces struct {
	jn     *joiner
	chains []walk              // 2i: as they are; 2i+1: reversed
	around map[orb.Point][]int // the chains that leave a crossing, counter-clockwise
	place  []int               // of each chain among those
	face   []int               // of each chain, to its left
	walks  [][]int
	filled []bool
}

// untangle appends the rings of chains that meet at crossings.
func (jn *joiner) untangle(open []walk, out *rings) *gap {
	f := faces{jn: jn, around: map[orb.Point][]int{}}
	for _, w := range open {
		f.chains = append(f.chains, w, backwards(w))
	}
	if g := f.sort(); g != nil {
		return g
	}
	f.trace()
	if g := f.colour(); g != nil {
		return g
	}
	for i, w := range f.walks {
		if f.filled[i] {
			f.cut(w, out)
		}
	}
	return nil
}

// start is the point where chain c begins; end is where it ends.
func (f *faces) start(c int) orb.Point { return f.jn.first(f.chains[c][0]) }
func (f *faces) end(c int) orb.Point   { return f.start(c ^ 1) }

// direction is the angle at which chain c leaves its start.
func (f *faces) direction(c int) float64 {
	from := f.start(c)
	for _, step := range f.chains[c] {
		pts := f.jn.lines[step/2].pts
		for i := range pts {
			p := pts[i]
			if step&1 == 1 {
				p = pts[len(pts)-1-i]
			}
			if p != from {
				return math.Atan2(p[1]-from[1], p[0]-from[0])
			}
		}
	}
	return 0
}

// sort lists the chains that leave each crossing counter-clockwise. Two that
// leave in the same direction have no order: such an outline is no area.
func (f *faces) sort() *gap {
	angle := make([]float64, len(f.chains))
	for c := range f.chains {
		angle[c] = f.direction(c)
		f.around[f.start(c)] = append(f.around[f.start(c)], c)
	}
	f.place = make([]int, len(f.chains))
	for c := range f.chains {
		p := f.start(c)
		around := f.around[p]
		if around[0] != c {
			continue // was or will be sorted with another
		}
		slices.SortStableFunc(around, func(a, b int) int {
			switch {
			case angle[a] < angle[b]:
				return -1
			case angle[a] > angle[b]:
				return 1
			}
			return 0
		})
		for i := 1; i < len(around); i++ {
			if angle[around[i]] == angle[around[i-1]] {
				return gapAt(p, "ways %d and %d run along each other", f.way(around[i-1]), f.way(around[i]))
			}
		}
		for i, a := range around {
			f.place[a] = i
		}
	}
	return nil
}

// way is the way that chain c begins with.
func (f *faces) way(c int) int64 { return f.jn.lines[f.chains[c][0]/2].way }

// next is the chain that goes on along the face to the left of c: the first
// one clockwise from the way back.
func (f *faces) next(c int) int {
	around := f.around[f.end(c)]
	return around[(f.place[c^1]+len(around)-1)%len(around)]
}

// trace walks along every face.
func (f *faces) trace() {
	f.face = make([]int, len(f.chains))
	for c := range f.face {
		f.face[c] = -1
	}
	for first := range f.chains {
		if f.face[first] >= 0 {
			continue
		}
		var w []int
		for c := first; f.face[c] < 0; c = f.next(c) {
			f.face[c] = len(f.walks)
			w = append(w, c)
		}
		f.walks = append(f.walks, w)
	}
}

// ring returns the points of chains that form a ring.
func (f *faces) ring(w []int) orb.Ring {
	var r orb.Ring
	for _, c := range w {
		r = f.jn.points(r, f.chains[c])
	}
	return r
}

// colour tells which faces are area. The outside of each group of chains that
// hang together is not; it is the one face that is walked clockwise.
func (f *faces) colour() *gap {
	const unknown, no, yes = 0, 1, 2
	is := make([]int, len(f.walks))
	var queue []int
	for i, w := range f.walks {
		if ringArea(f.ring(w)) < 0 {
			is[i] = no
			queue = append(queue, i)
		}
	}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		for _, c := range f.walks[i] {
			switch over := f.face[c^1]; is[over] {
			case unknown:
				is[over] = no + yes - is[i]
				queue = append(queue, over)
			case is[i]:
				return gapAt(f.start(c), "way %d and others cross, so that they enclose no area", f.way(c))
			}
		}
	}
	f.filled = make([]bool, len(is))
	for i, w := range f.walks {
		if is[i] == unknown {
			return gapAt(f.start(w[0]), "way %d and others enclose no area", f.way(w[0]))
		}
		f.filled[i] = is[i] == yes
	}
	return nil
}

// cut divides the walk around a face into rings that pass no crossing twice.
// Those around the face are filled, those that the face runs around are not.
func (f *faces) cut(w []int, out *rings) {
	var path []int
	begins := map[orb.Point]int{} // where in path a chain begins at a crossing
	for _, c := range w {
		begins[f.start(c)] = len(path)
		path = append(path, c)
		from, closed := begins[f.end(c)]
		if !closed {
			continue
		}
		r := f.ring(path[from:])
		if ringArea(r) < 0 {
			out.empty = append(out.empty, r)
		} else {
			out.filled = append(out.filled, r)
		}
		for _, used := range path[from:] {
			delete(begins, f.start(used))
		}
		path = path[:from]
	}
}
