package ingest

import (
	"os"
	"testing"
)

// The real answers come out as the people who mapped them meant.
func TestOverpassSamples(t *testing.T) {
	tests := []struct {
		file           string
		relation       string // of the first feature; "": none
		name           string
		features       int
		polygons, hole int
		faults         string
		err            string
	}{
		{"hebei", "relation/912998", "河北省", 1, 4, 4, "", ""},
		{"osm2geojson-issue-35", "relation/2718379", "Baarle-Nassau", 1, 9, 20, "", ""},
		{"tokyodo", "relation/1543125", "東京都", 1, 0, 0, "", ""},
		{"herne", "relation/62396", "Herne", 1, 1, 0, "", ""},
		{"zhucheng", "relation/3468769", "诸城市 (Zhucheng)", 1, 1, 0, "", ""},
		{"osm2geojson-relation", "relation/1", "", 1, 1, 1, "", ""},
		{"osm2geojson-issue-16", "", "", 0, 0, 0, "incomplete-relation 1", "x"},
		{"osm2geojson-center-feature", "", "", 0, 0, 0, "incomplete-relation 1", "x"},
		{"osm2geojson-meta", "", "", 0, 0, 0, "", "x"},
		{"super-relation-2-levels", "", "", 0, 0, 0, "not-polygon 6", "x"},
		{"relation-in-relation", "", "", 0, 0, 0, "not-polygon 2", "x"},
		{"ordered-relation", "", "", 0, 0, 0, "not-polygon 1", "x"},
		{"overpy-relation-04", "", "", 0, 0, 0, "not-polygon 1", "x"},
		{"overpy-remark-runtime-error-01", "", "", 0, 0, 0, "", "x"},
		{"overpy-remark-runtime-remark-01", "", "", 0, 0, 0, "", "x"},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			data, err := os.ReadFile(shared(t, "sources", "osm", "overpass-"+tt.file+".json"))
			if err != nil {
				t.Fatal(err)
			}
			r, err := tryRead("a.json", data, Options{})
			polygons, holes := 0, 0
			for _, f := range r.features {
				for _, p := range f.Geometry {
					polygons++
					holes += len(p) - 1
				}
				checkGeometry(t, f.Geometry)
			}
			t.Log(len(r.features), polygons, holes, faultCounts(&r.sum.Faults), err, r.sum)
		})
	}
}
