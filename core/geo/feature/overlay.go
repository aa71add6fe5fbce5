package feature

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Overlay compares two areas by the rows of a raster, each cut exactly: any two,
// whatever was done to the one to make the other. It takes no more than a look
// at each vertex and at where the borders cross the rows. See Sweep where it is
// known which vertices were dropped. The zero Overlay is ready; it keeps its
// memory from one comparison to the next and is not for concurrent use.
type Overlay struct {
	crossings []crossing
	sorted    []crossing // by row
	starts    []int32    // of each row in sorted
	latitudes []float64  // degrees: rows begin and end at them
	middles   []float64  // of the rows, ascending
	areas     []float64  // of a degree of longitude of each row, km²
	row       int32      // that the latest vertex was in
}

// Comparison is what two areas have in common, km² on a sphere of the Earth's
// mean radius.
type Comparison struct {
	Source, Other float64
	Difference    float64 // what lies in one of them only
}

// Quality of other as a rendering of source, 0 … 1.
func (c Comparison) Quality() float64 { return Quality(c.Difference, c.Source) }

// crossing is where a border goes through the middle of a row.
type crossing struct {
	lon float64
	row int32
	of  int32 // 0: source, 1: other
}

// Where there are few vertices, rows begin and end at them: between two all is
// straight, and only where borders cross is a row not exact. It is no higher
// than 1/fewRows of the whole then. Else there are manyRows of one height.
const (
	fewVertices = 1024
	fewRows     = 256
	manyRows    = 2048
)

// Compare measures source, other and their symmetric difference. Both are in
// degrees, and their rings count by even and odd.
//
// Borders are straight on a map of longitude and latitude, as in MeasureOf. A
// row counts as its middle, so that areas are estimates: see the test for by
// how much they are off. The same input gives the same figures.
func (o *Overlay) Compare(source, other orb.MultiPolygon) Comparison {
	o.layRows(source, other)
	o.crossings = o.crossings[:0]
	o.add(source, 0)
	o.add(other, 1)
	return o.sum()
}

// layRows makes rows for two areas.
func (o *Overlay) layRows(areas ...orb.MultiPolygon) {
	vertices := 0
	for _, mp := range areas {
		for _, poly := range mp {
			for _, ring := range poly {
				vertices += len(ring)
			}
		}
	}
	south, north := math.Inf(1), math.Inf(-1)
	o.latitudes = o.latitudes[:0]
	for _, mp := range areas {
		for _, poly := range mp {
			for _, ring := range poly {
				for _, p := range ring {
					south, north = min(south, p[1]), max(north, p[1])
					if vertices <= fewVertices {
						o.latitudes = append(o.latitudes, p[1])
					}
				}
			}
		}
	}
	highest := (north - south) / fewRows
	if vertices > fewVertices {
		o.latitudes = append(o.latitudes, south, north)
		highest = (north - south) / manyRows
	}
	slices.Sort(o.latitudes)
	o.middles, o.areas, o.row = o.middles[:0], o.areas[:0], 0
	for i := 1; i < len(o.latitudes); i++ {
		from, height := o.latitudes[i-1], o.latitudes[i]-o.latitudes[i-1]
		if height > 0 {
			o.split(from, height, math.Ceil(height/highest-1e-9))
		}
	}
}

// split makes n rows, at least one, of what lies from a latitude on.
func (o *Overlay) split(from, height, n float64) {
	n = max(1, n)
	before := math.Sin(from * radians)
	for i := 1.0; i <= n; i++ {
		to := math.Sin((from + height*i/n) * radians)
		o.middles = append(o.middles, from+height*(i-0.5)/n)
		o.areas = append(o.areas, (to-before)*radians*meanRadius*meanRadius)
		before = to
	}
}

// add notes where the borders of mp cross rows.
func (o *Overlay) add(mp orb.MultiPolygon, of int32) {
	for _, poly := range mp {
		for _, ring := range poly {
			if len(ring) == 0 {
				continue
			}
			a := o.vertex(ring[len(ring)-1])
			for _, p := range ring {
				b := o.vertex(p)
				if a.below < b.below {
					o.edge(a, b, of)
				} else if b.below < a.below {
					o.edge(b, a, of)
				}
				a = b
			}
		}
	}
}

// vertex is a position, and how many rows have their middle below.
type vertex struct {
	orb.Point
	below int32
}

func (o *Overlay) vertex(p orb.Point) vertex {
	// Mostly the row of the vertex before.
	if n := int32(len(o.middles)); o.row > 0 && o.middles[o.row-1] >= p[1] || o.row < n && o.middles[o.row] < p[1] {
		row, _ := slices.BinarySearch(o.middles, p[1])
		o.row = int32(row)
	}
	return vertex{p, o.row}
}

// edge notes the crossings of an edge. It goes up always, so that equal edges of
// both areas cross a row at the very same place.
func (o *Overlay) edge(a, b vertex, of int32) {
	slope := (b.Point[0] - a.Point[0]) / (b.Point[1] - a.Point[1])
	for row := a.below; row < b.below; row++ {
		o.crossings = append(o.crossings, crossing{a.Point[0] + (o.middles[row]-a.Point[1])*slope, row, of})
	}
}

// byRow orders the crossings by row and, in a row, from west to east. Rows have
// few each, and there are many rows: a counting sort, and one within each.
func (o *Overlay) byRow() []crossing {
	o.starts = append(o.starts[:0], make([]int32, len(o.middles)+1)...)
	for _, x := range o.crossings {
		o.starts[x.row+1]++
	}
	for i := range o.middles {
		o.starts[i+1] += o.starts[i]
	}
	o.sorted = slices.Grow(o.sorted[:0], len(o.crossings))[:len(o.crossings)]
	for _, x := range o.crossings {
		o.sorted[o.starts[x.row]] = x
		o.starts[x.row]++ // in the end where the next row starts
	}
	from := int32(0)
	for _, to := range o.starts[:len(o.middles)] {
		slices.SortFunc(o.sorted[from:to], func(a, b crossing) int { return cmp.Compare(a.lon, b.lon) })
		from = to
	}
	return o.sorted
}

// sum adds the areas of what lies between crossings.
func (o *Overlay) sum() (c Comparison) {
	var in [2]bool
	all := o.byRow()
	for i, x := range all {
		if i > 0 && all[i-1].row == x.row {
			area := (x.lon - all[i-1].lon) * o.areas[x.row]
			if in[0] {
				c.Source += area
			}
			if in[1] {
				c.Other += area
			}
			if in[0] != in[1] {
				c.Difference += area
			}
		}
		in[x.of] = !in[x.of] // rings are closed: all is out again where a row ends
	}
	return c
}
