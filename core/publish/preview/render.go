package preview

import (
	"context"
	"errors"
	"fmt"
	"html"
	"image"
	"image/draw"
	"math"
	"strings"
)

// maxPixels bounds the size of a rendered map: 400 MB of picture.
const maxPixels = 100_000_000

// ErrNoFonts is the error of RenderMap for a style without fonts: a map must
// show its attribution.
var ErrNoFonts = errors.New("no fonts to write the attribution with")

// RenderMap draws a whole map: ground, borders, labels, and the attribution at
// the bottom right. It draws at the exact zoom rather than from tile pictures.
// If some tiles cannot be read, it returns the map of the others along with
// the first error; the picture is nil only if there is none at all.
func RenderMap(ctx context.Context, src Source, v Viewport, st Style) (*image.RGBA, error) {
	w, h := v.Pixels()
	if w < 1 || h < 1 || w*h > maxPixels {
		return nil, fmt.Errorf("render map: size %d×%d pixels is not between 1 and %d million pixels", w, h, maxPixels/1_000_000)
	}
	if st.Fonts == nil {
		return nil, fmt.Errorf("render map: %w", ErrNoFonts)
	}
	v = v.Clamp()
	m := NewMap(src)
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Bounds(), image.NewUniform(st.Water), image.Point{}, draw.Src)
	shown, err := m.Shown(ctx, v)
	if ctx.Err() != nil {
		return nil, fmt.Errorf("render map: %w", ctx.Err())
	}
	for _, s := range shown {
		c := newCanvas(img, s.affine(v))
		c.view = s.area(v)
		drawScene(c, s.Scene, st, v.Zoom, v.scale())
	}
	if labelErr := NewOverlay(m).drawLabels(ctx, img, v, shown, st); err == nil {
		err = labelErr
	}
	drawCredit(img, v, PlainText(m.meta.Attribution), st)
	if err != nil {
		return img, fmt.Errorf("render map: %w", err)
	}
	return img, nil
}

// drawCredit writes the attribution at the bottom right.
func drawCredit(img *image.RGBA, v Viewport, text string, st Style) {
	if text == "" {
		return
	}
	size := math.Round(st.Credit.Size * v.scale())
	pic := drawText(newSetter(st.Fonts).set(text, size), st.Credit, size)
	gap := int(math.Round(6 * v.scale()))
	b := img.Bounds()
	at := image.Pt(max(b.Max.X-pic.img.Bounds().Dx()-gap, gap), b.Max.Y-pic.img.Bounds().Dy()-gap)
	draw.Draw(img, pic.img.Bounds().Add(at), pic.img, image.Point{}, draw.Over)
}

// PlainText turns the HTML of an attribution into text: tags go, character
// references are resolved, white space is made single.
func PlainText(attribution string) string {
	var b strings.Builder
	in := false
	for _, r := range attribution {
		switch {
		case r == '<':
			in = true
		case r == '>' && in:
			in = false
		case !in:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(html.UnescapeString(b.String())), " ")
}
