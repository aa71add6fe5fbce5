package tile

import "github.com/shapes-desktop/shapes/core/geo/ring"

// buckets sorts edges into the columns or rows they lie in, by counting. An
// edge in the margin that two boxes share is in both.
type buckets struct {
	first int32
	start []int32
	items []int32
	spans [][2]int32
}

func (b *buckets) fill(edges []ring.Edge, first, last int32, span func(ring.Edge) (int32, int32)) {
	b.first = first
	n := int(last-first) + 1
	b.start = append(b.start[:0], make([]int32, n+1)...)
	b.spans = b.spans[:0]
	for _, e := range edges {
		lo, hi := span(e)
		lo, hi = max(lo, first), min(hi, last)
		b.spans = append(b.spans, [2]int32{lo, hi})
		for k := lo; k <= hi; k++ {
			b.start[k-first+1]++
		}
	}
	for k := range n {
		b.start[k+1] += b.start[k]
	}
	total := int(b.start[n])
	if cap(b.items) < total {
		b.items = make([]int32, total)
	}
	b.items = b.items[:total]
	// Fill from the back, so that start ends up right and order is kept.
	for i := len(edges) - 1; i >= 0; i-- {
		for k := b.spans[i][0]; k <= b.spans[i][1]; k++ {
			b.start[k-first+1]--
			b.items[b.start[k-first+1]] = int32(i)
		}
	}
	// start[k+1] is now where bucket k begins; shift it back into place.
	copy(b.start, b.start[1:])
	b.start[n] = int32(total)
}

// of returns the edges in bucket k.
func (b *buckets) of(k int32) []int32 {
	return b.items[b.start[k-b.first]:b.start[k-b.first+1]]
}
