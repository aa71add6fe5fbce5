package ingest

import (
	"math"
	"sort"

	"github.com/paulmach/orb"
)

// knot holds the rings of one polygon, cut at the antimeridian into chains.
type knot struct {
	chains [][]orb.Point // each from one point on ±180 to another
}

// jump is an edge of a ring over the antimeridian.
type jump struct {
	at  int     // the edge goes from vertex at to vertex at+1
	lat float64 // where it meets the meridian
}

// crossingLat is the latitude at which the edge a-b meets ±180. It is the
// same number for b-a, so that neighbours agree.
func crossingLat(a, b orb.Point) float64 {
	if a[0] < b[0] {
		a, b = b, a // a is the eastern hemisphere's end
	}
	da, db := 180-a[0], b[0]+180
	if da+db == 0 {
		return (a[1] + b[1]) / 2
	}
	lat := a[1] + (b[1]-a[1])*(da/(da+db))
	return math.Max(math.Min(a[1], b[1]), math.Min(math.Max(a[1], b[1]), lat))
}

// cut adds ring r, closed and with at least one jump, to the knot.
func (k *knot) cut(r orb.Ring) {
	jumps, net := findJumps(r)
	over := -1 // the jump that is closed over a pole
	if net%2 != 0 {
		over = nearestPole(jumps)
	}
	pole := 90.0
	if over >= 0 && jumps[over].lat < 0 {
		pole = -90
	}
	n := len(r) - 1 // the closing vertex is the first
	for i := range jumps {
		// Start after the jump over the pole, so that its chain comes last.
		j := (max(over, 0) + i) % len(jumps)
		next := (j + 1) % len(jumps)
		chain := []orb.Point{seamPoint(r[jumps[j].at+1], jumps[j].lat)}
		for v := jumps[j].at + 1; ; v++ {
			chain = append(chain, r[v%n])
			if v%n == jumps[next].at%n {
				break
			}
		}
		chain = append(chain, seamPoint(r[jumps[next].at], jumps[next].lat))
		k.chains = append(k.chains, dedupe(chain))
	}
	if over >= 0 {
		k.closeOver(r, jumps[over], pole, len(jumps))
	}
}

// closeOver joins the first and the last of the n chains just added over the
// pole, and closes them if they are the same one.
func (k *knot) closeOver(r orb.Ring, j jump, pole float64, n int) {
	before, after := r[j.at], r[j.at+1]
	cap := []orb.Point{seamPoint(before, pole), seamPoint(after, pole)}
	first := len(k.chains) - n
	last := len(k.chains) - 1
	chain := append(k.chains[last], cap...)
	if n > 1 {
		chain = append(chain, k.chains[first]...)
		k.chains = append(k.chains[:first], k.chains[first+1:last]...)
	} else {
		chain = append(chain, chain[0])
		k.chains = k.chains[:first]
	}
	k.chains = append(k.chains, dedupe(chain))
}

// findJumps lists the jumps of r in order, and its turns around the globe.
func findJumps(r orb.Ring) (jumps []jump, net int) {
	for i := 1; i < len(r); i++ {
		if isJump(r[i-1], r[i]) {
			jumps = append(jumps, jump{at: i - 1, lat: crossingLat(r[i-1], r[i])})
		}
	}
	net, _ = turns(r)
	return jumps, net
}

// nearestPole returns the jump nearest to the pole that the ring encircles:
// the one its jumps are nearer to. Beyond it, nothing of the ring lies on the
// meridian, so the ground there is the pole's.
func nearestPole(jumps []jump) int {
	best := 0
	for i, j := range jumps {
		if math.Abs(j.lat) > math.Abs(jumps[best].lat) {
			best = i
		}
	}
	return best
}

// seamPoint is the point at lat on the side of ±180 that p is on.
func seamPoint(p orb.Point, lat float64) orb.Point {
	return orb.Point{math.Copysign(180, p[0]), lat}
}

// dedupe removes consecutive duplicates in place.
func dedupe(pts []orb.Point) []orb.Point {
	out := pts[:1]
	for _, p := range pts[1:] {
		if p != out[len(out)-1] {
			out = append(out, p)
		}
	}
	return out
}

// chainEnd is one end of a chain on the meridian.
type chainEnd struct {
	chain int
	tail  bool // the chain's last point, not its first
}

// join links the chains' ends along the meridian, on either side, and returns
// the closed rings that come of it.
func (k *knot) join() []orb.Ring {
	links := map[chainEnd]chainEnd{}
	for _, side := range []float64{-180, 180} {
		ends := k.ends(side)
		// From a pole inwards the polygon's inside and outside alternate, so
		// the ends belong together in pairs.
		for i := 0; i+1 < len(ends); i += 2 {
			links[ends[i]], links[ends[i+1]] = ends[i+1], ends[i]
		}
	}
	var rings []orb.Ring
	used := make([]bool, len(k.chains))
	for i := range k.chains {
		if !used[i] {
			if r := k.trace(i, links, used); len(r) >= 4 {
				rings = append(rings, r)
			}
		}
	}
	return rings
}

// ends lists the chain ends on one side by latitude, without those of chains
// that are closed already.
func (k *knot) ends(side float64) []chainEnd {
	var ends []chainEnd
	for i, c := range k.chains {
		if isClosed(c) {
			continue
		}
		if c[0][0] == side {
			ends = append(ends, chainEnd{chain: i})
		}
		if c[len(c)-1][0] == side {
			ends = append(ends, chainEnd{chain: i, tail: true})
		}
	}
	sort.SliceStable(ends, func(a, b int) bool { return k.lat(ends[a]) < k.lat(ends[b]) })
	return ends
}

func isClosed(c []orb.Point) bool { return c[0] == c[len(c)-1] }

func (k *knot) lat(e chainEnd) float64 {
	c := k.chains[e.chain]
	if e.tail {
		return c[len(c)-1][1]
	}
	return c[0][1]
}

// trace follows chain first and the links from it until it is back.
func (k *knot) trace(first int, links map[chainEnd]chainEnd, used []bool) orb.Ring {
	var ring []orb.Point
	at := chainEnd{chain: first} // where the chain is entered
	for !used[at.chain] {
		used[at.chain] = true
		c := k.chains[at.chain]
		if at.tail {
			for i := len(c) - 1; i >= 0; i-- {
				ring = append(ring, c[i])
			}
		} else {
			ring = append(ring, c...)
		}
		next, ok := links[chainEnd{chain: at.chain, tail: !at.tail}]
		if !ok {
			break
		}
		at = next
	}
	ring = append(ring, ring[0])
	return dedupe(ring)
}
