package preview

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

// compareGolden compares with testdata/name.png. Pixels may differ by what
// another machine's rounding does to an edge, and no more.
func compareGolden(t *testing.T, name string, got *image.RGBA) {
	t.Helper()
	path := filepath.Join("testdata", name+".png")
	if *update {
		var b bytes.Buffer
		if err := png.Encode(&b, got); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test -update writes it", err)
	}
	want, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if want.Bounds() != got.Bounds() {
		t.Fatalf("size %v, want %v", got.Bounds(), want.Bounds())
	}
	const step, few = 3, 20
	off := 0
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			if differ(got.At(x, y), want.At(x, y)) > step {
				off++
			}
		}
	}
	if off > few {
		t.Errorf("%d pixels differ from %s; look at both, and go test -update if the new one is right", off, path)
	}
}

func differ(a, b color.Color) int {
	ar, ag, ab, aa := a.RGBA()
	br, bg, bb, ba := b.RGBA()
	d := 0
	for _, p := range [][2]uint32{{ar, br}, {ag, bg}, {ab, bb}, {aa, ba}} {
		d = max(d, int(p[0]>>8)-int(p[1]>>8), int(p[1]>>8)-int(p[0]>>8))
	}
	return d
}

func TestPictureGoldens(t *testing.T) {
	s := scene(t, twoCountries())
	compareGolden(t, "light", Picture(s, tile.ID{}, 256, 1, Light()))
	compareGolden(t, "dark", Picture(s, tile.ID{}, 256, 1, Dark()))
	compareGolden(t, "enlarged", Picture(s, tile.ID{Z: 2, X: 2, Y: 1}, 256, 2, Light()))
}

// Of a country that has only provinces these are the land, whatever lies beside
// it in the tile; units of layers that do not tell their level all are.
func TestGroundByCountry(t *testing.T) {
	s := &Scene{Units: []Unit{
		{named: true, Level: 0, country: "CMR"},
		{named: true, Level: 1, country: "CMR"},
		{named: true, Level: 1, country: "GHA"},
		{named: true, Level: 2, country: "GHA"},
		{Level: 3, country: "GHA"},
	}}
	var levels []int
	for _, u := range groundUnits(s) {
		levels = append(levels, u.Level)
	}
	if !slices.Equal(levels, []int{0, 1, 3}) {
		t.Errorf("the land is of levels %v", levels)
	}
}

// Provinces in a tile of nothing else have weaker borders than the countries that
// other tiles of the source have.
func TestBordersGoByTheSource(t *testing.T) {
	data := makeTile(layer{"adm1", []unit{
		{id: 11, attrs: map[string]string{"name": "Upper", "adm0_a3": "AAA"}, rings: [][]mvt.Coord{square(500, 500, 2000, 2000)}},
	}})
	if top := scene(t, data).Top; top != 1 {
		t.Errorf("of a tile alone: top %d", top)
	}
	for _, c := range []struct {
		layers []string
		top    int
	}{{[]string{"adm1"}, 1}, {[]string{"adm1", "adm0"}, 0}, {[]string{"towns"}, 1}, {nil, 1}} {
		src := oneTile(data)
		src.meta.Layers = nil
		for _, l := range c.layers {
			src.meta.Layers = append(src.meta.Layers, tileset.VectorLayer{ID: l})
		}
		s, err := NewMap(src).Scene(t.Context(), tile.ID{})
		if err != nil || s.Top != c.top {
			t.Errorf("layers %v: top %d, want %d, %v", c.layers, s.Top, c.top, err)
		}
	}
}

func TestGroundColours(t *testing.T) {
	st := Light()
	img := Picture(scene(t, twoCountries()), tile.ID{}, 512, 1, st)
	at := func(x, y int) color.RGBA { return img.RGBAAt(x, y) }
	if at(10, 10) != st.Water {
		t.Errorf("the sea is %v", at(10, 10))
	}
	if at(150, 150) != st.fill("AAA") || at(420, 400) != st.fill("BBB") {
		t.Errorf("countries are %v and %v", at(150, 150), at(420, 400))
	}
	if at(350, 200) != st.Water {
		t.Errorf("the lake is %v", at(350, 200))
	}
	for _, p := range []image.Point{{0, 0}, {150, 150}, {250, 200}} {
		if at(p.X, p.Y).A != 0xff {
			t.Errorf("the picture is not opaque at %v", p)
		}
	}
}

