package sourcetest

import (
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// testOffers: in order, each cell once, in range, of known countries, with a
// licence; the same every time; and the caller's own.
func testOffers(t *testing.T, c Case) {
	for _, v := range variants(c.Provider) {
		offers := offersOf(t, c, v)
		if len(offers) == 0 {
			t.Errorf("variant %+v: nothing is offered", v)
			continue
		}
		for i, o := range offers {
			if i > 0 && compareCells(offers[i-1].Cell, o.Cell) >= 0 {
				t.Fatalf("variant %+v: %v comes after %v", v, o.Cell, offers[i-1].Cell)
			}
			testOffer(t, c, o)
		}
		offers[0].Country = "changed by the caller"
		if again := offersOf(t, c, v); again[0].Country == offers[0].Country {
			t.Errorf("variant %+v: the offers are not the caller's own", v)
		}
	}
}

func testOffer(t *testing.T, c Case, o source.Offer) {
	t.Helper()
	if _, known := c.World.Get(o.Country); !known {
		t.Errorf("%v: model/admin does not know the country", o.Cell)
	}
	if o.Level > shape.MaxLevel {
		t.Errorf("%v: the level is above %d", o.Cell, shape.MaxLevel)
	}
	if o.Units < 0 || o.Vertices < 0 || o.Bytes < 0 {
		t.Errorf("%v: negative numbers: %+v", o.Cell, o)
	}
	checkLicense(t, o.Country, o.License)
	checkText(t, o.Country, "title", o.Title)
	checkText(t, o.Country, "vintage", o.Vintage)
	for _, s := range o.Sources {
		checkText(t, o.Country, "source", s)
	}
}

func offersOf(t testing.TB, c Case, v shape.Variant) []source.Offer {
	t.Helper()
	offers, err := c.Provider.Offers(v)
	if err != nil {
		t.Fatalf("offers of %+v: %v", v, err)
	}
	return offers
}

// testAtOnce: many ask at the same time, and all hear the same. It says most
// under the race detector.
func testAtOnce(t *testing.T, c Case) {
	want := offersOf(t, c, shape.Variant{})
	plan, err := c.Provider.Plan(shape.Variant{}, cellsOf(want))
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if got, err := c.Provider.Offers(shape.Variant{}); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("other offers when asked at once (error %v)", err)
			}
			got, err := c.Provider.Plan(shape.Variant{}, cellsOf(want))
			if err != nil || !slices.Equal(addresses(got), addresses(plan)) {
				t.Errorf("another plan when asked at once (error %v)", err)
			}
		})
	}
	all.Wait()
}
