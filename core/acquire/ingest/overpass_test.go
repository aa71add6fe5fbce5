package ingest

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// testWay is a way of a made-up relation: points as pairs "0,0 1,0".
type testWay struct {
	role string
	pts  []orb.Point
}

func outer(points string) testWay { return testWay{"outer", pointsOf(points)} }
func inner(points string) testWay { return testWay{"inner", pointsOf(points)} }

// pointsOf reads "0,0 1,0"; "-" is a point that is not there.
func pointsOf(text string) []orb.Point {
	var pts []orb.Point
	for _, pair := range strings.Fields(text) {
		p := orb.Point{math.NaN(), math.NaN()}
		if pair != "-" {
			if _, err := fmt.Sscanf(pair, "%f,%f", &p[0], &p[1]); err != nil {
				panic(err)
			}
		}
		pts = append(pts, p)
	}
	return pts
}

// geometryText writes points as Overpass does.
func geometryText(pts []orb.Point) string {
	var list []string
	for _, p := range pts {
		if math.IsNaN(p[0]) {
			list = append(list, "null")
			continue
		}
		list = append(list, fmt.Sprintf(`{ "lat": %.7f, "lon": %.7f }`, p[1], p[0]))
	}
	return "[" + strings.Join(list, ",\n") + "]"
}

// relation writes a relation with the geometry of its ways; more are further
// members.
func relation(id int, tags string, ways []testWay, more ...string) string {
	var members []string
	for i, w := range ways {
		members = append(members, fmt.Sprintf(`{"type":"way","ref":%d,"role":%q,"geometry":%s}`, 100*id+i, w.role, geometryText(w.pts)))
	}
	return fmt.Sprintf(`{"type":"relation","id":%d,"members":[%s],"tags":{%s}}`, id, strings.Join(append(members, more...), ",\n"), tags)
}

const adminTags = `"type":"boundary","boundary":"administrative","admin_level":"4","name":"Unit"`

// answer is an answer of the elements.
func answer(elements ...string) string {
	return `{"version":0.6,"generator":"Overpass API 0.7.62 x","osm3s":{"timestamp_osm_base":"2026-01-02T03:04:05Z","copyright":"©"},"elements":[` +
		strings.Join(elements, ",\n") + "]}"
}

const (
	unitSquare = "0,0 4,0 4,4 0,4 0,0"
	notClosed  = "0,0 4,0 4,4 0,4"
)

