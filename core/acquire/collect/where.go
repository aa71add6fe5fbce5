package collect

import "github.com/shapes-desktop/shapes/core/acquire/source"

// leeway is how many degrees outside of the expected bounds a layer may lie and
// still be believed: sources do not draw coasts, seas and islands alike.
const leeway = 5

// where tells whether anything of a layer lies where it should. Territories far
// away make a layer larger, and none of them makes it another's.
type where struct {
	near  source.Bounds
	seen  bool // a position
	right bool // one that lies where it should
	first [2]float64
}

// looking reports whether positions are still to be read.
func (w *where) looking() bool { return !w.right && w.near != source.Bounds{} }

// at notes a position, in degrees.
func (w *where) at(lon, lat float64) {
	if !w.seen {
		w.seen, w.first = true, [2]float64{lon, lat}
	}
	w.right = w.right || w.near.Near(lon, lat, leeway)
}

// elsewhere judges a layer that was read to its end.
func (w *where) elsewhere() error {
	if !w.looking() || !w.seen {
		return nil
	}
	return flaw(Foreign, "what came lies elsewhere than what was asked for, all of it: it begins at longitude %.6g, latitude %.6g, "+
		"but should be between latitudes %g and %g, and east of longitude %g and west of %g",
		w.first[0], w.first[1], w.near.South, w.near.North, w.near.West, w.near.East)
}

// geometry reads the geometry of a feature.
func (w *walk) geometry() error {
	if !w.where.looking() {
		return w.skip()
	}
	return w.object(func(name string) error {
		if name == "coordinates" && w.dec.PeekKind() == '[' && w.where.looking() {
			return w.positions()
		}
		return w.skip()
	})
}

// positions reads coordinates, nested as they may be: the first two numbers in a
// list are a position.
func (w *walk) positions() error {
	base := w.dec.StackDepth()
	var lon float64
	n := 0 // numbers in this list
	for {
		t, err := w.dec.ReadToken()
		if err != nil {
			return err
		}
		switch t.Kind() {
		case '[':
			n = 0
		case '0':
			v, err := t.Float()
			if n++; err != nil {
				break // more than any number of degrees
			}
			if n == 1 {
				lon = v
			} else if n == 2 {
				w.where.at(lon, v)
			}
		}
		switch depth := w.dec.StackDepth(); {
		case depth > w.depth:
			return w.tooDeep()
		case depth <= base:
			return nil
		}
	}
}

// way reads the course of a way in an answer of Overpass: a list of objects, some
// of which may be null.
func (w *walk) way() error {
	if !w.where.looking() {
		return w.skip()
	}
	return w.objects(w.point)
}

// point reads a position of a way.
func (w *walk) point() error {
	var at [2]float64
	var has [2]bool
	err := w.object(func(name string) error {
		i := 0
		switch {
		case name != "lon" && name != "lat" || w.dec.PeekKind() != '0':
			return w.skip()
		case name == "lat":
			i = 1
		}
		t, err := w.dec.ReadToken()
		if err != nil {
			return err
		}
		if v, err := t.Float(); err == nil {
			at[i], has[i] = v, true
		}
		return nil
	})
	if err == nil && has[0] && has[1] {
		w.where.at(at[0], at[1])
	}
	return err
}
