// Package spatial finds what lies near what: hashed cells over the grid.
package spatial

import "github.com/shapes-desktop/shapes/core/geo/grid"

// Cells is a sparse table of square cells, 2^shift grid units wide, each with
// a list of numbers. It serves neighbourhood queries whose radius is about a
// cell: one hash probe a cell, no trees, memory linear in the entries.
type Cells struct {
	shift uint
	mask  uint32
	keys  []uint64 // cell key + 1; 0 is free
	heads []int32  // first entry of the cell, parallel to keys
	used  int

	item []int32
	next []int32

	lastKey  uint64 // the cell of the latest Add: geometry comes in runs
	lastSlot uint32
}

// Reset empties the table, keeps its memory and sets the width of cells to
// 2^shift units. hint is the number of entries to expect.
func (c *Cells) Reset(shift uint, hint int) {
	n := uint32(1024)
	for int(n) < hint && n < 1<<24 {
		n <<= 1
	}
	if int(n) > len(c.keys) || int(n)*8 < len(c.keys) {
		c.keys, c.heads = make([]uint64, n), make([]int32, n)
	} else {
		clear(c.keys)
	}
	c.mask = uint32(len(c.keys) - 1)
	c.shift, c.used, c.lastKey = shift, 0, 0
	c.item, c.next = c.item[:0], c.next[:0]
}

func cellKey(cx, cy int32) uint64 { return (uint64(uint32(cx))<<32 | uint64(uint32(cy))) + 1 }

func hash(k uint64) uint32 { return uint32((k * 0x9E3779B97F4A7C15) >> 32) }

// slot returns the slot of key, or the free one where it belongs.
func (c *Cells) slot(key uint64) uint32 {
	i := hash(key) & c.mask
	for c.keys[i] != key && c.keys[i] != 0 {
		i = (i + 1) & c.mask
	}
	return i
}

// AddCell puts item v on the list of the cell (cx, cy).
func (c *Cells) AddCell(cx, cy, v int32) {
	key := cellKey(cx, cy)
	s := c.lastSlot
	if key != c.lastKey {
		if c.used*2 >= len(c.keys) {
			c.grow()
		}
		s = c.slot(key)
		if c.keys[s] == 0 {
			c.keys[s], c.heads[s] = key, -1
			c.used++
		}
		c.lastKey, c.lastSlot = key, s
	}
	c.item = append(c.item, v)
	c.next = append(c.next, c.heads[s])
	c.heads[s] = int32(len(c.item) - 1)
}

func (c *Cells) grow() {
	keys, heads := c.keys, c.heads
	c.keys, c.heads = make([]uint64, 2*len(keys)), make([]int32, 2*len(keys))
	c.mask = uint32(len(c.keys) - 1)
	for i, k := range keys {
		if k != 0 {
			s := c.slot(k)
			c.keys[s], c.heads[s] = k, heads[i]
		}
	}
	c.lastKey = 0
}

// First returns the first entry of the cell (cx, cy), -1 if it is empty. Go on
// with Next. An entry's number is read with Item.
func (c *Cells) First(cx, cy int32) int32 {
	s := c.slot(cellKey(cx, cy))
	if c.keys[s] == 0 {
		return -1
	}
	return c.heads[s]
}

// Next returns the entry after e in its cell, -1 at the end.
func (c *Cells) Next(e int32) int32 { return c.next[e] }

// Item returns the number put in with entry e.
func (c *Cells) Item(e int32) int32 { return c.item[e] }

// Shift returns the width of a cell as a power of two.
func (c *Cells) Shift() uint { return c.shift }

// Each calls fn with the first entry of every cell, in no order that may
// reach an output.
func (c *Cells) Each(fn func(first int32)) {
	for i, k := range c.keys {
		if k != 0 {
			fn(c.heads[i])
		}
	}
}

// Cover calls fn with every cell of width 2^shift that comes within pad of the
// segment a–b, and perhaps a few beside it. Coordinates and pad are in the
// same units as the width.
func Cover(a, b grid.Point, shift uint, pad int32, fn func(cx, cy int32)) {
	box := grid.EmptyBox().Add(a).Add(b)
	x0, x1 := (box.MinX-pad)>>shift, (box.MaxX+pad)>>shift
	y0, y1 := (box.MinY-pad)>>shift, (box.MaxY+pad)>>shift
	if x1-x0 <= 1 || y1-y0 <= 1 {
		for y := y0; y <= y1; y++ {
			for x := x0; x <= x1; x++ {
				fn(x, y)
			}
		}
		return
	}
	// A long oblique segment: in each row of cells only the columns it passes,
	// one wider on both sides than floating point says.
	slope := float64(b.X-a.X) / float64(b.Y-a.Y) // rows differ, so does y
	for y := y0; y <= y1; y++ {
		lo := float64(max(int64(y)<<shift-int64(pad), int64(box.MinY)) - int64(a.Y))
		hi := float64(min(int64(y+1)<<shift+int64(pad), int64(box.MaxY)) - int64(a.Y))
		xa, xb := float64(a.X)+slope*lo, float64(a.X)+slope*hi
		if xa > xb {
			xa, xb = xb, xa
		}
		from := max(x0, int32((int64(xa)-int64(pad))>>shift)-1)
		to := min(x1, int32((int64(xb)+int64(pad))>>shift)+1)
		for x := from; x <= to; x++ {
			fn(x, y)
		}
	}
}

// WidthFor returns the cell width, as a power of two of at least 2^least,
// that is about the mean extent of the segments of c.
func WidthFor(c *grid.Chains, least uint) uint {
	var sum, n int64
	for i := range c.Len() {
		pts := c.At(i)
		for j := 1; j < len(pts); j++ {
			dx, dy := int64(pts[j].X-pts[j-1].X), int64(pts[j].Y-pts[j-1].Y)
			sum += max(dx, -dx, dy, -dy)
			n++
		}
	}
	width := least
	for n > 0 && int64(1)<<width < sum/n && width < 26 {
		width++
	}
	return width
}