// TestOverpassJoins draws the rings that ways make.
func TestOverpassJoins(t *testing.T) {
	tests := []struct {
		name           string
		ways           []testWay
		polygons, hole int
		area           float64
	}{
		{"a closed way", []testWay{outer(unitSquare)}, 1, 0, 16},
		{"no role", []testWay{{"", pointsOf(unitSquare)}}, 1, 0, 16},
		{"old roles", []testWay{{"exclave", pointsOf(unitSquare)}, {"enclave", pointsOf("1,1 2,1 2,2 1,1")}}, 1, 1, 15.5},
		{"two ways", []testWay{outer("0,0 4,0 4,4"), outer("4,4 0,4 0,0")}, 1, 0, 16},
		{"the second against", []testWay{outer("0,0 4,0 4,4"), outer("0,0 0,4 4,4")}, 1, 0, 16},
		{"in any order", []testWay{outer("4,4 4,0"), outer("0,4 0,0"), outer("4,4 0,4"), outer("0,0 4,0")}, 1, 0, 16},
		{"a way listed twice by its points", []testWay{outer("0,0 4,0 4,4 0,4 0,0"), outer("5,0 6,0 6,1 5,0")}, 2, 0, 16.5},
		{"a hole", []testWay{outer(unitSquare), inner("1,1 3,1 3,3"), inner("1,1 1,3 3,3")}, 1, 1, 12},
		{"an island in a hole", []testWay{outer("0,0 9,0 9,9 0,9 0,0"), inner("1,1 8,1 8,8 1,8 1,1"), outer("2,2 7,2 7,7 2,7 2,2"), inner("3,3 4,3 4,4 3,4 3,3")}, 2, 2, 81 - 49 + 25 - 1},
		{"an island that fills its hole", []testWay{outer(unitSquare), inner("1,1 2,1 2,2 1,2 1,1"), outer("1,1 2,1 2,2 1,2 1,1")}, 2, 1, 16},
		{"a hole that touches", []testWay{outer("0,0 4,0 4,4 0,4"), outer("0,4 0,0"), inner("0,0 2,1 1,2 0,0")}, 1, 1, 14.5},
		// Two squares that touch in a corner, where four ways end.
		{"touching outers", []testWay{outer("2,2 0,2 0,0"), outer("0,0 2,0 2,2"), outer("2,2 4,2 4,4"), outer("2,2 2,4 4,4")}, 2, 0, 8},
		{"touching outers, each one way", []testWay{outer("2,2 0,2 0,0 2,0 2,2"), outer("2,2 4,2 4,4 2,4 2,2")}, 2, 0, 8},
		{"touching holes", []testWay{outer("0,0 9,0 9,9 0,9 0,0"), inner("4,4 2,4 2,2"), inner("2,2 4,2 4,4"), inner("4,4 6,4 6,6"), inner("6,6 4,6 4,4")}, 1, 2, 73},
		// Four ways from one point to another: two lenses, not one in another.
		{"joined in two ways", []testWay{outer("0,0 1,3 0,6"), outer("0,0 2,3 0,6"), outer("0,0 -1,3 0,6"), outer("0,0 -2,3 0,6")}, 2, 0, 6},
		// A ring that touches itself from inside: a hole, though its ways are outer.
		{"pinched", []testWay{outer("0,0 8,0 8,8 0,8 0,0"), outer("9,0 12,0"), outer("12,0 12,8 9,8 9,0")}, 2, 0, 64 + 24},
		{"pinched at ends", []testWay{outer("0,0 8,0"), outer("8,0 8,8 0,8 0,0"), outer("0,0 3,2"), outer("3,2 2,3 0,0")}, 1, 1, 64 - 2.5},
		{"three in one point", []testWay{outer("0,0 2,-1"), outer("2,-1 2,1 0,0"), outer("0,0 -1,2"), outer("-1,2 1,2 0,0"), outer("0,0 -2,1 -2,-1"), outer("-2,-1 0,0")}, 3, 0, 2 + 2 + 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := readText(t, "a.json", answer(relation(7, adminTags, tt.ways)), Options{})
			if len(r.features) != 1 || r.sum.Faults.Total() != 0 {
				t.Fatalf("%d features, faults %s: %s", len(r.features), faultCounts(&r.sum.Faults), firstFault(&r.sum.Faults))
			}
			mp := r.features[0].Geometry
			holes := 0
			for _, p := range mp {
				holes += len(p) - 1
			}
			if got := area(mp); len(mp) != tt.polygons || holes != tt.hole || math.Abs(got-tt.area) > 1e-9 {
				t.Errorf("%d polygons, %d holes, area %v; want %d, %d, %v\n%v", len(mp), holes, got, tt.polygons, tt.hole, tt.area, mp)
			}
		})
	}
}

