package tile

import (
	"errors"
	"fmt"
	"slices"

	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/ring"
)

// Cutter cuts the area of a polygon into tiles. It invents no points: the
// chains it is given have a vertex wherever they cross the side of a tile's
// box (see snap.Lines), so that two tiles, two neighbours and two levels agree
// to the unit. What it adds runs along those sides.
//
// It keeps its memory from call to call and is not safe for concurrent use.
type Cutter struct {
	zoom   uint8
	margin int32
	edges  []ring.Edge
	column []ring.Edge // of one column of tiles, then closed along its sides
	row    []ring.Edge
	byCol  buckets
	byRow  buckets
	stops  []stop
	rings  ring.Builder
}

// stop is a place on the side of a box where edges end or start.
type stop struct {
	at, net int32
}

// NewCutter returns a Cutter for the tiles of a zoom, each with a margin of so
// many tile units on all sides.
func NewCutter(zoom uint8, margin int32) *Cutter { return &Cutter{zoom: zoom, margin: margin} }

// Zoom returns the zoom whose tiles c cuts.
func (c *Cutter) Zoom() uint8 { return c.zoom }

// Reset begins a new polygon.
func (c *Cutter) Reset() { c.edges = c.edges[:0] }

// Add takes a chain of the polygon's border, walked backwards if so said.
func (c *Cutter) Add(pts []grid.Point, backwards bool) {
	for i := 1; i < len(pts); i++ {
		if backwards {
			c.edges = append(c.edges, ring.Edge{A: pts[i], B: pts[i-1]})
		} else {
			c.edges = append(c.edges, ring.Edge{A: pts[i-1], B: pts[i]})
		}
	}
}

// Whole returns the polygon's rings uncut, in the units of the zoom. They are
// valid until the next call of a method.
func (c *Cutter) Whole() []ring.Ring { return c.rings.Build(c.edges, grid.Point{}) }

// Cut calls emit for every tile that the polygon has a part in, with its
// rings: each exterior is followed by its holes. The rings are valid until
// emit returns. Tiles come column by column.
func (c *Cutter) Cut(emit func(ID, []ring.Ring) error) error {
	if len(c.edges) == 0 {
		return nil
	}
	box := boxOf(c.edges)
	x0, x1 := c.span(box.MinX, box.MaxX)
	if x0 == x1 {
		return c.cutRows(x0, c.edges, box, emit)
	}
	c.byCol.fill(c.edges, x0, x1, func(e ring.Edge) (int32, int32) {
		return c.span(min(e.A.X, e.B.X), max(e.A.X, e.B.X))
	})
	for x := x0; x <= x1; x++ {
		lo, hi := c.side(x)
		c.column = c.column[:0]
		for _, i := range c.byCol.of(x) {
			e := c.edges[i]
			if e.A.X == e.B.X && (e.A.X == lo || e.A.X == hi) {
				continue // along the side: set anew by close
			}
			if min(e.A.X, e.B.X) < lo || max(e.A.X, e.B.X) > hi {
				return fmt.Errorf("cut zoom %d column %d: edge %v–%v crosses the side without a vertex", c.zoom, x, e.A, e.B)
			}
			c.column = append(c.column, e)
		}
		if err := c.close(&c.column, lo, hi, false); err != nil {
			return fmt.Errorf("cut zoom %d column %d: %w", c.zoom, x, err)
		}
		if len(c.column) == 0 {
			continue
		}
		if err := c.cutRows(x, c.column, boxOf(c.column), emit); err != nil {
			return err
		}
	}
	return nil
}

// cutRows cuts what lies in column x into its tiles.
func (c *Cutter) cutRows(x int32, edges []ring.Edge, box grid.Box, emit func(ID, []ring.Ring) error) error {
	y0, y1 := c.span(box.MinY, box.MaxY)
	if y0 == y1 {
		return c.emit(x, y0, edges, emit)
	}
	c.byRow.fill(edges, y0, y1, func(e ring.Edge) (int32, int32) {
		return c.span(min(e.A.Y, e.B.Y), max(e.A.Y, e.B.Y))
	})
	left, right := c.side(x)
	for y := y0; y <= y1; y++ {
		lo, hi := c.side(y)
		c.row = c.row[:0]
		for _, i := range c.byRow.of(y) {
			e := edges[i]
			if e.A.Y == e.B.Y && (e.A.Y == lo || e.A.Y == hi) {
				continue
			}
			if e.A.X == e.B.X && (e.A.X == left || e.A.X == right) {
				// Set by close, perhaps over many rows.
				e.A.Y, e.B.Y = min(max(e.A.Y, lo), hi), min(max(e.B.Y, lo), hi)
				if e.A.Y == e.B.Y {
					continue
				}
			}
			if min(e.A.Y, e.B.Y) < lo || max(e.A.Y, e.B.Y) > hi {
				return fmt.Errorf("cut zoom %d tile %d/%d: edge %v–%v crosses the side without a vertex", c.zoom, x, y, e.A, e.B)
			}
			c.row = append(c.row, e)
		}
		if err := c.close(&c.row, lo, hi, true); err != nil {
			return fmt.Errorf("cut zoom %d tile %d/%d: %w", c.zoom, x, y, err)
		}
		if len(c.row) == 0 {
			continue
		}
		if err := c.emit(x, y, c.row, emit); err != nil {
			return err
		}
	}
	return nil
}

