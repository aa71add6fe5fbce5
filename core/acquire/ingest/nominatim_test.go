package ingest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// place is a place as Nominatim writes it.
func place(geojson string) string {
	return `{"place_id":251095915,"licence":"Data © OpenStreetMap contributors","osm_type":"relation","osm_id":1997193,"lat":"15.6","lon":"73.9",` +
		`"class":"boundary","type":"administrative","name":"North Goa","boundingbox":["15.4","15.8","73.6","74.2"],"geojson":` + geojson + `}`
}

func TestNominatim(t *testing.T) {
	polygon := place(`{"type":"Polygon","coordinates":` + squareText + `}`)
	point := place(`{"type":"Point","coordinates":[1,2]}`)
	for name, text := range map[string]string{
		"a list":         " [\n " + polygon + "," + point + "]",
		"one":            polygon,
		"packed":         gzipped("[" + polygon + "]"),
		"a list, marked": "\ufeff[" + polygon + "]",
	} {
		t.Run(name, func(t *testing.T) {
			r := readText(t, "a.json", text, Options{})
			got := fmt.Sprint(r.features[0].Attrs)
			want := "[{osm_type relation} {osm_id 1997193} {lat 15.6} {lon 73.9} {class boundary} {type administrative} {name North Goa} {@id relation/1997193}]"
			if len(r.features) != 1 || got != want || area(r.features[0].Geometry) != 1 || r.sum.Format != "Nominatim" {
				t.Errorf("%s: %s\nwant %s", r.sum.Format, got, want)
			}
		})
	}
	if _, err := tryRead("a.json", []byte("["+point+"]"), Options{}); !errors.Is(err, ErrNoFeatures) || !strings.Contains(err.Error(), "not-polygon 1") {
		t.Errorf("only a point: %v", err)
	}
	if _, err := tryRead("a.json", []byte("["+polygon), Options{}); !errors.Is(err, ErrDamaged) {
		t.Errorf("cut short: %v", err)
	}
	r := readText(t, "a.json", "["+polygon+"]", Options{Attributes: []string{"@id"}})
	if got := fmt.Sprint(r.features[0].Attrs); got != "[{@id relation/1997193}]" {
		t.Errorf("only the id: %s", got)
	}
}

// The polygon server of OpenStreetMap France gives a bare geometry; before it
// has made one, the word None (see TestBadInput).
func TestPolygonServer(t *testing.T) {
	r := readText(t, "r62396.json", `{"type":"GeometryCollection","geometries":[{"type":"MultiPolygon","coordinates":[`+squareText+`]}]}`, Options{})
	if len(r.features) != 1 || area(r.features[0].Geometry) != 1 {
		t.Errorf("%v", r.features)
	}
}

func TestNominatimSamples(t *testing.T) {
	for _, name := range []string{"2799da9930fa7e98c39d74ad22c6a165c9fa5a03", "accb97d322986c7df176d62066b42b321c65fbc2"} {
		path := shared(t, "sources", "osm", "nominatim-search-"+name+".json")
		r, err := readPath(path, Options{})
		if err != nil || len(r.features) == 0 {
			t.Fatalf("%d features, %v", len(r.features), err)
		}
		checkGeometry(t, r.features[0].Geometry)
	}
}
