package main

import (
	"context"
	"image"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/publish/preview"
	"github.com/shapes-desktop/shapes/resources/fonts"
)

// picture is a map to draw: where, in which look and language.
type picture struct {
	view  preview.Viewport // one point a pixel
	theme string           // light or dark
	lang  preview.Language
}

// Draw makes the picture of a map. Where a tile cannot be read it returns the
// error and no picture: a map with a hole would pass for a whole one.
func (coreEngine) Draw(ctx context.Context, tiles engine.Tiles, p picture) (image.Image, error) {
	style := preview.Light()
	if p.theme == "dark" {
		style = preview.Dark()
	}
	style.Language = p.lang
	faces := fonts.Faces()
	files := make([][]byte, len(faces))
	for i, f := range faces {
		files[i] = f.Data
	}
	var err error
	if style.Fonts, err = preview.NewFonts(files...); err != nil {
		return nil, err
	}
	img, err := preview.RenderMap(ctx, tiles, p.view, style)
	if err != nil {
		return nil, err
	}
	return img, nil
}
