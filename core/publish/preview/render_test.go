package preview

import (
	"context"
	"errors"
	"image"
	"math"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/tile"
)

func testStyle(t testing.TB) Style {
	st := Light()
	st.Fonts = testFonts(t)
	return st
}

func TestRenderMapGolden(t *testing.T) {
	v := Viewport{Zoom: -0.3, Width: 420, Height: 300, Scale: 1}
	st := testStyle(t)
	st.Language = Japanese
	img, err := RenderMap(context.Background(), oneTile(twoCountries()), v, st)
	if err != nil {
		t.Fatal(err)
	}
	compareGolden(t, "map", img)
}

func TestRenderMapHasTheSizeInPixels(t *testing.T) {
	for _, scale := range []float64{0, 1, 1.5, 2} {
		v := Viewport{Zoom: 1, Width: 300, Height: 200, Scale: scale}
		img, err := RenderMap(context.Background(), oneTile(twoCountries()), v, testStyle(t))
		if err != nil {
			t.Fatal(err)
		}
		k := max(scale, 1)
		if img.Rect.Dx() != int(300*k) || img.Rect.Dy() != int(200*k) {
			t.Errorf("at scale %v: %v", scale, img.Rect)
		}
	}
}

func TestRenderMapShowsTheAttribution(t *testing.T) {
	v := Viewport{Zoom: 1, Width: 500, Height: 300}
	src := oneTile(nil)
	with, err := RenderMap(context.Background(), src, v, testStyle(t))
	if err != nil {
		t.Fatal(err)
	}
	src.meta.Attribution = ""
	without, err := RenderMap(context.Background(), src, v, testStyle(t))
	if err != nil {
		t.Fatal(err)
	}
	changed := image.Rectangle{}
	for y := range 300 {
		for x := range 500 {
			if with.At(x, y) != without.At(x, y) {
				changed = changed.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	if changed.Empty() || changed.Min.X < 250 || changed.Min.Y < 250 {
		t.Errorf("the attribution is written at %v", changed)
	}
}

func TestRenderMapRefuses(t *testing.T) {
	src := oneTile(twoCountries())
	for _, v := range []Viewport{{}, {Width: 1e6, Height: 1e6}, {Width: -5, Height: 10}, {Width: math.NaN(), Height: 10}} {
		if img, err := RenderMap(context.Background(), src, v, testStyle(t)); err == nil || img != nil {
			t.Errorf("%+v is rendered", v)
		}
	}
	if _, err := RenderMap(context.Background(), src, Viewport{Width: 10, Height: 10}, Light()); !errors.Is(err, ErrNoFonts) {
		t.Errorf("without fonts: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := RenderMap(ctx, src, Viewport{Width: 10, Height: 10}, testStyle(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// A tile that cannot be read costs its place on the map and nothing else.
func TestRenderMapDrawsAroundABadTile(t *testing.T) {
	src := endless(tile.ID{Z: 2, X: 1, Y: 1})
	v := Viewport{Zoom: 2, Width: 900, Height: 900}.Clamp()
	st := testStyle(t)
	img, err := RenderMap(context.Background(), src, v, st)
	if err == nil || !strings.Contains(err.Error(), "2/1/1") {
		t.Errorf("the error does not name the tile: %v", err)
	}
	if img == nil {
		t.Fatal("there is no map")
	}
	if img.RGBAAt(603, 603) == st.Water {
		t.Error("the sound tiles are not drawn")
	}
}

func TestOverlayMarksUnits(t *testing.T) {
	m := NewMap(oneTile(twoCountries()))
	v := Viewport{Zoom: 0, Width: 512, Height: 512}.Clamp()
	o, st := NewOverlay(m), Light()
	draw := func(marked Marked) *image.RGBA {
		img := image.NewRGBA(image.Rect(0, 0, 512, 512))
		if err := o.Draw(context.Background(), img, v, st, marked); err != nil {
			t.Fatal(err)
		}
		return img
	}
	if draw(Marked{}).RGBAAt(120, 120).A != 0 {
		t.Error("something is marked")
	}
	hover := draw(Marked{Hover: Key{Layer: "adm1", ID: 11}})
	if hover.RGBAAt(120, 120) != st.Hover || hover.RGBAAt(120, 400).A != 0 {
		t.Errorf("hover marks %v and %v", hover.RGBAAt(120, 120), hover.RGBAAt(120, 400))
	}
	selected := draw(Marked{Selected: Key{Layer: "adm0", ID: 2}})
	if selected.RGBAAt(400, 400).A == 0 || selected.RGBAAt(120, 120).A != 0 {
		t.Error("the wrong country is selected")
	}
}

// A tileset without a layer of labels gets them from its units.
func TestLabelsAreFoundFromUnits(t *testing.T) {
	src := oneTile(twoCountries())
	src.meta.Layers = src.meta.Layers[:2]
	m := NewMap(src)
	marks, err := m.labelMarks(context.Background(), nil)
	if err != nil || len(marks) != 2 {
		t.Fatalf("%v, %v", marks, err)
	}
	s := scene(t, twoCountries())
	for _, mk := range marks {
		hit := s.Pick(mk.at.x*tile.Extent, mk.at.y*tile.Extent)
		if len(hit) == 0 || hit[len(hit)-1].ID != mk.label.ID {
			t.Errorf("the label of %d lies at %v", mk.label.ID, mk.at)
		}
	}
	if marks[0].label.ID != 2 {
		t.Error("the largest does not come first")
	}
}

func TestPlainText(t *testing.T) {
	for in, want := range map[string]string{
		`&copy; <a href="https://x.org">A &amp; B</a>`: "© A & B",
		"  plain\n text ":           "plain text",
		"1 &lt; 2":                  "1 < 2",
		"<script>alert(1)</script>": "alert(1)",
		"a > b":                     "a > b",
		"":                          "",
	} {
		if got := PlainText(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestCountryColours(t *testing.T) {
	for _, pair := range [][2]string{{"FRA", "DEU"}, {"DEU", "POL"}, {"USA", "CAN"}, {"IND", "PAK"}, {"CHN", "RUS"}, {"ESP", "PRT"}, {"ARG", "CHL"}} {
		if countryColor(pair[0]) == countryColor(pair[1]) {
			t.Errorf("%s and %s share a colour", pair[0], pair[1])
		}
	}
	for _, code := range []string{"", "X", "ZZZ", "a longer code"} {
		if c := countryColor(code); c < 0 || c > 6 {
			t.Errorf("%q: %d", code, c)
		}
	}
	if got := newUnit("l", 0, featureOf(named("ISO_A3", "-99", "ADM0_A3", "NOR"))).country; got != "NOR" {
		t.Errorf("country %q", got)
	}
}

func featureOf(attrs []feature.Attr) mvt.Feature { return mvt.Feature{Attrs: attrs} }
