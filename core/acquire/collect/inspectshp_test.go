package collect

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/source"
)

func TestShapefiles(t *testing.T) {
	shp := source.Expect{Format: source.Zip, Member: "ne.shp", Units: 3, Keys: []string{"ADM0_A3"}}
	for name, c := range map[string]struct {
		expect source.Expect
		data   []byte
		want   Reason
	}{
		"shapefile":              {shp, zipped(t, "x/ne.shp", shapes(180, 90), "x/ne.dbf", table(3, "NAME", "ADM0_A3"), "ne.cpg", "UTF-8"), ""},
		"shapefile, no table":    {shp, zipped(t, "ne.shp", shapes(180, 90), "other.dbf", table(3, "ADM0_A3")), Member},
		"shapefile, drift":       {shp, zipped(t, "ne.shp", shapes(180, 90), "ne.dbf", table(3, "NAME")), Drift},
		"shapefile, count":       {shp, zipped(t, "ne.shp", shapes(180, 90), "ne.dbf", table(4, "ADM0_A3")), Units},
		"shapefile, cut table":   {shp, zipped(t, "ne.shp", shapes(180, 90), "ne.dbf", table(3, "NAME", "ADM0_A3")[:60]), Cut},
		"shapefile, swapped":     {shp, zipped(t, "ne.shp", shapes(90, 180), "ne.dbf", table(3, "ADM0_A3")), Foreign},
		"shapefile, metres":      {shp, zipped(t, "ne.shp", shapes(2e7, 2e7), "ne.dbf", table(3, "ADM0_A3")), Foreign},
		"shapefile, nowhere":     {shp, zipped(t, "ne.shp", shapes(math.NaN(), 9), "ne.dbf", table(3, "ADM0_A3")), Foreign},
		"shapefile, other bytes": {shp, zipped(t, "ne.shp", strings.Repeat("x", 200), "ne.dbf", table(3, "ADM0_A3")), Magic},
		"shapefile, cut head":    {shp, zipped(t, "ne.shp", shapes(180, 90)[:99], "ne.dbf", table(3, "ADM0_A3")), Cut},
		"shapefile, cut record":  {shp, zipped(t, "ne.shp", shapes(180, 90)[:130], "ne.dbf", table(3, "ADM0_A3")), Cut},
		"shapefile, cut between": {shp, zipped(t, "ne.shp", shapes(180, 90)[:104], "ne.dbf", table(3, "ADM0_A3")), Cut},
	} {
		err := inspectBytes(t, c.data, c.expect, Limits{})
		if got := reasonOfFlaw(t, err); got != c.want {
			t.Errorf("%s: %q (%v), want %q", name, got, err, c.want)
		}
	}
}

// shapes is a .shp of two records that reaches so far east and north.
func shapes(east, north float64) string {
	le, be := binary.LittleEndian, binary.BigEndian
	out := make([]byte, 36, 200)
	be.PutUint32(out, 9994)
	for _, v := range []float64{0, 0, east, north} {
		out = le.AppendUint64(out, math.Float64bits(v))
	}
	out = append(out, make([]byte, 32)...)
	for i := range uint32(2) {
		out = be.AppendUint32(be.AppendUint32(out, i+1), 20)
		out = append(out, make([]byte, 40)...)
	}
	return string(out)
}
