package ingest

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// BenchmarkOverpass reads an answer of relations of 40 ways of 100 points, as
// the server prints it.
func BenchmarkOverpass(b *testing.B) {
	var ways []testWay
	const n, points = 40, 100
	at := func(i int) orb.Point {
		s, c := math.Sincos(2 * math.Pi * float64(i%(n*points)) / (n * points))
		return orb.Point{c, s}
	}
	for i := range n {
		w := testWay{role: "outer"}
		for k := range points + 1 {
			w.pts = append(w.pts, at(i*points+k))
		}
		ways = append(ways, w)
	}
	var list []string
	for id := range 20 {
		list = append(list, relation(id+1, adminTags+fmt.Sprintf(`,"ref":"%d"`, id), ways))
	}
	data := []byte(answer(list...))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		sum, err := ReadBytes(context.Background(), "a.json", data, Options{}, func(string, feature.Feature) error { return nil })
		if err != nil || sum.Kept != 20 {
			b.Fatal(sum, err)
		}
	}
}
