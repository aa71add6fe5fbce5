package mvt

import (
	"fmt"
	"math"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// hundred is a layer of a hundred polygons of a hundred vertices, five
// attributes each.
func hundred() (d *Dict, tags [][]uint32, rings [][]Coord) {
	d = NewDict()
	for i := range 100 {
		tags = append(tags, d.Tags(nil, []feature.Attr{
			{Key: "name", Value: feature.StringValue(fmt.Sprint("unit ", i))},
			{Key: "code", Value: feature.StringValue(fmt.Sprintf("XX-%02d", i))},
			{Key: "adm_level", Value: feature.IntValue(1)},
			{Key: "area", Value: feature.FloatValue(float64(i) * 1.37)},
			{Key: "disputed", Value: feature.BoolValue(i%7 == 0)},
		}))
		ring := make([]Coord, 100)
		for k := range ring {
			a := 2 * math.Pi * float64(k) / 100
			ring[k] = Coord{X: int32(200 + i*36 + int(150*math.Cos(a))), Y: int32(2000 + int(150*math.Sin(a)))}
		}
		rings = append(rings, ring)
	}
	return d, tags, rings
}

func encodeHundred(e *Encoder, g []byte, d *Dict, tags [][]uint32, rings [][]Coord) []byte {
	e.Reset()
	e.BeginLayer("adm1", d)
	for i, ring := range rings {
		var cursor Coord
		g = AppendRing(g[:0], &cursor, ring)
		e.Feature(uint64(i+1), Polygon, tags[i], g)
	}
	e.EndLayer()
	return g
}

func TestEncodingAgainAllocatesNothing(t *testing.T) {
	d, tags, rings := hundred()
	var e Encoder
	g := encodeHundred(&e, nil, d, tags, rings)
	if n := testing.AllocsPerRun(10, func() { g = encodeHundred(&e, g, d, tags, rings) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkEncode(b *testing.B) {
	d, tags, rings := hundred()
	var e Encoder
	var g []byte
	b.ReportAllocs()
	for b.Loop() {
		g = encodeHundred(&e, g, d, tags, rings)
	}
	b.SetBytes(int64(len(e.Bytes())))
}

func BenchmarkDecode(b *testing.B) {
	d, tags, rings := hundred()
	var e Encoder
	encodeHundred(&e, nil, d, tags, rings)
	b.SetBytes(int64(len(e.Bytes())))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(e.Bytes()); err != nil {
			b.Fatal(err)
		}
	}
}
