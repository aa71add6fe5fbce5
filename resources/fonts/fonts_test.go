package fonts_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"

	"github.com/shapes-desktop/shapes/resources/fonts"
	"github.com/shapes-desktop/shapes/resources/sample"
)

// chain picks the first face that has a character.
type chain []*font.Face

func (c chain) find(r rune) *font.Face {
	for _, face := range c {
		if gid, ok := face.NominalGlyph(r); ok && gid != 0 {
			return face
		}
	}
	return nil
}

func (c chain) ResolveFace(r rune) *font.Face {
	if face := c.find(r); face != nil {
		return face
	}
	return c[0]
}

func parse(t *testing.T, faces ...fonts.Face) chain {
	t.Helper()
	var c chain
	for _, f := range faces {
		face, err := font.ParseTTF(bytes.NewReader(f.Data))
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		c = append(c, face)
	}
	return c
}

// names returns the names of all features of the sample, by code and key.
func names(t *testing.T) map[string]string {
	t.Helper()
	r, err := sample.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var topo struct {
		Objects map[string]struct {
			Geometries []struct{ Properties map[string]any }
		}
	}
	if err := json.NewDecoder(r).Decode(&topo); err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, object := range topo.Objects {
		for _, g := range object.Geometries {
			for key, value := range g.Properties {
				if strings.HasPrefix(key, "name") {
					found[g.Properties["code"].(string)+" "+key] = value.(string)
				}
			}
		}
	}
	return found
}

func TestSizeStaysInBudget(t *testing.T) {
	total := 0
	for _, f := range fonts.Faces() {
		total += len(f.Data)
	}
	if total > 3_500_000 {
		t.Errorf("the fonts take %d bytes, more than 3.5 MB", total)
	}
}

func TestEveryNameIsCovered(t *testing.T) {
	c := parse(t, fonts.Faces()...)
	for where, name := range names(t) {
		for _, r := range name {
			if c.find(r) == nil {
				t.Errorf("%s %q: no face has %q (U+%04X)", where, name, r, r)
			}
		}
	}
}

func TestEveryNameShapes(t *testing.T) {
	c := parse(t, fonts.Faces()...)
	for where, name := range names(t) {
		for _, g := range shape(c, name) {
			if g.GlyphID == 0 {
				t.Errorf("%s %q: a glyph is missing", where, name)
				break
			}
		}
	}
}

func shape(c chain, text string) []shaping.Glyph {
	runes := []rune(text)
	var segmenter shaping.Segmenter
	var shaper shaping.HarfbuzzShaper
	var glyphs []shaping.Glyph
	runs := segmenter.Split(shaping.Input{
		Text: runes, RunEnd: len(runes), Direction: di.DirectionLTR,
		Size: fixed.I(16), Language: language.NewLanguage("en"),
	}, c)
	for _, run := range runs {
		out := shaper.Shape(run)
		glyphs = append(glyphs, out.Glyphs...)
	}
	return glyphs
}

// Shaping must do more than look characters up: Arabic letters join, Indic
// and Khmer letters form clusters, Tibetan letters stack.
func TestComplexScriptsShape(t *testing.T) {
	c := parse(t, fonts.Faces()...)
	for script, text := range map[string]string{
		"Arabic": "مصر", "Devanagari": "श्री", "Bengali": "ক্ষ", "Sinhala": "ශ්\u200dරී",
		"Khmer": "កម្ពុជា", "Myanmar": "မြန်မာ", "Tibetan": "འབྲུག", "Tamil": "கொ",
	} {
		plain := []font.GID{}
		for _, r := range text {
			gid, _ := c.find(r).NominalGlyph(r)
			plain = append(plain, gid)
		}
		shaped := []font.GID{}
		for _, g := range shape(c, text) {
			shaped = append(shaped, g.GlyphID)
		}
		if equal(plain, shaped) {
			t.Errorf("%s: %q comes out letter by letter", script, text)
		}
	}
}

func equal(a, b []font.GID) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestJapaneseFaceStandsAlone(t *testing.T) {
	c := parse(t, fonts.Japanese())
	for _, r := range "Shapes Desktop 行政界をベクトルタイルに変換します。「国」と『州』…￥１２３ｱｲｳ" {
		if c.find(r) == nil {
			t.Errorf("no %q (U+%04X)", r, r)
		}
	}
}

func TestLicenseNamesTheHolders(t *testing.T) {
	for _, want := range []string{"SIL OPEN FONT LICENSE Version 1.1", "Google", "Adobe"} {
		if !strings.Contains(fonts.License(), want) {
			t.Errorf("the licence text does not mention %q", want)
		}
	}
}
