package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// readSettling is tryRead where polygons are settled once there are so many
// vertices.
func readSettling(at int, data []byte, limits Limits) (result, error) {
	var r result
	src := source{name: "a.json", at: bytes.NewReader(data), size: int64(len(data))}
	c := newCollector(Options{Limits: limits}, src, func(layer string, f feature.Feature) error {
		r.layers, r.features = append(r.layers, layer), append(r.features, f)
		return nil
	})
	c.settleAt = at
	err := readInput(c, &input{ctx: context.Background(), src: src})
	if err == nil {
		err = c.finish()
	}
	r.sum = c.sum
	return r, err
}

const never = math.MaxInt

// sameSettled reads data with and without settling, and compares.
func sameSettled(t errorer, data []byte, faults bool) {
	want, wantErr := readSettling(never, data, tightLimits())
	got, err := readSettling(1, data, tightLimits())
	if faults && fmt.Sprint(err) != fmt.Sprint(wantErr) {
		t.Errorf("%v, want %v", err, wantErr)
	}
	if err != nil || wantErr != nil {
		return
	}
	if got.sum.Vertices != want.sum.Vertices || got.sum.Kept != want.sum.Kept || got.sum.Features != want.sum.Features {
		t.Errorf("%+v, want %+v", got.sum, want.sum)
	}
	if a, b := faultCounts(&got.sum.Faults), faultCounts(&want.sum.Faults); faults && a != b {
		t.Errorf("faults: %s, want %s", a, b)
	}
	sameValue := cmp.Comparer(func(a, b feature.Value) bool { return a == b })
	if diff := cmp.Diff(want.features, got.features, sameValue); diff != "" {
		t.Errorf("%s", diff)
	}
}

// ringJSON writes a ring around a place, with what rings may have wrong.
func ringJSON(t *rapid.T) string {
	lon := rapid.SampledFrom([]float64{0, 20, 179.5, -179.5, 200, 700}).Draw(t, "lon")
	r := square(lon, float64(rapid.IntRange(-95, 90).Draw(t, "lat")), 1)
	switch rapid.IntRange(0, 5).Draw(t, "form") {
	case 0:
		r.Reverse()
	case 1:
		r = r[:4] // not closed
	case 2:
		r = append(r[:2:2], r[1:]...) // a vertex twice
	case 3:
		r = r[:rapid.IntRange(0, 3).Draw(t, "n")] // no area
	}
	text := make([]string, len(r))
	for i, p := range r {
		text[i] = fmt.Sprintf("[%g,%g]", p[0], p[1])
	}
	return "[" + strings.Join(text, ",") + "]"
}

func listOf(t *rapid.T, least int, item func(*rapid.T) string) string {
	items := make([]string, rapid.IntRange(least, 4).Draw(t, "length"))
	for i := range items {
		items[i] = item(t)
	}
	return "[" + strings.Join(items, ",") + "]"
}

func polygonJSON(t *rapid.T) string { return listOf(t, 0, ringJSON) }

func geometryJSON(t *rapid.T) string {
	members := []string{
		`"type":"MultiPolygon"`,
		`"coordinates":` + listOf(t, 1, polygonJSON),
	}
	switch rapid.IntRange(0, 4).Draw(t, "kind") {
	case 0:
		members = []string{`"type":"Polygon"`, `"coordinates":` + polygonJSON(t)}
	case 1: // what is read is of no use
		members[0] = `"type":"Point"`
	case 2:
		inner := `{"type":"MultiPolygon","coordinates":` + listOf(t, 1, polygonJSON) + "}"
		return `{"type":"GeometryCollection","geometries":[` + inner + "," + inner + `,{"type":"Point","coordinates":[1,2]}]}`
	}
	if rapid.Bool().Draw(t, "type last") {
		members[0], members[1] = members[1], members[0]
	}
	return "{" + strings.Join(members, ",") + "}"
}

// Settling polygons early changes nothing of what is read.
func TestSettling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var features []string
		points := false
		for range rapid.IntRange(1, 3).Draw(t, "features") {
			g := geometryJSON(t)
			points = points || strings.Contains(g, "Point")
			features = append(features, `{"type":"Feature","properties":{},"geometry":`+g+`}`)
		}
		// Of polygons that turn out to be of no use, settling has told faults.
		sameSettled(t, []byte(collection(features...)), !points)
	})
}

