package sourcetest

import (
	"fmt"
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// recorder counts failures instead of failing.
type recorder struct{ failures []string }

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

// flat is a provider that says no more than its name.
type flat struct{}

func (flat) About() source.About { return source.About{Source: shape.GADM} }
func (flat) Offers(shape.Variant) ([]source.Offer, error) {
	return nil, nil
}

func (flat) Plan(shape.Variant, []source.Cell) ([]source.Request, error) {
	return nil, nil
}

func (flat) Normalise(*source.Request, string, *feature.Feature) (source.Unit, bool) {
	return source.Unit{}, false
}

// The suite is worth its name only if it can fail: each check of a unit is tried
// on what it must refuse.
func TestUnitsAreRefused(t *testing.T) {
	world, err := admin.World()
	if err != nil {
		t.Fatal(err)
	}
	c := Case{Provider: flat{}, World: world}
	good := source.Unit{
		Cell: source.Cell{Country: "THA", Level: 1}, Name: "Nan", NameLocal: "น่าน", ISO2: "TH", ISO3: "THA", ISO31662: "TH-55",
		Code: "THA.35_1", Parent: "THA", Adm0A3: "THA", Type: "Changwat", Source: shape.GADM,
	}
	var r recorder
	checkUnit(&r, c, good)
	if len(r.failures) > 0 {
		t.Fatalf("a good unit is refused: %q", r.failures)
	}
	for name, spoil := range map[string]func(*source.Unit){
		"country":       func(u *source.Unit) { u.Country = "ZZZ" },
		"level":         func(u *source.Unit) { u.Level = shape.MaxLevel + 1 },
		"no code":       func(u *source.Unit) { u.Code = "" },
		"source":        func(u *source.Unit) { u.Source = shape.OpenStreetMap },
		"own parent":    func(u *source.Unit) { u.Parent = u.Code },
		"parent of all": func(u *source.Unit) { u.Level = 0 },
		"ISO2":          func(u *source.Unit) { u.ISO2 = "CN-TW" },
		"ISO3":          func(u *source.Unit) { u.ISO3 = "-99" },
		"ISO 3166-2":    func(u *source.Unit) { u.ISO31662 = "XK-X02~" },
		"-99":           func(u *source.Unit) { u.Name = "-99" },
		"NA":            func(u *source.Unit) { u.TypeEn = "NA" },
		"nan":           func(u *source.Unit) { u.NameEn = "nan" },
		"space":         func(u *source.Unit) { u.Name = "Nan " },
		"line":          func(u *source.Unit) { u.Type = "a\nb" },
		"no text":       func(u *source.Unit) { u.NameLocal = "\xff" },
	} {
		u, r := good, recorder{}
		spoil(&u)
		if checkUnit(&r, c, u); len(r.failures) == 0 {
			t.Errorf("%s: %+v passes", name, u)
		}
	}
}

// So is each check of a plan.
func TestPlansAreRefused(t *testing.T) {
	a, b := source.Cell{Country: "JPN"}, source.Cell{Country: "JPN", Level: 1}
	cells := []source.Cell{b, a, b}
	for name, c := range map[string]struct {
		plan []source.Request
		good bool
	}{
		"two files":          {[]source.Request{{URL: "1", Cells: []source.Cell{a}}, {URL: "2", Cells: []source.Cell{b}}}, true},
		"one file":           {[]source.Request{{URL: "1", Cells: []source.Cell{a, b}}}, true},
		"two forms":          {[]source.Request{{URL: "1", Form: "x", Cells: []source.Cell{a}}, {URL: "1", Form: "y", Cells: []source.Cell{b}}}, true},
		"one is missing":     {[]source.Request{{URL: "1", Cells: []source.Cell{a}}}, false},
		"one twice":          {[]source.Request{{URL: "1", Cells: []source.Cell{a, b}}, {URL: "2", Cells: []source.Cell{b}}}, false},
		"one nobody asked":   {[]source.Request{{URL: "1", Cells: []source.Cell{a, b, {Country: "KOR"}}}}, false},
		"the same address":   {[]source.Request{{URL: "1", Cells: []source.Cell{a}}, {URL: "1", Cells: []source.Cell{b}}}, false},
		"cells not in order": {[]source.Request{{URL: "1", Cells: []source.Cell{b, a}}}, false},
		"for no cell":        {[]source.Request{{URL: "1", Cells: []source.Cell{a, b}}, {URL: "2"}}, false},
		"nothing":            {nil, false},
	} {
		var r recorder
		if checkPlan(&r, Case{}, shape.Variant{}, cells, c.plan); (len(r.failures) == 0) != c.good {
			t.Errorf("%s: %q", name, r.failures)
		}
	}
}

func TestHostIn(t *testing.T) {
	for host, want := range map[string]bool{"github.com": true, "raw.example.org": true, "example.org": false, "evilgithub.com": false, "github.com.evil.org": false} {
		if hostIn(host, []string{"github.com", "*.example.org"}) != want {
			t.Errorf("%s: not %v", host, want)
		}
	}
}
