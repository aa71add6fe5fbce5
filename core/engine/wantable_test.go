package engine

import (
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

// A variant that the source does not have is never passed over, and the message
// is about the variant.
func TestAVariantThatTheSourceDoesNotHave(t *testing.T) {
	e := openEngine(t, t.TempDir())
	for source, want := range map[shape.Source]string{
		shape.Sample:       "only a source that is fetched has variants",
		shape.NaturalEarth: "there is scale, worldview",
	} {
		ed, err := e.New(t.Context(), tree.Root, NewShape{Name: "x", Source: source, Variant: shape.Variant{Release: "gbOpen"}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = e.Finish(t.Context(), ed.Node)
		fields := shape.InvalidFields(err)
		if len(fields) != 1 || fields[0].Field != "variant" || fields[0].Step != shape.StepSource || fields[0].Value != "" ||
			!strings.Contains(fields[0].Why, want) {
			t.Errorf("%s: %v", source, err)
		}
	}
}
