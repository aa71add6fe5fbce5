package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/spatial"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// errNothing is the error of inputs without a polygon.
var errNothing = errors.New("the input has no polygons: nothing to draw (points and lines are not tiled)")

// rawVertices is about how many vertices a raw buffer has: some tenths of a
// second of work.
const rawVertices = 1 << 16

// inputBits is how many features of an input are numbered.
const inputBits = 32

// reader gathers the features of one input in raw buffers.
type reader struct {
	s      *state
	h      *hand
	t      session.Task
	out    outcome
	layers []*gathering
	last   *gathering
	next   uint64 // number of the next feature
}

// gathering is a raw buffer in the making.
type gathering struct {
	layer    string
	first    uint64
	features []feature.Feature
	vertices int
	buffers  int
}

// read is stage download for one input: features as they are read, in raw
// buffers, with an index.
func (s *state) read(ctx context.Context, h *hand, t session.Task, m *meter) (outcome, error) {
	r := &reader{s: s, h: h, t: t, next: uint64(t.Config.Input) << inputBits}
	res, err := s.w.Source.Read(ctx, t.Config,
		func(done, total int64) {
			if total > 0 {
				m.set(float64(done) / float64(total))
			}
		},
		func(layer string, f feature.Feature) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return r.take(layer, f)
		})
	if err == nil {
		err = r.flush(r.last)
	}
	if err != nil {
		return outcome{}, err
	}
	if r.out.result.Features == 0 {
		return outcome{}, errNothing
	}
	note, err := json.Marshal(readNote{Labels: res.Labels, Hash: res.Hash})
	if err != nil {
		return outcome{}, err
	}
	r.out.result.Note = note
	r.out.addFaults(&res.Faults)
	r.out.change = func(ses *session.Session) {
		for len(ses.Inputs) <= t.Config.Input { // in the order of the inputs, whichever ends first
			ses.Inputs = append(ses.Inputs, "")
		}
		ses.Inputs[t.Config.Input] = res.Hash
	}
	return r.out, nil
}

// addFaults adds faults to what is told of a task.
func (o *outcome) addFaults(fs *feature.Faults) {
	if fs.Total() == 0 {
		return
	}
	if o.faults == nil {
		o.faults = map[string]int{}
	}
	for _, c := range fs.Codes() {
		o.faults[string(c)] += fs.Count(c)
		for i, f := range fs.Examples(c) {
			if i == samplesEach {
				break
			}
			o.sample = append(o.sample, f.String())
		}
	}
	o.result.Faults += fs.Total()
}

// samplesEach is how many faults of each code are spelt out.
const samplesEach = 5

// take adds a feature to the buffer of its layer. Buffers are in the order of
// the source: what follows from the order of features must not depend on where
// they were kept.
func (r *reader) take(layer string, f feature.Feature) error {
	g := r.gathering(layer)
	if r.last != nil && r.last != g {
		if err := r.flush(r.last); err != nil {
			return err
		}
	}
	r.last = g
	if len(g.features) == 0 {
		g.first = r.next
	}
	g.features = append(g.features, f)
	r.next++
	n := 0
	for _, p := range f.Geometry {
		for _, ring := range p {
			n += len(ring)
		}
	}
	g.vertices += n
	r.out.result.Features++
	r.out.result.Vertices += n
	if g.vertices >= rawVertices {
		return r.flush(g)
	}
	return nil
}

func (r *reader) gathering(layer string) *gathering {
	for _, g := range r.layers {
		if g.layer == layer {
			return g
		}
	}
	g := &gathering{layer: layer}
	r.layers = append(r.layers, g)
	return g
}

