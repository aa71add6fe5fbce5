package preview

import (
	"image"
	"image/color"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"pgregory.net/rapid"
)

func named(names ...string) []feature.Attr {
	var attrs []feature.Attr
	for i := 0; i < len(names); i += 2 {
		attrs = append(attrs, feature.Attr{Key: names[i], Value: feature.StringValue(names[i+1])})
	}
	return attrs
}

func TestName(t *testing.T) {
	full := named("name", "Deutschland?", "name_en", "Germany", "name_ja", "ドイツ", "name_local", "Deutschland")
	tests := []struct {
		attrs []feature.Attr
		lang  Language
		want  string
	}{
		{full, English, "Germany"},
		{full, Japanese, "ドイツ"},
		{full, Local, "Deutschland"},
		{named("name", "Only"), Japanese, "Only"},
		{named("name_ja", "-99", "name_en", "E"), Japanese, "E"},
		{named("shapeName", "Shape"), Local, "Shape"},
		{nil, English, ""},
	}
	for _, tt := range tests {
		if got := Name(tt.attrs, tt.lang); got != tt.want {
			t.Errorf("%v in %s: %q, want %q", tt.attrs, tt.lang, got, tt.want)
		}
	}
}

// A label is drawn where there is room, and never over another.
func TestLabelsDoNotOverlap(t *testing.T) {
	fonts := testFonts(t)
	lab := newLabeler(fonts)
	st := Light()
	st.Label.Color, st.Label.Halo = color.RGBA{0, 0, 0, 0xff}, color.RGBA{}
	rapid.Check(t, func(t *rapid.T) {
		v := Viewport{Zoom: 3, Width: 400, Height: 300}.Clamp()
		var marks []mark
		for range rapid.IntRange(2, 30).Draw(t, "labels") {
			text := rapid.SampledFrom([]string{"Aland", "Long Name of a Country", "日本", "مصر"}).Draw(t, "text")
			at := v.world(rapid.Float64Range(-20, 420).Draw(t, "x"), rapid.Float64Range(-20, 320).Draw(t, "y"))
			marks = append(marks, mark{label: Label{Rank: rapid.IntRange(1, 4).Draw(t, "rank"), Attrs: named("name", text)}, at: at})
		}
		var taken []image.Rectangle
		for _, c := range lab.place(image.Rect(0, 0, 400, 300), v, marks, st) {
			if overlapsAny(c.area, taken) {
				t.Fatalf("%q lies over another label", c.text)
			}
			if !c.area.In(image.Rect(0, 0, 400, 300)) {
				t.Fatalf("%q is cut by the edge", c.text)
			}
			taken = append(taken, c.area)
		}
	})
}

func TestTheMoreImportantLabelWins(t *testing.T) {
	lab := newLabeler(testFonts(t))
	v := Viewport{Zoom: 3, Width: 400, Height: 300}.Clamp()
	at := v.world(200, 150)
	marks := []mark{
		{label: Label{Rank: 4, Attrs: named("name", "Small")}, at: at},
		{label: Label{Rank: 1, Attrs: named("name", "Great")}, at: at},
		{label: Label{Rank: 1, Attrs: named("name", "Greater")}, at: at, area: 5},
	}
	got := lab.place(image.Rect(0, 0, 400, 300), v, marks, Light())
	if len(got) != 1 || got[0].text != "Greater" {
		t.Errorf("placed %v", got)
	}
}

// Every script that the sample's names are written in has outlines, and those
// that join their letters or stack them are shaped: fewer paths than letters
// set one by one, or wider ones.
func TestScriptsAreSet(t *testing.T) {
	set := newSetter(testFonts(t))
	missing, _ := set.faces[0].NominalGlyph('\uFFFF')
	for _, text := range []string{
		"Ísland", "Ελλάδα", "Україна", "Հայաստան", "საქართველო", "ישראל", "مصر", "भारत", "বাংলাদেশ",
		"ශ්\u200dරී ලංකා", "ไทย", "ລາວ", "កម្ពុជា", "မြန်မာ", "ኢትዮጵያ", "ދިވެހިރާއްޖެ", "འབྲུག", "日本", "대한민국", "Việt Nam",
	} {
		line := set.set(text, 16)
		if len(line.paths) == 0 || line.width <= 0 || line.ascent <= 0 {
			t.Errorf("%s has no outlines: %d paths, %v wide", text, len(line.paths), line.width)
		}
		for _, r := range text {
			if r == ' ' || r == '\u200d' {
				continue
			}
			if g, ok := set.ResolveFace(r).NominalGlyph(r); !ok || g == missing {
				t.Errorf("%s: no font has %q", text, r)
			}
		}
	}
	joined, apart := set.set("مصر", 16).width, set.set("م", 16).width+set.set("ص", 16).width+set.set("ر", 16).width
	if joined >= apart {
		t.Errorf("Arabic letters are not joined: %v wide, apart %v", joined, apart)
	}
}

// A line that begins with Arabic runs from right to left as a whole.
func TestMixedDirections(t *testing.T) {
	set := newSetter(testFonts(t))
	a, b := set.set("پاکستان / Pakistan", 20), set.set("Pakistan", 20)
	// The Latin name is the leftmost run: the leftmost outline is its P, as in
	// the line of that name alone.
	left := func(l textLine) float64 {
		x := 1e9
		for _, p := range l.paths {
			x = min(x, boundsOf(p).x0)
		}
		return x
	}
	if d := left(a) - left(b); d > 1 || d < -1 {
		t.Errorf("the line begins at %v, the Latin name at %v", left(a), left(b))
	}
}

func TestNewFontsTellsWhichIsBad(t *testing.T) {
	if _, err := NewFonts(); err == nil {
		t.Error("no fonts are taken")
	}
	if _, err := NewFonts([]byte("junk")); err == nil {
		t.Error("junk is taken for a font")
	}
}

func TestRamp(t *testing.T) {
	r := Ramp{2, 1, 6, 3}
	for zoom, want := range map[float64]float64{0: 1, 2: 1, 4: 2, 6: 3, 9: 3} {
		if got := r.At(zoom); got != want {
			t.Errorf("at %v: %v, want %v", zoom, got, want)
		}
	}
}

func TestLongNamesAreBrokenInTwo(t *testing.T) {
	set := newSetter(testFonts(t))
	for text, broken := range map[string]bool{
		"Democratic Republic of the Congo":   true,
		"Chad":                               false,
		"New Zealand":                        false,
		"Llanfairpwllgwyngyllgogerychwyrndr": false, // no place to break
		"المملكة العربية السعودية الكبيرة": true,
	} {
		one, two := set.set(text, 14), set.setBroken(text, 14)
		if (two.width < one.width-1) != broken {
			t.Errorf("%s: %v wide, in one line %v", text, two.width, one.width)
		}
		if broken && two.ascent+two.depth < one.ascent+one.depth+10 {
			t.Errorf("%s: %v high, in one line %v", text, two.ascent+two.depth, one.ascent+one.depth)
		}
		if len(one.paths) != len(two.paths) && !broken {
			t.Errorf("%s lost outlines", text)
		}
	}
}
