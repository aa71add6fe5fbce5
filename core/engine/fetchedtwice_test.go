package engine

import (
	"fmt"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// TestUnitThatIsThereTwice: a code of which a layer has two units is told, and
// both are drawn.
func TestUnitThatIsThereTwice(t *testing.T) {
	h := newHosts(t)
	unit := func(code string, x float64) string {
		return square(fmt.Sprintf(`"GID_0":"BEL","COUNTRY":"Belgium","GID_1":%q,"NAME_1":%q`, code, code), x, 50, 1)
	}
	h.files[gadmFolder+"gadm41_BEL_1.json"] = []byte(`{"type":"FeatureCollection","features":[` +
		strings.Join([]string{unit("BEL.1_1", 3), unit("BEL.2_1", 4), unit("BEL.1_1", 5)}, ",") + `]}`)
	e := openFetching(t, h)
	_, s := runFetched(t, e, NewShape{Name: "Belgium", Source: shape.GADM, Selection: shape.Selection{"BEL": {1}}})
	if s.Status != completed || s.Features != 3 || s.Drawn != 3 {
		t.Fatalf("%s %s: %d features, %d drawn", s.Status, s.Reason, s.Features, s.Drawn)
	}
	if n := s.Faults[string(feature.FaultDuplicateID)]; n != 1 {
		t.Errorf("told %d times: %v %q", n, s.Faults, s.Samples)
	}
}
