package pipeline

import (
	"bytes"
	"errors"
	"fmt"
	"io"
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
	p.end()
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
	s.round()
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

// small reads a number that fits in 32 bits.
func (p *unpacker) small() int32 {
	n := p.number()
	if n != int64(int32(n)) {
		p.fail(fmt.Errorf("%w: %d is out of range", errPacked, n))
	}
	return int32(n)
}

// end makes sure that nothing follows.
func (p *unpacker) end() {
	if p.err != nil {
		return
	}
	if _, err := p.dec.ReadToken(); err != io.EOF {
		p.fail(fmt.Errorf("%w: more follows its end", errPacked))
	}
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
	p.list(func() {
		if out = append(out, p.number()); len(out) > n {
			p.fail(fmt.Errorf("%w: more than %d numbers", errPacked, n))
		}
	})
	if p.err == nil && len(out) != n {
		p.fail(fmt.Errorf("%w: %d numbers where %d belong", errPacked, len(out), n))
	}
	if p.err != nil {
		return make([]int64, n)
	}
	return out
}

// maxCoordinate bounds coordinates of arcs: differences of two fit in 32 bits.
const maxCoordinate = 1 << grid.Bits

func (p *unpacker) arcs() {
	p.chains.Reset()
	p.list(func() {
		var x, y int64
		from := len(p.chains.Pts)
		p.list(func() {
			p.token('[')
			x += int64(p.small())
			y += int64(p.small())
			p.token(']')
			if max(x, -x, y, -y) > maxCoordinate {
				p.fail(fmt.Errorf("%w: a vertex at %d, %d", errPacked, x, y))
			}
			p.chains.Pts = append(p.chains.Pts, grid.Point{X: int32(x), Y: int32(y)})
		})
		if len(p.chains.Pts) < from+2 {
			p.fail(fmt.Errorf("%w: an arc of %d vertices", errPacked, len(p.chains.Pts)-from))
		}
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
		"id": func() { id = p.number() },
		"arcs": func() {
			p.list(func() {
				p.token('[')
				arcs = append(arcs, p.small())
				p.token(']')
			})
		},
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
	for _, size := range p.sizes {
		if !(size >= 0 && size <= math.MaxFloat32) {
			p.fail(fmt.Errorf("%w: an arc of size %g", errPacked, size))
		}
	}
	for _, l := range p.labels {
		if !p.has(l[0], l[1]) || max(l[2], -l[2], l[3], -l[3]) > maxCoordinate {
			p.fail(errPacked)
		}
	}
	for _, poly := range p.polys {
		w.Polys = append(w.Polys, p.polygon(poly, n))
	}
	if p.err != nil {
		return nil, p.err
	}
	w.Restore()
	return &w, nil
}

// polygon makes one of n arcs. Each unit has one at most.
func (p *unpacker) polygon(v []int64, n int) topology.Polygon {
	if !p.has(v[0], v[1]) {
		p.fail(errPacked)
	}
	unit := [2]int{int(v[0]), int(v[1])}
	arcs := p.byUnit[unit]
	delete(p.byUnit, unit)
	for _, s := range arcs {
		if a, _ := topology.Index(s); int(a) >= n {
			p.fail(errPacked)
		}
	}
	if len(arcs) == 0 {
		p.fail(fmt.Errorf("%w: no arcs of unit %d of layer %d", errPacked, v[1], v[0]))
	}
	return topology.Polygon{Layer: int32(v[0]), Feature: int32(v[1]), Arcs: arcs, Overlaps: v[2] != 0}
}

func (p *unpacker) has(layer, unit int64) bool {
	return layer >= 0 && layer < int64(len(p.units.layers)) && unit >= 0 && unit < int64(len(p.units.layers[layer].units))
}
