package preview

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// MaxTileBytes is the size of an uncompressed tile beyond which it is not
// drawn: far above what renderers accept, far below what harms.
const MaxTileBytes = 64 << 20

// Scene is a decoded tile made ready to draw: units, the borders between them
// once each, and labels. Coordinates are in tile units of tile.Extent. It is
// immutable and safe for concurrent use.
type Scene struct {
	ID     tile.ID
	Units  []Unit // by level, countries first
	Lines  []Line // by level, in the order of Units
	Labels []Label
	// Top is the level whose borders are the strongest: the highest of the units,
	// or of a Map's whole source, so that borders go on from tile to tile.
	Top int
	// Damage tells what part of the tile broke the tile format and is not
	// drawn; nil for a sound tile.
	Damage error
}

// Unit is a polygon feature of a tile.
type Unit struct {
	Layer string
	Level int    // 0 for countries, 1 for their first division …
	ID    uint64 // 0 where the tile gives none
	Attrs []feature.Attr
	Rings [][]mvt.Coord // as in the tile: outer rings and holes, wound apart

	named   bool   // the layer's name tells the level
	country string // code that chooses the colour, may be empty
	box     box
}

// Line is one stretch of border between the same sort of units.
type Line struct {
	Level  int  // of the highest unit that it bounds
	Coast  bool // bounds units of that level on one side only
	Closed bool
	Points []mvt.Coord
}

// Label is a name and its place.
type Label struct {
	Level int
	Rank  int // lower is more important
	At    mvt.Coord
	ID    uint64
	Attrs []feature.Attr
}

// NewScene decodes a tile, gzipped or plain. No bytes give an empty scene. A
// tile that breaks the format in part gives a scene of the rest, with Damage.
func NewScene(id tile.ID, data []byte) (*Scene, error) {
	if len(data) == 0 {
		return &Scene{ID: id}, nil
	}
	raw, err := mvt.Gunzip(data, MaxTileBytes)
	if err != nil {
		return nil, fmt.Errorf("draw tile %v: %w", id, err)
	}
	t, err := mvt.Decode(raw)
	if t == nil {
		return nil, fmt.Errorf("draw tile %v: %w", id, err)
	}
	s := &Scene{ID: id, Damage: err}
	s.addLayers(t)
	slices.SortStableFunc(s.Units, func(a, b Unit) int { return a.Level - b.Level })
	s.Lines = outlines(s.Units, id)
	if len(s.Units) > 0 { // not of the lines: a tile inside one country has none of it
		s.Top = s.Units[0].Level
	}
	return s, nil
}

func (s *Scene) addLayers(t *mvt.Tile) {
	unnamed := 0
	for i := range t.Layers {
		l := &t.Layers[i]
		level, named := layerLevel(l.Name)
		if !named {
			level = unnamed
		}
		normalise(l)
		polygons := false
		for _, f := range l.Features {
			switch {
			case f.Type == mvt.Polygon && len(f.Parts) > 0:
				u := newUnit(l.Name, level, f)
				u.named = named
				s.Units = append(s.Units, u)
				polygons = true
			case f.Type == mvt.Point && strings.HasSuffix(l.Name, "_label") && len(f.Parts) > 0:
				s.Labels = append(s.Labels, newLabel(level, f))
			}
		}
		if polygons && !named {
			unnamed++ // layers of unknown names: the first one's borders are the strongest
		}
	}
}

// size is the memory that the scene takes, about.
func (s *Scene) size() int {
	const perUnit, perLine, perAttr, perCoord = 160, 64, 64, 8
	n := 512 + len(s.Units)*perUnit + len(s.Lines)*perLine
	for i := range s.Units {
		n += len(s.Units[i].Attrs) * perAttr
		for _, r := range s.Units[i].Rings {
			n += 24 + len(r)*perCoord
		}
	}
	for i := range s.Labels {
		n += perUnit + len(s.Labels[i].Attrs)*perAttr
	}
	for i := range s.Lines {
		n += len(s.Lines[i].Points) * perCoord
	}
	return n
}

func newUnit(layer string, level int, f mvt.Feature) Unit {
	u := Unit{Layer: layer, Level: level, ID: f.ID, Attrs: f.Attrs, Rings: f.Parts}
	u.country = strings.ToUpper(attr(f.Attrs, "adm0_a3", "ADM0_A3", "iso_a3", "ISO_A3", "shapeGroup", "GID_0"))
	u.box = boxOf(f.Parts)
	return u
}

func newLabel(level int, f mvt.Feature) Label {
	return Label{Level: level, Rank: labelRank(f.Attrs, 5), At: f.Parts[0][0], ID: f.ID, Attrs: f.Attrs}
}

// labelRank is the rank that a unit's attributes give it, or otherwise.
func labelRank(attrs []feature.Attr, otherwise int) int {
	if r, err := strconv.Atoi(attr(attrs, "rank", "labelrank")); err == nil {
		return r
	}
	return otherwise
}

// layerLevel reads the administrative level out of a layer's name, such as
// adm1, ADM1, admin_1_states or adm0_label.
func layerLevel(name string) (level int, ok bool) {
	m := regexp.MustCompile(`(?i)(?:^|[^a-z])adm(?:in)?_?([0-9])`).FindStringSubmatch(name)
	if m == nil {
		return 0, false
	}
	return int(m[1][0] - '0'), true
}

// normalise brings a layer of another extent to tile.Extent.
func normalise(l *mvt.Layer) {
	if l.Extent == tile.Extent || l.Extent == 0 {
		return
	}
	k := float64(tile.Extent) / float64(l.Extent)
	for _, f := range l.Features {
		for _, part := range f.Parts {
			for i, c := range part {
				part[i] = mvt.Coord{X: int32(float64(c.X) * k), Y: int32(float64(c.Y) * k)}
			}
		}
	}
}

// attr returns the first of the named attributes that is there and not empty.
// Natural Earth writes -99 for none.
func attr(attrs []feature.Attr, keys ...string) string {
	for _, k := range keys {
		for _, a := range attrs {
			if a.Key == k {
				if s := a.Value.String(); s != "" && s != "-99" {
					return s
				}
			}
		}
	}
	return ""
}

// Name returns a unit's name in a language, falling back to English, then to
// any name there is; empty if none.
func Name(attrs []feature.Attr, lang Language) string {
	english := []string{"name_en", "NAME_EN", "name", "NAME", "shapeName", "NAME_1", "ADMIN", "name_local"}
	switch lang {
	case Japanese:
		return attr(attrs, append([]string{"name_ja", "NAME_JA"}, english...)...)
	case Local:
		return attr(attrs, append([]string{"name_local", "NAME_LOCAL"}, english...)...)
	default:
		return attr(attrs, english...)
	}
}

// box is a range of tile units, both ends inclusive.
type box struct{ x0, y0, x1, y1 int32 }

func boxOf(rings [][]mvt.Coord) box {
	b := box{1<<31 - 1, 1<<31 - 1, -1 << 31, -1 << 31}
	for _, r := range rings {
		for _, c := range r {
			b.x0, b.x1 = min(b.x0, c.X), max(b.x1, c.X)
			b.y0, b.y1 = min(b.y0, c.Y), max(b.y1, c.Y)
		}
	}
	return b
}

func (b box) has(x, y float64) bool {
	return x >= float64(b.x0) && x <= float64(b.x1) && y >= float64(b.y0) && y <= float64(b.y1)
}