// TestOverpassIncomplete: what is not whole is left out as a whole, and the
// fault says which relation, where and why.
func TestOverpassIncomplete(t *testing.T) {
	const place = " at 4.000000,4.000000: "
	tests := []struct {
		name string
		text string
		want string
	}{
		{"open", relation(7, adminTags, []testWay{outer("0,0 4,0 4,4")}), " at 0.000000,0.000000: relation 7 (Unit): way 700 ends where no other goes on; the unit is left out"},
		{"open at the end", relation(7, adminTags, []testWay{outer("0,0 4,0 4,4 0,4"), outer("0,0 0,3")}), " at 0.000000,4.000000: relation 7 (Unit): way 700 ends where no other goes on"},
		{"one of two rings", relation(7, adminTags, []testWay{outer(unitSquare), outer("9,9 8,8")}), " at 9.000000,9.000000: relation 7 (Unit): way 701 ends where no other goes on"},
		{"an open hole", relation(7, adminTags, []testWay{outer(unitSquare), inner("1,1 2,2")}), "way 701 ends where no other goes on"},
		{"roles that do not join", relation(7, adminTags, []testWay{outer(notClosed), inner("0,4 0,0")}), "way 700 ends where no other goes on"},
		{"three ends", relation(7, adminTags, []testWay{outer("0,0 4,0 4,4"), outer("4,4 0,4 0,0"), outer("4,4 0,0")}), "way 700 ends where 2 others do"},
		{"no geometry", relation(7, adminTags, []testWay{outer(unitSquare)}, `{"type":"way","ref":5,"role":"outer"}`), " at 0.000000,0.000000: relation 7 (Unit): way 5 of the outline has no geometry here"},
		{"a null point", relation(7, adminTags, []testWay{outer("0,0 4,0 4,4 - 0,0")}), place + "relation 7 (Unit): point 4 of way 700 is not here"},
		{"null points at the beginning", relation(7, adminTags, []testWay{outer("- - 4,4 0,4")}), place + "relation 7 (Unit): point 1 of way 700 is not here"},
		{"only null points", relation(7, adminTags, []testWay{outer("- -")}), "feature 0: relation 7 (Unit): point 1 of way 700 is not here"},
		{"a nested relation", relation(7, adminTags, []testWay{outer(unitSquare)}, `{"type":"relation","ref":5,"role":"inner"}`), "relation 5 is part of the outline, but has no geometry here"},
		{"nothing but parts", relation(7, adminTags, nil, `{"type":"relation","ref":5,"role":"subarea"}`), "relation 7 (Unit): it has no outer way"},
		{"only a hole", relation(7, adminTags, []testWay{inner(unitSquare)}), "it has no outer way"},
		{"along each other", relation(7, adminTags, []testWay{outer("0,0 2,0 2,2 0,3"), outer("0,0 1,0 3,5 0,3"), outer("0,0 -2,0 0,3"), outer("0,0 -3,-3 0,3")}), "run along each other"},
		{"crossing", relation(7, adminTags, []testWay{outer("0,0 5,1 9,0"), outer("0,0 5,-1 9,0"), outer("0,0 5,2 8,2 8,-2 9,0"), outer("0,0 5,3 9,0")}), "enclose no area"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			whole := relation(8, adminTags, []testWay{outer(unitSquare)})
			r := readText(t, "a.json", answer(whole, tt.text, whole), Options{})
			faults := r.sum.Faults.Examples(feature.FaultIncomplete)
			if len(faults) != 1 || r.sum.Faults.Total() != 1 || len(r.features) != 2 || r.sum.Features != 3 {
				t.Fatalf("%d features of %d, faults %s", len(r.features), r.sum.Features, faultCounts(&r.sum.Faults))
			}
			if got := faults[0].String(); !strings.Contains(strings.ReplaceAll(got, "feature 1", "feature 0"), tt.want) || faults[0].Feature != 1 {
				t.Errorf("fault %q, want %q", got, tt.want)
			}
			if r.features[0].Index+r.features[1].Index != 2 {
				t.Errorf("indexes %d and %d", r.features[0].Index, r.features[1].Index)
			}
		})
	}
}

// TestOverpassSurvived: faults that leave the unit.
func TestOverpassSurvived(t *testing.T) {
	tests := []struct {
		name string
		ways []testWay
		more string
		want string
	}{
		{"a hole in none", []testWay{outer(unitSquare), inner("8,8 9,8 9,9 8,8")}, "", "winding layer a feature 0 at 8.000000,8.000000: a hole in no outer ring; left out"},
		{"an unknown role", []testWay{outer(unitSquare), {"wall", pointsOf("0,0 9,9")}}, "", "way 701 has a role that is no part of an outline; left out"},
		{"a way twice", []testWay{outer(unitSquare)}, `{"type":"way","ref":700,"role":"outer","geometry":` + geometryText(pointsOf(unitSquare)) + `}`, "a way that is listed twice; used once"},
		{"a point for a way", []testWay{outer(unitSquare), outer("2,2")}, "", "degenerate-ring"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var more []string
			if tt.more != "" {
				more = append(more, tt.more)
			}
			r := readText(t, "a.json", answer(relation(7, adminTags, tt.ways, more...)), Options{})
			if len(r.features) != 1 || area(r.features[0].Geometry) != 16 || r.sum.Faults.Total() != 1 || !strings.Contains(firstFault(&r.sum.Faults), tt.want) {
				t.Errorf("%d features, fault %s, want %q", len(r.features), firstFault(&r.sum.Faults), tt.want)
			}
		})
	}
}

