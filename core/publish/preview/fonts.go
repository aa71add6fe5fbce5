package preview

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// Fonts is an ordered list of fonts: each character is set in the first that
// has it. It is immutable and safe for concurrent use.
type Fonts struct{ faces []*font.Font }

// NewFonts reads fonts (TrueType or OpenType). Each file is named by its
// place in the list if it cannot be read; there must be at least one.
func NewFonts(files ...[]byte) (*Fonts, error) {
	f := &Fonts{}
	for i, data := range files {
		face, err := font.ParseTTF(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("read font %d of %d: %w", i+1, len(files), err)
		}
		f.faces = append(f.faces, face.Font)
	}
	if len(f.faces) == 0 {
		return nil, fmt.Errorf("read fonts: none given")
	}
	return f, nil
}

// setter shapes text. It is not safe for concurrent use, its Fonts are.
type setter struct {
	faces  []*font.Face
	shaper shaping.HarfbuzzShaper
	split  shaping.Segmenter
}

func newSetter(f *Fonts) *setter {
	s := &setter{}
	for _, ft := range f.faces {
		s.faces = append(s.faces, font.NewFace(ft))
	}
	return s
}

// ResolveFace chooses the font of a character, for the segmenter.
func (s *setter) ResolveFace(r rune) *font.Face {
	for _, f := range s.faces {
		if _, ok := f.NominalGlyph(r); ok {
			return f
		}
	}
	return s.faces[0]
}

// textLine is text in outlines: closed paths in pixels, from the left end of
// its base line, y down.
type textLine struct {
	paths  [][]point
	width  float64
	ascent float64 // of the ink, above the base line
	depth  float64 // … below
}

// set shapes a line of text at a size in pixels and returns its outlines.
// Right-to-left scripts run as they should.
func (s *setter) set(text string, size float64) textLine {
	runes := []rune(text)
	in := shaping.Input{
		Text: runes, RunEnd: len(runes),
		Direction: di.DirectionLTR,
		Face:      s.faces[0],
		Size:      fixed.Int26_6(size * 64),
		Script:    language.Latin,
		Language:  language.DefaultLanguage(),
	}
	var runs shaping.Line
	for _, part := range s.split.Split(in, s) {
		runs = append(runs, s.shaper.Shape(part))
	}
	var line textLine
	for _, run := range visualOrder(runs) {
		line.addRun(run)
	}
	b := rect{}
	for _, p := range line.paths {
		pb := boundsOf(p)
		b.y0, b.y1 = min(b.y0, pb.y0), max(b.y1, pb.y1)
	}
	line.ascent, line.depth = -b.y0, b.y1
	return line
}

// setBroken is set, with long text of several words broken into two lines,
// one centred over the other.
func (s *setter) setBroken(text string, size float64) textLine {
	line := s.set(text, size)
	at := breakAt(text)
	if line.width < longest*size || at < 0 {
		return line
	}
	a, b := s.set(strings.TrimSpace(text[:at]), size), s.set(strings.TrimSpace(text[at:]), size)
	width := max(a.width, b.width)
	lead := math.Round(size * 1.2)
	out := textLine{width: width}
	out.add(a, (width-a.width)/2, 0)
	out.add(b, (width-b.width)/2, lead)
	out.ascent, out.depth = max(a.ascent, b.ascent-lead), max(a.depth, b.depth+lead)
	return out
}

// longest is the width of a label, in heights of its letters, from which on it
// is broken.
const longest = 8.0

// breakAt returns the index of the space nearest to the middle, or -1.
func breakAt(text string) int {
	best := -1
	for i, r := range text {
		if r == ' ' && (best < 0 || distanceToMiddle(i, text) < distanceToMiddle(best, text)) {
			best = i
		}
	}
	return best
}

func distanceToMiddle(i int, text string) int { return max(2*i-len(text), len(text)-2*i) }

// add puts another line's outlines into l.
func (l *textLine) add(o textLine, dx, dy float64) {
	for _, p := range o.paths {
		for i := range p {
			p[i].x += dx
			p[i].y += dy
		}
		l.paths = append(l.paths, p)
	}
}

// visualOrder puts the runs of a line from left to right. The first run tells
// the direction of the whole; stretches of runs of the other direction keep
// their own order within it.
func visualOrder(runs shaping.Line) shaping.Line {
	out := slices.Clone(runs)
	if len(out) == 0 {
		return out
	}
	base := rightToLeft(out[0])
	if base {
		slices.Reverse(out)
	}
	for i := 0; i < len(out); {
		j := i + 1
		for j < len(out) && rightToLeft(out[j]) == rightToLeft(out[i]) {
			j++
		}
		if rightToLeft(out[i]) != base {
			slices.Reverse(out[i:j])
		}
		i = j
	}
	return out
}

func rightToLeft(run shaping.Output) bool { return run.Direction.Progression() == di.TowardTopLeft }

func (l *textLine) addRun(run shaping.Output) {
	k := float64(run.Size) / 64 / float64(run.Face.Upem())
	for _, g := range run.Glyphs {
		if outline, ok := run.Face.GlyphData(g.GlyphID).(font.GlyphOutline); ok {
			x := l.width + float64(g.XOffset)/64
			y := -float64(g.YOffset) / 64
			l.paths = appendOutline(l.paths, outline.Segments, k, x, y)
		}
		l.width += float64(g.Advance) / 64
	}
}

// appendOutline flattens a glyph in font units, y up, into paths in pixels.
func appendOutline(paths [][]point, segs []ot.Segment, k, x, y float64) [][]point {
	at := func(p ot.SegmentPoint) point { return point{x + float64(p.X)*k, y - float64(p.Y)*k} }
	var path []point
	for _, s := range segs {
		switch s.Op {
		case ot.SegmentOpMoveTo:
			if len(path) > 2 {
				paths = append(paths, path)
			}
			path = []point{at(s.Args[0])}
		case ot.SegmentOpLineTo:
			path = append(path, at(s.Args[0]))
		case ot.SegmentOpQuadTo:
			a, b, c := path[len(path)-1], at(s.Args[0]), at(s.Args[1])
			// A quadratic curve as the cubic it is equal to.
			path = appendCurve(path, a, third(a, b), third(c, b), c)
		case ot.SegmentOpCubeTo:
			path = appendCurve(path, path[len(path)-1], at(s.Args[0]), at(s.Args[1]), at(s.Args[2]))
		}
	}
	if len(path) > 2 {
		paths = append(paths, path)
	}
	return paths
}

// third is the point two thirds of the way from a to b.
func third(a, b point) point { return point{a.x + (b.x-a.x)*2/3, a.y + (b.y-a.y)*2/3} }

// appendCurve flattens a cubic curve that begins at the path's last point.
func appendCurve(path []point, a, b, c, d point) []point {
	steps := int(min(3+distance(a, d)/2, 12))
	for i := 1; i <= steps; i++ {
		t := float64(i) / float64(steps)
		u := 1 - t
		w0, w1, w2, w3 := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		path = append(path, point{
			w0*a.x + w1*b.x + w2*c.x + w3*d.x,
			w0*a.y + w1*b.y + w2*c.y + w3*d.y,
		})
	}
	return path
}
