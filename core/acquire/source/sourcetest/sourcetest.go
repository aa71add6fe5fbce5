// Package sourcetest is the suite that every provider of source passes: what
// it says of itself, what it offers, what it plans to download, and the units
// that it makes of what came. It asks no network.
package sourcetest

import (
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// Case is a provider on trial.
type Case struct {
	Provider source.Provider
	World    *admin.Table
	// Hosts are those that the provider says its addresses are at. They may begin
	// with "*." as in fetch.Options.
	Hosts []string
	// Samples are downloads, as read, that Normalise is tried on.
	Samples []Sample
	// Golden names the file that holds the codes of the samples' units; "": none.
	// Update writes it anew.
	Golden string
	Update bool
}

// Sample is a download of the provider, as the ingest read it.
type Sample struct {
	Name     string // in the golden file and in failures
	Variant  shape.Variant
	Cells    []source.Cell // the request is what Plan says of these; one only
	Layer    string
	Features []feature.Feature
	Units    int // of them that are units; -1: all
}

// Run tries the provider.
func Run(t *testing.T, c Case) {
	t.Run("about", func(t *testing.T) { testAbout(t, c) })
	t.Run("offers", func(t *testing.T) { testOffers(t, c) })
	t.Run("plan", func(t *testing.T) { testPlan(t, c) })
	t.Run("plan of some", func(t *testing.T) { testPlanOfSome(t, c) })
	t.Run("refusals", func(t *testing.T) { testRefusals(t, c) })
	t.Run("at once", func(t *testing.T) { testAtOnce(t, c) })
	t.Run("units", func(t *testing.T) { testUnits(t, c) })
	t.Run("nasty features", func(t *testing.T) { testNasty(t, c) })
	if c.Golden != "" {
		t.Run("golden", func(t *testing.T) { testGolden(t, c) })
	}
}

// variants are the default, each value of each choice, and the defaults
// spelled out.
func variants(p source.Provider) []shape.Variant {
	out := []shape.Variant{{}}
	var spelled shape.Variant
	for _, choice := range p.About().Choices {
		spelled.Set(choice.Key, choice.Default)
		for _, v := range choice.Values {
			var one shape.Variant
			one.Set(choice.Key, v.Value)
			out = append(out, one)
		}
	}
	return append(out, spelled)
}

func cellsOf(offers []source.Offer) []source.Cell {
	cells := make([]source.Cell, len(offers))
	for i, o := range offers {
		cells[i] = o.Cell
	}
	return cells
}

func compareCells(a, b source.Cell) int {
	switch {
	case a.Country < b.Country:
		return -1
	case a.Country > b.Country:
		return 1
	}
	return int(a.Level) - int(b.Level)
}
