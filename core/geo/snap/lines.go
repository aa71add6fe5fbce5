package snap

import "github.com/shapes-desktop/shapes/core/geo/grid"

// heatLines makes hot the pixels where a–b crosses one of the lines. The
// crossing lies on the line exactly, so the pixel's centre does too.
func (r *Rounder) heatLines(a, b grid.Point, l Lines) {
	l.each(a.X, b.X, r.shift, func(at int32) {
		y := r.crossingAt(int64(a.X), int64(a.Y), int64(b.X), int64(b.Y), int64(at)<<r.shift)
		r.heat(grid.Point{X: at, Y: y})
	})
	l.each(a.Y, b.Y, r.shift, func(at int32) {
		x := r.crossingAt(int64(a.Y), int64(a.X), int64(b.Y), int64(b.X), int64(at)<<r.shift)
		r.heat(grid.Point{X: x, Y: at})
	})
}

// each calls fn with every line strictly between the fine coordinates u and v.
func (l Lines) each(u, v int32, shift uint, fn func(at int32)) {
	if u > v {
		u, v = v, u
	}
	// k·Step ± Margin > u and < v, in coarse units; a look one wider on both
	// sides costs less than exact bounds.
	lo := max(1, (u>>shift-l.Margin)/l.Step-1)
	hi := min(l.Count-1, (v>>shift+l.Margin)/l.Step+1)
	if hi-lo == 2 && u>>shift > (lo+1)*l.Step+l.Margin && v>>shift < hi*l.Step-l.Margin-1 {
		return // the usual case: well inside one tile
	}
	for k := lo; k <= hi; k++ {
		for _, at := range [2]int32{k*l.Step - l.Margin, k*l.Step + l.Margin} {
			if f := int64(at) << shift; int64(u) < f && f < int64(v) {
				fn(at)
			}
			if l.Margin == 0 {
				break
			}
		}
	}
}

// crossingAt returns the pixel index of the second coordinate of the line
// through (au, av) and (bu, bv) where its first coordinate is u.
func (r *Rounder) crossingAt(au, av, bu, bv, u int64) int32 {
	du := bu - au
	num := av*du + (u-au)*(bv-av)
	if du < 0 {
		du, num = -du, -num
	}
	// Doubled, as half a pixel is no whole unit where pixels are units.
	return int32(floorDiv(2*num+du<<r.shift, du<<(r.shift+1)))
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}
