package feature

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
)

// coast is a feature of many vertices whose digits are those of a survey.
func coast(n int) Feature {
	var ring orb.Ring
	for i := range n {
		s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		r := 3 + math.Sin(float64(i)*1.7)/500 + math.Sin(float64(i)*0.031)/20
		ring = append(ring, orb.Point{12 + r*c, 42 + r*s})
	}
	return Feature{ID: 1, Geometry: orb.MultiPolygon{{append(ring, ring[0])}}, Attrs: []Attr{{"name", StringValue("coast")}}}
}

const benchVertices = 50_000

func perVertex(b *testing.B) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchVertices, "ns/vertex")
}

func BenchmarkGeobufWrite(b *testing.B) {
	f := coast(benchVertices)
	w, err := NewGeobufWriter(GeobufPrecision)
	if err != nil {
		b.Fatal(err)
	}
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		if dst, err = w.AppendFeature(dst[:0], f); err != nil {
			b.Fatal(err)
		}
	}
	perVertex(b)
	b.ReportMetric(float64(len(dst))/benchVertices, "B/vertex")
}

func BenchmarkGeobufRead(b *testing.B) {
	w, err := NewGeobufWriter(GeobufPrecision)
	if err != nil {
		b.Fatal(err)
	}
	data, err := w.AppendFeature(nil, coast(benchVertices))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := DecodeGeobuf(data, GeobufLimits{}, nil); err != nil {
			b.Fatal(err)
		}
	}
	perVertex(b)
}

func BenchmarkMeasure(b *testing.B) {
	mp := coast(benchVertices).Geometry
	for b.Loop() {
		MeasureOf(mp)
	}
	perVertex(b)
}

// thinned keeps every third vertex.
func thinned(mp orb.MultiPolygon) orb.MultiPolygon {
	var ring orb.Ring
	for i, p := range mp[0][0] {
		if i%3 == 0 {
			ring = append(ring, p)
		}
	}
	return orb.MultiPolygon{{append(ring, ring[0])}}
}

func BenchmarkSweep(b *testing.B) {
	ring := coast(benchVertices).Geometry[0][0]
	var s Sweep
	for b.Loop() {
		s.Reset()
		s.Start(ring[0][0], ring[0][1])
		for i, p := range ring[1:] {
			if i%3 == 2 {
				s.Keep(p[0], p[1])
			} else {
				s.Drop(p[0], p[1])
			}
		}
		s.Keep(ring[0][0], ring[0][1])
	}
	perVertex(b)
}

func BenchmarkOverlay(b *testing.B) {
	for _, c := range []struct {
		name string
		n    int
	}{{"small", 60}, {"large", benchVertices}} {
		source := coast(c.n).Geometry
		other := thinned(source)
		var o Overlay
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				o.Compare(source, other)
			}
		})
	}
}

func BenchmarkGeoJSON(b *testing.B) {
	f := coast(benchVertices)
	var dst []byte
	var err error
	for b.Loop() {
		if dst, err = AppendGeoJSON(dst[:0], f); err != nil {
			b.Fatal(err)
		}
	}
	perVertex(b)
	b.ReportMetric(float64(len(dst))/benchVertices, "B/vertex")
}
