package engine

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/model/shape"
)

// TestConsentsAddUp: who accepts the licence of another layer has not withdrawn
// what was accepted before.
func TestConsentsAddUp(t *testing.T) {
	e := openFetching(t, newHosts(t))
	layer := func(country string, level uint8) FetchOrder {
		return FetchOrder{Source: shape.GeoBoundaries, Selection: shape.Selection{country: {level}}}
	}
	accept := func(o FetchOrder) *shape.Consent {
		t.Helper()
		terms, err := e.Terms(t.Context(), o.Source, o.Variant, o.Selection)
		if err != nil {
			t.Fatal(err)
		}
		c, err := e.Accept(terms)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	all := []FetchOrder{layer("HTI", 1), layer("HTI", 3), layer("CAF", 1)} // ODbL 1.0, CC BY 4.0, CC BY 2.5
	for i, o := range all {
		if names, err := e.Unaccepted(o); err != nil || len(names) == 0 {
			t.Fatalf("%v: %q, %v", o.Selection, names, err)
		}
		accept(o)
		for _, before := range all[:i+1] {
			if names, err := e.Unaccepted(before); err != nil || len(names) > 0 {
				t.Errorf("%v after %v: %q, %v", before.Selection, o.Selection, names, err)
			}
		}
	}
	once := accept(all[2]).Text
	if again := accept(all[2]).Text; again != once || strings.Count(once, "(by "+UserName()) != 2 {
		t.Errorf("%q, and then %q", once, again)
	}
}

// TestLicenceThatHasChanged: what was accepted is the licence of the table. Where
// the API tells of another, the layer is not asked for.
func TestLicenceThatHasChanged(t *testing.T) {
	h := newHosts(t)
	serveCameroon(t, h)
	const record = "www.geoboundaries.org/api/current/gbOpen/CMR/ADM1/"
	e := openFetching(t, h)
	o := FetchOrder{
		Source: shape.GeoBoundaries, Variant: shape.Variant{Detail: "simplified"}, Selection: shape.Selection{"CMR": {1}},
	}
	terms, err := e.Terms(t.Context(), o.Source, o.Variant, o.Selection)
	if err == nil {
		_, err = e.Accept(terms)
	}
	if err != nil {
		t.Fatal(err)
	}
	was := h.files[record]
	h.files[record] = bytes.ReplaceAll(was, []byte("Creative Commons Attribution 3.0 License"), []byte("UN SALB Data License"))
	if bytes.Equal(was, h.files[record]) {
		t.Fatal("the record has another licence than this test supposes")
	}
	got, err := e.Fetch(t.Context(), o)
	if err != nil || !errors.Is(got[0].Err, ErrConsent) || !strings.Contains(got[0].Err.Error(), "UN SALB") {
		t.Errorf("%+v, %v", got, err)
	}
	if asked := h.requests(); len(asked) != 1 || asked[0] != record {
		t.Errorf("asked for %q", asked)
	}
	// The commands that the sentence names do what they should.
	for _, command := range []string{
		"shapes sources geoboundaries CMR --refresh --variant detail=simplified", "shapes fetch geoboundaries CMR:1 --accept --variant detail=simplified",
	} {
		if !strings.Contains(got[0].Err.Error(), command) {
			t.Errorf("%v does not say %q", got[0].Err, command)
		}
	}
	h.files["www.geoboundaries.org/api/current/gbOpen/ALL/ALL/"] = slices.Concat([]byte("["), h.files[record], []byte("]"))
	if _, err := e.Live(t.Context(), o.Source, o.Variant); err != nil {
		t.Fatal(err)
	}
	terms, err = e.Terms(t.Context(), o.Source, o.Variant, o.Selection)
	if err == nil {
		_, err = e.Accept(terms)
	}
	if err != nil {
		t.Fatal(err)
	}
	if got, err := e.Fetch(t.Context(), o); err != nil || got[0].Err != nil {
		t.Errorf("accepted: %+v, %v", got, err)
	}
}