// flush makes a raw buffer of what has gathered, and the index of its
// features.
func (r *reader) flush(g *gathering) error {
	if g == nil || len(g.features) == 0 {
		return nil
	}
	w := r.h.geobuf
	w.Reset()
	at := make([]int, len(g.features))
	bound := g.features[0].Geometry.Bound()
	country, level := Identify(g.layer, g.features[0])
	for i, f := range g.features {
		if err := w.Add(f); err != nil {
			return fmt.Errorf("keep feature %d of layer %s: %w", f.Index, g.layer, err)
		}
		at[i] = f.Index
		bound = bound.Union(f.Geometry.Bound())
		c, l := Identify(g.layer, f)
		if c != country {
			country = ""
		}
		if l != level {
			level = -1
		}
		r.out.kept.Indices = append(r.out.kept.Indices, r.index(g, i, c, l, f))
	}
	r.h.bytes = w.AppendTo(r.h.bytes[:0])
	input := strconv.Itoa(r.t.Config.Input)
	id := fmt.Sprintf("raw-%s-%s-%d", input, g.layer, g.buffers)
	// Geobuf of so many digits hardly gets smaller.
	b, err := r.s.buffer(r.h, r.t, id, session.Raw, session.Geobuf, shape.None, r.h.bytes)
	if err != nil {
		return err
	}
	b.Features, b.BBox, b.CRS = len(g.features), box(bound), "EPSG:4326"
	name := fmt.Sprintf("%s-b%d", plain(g.layer), g.buffers)
	if r.t.Config.Input > 0 {
		name = input + "-" + name
	}
	b.Properties = map[string]string{
		propLayer: g.layer, propFirst: strconv.FormatUint(g.first, 10), propIndex: appendRuns(at),
		propName: name, propCountry: country, propLevel: strconv.Itoa(level),
	}
	r.out.kept.Buffers = append(r.out.kept.Buffers, b)
	r.s.hold(id, g.features)
	g.features, g.vertices = nil, 0
	g.buffers++
	return nil
}

// index measures a feature.
func (r *reader) index(g *gathering, i int, country string, level int, f feature.Feature) session.FeatureIndex {
	x := session.FeatureIndex{
		ID: g.first + uint64(i), Feature: f.ID, Buffer: fmt.Sprintf("raw-%d-%s-%d", r.t.Config.Input, g.layer, g.buffers),
		Level: level, Country: country, Name: nameOf(f), Type: typeOf(level), Created: r.s.w.Now(),
	}
	fill(&x, feature.MeasureOf(f.Geometry))
	return x
}

// fill writes what was measured of a geometry.
func fill(x *session.FeatureIndex, m feature.Measure) {
	x.BBox, x.Centroid, x.Morton = box(m.Bounds), m.Centroid, spatial.Morton(m.Centroid)
	x.Area, x.Perimeter, x.Complexity = m.Area, m.Perimeter, m.Complexity()
}

func box(b orb.Bound) [4]float64 { return [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]} }

func typeOf(level int) session.FeatureType {
	switch {
	case level == 0:
		return session.Country
	case level > 0:
		return session.FeatureType("admin" + strconv.Itoa(level))
	}
	return session.CustomFeature
}

// plain makes a name fit for an id.
func plain(name string) string {
	out := []rune(name)
	for i, c := range out {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_') {
			out[i] = '_'
		}
	}
	return string(out[:min(len(out), 40)])
}

// Identify returns the country (ISO 3166 alpha-3, "" if not known) and the
// administrative level (-1) of a feature, by the attributes that the known
// sources have, or by its layer's name.
func Identify(layer string, f feature.Feature) (country string, level int) {
	country, level = "", -1
	for _, key := range [...]string{"iso_a3", "adm0_a3", "ISO_A3", "ADM0_A3", "GID_0", "shapeGroup", "iso3"} {
		if v, ok := f.Attr(key); ok && len(v.String()) == 3 && v.String() != "-99" {
			country = v.String()
			break
		}
	}
	if v, ok := f.Attr("adm_level"); ok && v.Kind() == feature.Int && v.Int() >= 0 && v.Int() <= 5 {
		return country, int(v.Int())
	}
	if n := len(layer); n == 4 && (layer[:3] == "adm" || layer[:3] == "ADM") && layer[3] >= '0' && layer[3] <= '5' {
		level = int(layer[3] - '0')
	}
	return country, level
}

// nameOf picks what a person would call the feature.
func nameOf(f feature.Feature) string {
	for _, key := range [...]string{"name", "NAME", "shapeName", "name_en", "NAME_1", "COUNTRY", "code"} {
		if v, ok := f.Attr(key); ok && v.String() != "" {
			return v.String()
		}
	}
	return ""
}
