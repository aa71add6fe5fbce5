package pipeline

import (
	"bytes"
	"errors"
	"fmt"
	"math"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/mend"
	"github.com/shapes-desktop/shapes/core/geo/simplify"
	"github.com/shapes-desktop/shapes/core/geo/topology"
)

// errPacked is the error of bytes that AppendArcs did not write.
var errPacked = errors.New("not an arrangement of this run")

// Restore takes the arrangement that AppendArcs wrote in place of Arrange. The
// units must be the same ones. It keeps nothing of data.
func (s *Steps) Restore(data []byte) error {
	p := &unpacker{dec: jsontext.NewDecoder(bytes.NewReader(data)), units: s.u}
	p.members(map[string]func(){
		"arcs":    p.arcs,
		"objects": p.objects,
		"shapes": func() {
			p.members(map[string]func(){
				"bits": func() { p.bits = uint(p.number()) },
				"sizes": func() {
					p.list(func() { p.sizes = append(p.sizes, math.Float32frombits(uint32(p.number()))) })
				},
				"polygons": func() { p.list(func() { p.polys = append(p.polys, p.ints(3)) }) },
				"labels":   func() { p.list(func() { p.labels = append(p.labels, p.ints(4)) }) },
			})
		},
	})
	w, err := p.world()
	if err != nil {
		return fmt.Errorf("restore the arrangement: %w", err)
	}
	arr := &arrangement{world: w}
	arr.weights = simplify.Weigh(&w.Arcs, w.Size, s.cfg.Algorithm, nil)
	for i := range s.u.layers {
		arr.coasts = append(arr.coasts, mend.FindCoasts(w, int32(i)))
	}
	s.labels = s.labels[:0]
	for _, l := range p.labels {
		s.labels = append(s.labels, labelPoint{int32(l[0]), int32(l[1]), grid.Point{X: int32(l[2]), Y: int32(l[3])}})
	}
	s.use(arr)
	return nil
}

// unpacker reads JSON that this program wrote. The first error stays; after it
// all reads give zero.
type unpacker struct {
	dec    *jsontext.Decoder
	err    error
	units  *Units
	chains grid.Chains
	byUnit map[[2]int][]int32
	bits   uint
	sizes  []float32
	polys  [][]int64
	labels [][]int64
}

func (p *unpacker) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

func (p *unpacker) token(kind jsontext.Kind) jsontext.Token {
	if p.err != nil {
		return jsontext.Token{}
	}
	t, err := p.dec.ReadToken()
	if err != nil {
		p.fail(err)
	} else if kind != 0 && t.Kind() != kind {
		p.fail(fmt.Errorf("%w: %v where %v belongs", errPacked, t.Kind(), kind))
	}
	return t
}

func (p *unpacker) number() int64 {
	t := p.token('0')
	if p.err != nil {
		return 0
	}
	n, err := t.Int()
	if err != nil {
		p.fail(err)
	}
	return n
}

// list calls fn before each element of an array.
func (p *unpacker) list(fn func()) {
	p.token('[')
	for p.err == nil && p.dec.PeekKind() != ']' {
		fn()
	}
	p.token(']')
}

// members reads an object; members that are not named are passed over.
func (p *unpacker) members(read map[string]func()) {
	p.token('{')
	for p.err == nil && p.dec.PeekKind() != '}' {
		name := p.token('"')
		if p.err != nil {
			return
		}
		if fn, ok := read[name.String()]; ok {
			fn()
		} else if err := p.dec.SkipValue(); err != nil {
			p.fail(err)
		}
	}
	p.token('}')
}

// ints reads an array of n numbers.
func (p *unpacker) ints(n int) []int64 {
	var out []int64
	p.list(func() { out = append(out, p.number()) })
	if p.err == nil && len(out) != n {
		p.fail(fmt.Errorf("%w: %d numbers where %d belong", errPacked, len(out), n))
	}
	if p.err != nil {
		return make([]int64, n)
	}
	return out
}

func (p *unpacker) arcs() {
	p.chains.Reset()
	p.list(func() {
		var at grid.Point
		p.list(func() {
			p.token('[')
			at.X += int32(p.number())
			at.Y += int32(p.number())
			p.token(']')
			p.chains.Pts = append(p.chains.Pts, at)
		})
		p.chains.End()
	})
}

func (p *unpacker) objects() {
	p.byUnit = map[[2]int][]int32{}
	read := map[string]func(){}
	for i := range p.units.layers {
		read[fmt.Sprint(i)] = func() {
			p.members(map[string]func(){"geometries": func() { p.list(func() { p.unit(i) }) }})
		}
	}
	p.members(read)
}

func (p *unpacker) unit(layer int) {
	id, arcs := int64(-1), []int32(nil)
	p.members(map[string]func(){
		"id":   func() { id = p.number() },
		"arcs": func() { p.list(func() { arcs = append(arcs, int32(p.ints(1)[0])) }) },
	})
	p.byUnit[[2]int{layer, int(id)}] = arcs
}

// world puts together what was read, after a look that it fits.
func (p *unpacker) world() (*topology.World, error) {
	w := topology.World{Bits: p.bits, Arcs: p.chains, Size: p.sizes}
	n := p.chains.Len()
	if p.err == nil && (len(p.sizes) != n || p.bits < gridBits || p.bits > grid.Bits) {
		p.fail(errPacked)
	}
	for _, l := range p.labels {
		if !p.has(l[0], l[1]) {
			p.fail(errPacked)
		}
	}
	for _, poly := range p.polys {
		if !p.has(poly[0], poly[1]) {
			p.fail(errPacked)
		}
		arcs := p.byUnit[[2]int{int(poly[0]), int(poly[1])}]
		for _, s := range arcs {
			if a, _ := topology.Index(s); int(a) >= n {
				p.fail(errPacked)
			}
		}
		if len(arcs) == 0 {
			p.fail(errPacked)
		}
		w.Polys = append(w.Polys, topology.Polygon{
			Layer: int32(poly[0]), Feature: int32(poly[1]), Arcs: arcs, Overlaps: poly[2] != 0,
		})
	}
	if p.err != nil {
		return nil, p.err
	}
	w.Restore()
	return &w, nil
}

func (p *unpacker) has(layer, unit int64) bool {
	return layer >= 0 && layer < int64(len(p.units.layers)) && unit >= 0 && unit < int64(len(p.units.layers[layer].units))
}
