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

// Cover calls fn with every cell that the segment a–b passes, and a few more
// beside it. fn may be called with cells that the segment only comes near.
func (c *Cells) Cover(a, b grid.Point, fn func(cx, cy int32)) {
	x0, y0, x1, y1 := a.X>>c.shift, a.Y>>c.shift, b.X>>c.shift, b.Y>>c.shift
	if x0 > x1 {
		x0, x1 = x1, x0
	}
	down := y0 <= y1
	if !down {
		y0, y1 = y1, y0
	}
	if x0 == x1 || y0 == y1 || (x1-x0 == 1 && y1-y0 == 1) {
		for y := y0; y <= y1; y++ {
			for x := x0; x <= x1; x++ {
				fn(x, y)
			}
		}
		return
	}
	// A long oblique segment: in each row of cells only the columns it passes,
	// one wider on both sides than floating point says.
	slope := float64(b.X-a.X) / float64(b.Y-a.Y)
	size := float64(int64(1) << c.shift)
	for y := y0; y <= y1; y++ {
		xa := float64(a.X) + slope*(float64(y)*size-float64(a.Y))
		xb := xa + slope*size
		if xa > xb {
			xa, xb = xb, xa
		}
		lo := max(x0, int32(max(xa/size, -1))-1)
		hi := min(x1, int32(min(xb/size, float64(x1)))+1)
		for x := lo; x <= hi; x++ {
			fn(x, y)
		}
	}
}