// Where two countries meet, the water below must not shine through.
func TestNoSeamBetweenCountries(t *testing.T) {
	st := Light()
	st.Borders, st.Coast = []Stroke{{}}, Stroke{}
	st.Pastels = nil
	s := scene(t, makeTile(layer{"adm0", []unit{
		{id: 1, rings: [][]mvt.Coord{{{X: 0, Y: 0}, {X: 2001, Y: 0}, {X: 1777, Y: 4096}, {X: 0, Y: 4096}}}},
		{id: 2, rings: [][]mvt.Coord{{{X: 2001, Y: 0}, {X: 4096, Y: 0}, {X: 4096, Y: 4096}, {X: 1777, Y: 4096}}}},
	}}))
	img := Picture(s, tile.ID{}, 256, 1, st)
	for y := range 256 {
		for x := range 256 {
			if differ(img.At(x, y), st.Land) > 1 {
				t.Fatalf("a seam at %d, %d: %v", x, y, img.At(x, y))
			}
		}
	}
}

// Far coordinates and deep zooms must neither crash nor draw what is not there.
func TestCoordinatesAreBounded(t *testing.T) {
	const far = 1 << 28
	s := scene(t, makeTile(layer{"adm0", []unit{
		{id: 1, rings: [][]mvt.Coord{square(-far, -far, far, far)}},
	}}))
	for _, id := range []tile.ID{{}, {Z: 20, X: 1 << 19, Y: 1 << 19}} {
		st := Light()
		img := Picture(s, id, 256, 1, st)
		if img.RGBAAt(128, 128) != st.Land {
			t.Errorf("%v: the middle is %v", id, img.RGBAAt(128, 128))
		}
	}
}

func FuzzScene(f *testing.F) {
	f.Add(twoCountries(), uint32(0))
	f.Add(makeTile(layer{"x", []unit{{rings: [][]mvt.Coord{square(-5, -5, 5000, 5000)}}}}), uint32(77))
	f.Add([]byte("not a tile"), uint32(3))
	f.Fuzz(func(t *testing.T, data []byte, where uint32) {
		id := tile.ID{Z: uint8(where % 5)}
		id.X, id.Y = where&(1<<id.Z-1), where>>8&(1<<id.Z-1)
		s, err := NewScene(id, data)
		if err != nil {
			return
		}
		img := Picture(s, tile.ID{Z: id.Z + 1, X: 2 * id.X, Y: 2 * id.Y}, 64, 1, Light())
		for i := 3; i < len(img.Pix); i += 4 {
			if img.Pix[i] != 0xff {
				t.Fatal("the picture is not opaque")
			}
		}
		s.Pick(float64(where%4096), 2000)
	})
}

func TestNewSceneTellsWhatIsWrong(t *testing.T) {
	if s, err := NewScene(tile.ID{}, nil); err != nil || len(s.Units) != 0 {
		t.Errorf("no bytes give %v, %v", s, err)
	}
	_, err := NewScene(tile.ID{Z: 5, X: 3, Y: 9}, []byte{0x1f, 0x8b, 0, 0})
	if err == nil || !bytes.Contains([]byte(err.Error()), []byte("5/3/9")) {
		t.Errorf("damaged gzip gives %v", err)
	}
}

func TestOtherExtentsAreBroughtToOurs(t *testing.T) {
	l := mvt.Layer{Extent: 512, Features: []mvt.Feature{{Type: mvt.Polygon, Parts: [][]mvt.Coord{square(0, 0, 512, 256)}}}}
	normalise(&l)
	if got := l.Features[0].Parts[0][2]; got != (mvt.Coord{X: tile.Extent, Y: tile.Extent / 2}) {
		t.Errorf("the corner is at %v", got)
	}
}

func TestLayerLevel(t *testing.T) {
	tests := []struct {
		name  string
		level int
		ok    bool
	}{
		{"adm0", 0, true},
		{"adm1_label", 1, true},
		{"ADM2", 2, true},
		{"ne_10m_admin_1_states", 1, true},
		{"geoBoundaries-JPN-ADM3", 3, true},
		{"boundary", 0, false},
		{"badmouth", 0, false},
		{"", 0, false},
	}
	for _, tt := range tests {
		if level, ok := layerLevel(tt.name); level != tt.level || ok != tt.ok {
			t.Errorf("%q: %d, %v", tt.name, level, ok)
		}
	}
}
