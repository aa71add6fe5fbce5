package ingest

import (
	"fmt"
	"strings"
	"testing"
)

// The real answers come out as the people who mapped them meant.
func TestOverpassSamples(t *testing.T) {
	tests := []struct {
		file            string
		what            string // the feature
		polygons, holes int
		faults          string
		err             string
	}{
		{"hebei", "relation/912998 河北省 4", 4, 4, "", ""},
		// Two enclaves touch in one point, where four borders meet: two holes,
		// where readers that join ways as they come have one that touches itself
		// (and so 20).
		{"osm2geojson-issue-35", "relation/2718379 Baarle-Nassau 10", 9, 21, "", ""},
		{"tokyodo", "relation/1543125 東京都 4", 18, 1, "", ""},
		{"herne", "relation/62396 Herne 6", 1, 0, "", ""},
		{"zhucheng", "relation/3468769 诸城市 (Zhucheng) 6", 1, 0, "", ""},
		{"osm2geojson-relation", "relation/1  ", 1, 1, "", ""},
		{"osm2geojson-issue-16", "", 0, 0, "incomplete-relation 1", "at 13.290657,52.452379: relation 6018664 (Silberlaube): it has no outer way"},
		{"osm2geojson-center-feature", "", 0, 0, "incomplete-relation 1", "at 26.244328,50.610827: relation 448930 (Рівне): way 330047439 of the outline has no geometry here"},
		{"osm2geojson-meta", "", 0, 0, "", "13 nodes and 1 ways, but no relation"},
		{"super-relation-2-levels", "", 0, 0, "not-polygon 6", "none of the 6 features"},
		{"relation-in-relation", "", 0, 0, "not-polygon 2", "none of the 2 features"},
		{"ordered-relation", "", 0, 0, "not-polygon 1", "none of the 1 features"},
		{"overpy-relation-04", "", 0, 0, "not-polygon 1", "none of the 1 features"},
		{"overpy-remark-runtime-error-01", "", 0, 0, "", "broke off (runtime error: Query timed out"},
		{"overpy-remark-runtime-remark-01", "", 0, 0, "", "the server remarks: runtime remark: Test"},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			r, err := readPath(shared(t, "sources", "osm", "overpass-"+tt.file+".json"), Options{})
			if faultCounts(&r.sum.Faults) != tt.faults {
				t.Errorf("faults %s", faultCounts(&r.sum.Faults))
			}
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) || len(r.features) > 0 {
					t.Errorf("%d features, error %v", len(r.features), err)
				}
				return
			}
			if err != nil || len(r.features) != 1 {
				t.Fatalf("%d features, error %v", len(r.features), err)
			}
			f := r.features[0]
			checkGeometry(t, f.Geometry)
			id, _ := f.Attr("@id")
			name, _ := f.Attr("name")
			level, _ := f.Attr("admin_level")
			holes := 0
			for _, p := range f.Geometry {
				holes += len(p) - 1
			}
			if what := fmt.Sprintf("%s %s %s", id, name, level); what != tt.what {
				t.Errorf("%s, want %s", what, tt.what)
			}
			if len(f.Geometry) != tt.polygons || holes != tt.holes {
				t.Errorf("%d polygons with %d holes, want %d with %d", len(f.Geometry), holes, tt.polygons, tt.holes)
			}
		})
	}
}