// TestOverpassAttributes: tags in their order, as text, and what the element is.
func TestOverpassAttributes(t *testing.T) {
	text := answer(
		`{"type":"node","id":1,"lat":1,"lon":2,"tags":{"name":"a place"}}`,
		relation(912998, `"name":"河北省","admin_level":4,"type":"boundary","@id":"x","odd":null`, []testWay{outer(unitSquare)},
			`{"type":"node","ref":2,"role":"admin_centre","lat":1,"lon":1}`, `{"type":"relation","ref":3,"role":"subarea"}`))
	r := readText(t, "a.json", text, Options{})
	got := fmt.Sprint(r.features[0].ID, r.features[0].Attrs)
	if want := "912998 [{name 河北省} {admin_level 4} {type boundary} {@id relation/912998} {@osm_base 2026-01-02T03:04:05Z}]"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if v, _ := r.features[0].Attr("admin_level"); v.Kind() != feature.String {
		t.Errorf("admin_level is a %v", v.Kind())
	}
	if r.sum.Format != "Overpass" || r.sum.Features != 1 || r.sum.Faults.Count(feature.FaultAttribute) != 1 {
		t.Errorf("%+v", r.sum)
	}
	r = readText(t, "a.json", text, Options{Attributes: []string{"name"}})
	if got := fmt.Sprint(r.features[0].Attrs); got != "[{name 河北省}]" {
		t.Errorf("only the name: %s", got)
	}
}

// TestOverpassRemark: a remark of an error means that the answer is not whole,
// wherever it stands; any other is told.
func TestOverpassRemark(t *testing.T) {
	whole := relation(8, adminTags, []testWay{outer(unitSquare)})
	remark := func(text string) string { return strings.TrimSuffix(answer(whole), "}") + `,"remark":"` + text + `"}` }
	for _, text := range []string{
		remark(`runtime error: Query timed out in \"query\" at line 4 after 2 seconds.`),
		remark(`runtime error: Query run out of memory using about 2048 MB of RAM.`),
		`{"remark":"runtime error: x","elements":[` + whole + `]}`,
	} {
		if _, err := tryRead("a.json", []byte(text), Options{}); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "the Overpass server broke off (runtime error: ") {
			t.Errorf("error %v", err)
		}
	}
	r := readText(t, "a.json", remark("runtime remark: hello"), Options{})
	if len(r.features) != 1 || r.sum.Remark != "runtime remark: hello" {
		t.Errorf("%+v", r.sum)
	}
}

// TestOverpassForms: other queries' answers.
func TestOverpassForms(t *testing.T) {
	square := []testWay{outer(unitSquare)}
	tests := []struct {
		name, text string
		features   int
		faults     string
	}{
		{"GeoJSON with members of these names", `{"type":"FeatureCollection","elements":7,"remark":"runtime error","osm3s":[],"features":[` + feat(`{}`) + `]}`, 1, ""},
		{"a route", answer(relation(1, `"type":"route"`, square), relation(2, adminTags, square)), 1, "not-polygon 1"},
		{"without a type, but a border", answer(relation(2, `"boundary":"administrative"`, square)), 1, ""},
		{"a multipolygon", answer(relation(2, `"type":"multipolygon"`, square)), 1, ""},
		{"compact and members first", `{"elements":[{"members":[{"geometry":[{"lon":0,"lat":0},{"lon":4,"lat":0},{"lat":4e0,"lon":4},{"lat":0,"lon":0,"x":[1]}],"role":"outer","ref":1,"type":"way"}],"id":5,"tags":{"type":"boundary"},"type":"relation"}]}`, 1, ""},
		{"counts and areas", answer(`{"type":"count","id":0,"tags":{"nodes":"1"}}`, `{"type":"area","id":3600062396}`, relation(2, adminTags, square)), 1, ""},
		{"ways with geometry apart", answer(`{"type":"relation","id":1,"tags":{"type":"boundary"},"members":[{"type":"way","ref":5,"role":"outer"}]}`, `{"type":"way","id":5,"nodes":[1,2,3,1],"geometry":`+geometryText(pointsOf(unitSquare))+`}`), 1, ""},
		{"a way apart that is cut off", answer(`{"type":"relation","id":1,"tags":{"type":"boundary"},"members":[{"type":"way","ref":5,"role":"outer"}]}`, relation(2, adminTags, square), `{"type":"way","id":5,"geometry":[null,{"lat":1,"lon":1}]}`), 1, "incomplete-relation 1"},
		{"a node that is missing", answer(`{"type":"relation","id":1,"tags":{"type":"boundary"},"members":[{"type":"way","ref":5,"role":"outer"}]}`, relation(2, adminTags, square), `{"type":"way","id":5,"nodes":[1,2,3,1]}`, `{"type":"node","id":1,"lat":1,"lon":1}`), 1, "incomplete-relation 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := readText(t, "a.json", tt.text, Options{})
			if len(r.features) != tt.features || faultCounts(&r.sum.Faults) != tt.faults {
				t.Errorf("%d features, faults %s (%s)", len(r.features), faultCounts(&r.sum.Faults), firstFault(&r.sum.Faults))
			}
		})
	}
}
