package preview

import (
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"

	"golang.org/x/image/vector"
)

// blender paints what a rasteriser holds onto a picture. The rasteriser could
// do so itself, but would look at every pixel of the area for every colour;
// most of them are empty when the shapes are lines.
type blender struct{ mask image.Alpha }

// paint lays a colour over the part of dst that z covers, z's origin at the
// area's corner.
func (b *blender) paint(dst *image.RGBA, area image.Rectangle, z *vector.Rasterizer, col color.RGBA) {
	w, h := area.Dx(), area.Dy()
	if cap(b.mask.Pix) < w*h {
		b.mask.Pix = make([]uint8, w*h)
	}
	b.mask = image.Alpha{Pix: b.mask.Pix[:w*h], Stride: w, Rect: image.Rect(0, 0, w, h)}
	z.DrawOp = draw.Src
	z.Draw(&b.mask, b.mask.Rect, image.Opaque, image.Point{})
	for y := range h {
		at := dst.PixOffset(area.Min.X, area.Min.Y+y)
		blendRow(dst.Pix[at:at+4*w], b.mask.Pix[y*w:(y+1)*w], col)
	}
}

// blendRow lays a colour over a row of pixels, as far as mask covers each.
func blendRow(row, mask []uint8, col color.RGBA) {
	for x := 0; x < len(mask); {
		if x+8 <= len(mask) && binary.NativeEndian.Uint64(mask[x:]) == 0 {
			x += 8
			continue
		}
		switch m := mask[x]; {
		case m == 0:
		case m == 0xff && col.A == 0xff:
			p := row[4*x : 4*x+4 : 4*x+4]
			p[0], p[1], p[2], p[3] = col.R, col.G, col.B, 0xff
		default:
			blendPixel(row[4*x:4*x+4:4*x+4], uint32(m), col)
		}
		x++
	}
}

// blendPixel lays a premultiplied colour, covering m of 255, over a pixel.
func blendPixel(p []uint8, m uint32, col color.RGBA) {
	keep := 255*255 - uint32(col.A)*m
	p[0] = uint8((uint32(p[0])*keep + uint32(col.R)*m*255 + 255*255/2) / (255 * 255))
	p[1] = uint8((uint32(p[1])*keep + uint32(col.G)*m*255 + 255*255/2) / (255 * 255))
	p[2] = uint8((uint32(p[2])*keep + uint32(col.B)*m*255 + 255*255/2) / (255 * 255))
	p[3] = uint8((uint32(p[3])*keep + uint32(col.A)*m*255 + 255*255/2) / (255 * 255))
}
