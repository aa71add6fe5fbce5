// Package spatial finds what lies near what: on the grid by hashed cells, in
// degrees by boxes in an R-tree and by ranges of Morton codes.
package spatial

import "github.com/shapes-desktop/shapes/core/geo/grid"

// Cells is a sparse table of square cells, 2^shift grid units wide, each with
// a list of numbers. It serves neighbourhood queries whose radius is about a
// cell: one hash probe a cell, no trees, memory linear in the entries.
type Cells struct {
	shift uint
	mask  uint32
	table []cell
	used  int

	list []entry

	lastKey  uint64 // the cell of the latest Add: geometry comes in runs
	lastSlot uint32
}

// cell and entry keep what is used together on one cache line.
type cell struct {
	key  uint64 // cellKey; 0 is free
	head int32  // first entry
}

type entry struct{ item, next int32 }

// Reset empties the table, keeps its memory and sets the width of cells to
// 2^shift units. hint is the number of entries to expect.
func (c *Cells) Reset(shift uint, hint int) {
	n := 1024
	for n < hint && n < 1<<24 {
		n *= 2
	}
	if n > len(c.table) || n*8 < len(c.table) {
		c.table = make([]cell, n)
	} else {
		clear(c.table)
	}
	c.mask = uint32(len(c.table) - 1)
	c.shift, c.used, c.lastKey = shift, 0, 0
	c.list = c.list[:0]
}

// sign flips the sign bits of both coordinates.
const sign = 1<<63 | 1<<31

// cellKey packs a cell into one word. 0 would be the cell (-2^31, -2^31), which
// is beyond any grid: it stands for a free slot.
func cellKey(cx, cy int32) uint64 { return (uint64(uint32(cx))<<32 | uint64(uint32(cy))) ^ sign }

// hash scatters blocks of 4 × 4 cells and keeps the cells of a block together:
// queries go along lines, and what they look at next is on the same or the
// next cache line.
func hash(cx, cy int32) uint32 {
	block := uint64(uint32(cx>>2))<<32 | uint64(uint32(cy>>2))
	return uint32((block*0x9E3779B97F4A7C15)>>32)<<4 | uint32(cx&3)<<2 | uint32(cy&3)
}

// slot returns the slot of a cell, or the free one where it belongs.
func (c *Cells) slot(cx, cy int32, key uint64) uint32 {
	i := hash(cx, cy) & c.mask
	for c.table[i].key != key && c.table[i].key != 0 {
		i = (i + 1) & c.mask
	}
	return i
}

// AddCell puts item v on the list of the cell (cx, cy).
func (c *Cells) AddCell(cx, cy, v int32) {
	key := cellKey(cx, cy)
	s := c.lastSlot
	if key != c.lastKey {
		if c.used*2 >= len(c.table) {
			c.grow()
		}
		s = c.slot(cx, cy, key)
		if c.table[s].key == 0 {
			c.table[s] = cell{key, -1}
			c.used++
		}
		c.lastKey, c.lastSlot = key, s
	}
	c.list = append(c.list, entry{v, c.table[s].head})
	c.table[s].head = int32(len(c.list) - 1)
}

func (c *Cells) grow() {
	old := c.table
	c.table = make([]cell, 2*len(old))
	c.mask = uint32(len(c.table) - 1)
	for _, o := range old {
		if o.key != 0 {
			k := o.key ^ sign
			c.table[c.slot(int32(k>>32), int32(uint32(k)), o.key)] = o
		}
	}
	c.lastKey = 0
}

// First returns the first entry of the cell (cx, cy), -1 if it is empty. Go on
// with Next. An entry's number is read with Item.
func (c *Cells) First(cx, cy int32) int32 {
	key := cellKey(cx, cy)
	if key == c.lastKey {
		return c.table[c.lastSlot].head
	}
	s := c.slot(cx, cy, key)
	if c.table[s].key == 0 {
		return -1
	}
	return c.table[s].head
}

// Next returns the entry after e in its cell, -1 at the end.
func (c *Cells) Next(e int32) int32 { return c.list[e].next }

// Item returns the number put in with entry e.
func (c *Cells) Item(e int32) int32 { return c.list[e].item }

// Shift returns the width of a cell as a power of two.
func (c *Cells) Shift() uint { return c.shift }

// Each calls fn with the first entry of every cell, in no order that may
// reach an output.
func (c *Cells) Each(fn func(first int32)) {
	for i := range c.table {
		if c.table[i].key != 0 {
			fn(c.table[i].head)
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
	if x1-x0 <= 1 || y1-y0 <= 1 || a.Y == b.Y {
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