// Coordinates that are damaged after polygons were settled are dropped as a
// whole, and what follows them is read.
func TestSettledAndDropped(t *testing.T) {
	good := `[[[0,0],[1,0],[1,1],[0,0]]]`
	for name, bad := range map[string]string{
		"a position of one number": `[[[0,0],[1]]]`,
		"uneven":                   `[[0,0],[1,0],[1,1],[0,0]]`,
		"too deep":                 `[[[[0,0],[1,0],[1,1],[0,0]]]]`,
	} {
		t.Run(name, func(t *testing.T) {
			text := `{"type":"MultiPolygon","coordinates":[` + good + "," + bad + `]}`
			data := []byte(collection(`{"type":"Feature","geometry":`+text+`}`, feat(`{}`)))
			r, err := readSettling(1, data, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if r.sum.Kept != 1 || r.features[0].Index != 1 || r.sum.Faults.Count(feature.FaultCoordinate) != 1 || r.sum.Faults.Count(feature.FaultEmptyFeature) != 1 {
				t.Errorf("%+v: %s", r.sum, faultCounts(&r.sum.Faults))
			}
			sameSettled(t, data, true)
		})
	}
}

func TestSettledAndLimited(t *testing.T) {
	polygon := `[[[0,0],[1,0],[1,1],[0,0]]]`
	data := []byte(`{"type":"MultiPolygon","coordinates":[` + strings.Repeat(polygon+",", 9) + polygon + `]}`)
	for _, limits := range []Limits{{VerticesPerFeature: 39}, {Vertices: 39}} {
		_, err := readSettling(1, data, limits)
		var limit *LimitError
		if !errors.As(err, &limit) || limit.Value != 39 {
			t.Errorf("%v", err)
		}
	}
	if r, err := readSettling(1, data, Limits{Vertices: 40, VerticesPerFeature: 40}); err != nil || len(r.features[0].Geometry) != 10 {
		t.Errorf("%v", err)
	}
}

// A system that is named after coordinates that were taken for degrees cannot
// be honoured any more, and is not ignored.
func TestSettledBeforeCRS(t *testing.T) {
	data := []byte(`{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]],"crs":{"properties":{"name":"EPSG:3857"}}}`)
	if _, err := readSettling(1, data, Limits{}); !errors.Is(err, ErrProjection) {
		t.Errorf("%v", err)
	}
	if _, err := readSettling(5, data, Limits{}); err != nil {
		t.Errorf("%v", err)
	}
}

func FuzzSettling(f *testing.F) {
	f.Add([]byte(collection(feat(`{}`), `{"type":"Feature","geometry":{"coordinates":[[[[0,0],[1,0],[1,1]]],[[[175,0],[-175,0],[-175,10],[175,1]]]],"type":"MultiPolygon"}}`)))
	f.Add([]byte(`{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[1]],[]]}`))
	f.Add([]byte(`{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]],"coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}`))
	f.Fuzz(func(t *testing.T, data []byte) { sameSettled(t, data, false) })
}

// Long rings are kept in chunks while they are read, and come out whole, in
// the usual form of positions and in another, beside holes and other polygons.
func TestLongRings(t *testing.T) {
	style := largeStyle{gap: " ", decimals: 7}
	long, small := style.ringText(nil, 10, 20, 2, 3*chunkVertices+17), style.ringText(nil, 10, 20, 1, 100)
	tall := bytes.ReplaceAll(long, []byte("]"), []byte(",5]"))
	tall = append(bytes.TrimSuffix(tall, []byte(",5]")), ']')
	want := fmt.Sprintf("[[%s,%s],[%s]]", long, small, small)
	for name, text := range map[string]string{
		"usual":    want,
		"heights":  fmt.Sprintf("[[%s,%s],[%s]]", tall, small, small),
		"two long": fmt.Sprintf("[[%s,%s],[%s]]", long, long, tall),
	} {
		t.Run(name, func(t *testing.T) {
			r, err := readSettling(settleAt, []byte(`{"type":"MultiPolygon","coordinates":`+text+"}"), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			mp := r.features[0].Geometry
			var got []int
			for _, poly := range mp {
				for _, ring := range poly {
					got = append(got, len(ring))
				}
			}
			lengths := []int{3*chunkVertices + 17, 100, 100}
			if name == "two long" {
				lengths = []int{lengths[0], lengths[0], lengths[0]}
			}
			if diff := cmp.Diff(lengths, got); diff != "" {
				t.Error(diff)
			}
			if text := style.coordinates(nil, mp[0][0]); !bytes.Equal(text, long) {
				t.Error("the ring is not the one that was written")
			}
			if total := r.sum.Vertices; total != got[0]+got[1]+got[2] {
				t.Errorf("%d vertices are counted, of %v", total, got)
			}
		})
	}
	_, err := readSettling(settleAt, []byte(`{"type":"MultiPolygon","coordinates":`+want+"}"), Limits{VerticesPerFeature: 2*chunkVertices + 1})
	var limit *LimitError
	if !errors.As(err, &limit) {
		t.Errorf("%v", err)
	}
}

// Reading a feature that is most of its file takes little more memory than it
// has itself; that of one long ring twice as much more.
func TestLargeFeatureIsHeldOnce(t *testing.T) {
	const vertices = 400_000
	parts := make([]int, 200)
	for i := range parts {
		parts[i] = vertices / len(parts)
	}
	for _, tt := range []struct {
		name  string
		parts []int
		most  uint64 // allocated for each byte of the feature
	}{{"islands", parts, 2}, {"one ring", []int{vertices}, 4}} {
		t.Run(tt.name, func(t *testing.T) {
			data := largeStyle{gap: " ", decimals: 7}.featureText(nil, 1, tt.parts...)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			got := 0
			_, err := ReadBytes(context.Background(), "a.json", data, Options{}, func(_ string, f feature.Feature) error {
				got = len(f.Geometry)
				return nil
			})
			runtime.ReadMemStats(&after)
			if err != nil || got != len(tt.parts) {
				t.Fatal(err, got)
			}
			const own, scratch = vertices * 16, 6 << 20
			if took := after.TotalAlloc - before.TotalAlloc; took > tt.most*own+scratch {
				t.Errorf("%d kB were allocated for a feature of %d kB", took>>10, own>>10)
			}
		})
	}
}
