package main

import (
	"fmt"

	"github.com/shapes-desktop/shapes/core/publish/preview"
	"github.com/shapes-desktop/shapes/resources/fonts"
)

// mapFonts reads the fonts of the map's labels.
func mapFonts() (*preview.Fonts, error) {
	var files [][]byte
	for _, f := range fonts.Faces() {
		files = append(files, f.Data)
	}
	set, err := preview.NewFonts(files...)
	if err != nil {
		return nil, fmt.Errorf("read the bundled fonts: %w", err)
	}
	return set, nil
}

// notices is what the Licences dialog shows.
func notices() string {
	return "Shapes Desktop is free software under the MIT licence.\n" +
		"Map data: Natural Earth, public domain.\n" +
		"The libraries it includes and their licences are listed in THIRD_PARTY_NOTICES.md, which comes with it.\n\n" +
		"Fonts of the map:\n\n" + fonts.License()
}
