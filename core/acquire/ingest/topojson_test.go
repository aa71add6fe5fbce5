package ingest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// Two squares side by side, arc 0 their shared border, 1 and 2 the rest of
// each, 3 a hole in the second:
//
//	(0,1)───(1,1)───(2,1)
//	  │    ↑  │       │
//	  1    0  │  [3]  2
//	  │       │       │
//	(0,0)───(1,0)───(2,0)
const (
	plainArcs = `"arcs":[[[1,0],[1,1]],[[1,1],[0,1],[0,0],[1,0]],[[1,0],[2,0],[2,1],[1,1]],
		[[1.25,0.25],[1.25,0.75],[1.75,0.75],[1.75,0.25],[1.25,0.25]]]`
	quantised = `"transform":{"scale":[0.25,0.25],"translate":[-1,-1]},"arcs":[[[8,4],[0,4]],[[8,8],[-4,0],[0,-4],[4,0]],
		[[8,4],[4,0],[0,4],[-4,0]],[[9,5],[0,2],[2,0],[0,-2],[-2,0]]]`
	squares = `{"type":"GeometryCollection","geometries":[
		{"type":"Polygon","id":5,"properties":{"name":"left"},"arcs":[[0,1]]},
		{"type":"MultiPolygon","id":"R","properties":{"name":"right"},"arcs":[[[2,-1],[3]]]},
		{"type":null,"properties":{"name":"none"}},
		{"type":"Point","coordinates":[4,4]},
		{"type":"GeometryCollection","properties":{"name":"both"},"geometries":[{"type":"Polygon","arcs":[[0,1]]},{"type":"Polygon","arcs":[[-1,2]]},{"type":"LineString","arcs":[0]}]}]}`
)

func TestTopoJSON(t *testing.T) {
	left := square(0, 0, 1)
	want := []feature.Feature{
		{
			ID: 5, Geometry: orb.MultiPolygon{{{{1, 0}, {1, 1}, {0, 1}, {0, 0}, {1, 0}}}},
			Attrs: []feature.Attr{{Key: "name", Value: feature.StringValue("left")}},
		},
		{
			Index: 1,
			Geometry: orb.MultiPolygon{{
				{{1, 0}, {2, 0}, {2, 1}, {1, 1}, {1, 0}},
				{{1.25, 0.25}, {1.25, 0.75}, {1.75, 0.75}, {1.75, 0.25}, {1.25, 0.25}},
			}},
			Attrs: []feature.Attr{{Key: "name", Value: feature.StringValue("right")}, {Key: "id", Value: feature.StringValue("R")}},
		},
	}
	for _, text := range []string{
		`{"type":"Topology","objects":{"squares":` + squares + `},` + plainArcs + `}`,
		`{"type":"Topology","objects":{"squares":` + squares + `},` + quantised + `}`,
		`{` + plainArcs + `,"objects":{"squares":` + squares + `},"type":"Topology"}`,
		gzipped(`{` + strings.Replace(quantised, `"transform"`, `"bbox":[0,0,2,1],"transform"`, 1) + `,"objects":{"squares":` + squares + `},"type":"Topology"}`),
	} {
		r := readText(t, "two.topojson", text, Options{})
		if diff := cmp.Diff(want, r.features[:2], cmp.Comparer(func(a, b feature.Value) bool { return a == b })); diff != "" {
			t.Error(diff)
		}
		if len(r.features) != 3 || area(r.features[2].Geometry) != area(orb.MultiPolygon{{left}, {left}}) {
			t.Errorf("%d features, want 3; the last of area 2: %v", len(r.features), r.features)
		}
		if got := faultCounts(&r.sum.Faults); got != "not-polygon 2, null-geometry 1" || r.sum.Format != "TopoJSON" {
			t.Errorf("%s, faults %s", r.sum.Format, got)
		}
		if r.layers[0] != "two" {
			t.Errorf("layer %q: the only object takes the file's name", r.layers[0])
		}
		if f := r.sum.Faults.Examples(feature.FaultNullGeometry)[0]; f.Feature != 2 {
			t.Errorf("null geometry at feature %d, want 2", f.Feature)
		}
	}
}

func TestTopoJSONLayers(t *testing.T) {
	text := `{"type":"Topology","objects":{"b":{"type":"Polygon","arcs":[[0,1]]},"a":` + squares + `},` + plainArcs + `}`
	r := readText(t, "two.topojson", text, Options{Layer: "x"})
	if diff := cmp.Diff([]string{"b", "a"}, r.sum.Layers); diff != "" {
		t.Error(diff)
	}
}

func TestTopoJSONFaults(t *testing.T) {
	for text, want := range map[string]string{
		`{"type":"Topology","objects":{"a":{"type":"Polygon","arcs":[[0,9]]}},` + plainArcs + `}`:   "layer t, feature 0 refers to arc 9 of 4",
		`{"type":"Topology","objects":{"a":{"type":"Polygon","arcs":[[0.5]]}},` + plainArcs + `}`:   "not an integer",
		`{"type":"Topology","objects":{"a":{"type":"Polygon","arcs":[[[[0]]]]}},` + plainArcs + `}`: "nested too deep",
		`{"type":"Topology","objects":{"a":{"type":"Polygon","arcs":[[0],1]}},` + plainArcs + `}`:   "nested unevenly",
		`{"type":"Topology","objects":{"a":{"type":"Polygon","arcs":[0]}},` + plainArcs + `}`:       "bad-coordinate 1, empty-feature 1",
		`{"type":"Topology","objects":{},"arcs":[]}`:                                                "holds no features",
		`{"type":"Topology","objects":{"a":` + squares[:40]:                                         "ends early",
		`{"type":"Topology","arcs":[1]}`:                                                            `"arcs" is not a list of lines`,
	} {
		_, err := tryRead("t.json", []byte(text), Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in %s", err, want, text)
		}
	}
}

func TestTopoJSONVertexLimit(t *testing.T) {
	many := strings.TrimSuffix(strings.Repeat("0,", 1000), ",")
	text := `{"type":"Topology","objects":{"a":{"type":"Polygon","arcs":[[` + many + `]]}},` + plainArcs + `}`
	_, err := tryRead("t.json", []byte(text), Options{Limits: Limits{VerticesPerFeature: 500}})
	if err == nil || !strings.Contains(err.Error(), "more than 500 vertices in one feature") {
		t.Errorf("error %v", err)
	}
}
