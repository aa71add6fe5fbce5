package pipeline

import (
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// drawBlobs makes features that overlap as they like, as protected areas do.
func drawBlobs(t *rapid.T) []feature.Feature {
	var out []feature.Feature
	for i := range rapid.IntRange(1, 30).Draw(t, "features") {
		var mp orb.MultiPolygon
		for range rapid.IntRange(1, 3).Draw(t, "parts") {
			mp = append(mp, orb.Polygon{drawBlob(t)})
		}
		out = append(out, feature.Feature{ID: uint64(i + 1), Geometry: mp, Attrs: []feature.Attr{
			{Key: "name", Value: feature.StringValue(fmt.Sprint(i))},
		}})
	}
	return out
}

// drawBlob makes a ring around a point, which may cross itself.
func drawBlob(t *rapid.T) orb.Ring {
	x, y := rapid.Float64Range(0, 3).Draw(t, "x"), rapid.Float64Range(0, 3).Draw(t, "y")
	size := math.Pow(10, rapid.Float64Range(-2, 0.3).Draw(t, "log size"))
	n := rapid.IntRange(3, 24).Draw(t, "corners")
	turns := rapid.SampledFrom([]float64{1, 1, 1, 2}).Draw(t, "turns")
	r := make(orb.Ring, 0, n+1)
	for i := range n {
		a := turns * 2 * math.Pi * float64(i) / float64(n)
		d := size * rapid.Float64Range(0.3, 1).Draw(t, "radius")
		r = append(r, orb.Point{x + d*math.Cos(a), y + d*math.Sin(a)})
	}
	return append(r, r[0])
}

// TestOverlappingInput: whatever the units of a layer do to each other, each
// of them is valid by itself in every tile.
func TestOverlappingInput(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		cfg := drawConfig(rt)
		in := layer{"adm", drawBlobs(rt)}
		out, _, _ := runTiles(t, cfg, in)
		for id, tl := range out.decode(t) {
			for _, f := range find(tl, in.name).Features {
				if err := checkRings(f); err != nil {
					rt.Fatalf("tile %v feature %d: %v", id, f.ID, err)
				}
			}
		}
	})
}
