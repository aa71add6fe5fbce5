package preview

import (
	"cmp"
	"image"
	"image/draw"
	"math"
	"slices"
	"strings"
)

// maxLabels bounds the labels of one map, and with it the time it takes.
const maxLabels = 400

// labelAir is the free space kept around a label, in points.
const labelAir = 3

// candidate is a label that might be drawn.
type candidate struct {
	text string
	sub  bool // of a unit below countries
	rank int
	area float64 // breaks ties of rank: the larger first
	at   point   // pixels, of the label's middle
}

// candidates finds where on the map marks are due, the most important first.
// The order depends on nothing but the marks, so that labels stay put while
// the map moves.
func candidates(v Viewport, marks []mark, st Style) []candidate {
	var out []candidate
	west, east := v.world(0, 0).x, v.world(v.Width, 0).x
	for _, m := range marks {
		text := strings.TrimSpace(Name(m.label.Attrs, st.Language))
		if text == "" || !labelDue(m.label, v.Zoom) {
			continue
		}
		for w := math.Ceil(west - m.at.x); w+m.at.x <= east; w++ {
			out = append(out, candidate{
				text: text, sub: m.label.Level > 0, rank: m.label.Level*100 + m.label.Rank, area: m.area,
				at: v.pixel(point{m.at.x + w, m.at.y}),
			})
		}
	}
	slices.SortFunc(out, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(b.area, a.area), cmp.Compare(a.text, b.text), cmp.Compare(a.at.x, b.at.x), cmp.Compare(a.at.y, b.at.y))
	})
	return out[:min(len(out), maxLabels)]
}

// labelDue tells whether a label is worth its room at a zoom: names of small
// countries wait until there is something to see of them.
func labelDue(l Label, zoom float64) bool {
	if l.Level == 0 {
		return float64(l.Rank) <= 3.2+1.6*max(zoom, 0)
	}
	return zoom >= 3.5+1.5*float64(l.Level)
}

// labeler sets and draws labels, and keeps the pictures of those it has set.
// It is not safe for concurrent use.
type labeler struct {
	set      *setter
	pictures map[labelKey]labelPicture
}

type labelKey struct {
	text  string
	style TextStyle
	size  float64 // pixels
}

// labelPicture is a set label; its origin is the middle of its ink.
type labelPicture struct {
	img    *image.RGBA
	dx, dy int // from the middle of the label to the picture's corner
}

// maxLabelPictures bounds the memory of a labeler: about 10 KB each.
const maxLabelPictures = 1500

// newLabeler makes a labeler for fonts.
func newLabeler(f *Fonts) *labeler {
	return &labeler{set: newSetter(f), pictures: map[labelKey]labelPicture{}}
}

// placed is a label that has got its room.
type placed struct {
	candidate
	area image.Rectangle
	pic  labelPicture
}

// draw draws the labels of marks onto a picture of the viewport's pixel size.
func (l *labeler) draw(dst *image.RGBA, v Viewport, marks []mark, st Style) {
	for _, p := range l.place(dst.Bounds(), v, marks, st) {
		draw.Draw(dst, p.area, p.pic.img, image.Point{}, draw.Over)
	}
}

// place gives labels their room in bounds, the important ones first, none over
// another and none cut by the edge.
func (l *labeler) place(bounds image.Rectangle, v Viewport, marks []mark, st Style) []placed {
	var out []placed
	var taken []image.Rectangle
	air := int(math.Ceil(labelAir * v.scale()))
	for _, c := range candidates(v, marks, st) {
		style := st.Label
		if c.sub {
			style = st.SubLabel
		}
		pic := l.picture(c.text, style, labelSize(style, c, v))
		at := image.Pt(int(math.Round(c.at.x))+pic.dx, int(math.Round(c.at.y))+pic.dy)
		area := pic.img.Bounds().Add(at)
		if !area.In(bounds) || overlapsAny(area.Inset(-air), taken) {
			continue
		}
		taken = append(taken, area)
		out = append(out, placed{c, area, pic})
	}
	return out
}

// labelSize is the height of a label's letters in pixels: larger for
// important countries and deep zooms.
func labelSize(s TextStyle, c candidate, v Viewport) float64 {
	size := s.Size
	if !c.sub {
		size += max(0, 3-float64(c.rank))*0.7 + Ramp{2, 0, 6, 3}.At(v.Zoom)
	}
	return math.Round(size*v.scale()*2) / 2
}

func overlapsAny(r image.Rectangle, taken []image.Rectangle) bool {
	for _, t := range taken {
		if r.Overlaps(t) {
			return true
		}
	}
	return false
}

func (l *labeler) picture(text string, style TextStyle, size float64) labelPicture {
	key := labelKey{text, style, size}
	if p, ok := l.pictures[key]; ok {
		return p
	}
	if len(l.pictures) >= maxLabelPictures {
		clear(l.pictures)
	}
	p := drawText(l.set.setBroken(text, size), style, size)
	l.pictures[key] = p
	return p
}

// drawText paints a line of text with its halo into a picture of its own.
func drawText(line textLine, style TextStyle, size float64) labelPicture {
	halo := max(1.2, size*0.11)
	pad := math.Ceil(halo) + 1
	w, h := int(math.Ceil(line.width+2*pad)), int(math.Ceil(line.ascent+line.depth+2*pad))
	c := newCanvas(image.NewRGBA(image.Rect(0, 0, max(w, 1), max(h, 1))), affine{})
	place := func(closed bool) {
		for _, p := range line.paths {
			moved := make([]point, len(p))
			for i, q := range p {
				moved[i] = point{q.x + pad, q.y + pad + line.ascent}
			}
			c.paths, c.closed = append(c.paths, moved), append(c.closed, closed)
		}
	}
	place(true)
	c.stroke(style.Halo, 2*halo)
	place(false)
	c.fill(style.Color)
	return labelPicture{img: c.img, dx: -w / 2, dy: -h / 2}
}
