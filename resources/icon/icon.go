// Package icon holds the program's icon: a tile of five regions that meet
// exactly. icon.svg is the drawing; icon.png is made from it.
package icon

import _ "embed"

//go:generate rsvg-convert --width 512 --height 512 --output icon.png icon.svg

//go:embed icon.png
var png string

//go:embed icon.svg
var svg string

// PNG returns the icon as a picture of 512 by 512 pixels with transparent
// corners. The caller owns the bytes.
func PNG() []byte { return []byte(png) }

// SVG returns the icon as a drawing. The caller owns the bytes.
func SVG() []byte { return []byte(svg) }
