package preview

import (
	"context"
	"image"
	"image/color"

	"github.com/shapes-desktop/shapes/core/geo/mvt"
)

// Overlay draws what lies over the tiles of a map and is not cut at their
// edges: the unit under the pointer, the selected unit, and the labels. It is
// not safe for concurrent use.
type Overlay struct {
	m     *Map
	fonts *Fonts
	label *labeler
}

// NewOverlay makes an Overlay of a map.
func NewOverlay(m *Map) *Overlay { return &Overlay{m: m} }

// Marked are the units that an Overlay shows; zero keys show none.
type Marked struct{ Hover, Selected Key }

// Draw draws onto dst, which has the viewport's size in pixels and is written
// over whole. A tile that cannot be read is left out and its error returned;
// what could be drawn is drawn.
func (o *Overlay) Draw(ctx context.Context, dst *image.RGBA, v Viewport, st Style, marked Marked) error {
	clear(dst.Pix)
	shown, err := o.m.Shown(ctx, v)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	drawUnit(dst, v, shown, marked.Hover, st.Hover, color.RGBA{})
	drawUnit(dst, v, shown, marked.Selected, withAlpha(st.Selected, 0.22), st.Selected)
	if markErr := o.drawLabels(ctx, dst, v, shown, st); err == nil {
		err = markErr
	}
	return err
}

func (o *Overlay) drawLabels(ctx context.Context, dst *image.RGBA, v Viewport, shown []Shown, st Style) error {
	if st.Fonts == nil {
		return nil
	}
	if o.label == nil || o.fonts != st.Fonts {
		o.label, o.fonts = newLabeler(st.Fonts), st.Fonts
	}
	marks, err := o.m.labelMarks(ctx, shown)
	if err != nil {
		return err
	}
	o.label.draw(dst, v, marks, st)
	return nil
}

// drawUnit fills a unit and strokes its outline, wherever the shown tiles have
// a part of it.
func drawUnit(dst *image.RGBA, v Viewport, shown []Shown, key Key, fill, line color.RGBA) {
	if key == (Key{}) {
		return
	}
	for _, s := range shown {
		parts := unitsOf(s.Scene, key)
		if len(parts) == 0 {
			continue
		}
		c := newCanvas(dst, s.affine(v))
		c.view = s.area(v) // tiles overlap in their margins: each draws its own box only
		for _, u := range parts {
			for _, r := range u.Rings {
				c.ring(r)
			}
		}
		c.fill(fill)
		if line.A > 0 {
			strokeUnit(c, parts, s.Scene, line, 2*v.scale())
		}
	}
}

func unitsOf(s *Scene, key Key) []Unit {
	var out []Unit
	for i := range s.Units {
		if s.Units[i].Layer == key.Layer && s.Units[i].Key() == key {
			out = append(out, s.Units[i])
		}
	}
	return out
}

// strokeUnit strokes the outline of a unit's parts, without the tile's cuts.
func strokeUnit(c *canvas, parts []Unit, s *Scene, col color.RGBA, width float64) {
	cut := newMarginCut(s.Units, s.ID)
	for _, u := range parts {
		for _, r := range u.Rings {
			for _, l := range uncut(r, cut) {
				c.line(l, 0)
			}
		}
	}
	c.stroke(col, width)
}

// uncut returns the stretches of a ring that are its own.
func uncut(ring []mvt.Coord, cut marginCut) []Line {
	var out []Line
	open := false
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		if cut.made(a, b) {
			open = false
			continue
		}
		if !open {
			out = append(out, Line{Points: []mvt.Coord{a}})
			open = true
		}
		l := &out[len(out)-1]
		l.Points = append(l.Points, b)
	}
	if len(out) == 1 && len(out[0].Points) == len(ring)+1 {
		out[0] = Line{Closed: true, Points: ring}
	}
	return out
}
