package ingest

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// collector takes what the decoders read, holds it to the limits, normalises
// it and passes it on.
type collector struct {
	limits Limits
	opt    Options
	src    source
	sink   Sink
	sum    Summary
	keys   keyTable
	attrs  attributes // of the current record

	layer   string
	inLayer int // records seen in the layer
	shape   shape
	norm    normaliser
	project func(orb.Point) orb.Point // nil for degrees on WGS 84
	sinkErr bool

	settleAt int // the constant, but in tests
}

func newCollector(opt Options, src source, sink Sink) *collector {
	c := &collector{limits: opt.Limits.withDefaults(), opt: opt, src: src, sink: sink, settleAt: settleAt}
	c.keys = newKeyTable(opt.Attributes)
	c.norm.fault = c.fault
	return c
}

// singleLayer starts the only layer of the file.
func (c *collector) singleLayer() {
	name := c.opt.Layer
	if name == "" {
		name = baseName(c.src.name)
	}
	c.startLayer(name)
}

// startLayer makes name the layer of the records that follow. Names given
// twice get a number, since layers must not melt together.
func (c *collector) startLayer(name string) {
	unique := name
	for n := 2; c.hasLayer(unique); n++ {
		unique = fmt.Sprintf("%s-%d", name, n)
	}
	c.layer, c.inLayer, c.project = unique, 0, nil
}

func (c *collector) hasLayer(name string) bool {
	for _, l := range c.sum.Layers {
		if l == name {
			return true
		}
	}
	return false
}

// fault records a fault of the current record.
func (c *collector) fault(f feature.Fault) {
	f.Layer, f.Feature = c.layer, c.inLayer
	c.sum.Faults.Add(f)
}

func (c *collector) attrFault(code feature.Code, detail string) {
	c.fault(feature.Fault{Code: code, Detail: detail})
}

// dropGeometry records a geometry of the current record that cannot be used.
func (c *collector) dropGeometry(why string) {
	c.shape.lost++
	c.attrFault(feature.FaultCoordinate, why+"; geometry dropped")
}

// place says where the reading is, for messages.
func (c *collector) place() string {
	return fmt.Sprintf("layer %s, feature %d", c.layer, c.inLayer)
}

// checkVertices holds a growing shape of n vertices to the limits.
func (c *collector) checkVertices(n int) error {
	if n > c.limits.VerticesPerFeature {
		return &LimitError{Limit: "vertices in one feature", Value: int64(c.limits.VerticesPerFeature), Place: c.place()}
	}
	if c.sum.Vertices+n > c.limits.Vertices {
		return &LimitError{Limit: "vertices", Value: int64(c.limits.Vertices), Place: c.place()}
	}
	return nil
}

// emit ends the current record: c.shape is normalised and, if anything of it
// is left, handed to the sink with attrs (copied) and id.
func (c *collector) emit(id uint64, attrs []feature.Attr) error {
	if c.sum.Features >= c.limits.Features {
		return &LimitError{Limit: "features", Value: int64(c.limits.Features), Place: c.place()}
	}
	if err := c.checkVertices(c.shape.vertices()); err != nil {
		return err
	}
	if c.inLayer == 0 {
		c.sum.Layers = append(c.sum.Layers, c.layer)
	}
	c.sum.Features++
	c.sum.Vertices += c.shape.vertices()
	geometry := c.normalised()
	err := c.norm.absurd.early()
	if err == nil && len(geometry) > 0 {
		err = c.pass(feature.Feature{ID: id, Index: c.inLayer, Geometry: geometry, Attrs: append([]feature.Attr(nil), attrs...)})
	}
	c.inLayer++
	wasLarge := c.shape.vertices() > large
	c.shape.reset()
	c.shape.trim()
	if wasLarge {
		runtime.GC()
	}
	return err
}

func (c *collector) pass(f feature.Feature) error {
	c.sum.Kept++
	if err := c.sink(c.layer, f); err != nil {
		c.sinkErr = true
		return err
	}
	return nil
}

// normalised returns the drawable part of the current shape, nil and a fault
// if there is none.
func (c *collector) normalised() orb.MultiPolygon {
	s := &c.shape
	if s.other > 0 {
		c.fault(feature.Fault{Code: feature.FaultNotPolygon})
	}
	if len(s.polys) == 0 && s.doneVertices == 0 {
		switch {
		case s.told:
		case s.lost > 0:
			c.fault(feature.Fault{Code: feature.FaultEmptyFeature})
		case s.other == 0:
			c.fault(feature.Fault{Code: feature.FaultNullGeometry})
		}
		return nil
	}
	geometry := c.ownPolygons()
	if s.doneVertices > 0 {
		geometry = append(s.done, geometry...)
	}
	if len(geometry) == 0 {
		c.fault(feature.Fault{Code: feature.FaultEmptyFeature})
	}
	return geometry
}

// ownPolygons returns the polygons of the shape, normalised.
func (c *collector) ownPolygons() orb.MultiPolygon {
	if c.project != nil {
		for i, p := range c.shape.pts {
			c.shape.pts[i] = c.project(p)
		}
	}
	return c.norm.normalise(&c.shape)
}

// settleAt is how many vertices may wait for the end of their feature.
const settleAt = 1 << 16

// settle normalises the polygons of the shape, which must be whole, before
// their feature has ended, if they have many vertices: of one that holds most
// of a file there is then no second copy. If such a feature turns out to be of
// no use, faults in its polygons have been told before that one.
func (c *collector) settle() {
	s := &c.shape
	if len(s.pts) < c.settleAt {
		return
	}
	vertices := s.vertices()
	done := append(s.done, c.ownPolygons()...)
	s.pts, s.rings, s.polys = s.pts[:0], s.rings[:0], s.polys[:0]
	s.done, s.doneVertices = done, vertices
	if s.trim() {
		runtime.GC()
	}
}

// finish is called after the last record of the file.
func (c *collector) finish() error {
	if err := c.norm.absurd.final(); err != nil {
		return err
	}
	switch {
	case c.sum.Features == 0:
		return fmt.Errorf("%w: the file holds no features; %s", ErrNoFeatures, bringPolygons)
	case c.sum.Kept == 0:
		return fmt.Errorf("%w: none of the %d features has a usable polygon (%s); the first: %s; %s",
			ErrNoFeatures, c.sum.Features, faultCounts(&c.sum.Faults), firstFault(&c.sum.Faults), bringPolygons)
	}
	return nil
}

// bringPolygons ends the refusal of a file that has nothing with an area.
const bringPolygons = "bring a file with polygons in degrees"

// firstFault spells out the fault that was met first.
func firstFault(fs *feature.Faults) string {
	var first *feature.Fault
	for _, code := range fs.Codes() {
		if f := &fs.Examples(code)[0]; first == nil || f.Feature < first.Feature {
			first = f
		}
	}
	if first == nil {
		return "no fault known"
	}
	return first.String()
}

func faultCounts(fs *feature.Faults) string {
	text := ""
	for _, code := range fs.Codes() {
		if text != "" {
			text += ", "
		}
		text += fmt.Sprintf("%s %d", code, fs.Count(code))
	}
	return text
}

// lastWhole says which feature was the last to be read in full.
func (c *collector) lastWhole() string {
	if c.inLayer == 0 {
		return "no feature was whole"
	}
	return fmt.Sprintf("last whole feature: %d", c.inLayer-1)
}

// isOurs tells errors that are complete as they are from those of a decoder.
func (c *collector) isOurs(err error) bool {
	var limit *LimitError
	return c.sinkErr || errors.As(err, &limit)
}
