// Package mapview is the map in the window: a widget that shows a tileset, to
// pan and zoom, with the unit under the pointer named and the clicked unit's
// attributes beside it.
package mapview

import (
	"fmt"
	"image"
	"math"
	"slices"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/publish/preview"
)

// Look is how the map is drawn.
type Look struct {
	Dark     bool
	Language preview.Language
}

// style returns the preview style of a look.
func (l Look) style(fonts *preview.Fonts) preview.Style {
	st := preview.Light()
	if l.Dark {
		st = preview.Dark()
	}
	st.Fonts = fonts
	if l.Language != "" {
		st.Language = l.Language
	}
	return st
}

// Status is what the status bar tells of the map.
type Status struct {
	View     preview.Viewport
	OnWorld  bool // the pointer is over the world
	Lon, Lat float64
}

// Text puts the status in words, none where there is no map.
func (s Status) Text() string {
	if s == (Status{}) {
		return ""
	}
	where := fmt.Sprintf("z/lat/lon  %.2f/%.4f/%.4f", s.View.Zoom, s.View.Lat, s.View.Lon)
	if !s.OnWorld {
		return where
	}
	return Coordinates(s.Lat, s.Lon) + "    " + where
}

// Coordinates writes a position for people, such as "35.6812° N  139.7671° E".
func Coordinates(lat, lon float64) string {
	ns, ew := "N", "E"
	if lat < 0 {
		ns = "S"
	}
	if lon < 0 {
		ew = "W"
	}
	return fmt.Sprintf("%.4f° %s  %.4f° %s", math.Abs(lat), ns, math.Abs(lon), ew)
}

// pictures is where the map takes its tile pictures from: preview.Loader.
type pictures interface {
	Want([]tile.ID)
	Picture(tile.ID) (*image.RGBA, bool)
	SetLook(preview.Style, float64)
}

// drawn is a tile picture and where it goes.
type drawn struct {
	img   *image.RGBA
	place preview.Placement
}

// up is how many zooms above the wanted one a picture may come from while the
// sharp one is painted.
const up = 5

// drawList says what to draw for a viewport with the pictures there are: for a
// tile without one, the nearest picture above it and the four below, scaled.
// Coarse pictures come first, to lie below. dst's memory is used again.
func drawList(dst []drawn, v preview.Viewport, have func(tile.ID) (*image.RGBA, bool)) []drawn {
	dst = dst[:0]
	for _, p := range v.Tiles() {
		if img, ok := have(p.ID); ok {
			if img != nil {
				dst = append(dst, drawn{img, p})
			}
			continue
		}
		dst = appendAbove(dst, v, p, have)
		dst = appendBelow(dst, v, p, have)
	}
	slices.SortStableFunc(dst, func(a, b drawn) int { return int(a.place.ID.Z) - int(b.place.ID.Z) })
	return dst
}

func appendAbove(dst []drawn, v preview.Viewport, p preview.Placement, have func(tile.ID) (*image.RGBA, bool)) []drawn {
	id := p.ID
	for range min(up, int(p.ID.Z)) {
		id = tile.ID{Z: id.Z - 1, X: id.X / 2, Y: id.Y / 2}
		img, ok := have(id)
		if !ok {
			continue
		}
		if img == nil || slices.ContainsFunc(dst, func(d drawn) bool { return d.img == img && d.place.Copy == p.Copy }) {
			return dst
		}
		return append(dst, drawn{img, v.Place(id, p.Copy)})
	}
	return dst
}

func appendBelow(dst []drawn, v preview.Viewport, p preview.Placement, have func(tile.ID) (*image.RGBA, bool)) []drawn {
	for i := range uint32(4) {
		id := tile.ID{Z: p.ID.Z + 1, X: 2*p.ID.X + i%2, Y: 2*p.ID.Y + i/2}
		if img, ok := have(id); ok && img != nil {
			dst = append(dst, drawn{img, v.Place(id, p.Copy)})
		}
	}
	return dst
}

// wantList is what to paint for a viewport: the tiles it shows from the centre
// outwards, then a ring around them that the next drag may show.
func wantList(v preview.Viewport) []tile.ID {
	wide := v
	ring := float64(preview.TileSize) / 2
	wide.Width, wide.Height = v.Width+2*ring, v.Height+2*ring
	var ids []tile.ID
	for _, p := range append(v.Tiles(), wide.Tiles()...) {
		if !slices.Contains(ids, p.ID) {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// overlayBox is where a picture painted for the viewport was goes in the
// viewport now, in points.
func overlayBox(was, now preview.Viewport) (x, y, w, h float64) {
	k := math.Exp2(now.Zoom - was.Zoom)
	cx, cy := now.Point(was.Lon, was.Lat)
	w, h = was.Width*k, was.Height*k
	return cx - w/2, cy - h/2, w, h
}

// creditFit shortens an attribution to the room there is, which is measured by
// the caller: it drops whole words from the end.
func creditFit(text string, fits func(string) bool) string {
	short := text
	for !fits(short) {
		cut := lastSpace(short)
		if cut <= 0 {
			return short
		}
		short = short[:cut] + "…"
	}
	return short
}

func lastSpace(s string) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == ' ' {
			return i
		}
	}
	return -1
}