// close appends the edges along the two sides lo and hi that make the border
// of the area between them closed again. Going along a side from its far end,
// where nothing is inside, the area begins and ends where more edges end than
// start or the other way round.
func (c *Cutter) close(edges *[]ring.Edge, lo, hi int32, rows bool) error {
	given := *edges
	for _, side := range [2]int32{lo, hi} {
		c.stops = c.stops[:0]
		for _, e := range given {
			ua, va, ub, vb := e.A.X, e.A.Y, e.B.X, e.B.Y
			if rows {
				ua, va, ub, vb = va, ua, vb, ub
			}
			if ub == side {
				c.stops = append(c.stops, stop{vb, 1})
			}
			if ua == side {
				c.stops = append(c.stops, stop{va, -1})
			}
		}
		if len(c.stops) == 0 {
			continue
		}
		slices.SortFunc(c.stops, func(p, q stop) int { return int(p.at) - int(q.at) })
		// The box lies left of its sides walked upwards on the right one (for
		// columns) and on the lower one (for rows).
		upwards := (side == hi) != rows
		depth, from := int32(0), int32(0)
		for i := 0; i < len(c.stops); {
			at := c.stops[i].at
			if depth != 0 {
				*edges = append(*edges, along(side, from, at, rows, upwards))
			}
			for ; i < len(c.stops) && c.stops[i].at == at; i++ {
				if upwards {
					depth += c.stops[i].net
				} else {
					depth -= c.stops[i].net
				}
			}
			if depth < 0 || depth > 1 {
				return errOpen
			}
			from = at
		}
		if depth != 0 {
			return errOpen
		}
	}
	return nil
}

// errOpen says that a border given to Add was not closed, or not walked with
// the interior on its left.
var errOpen = errors.New("the border is not closed")

func along(side, from, to int32, row, upwards bool) ring.Edge {
	e := ring.Edge{A: grid.Point{X: side, Y: from}, B: grid.Point{X: side, Y: to}}
	if row {
		e = ring.Edge{A: grid.Point{X: from, Y: side}, B: grid.Point{X: to, Y: side}}
	}
	if !upwards {
		e.A, e.B = e.B, e.A
	}
	return e
}

func (c *Cutter) emit(x, y int32, edges []ring.Edge, emit func(ID, []ring.Ring) error) error {
	rings := c.rings.Build(edges, grid.Point{X: x * Extent, Y: y * Extent})
	if c.rings.Doubled() {
		return fmt.Errorf("cut zoom %d tile %d/%d: %w", c.zoom, x, y, errOpen)
	}
	if len(rings) == 0 {
		return nil
	}
	return emit(ID{c.zoom, uint32(x), uint32(y)}, rings)
}

// side returns where the box of column (or row) k begins and ends.
func (c *Cutter) side(k int32) (lo, hi int32) {
	return k*Extent - c.margin, (k+1)*Extent + c.margin
}

// span returns the columns (or rows) whose boxes share more than a side with
// lo … hi. It is empty (first > last) for what lies on a side only.
func (c *Cutter) span(lo, hi int32) (first, last int32) {
	n := int32(1)<<c.zoom - 1
	return min(max(floorDiv(lo-c.margin, Extent), 0), n), min(max(floorDiv(hi+c.margin-1, Extent), 0), n)
}

func floorDiv(a, b int32) int32 {
	q := a / b
	if a%b != 0 && a < 0 {
		q--
	}
	return q
}

func boxOf(edges []ring.Edge) grid.Box {
	b := grid.EmptyBox()
	for _, e := range edges {
		b = b.Add(e.A).Add(e.B)
	}
	return b
}
