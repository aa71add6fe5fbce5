package preview

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// fallbackZoom is the zoom whose tiles are read to find places for labels in
// tilesets that bring none: few tiles, and countries are whole enough.
const fallbackZoom = 2

// mark is a label at a place of the world.
type mark struct {
	label Label
	at    point   // unit square
	area  float64 // of the unit, in units that compare within one source
}

// labelMarks returns the labels for the scenes of a map: those in the tiles,
// or for a source that brings none, places found from its units.
func (m *Map) labelMarks(ctx context.Context, shown []Shown) ([]mark, error) {
	if !m.hasLabels() {
		return m.foundMarks(ctx)
	}
	areas, err := m.unitAreas(ctx)
	if err != nil {
		return nil, err
	}
	var marks []mark
	seen := map[tile.ID]bool{}
	for _, s := range shown {
		if id := s.Scene.ID; !seen[id] {
			seen[id] = true
			for _, l := range s.Scene.Labels {
				if inTile(l.At) { // others are the neighbours', repeated in the margin
					marks = append(marks, newMark(id, l, areas[l.ID]))
				}
			}
		}
	}
	return marks, nil
}

// unitAreas returns how large units are on the map of the whole world, looked
// for once: of two labels of the same rank the larger unit's comes first. A
// source without that map has none.
func (m *Map) unitAreas(ctx context.Context) (map[uint64]float64, error) {
	m.mu.Lock()
	areas := m.areas
	m.mu.Unlock()
	if areas != nil || m.meta.MinZoom > 0 {
		return areas, nil
	}
	s, err := m.Scene(ctx, tile.ID{})
	if err != nil {
		return nil, fmt.Errorf("measure units: %w", err)
	}
	areas = map[uint64]float64{}
	for i := range s.Units {
		for _, r := range s.Units[i].Rings {
			areas[s.Units[i].ID] += ringArea(r) // holes count against it
		}
	}
	m.mu.Lock()
	m.areas = areas
	m.mu.Unlock()
	return areas, nil
}

func newMark(id tile.ID, l Label, area float64) mark {
	return mark{label: l, at: worldOf(id, point{float64(l.At.X), float64(l.At.Y)}), area: area}
}

func inTile(c mvt.Coord) bool { return c.X >= 0 && c.Y >= 0 && c.X < tile.Extent && c.Y < tile.Extent }

// worldOf returns where a position in tile units is in the unit square.
func worldOf(id tile.ID, p point) point {
	n := float64(uint64(1) << id.Z)
	return point{(float64(id.X) + p.x/tile.Extent) / n, (float64(id.Y) + p.y/tile.Extent) / n}
}

// foundMarks is findMarks, looked for once.
func (m *Map) foundMarks(ctx context.Context) ([]mark, error) {
	m.mu.Lock()
	marks := m.marks
	m.mu.Unlock()
	if marks != nil {
		return marks, nil
	}
	marks, err := m.findMarks(ctx)
	if err != nil {
		return nil, fmt.Errorf("find places for labels: %w", err)
	}
	m.mu.Lock()
	m.marks = marks
	m.mu.Unlock()
	return marks, nil
}

// hasLabels reports whether the source has a layer of country labels.
func (m *Map) hasLabels() bool {
	for _, l := range m.meta.Layers {
		if level, ok := layerLevel(l.ID); ok && level == 0 && strings.HasSuffix(l.ID, "_label") {
			return true
		}
	}
	return false
}

// findMarks looks, once, for the largest part of every unit of the highest
// level in the tiles of a low zoom.
func (m *Map) findMarks(ctx context.Context) ([]mark, error) {
	z := min(max(fallbackZoom, m.meta.MinZoom), m.meta.MaxZoom)
	best := map[Key]mark{}
	n := uint32(1) << z
	for y := range n {
		for x := range n {
			s, err := m.Scene(ctx, tile.ID{Z: z, X: x, Y: y})
			if err != nil {
				return nil, err
			}
			for _, u := range groundUnits(s) {
				keepLargest(best, s.ID, u)
			}
		}
	}
	marks := make([]mark, 0, len(best))
	for _, mk := range best {
		marks = append(marks, mk)
	}
	slices.SortFunc(marks, func(a, b mark) int {
		return cmp.Or(cmp.Compare(b.area, a.area), cmp.Compare(a.at.x, b.at.x), cmp.Compare(a.at.y, b.at.y))
	})
	for i := range marks {
		marks[i].label.Rank = labelRank(marks[i].label.Attrs, rankOf(i))
	}
	return marks, nil
}

// rankOf turns a place in the order of areas into a label rank.
func rankOf(place int) int {
	rank := 1
	for limit := 12; place >= limit && rank < 12; limit += limit / 2 {
		rank++
	}
	return rank
}

func keepLargest(best map[Key]mark, id tile.ID, u *Unit) {
	for _, r := range u.Rings {
		area := math.Abs(ringArea(r)) // a hole is never the largest
		if area <= best[u.Key()].area {
			continue
		}
		c := insidePoint(r)
		best[u.Key()] = mark{
			label: Label{ID: u.ID, Attrs: u.Attrs},
			at:    worldOf(id, c),
			area:  area,
		}
	}
}

// ringArea is the area in square tile units, positive for outer rings.
func ringArea(r []mvt.Coord) float64 {
	sum := 0.0
	for i, a := range r {
		b := r[(i+1)%len(r)]
		sum += float64(a.X)*float64(b.Y) - float64(b.X)*float64(a.Y)
	}
	return sum / 2
}

// insidePoint returns a point in a ring: the middle of the widest stretch
// inside it along some of the horizontals near its middle.
func insidePoint(r []mvt.Coord) point {
	b := boxOf([][]mvt.Coord{r})
	var best point
	width := -1.0
	for i := 1; i < 8; i++ {
		y := float64(b.y0) + float64(b.y1-b.y0)*float64(i)/8 + 0.5
		for _, s := range stretches(r, y) {
			if w := (s[1] - s[0]) * centrality(i); w > width {
				width, best = w, point{(s[0] + s[1]) / 2, y}
			}
		}
	}
	if width < 0 {
		return point{float64(b.x0+b.x1) / 2, float64(b.y0+b.y1) / 2}
	}
	return best
}

// centrality prefers the middle of the seven horizontals.
func centrality(i int) float64 { return 1 - 0.12*max(float64(i-4), float64(4-i)) }

// stretches returns where a horizontal runs inside a ring.
func stretches(r []mvt.Coord, y float64) [][2]float64 {
	var xs []float64
	for i, a := range r {
		b := r[(i+1)%len(r)]
		if (float64(a.Y) <= y) != (float64(b.Y) <= y) {
			t := (y - float64(a.Y)) / float64(b.Y-a.Y)
			xs = append(xs, float64(a.X)+t*float64(b.X-a.X))
		}
	}
	slices.Sort(xs)
	var out [][2]float64
	for i := 0; i+1 < len(xs); i += 2 {
		out = append(out, [2]float64{xs[i], xs[i+1]})
	}
	return out
}
