package snap

import "github.com/shapes-desktop/shapes/core/geo/grid"

// pixelSet is a set of pixels by open addressing: cells may be crowded, so
// asking whether a pixel is known must not mean walking through one.
type pixelSet struct {
	keys []uint64 // key + 1; 0 is free
	used int
}

// reset empties the set and makes room for about n pixels.
func (s *pixelSet) reset(n int) {
	size := 1024
	for size < n+n/2 {
		size *= 2
	}
	if size > len(s.keys) || size*8 < len(s.keys) {
		s.keys = make([]uint64, size)
	} else {
		clear(s.keys)
	}
	s.used = 0
}

// add reports whether p is new.
func (s *pixelSet) add(p grid.Point) bool {
	if 4*s.used >= 3*len(s.keys) {
		s.grow()
	}
	k := p.Key() + 1
	i := s.slot(k)
	if s.keys[i] == k {
		return false
	}
	s.keys[i] = k
	s.used++
	return true
}

func (s *pixelSet) slot(k uint64) int {
	mask := len(s.keys) - 1
	i := int(k*0x9E3779B97F4A7C15>>24) & mask
	for s.keys[i] != 0 && s.keys[i] != k {
		i = (i + 1) & mask
	}
	return i
}

func (s *pixelSet) grow() {
	old := s.keys
	s.keys = make([]uint64, 2*len(old))
	for _, k := range old {
		if k != 0 {
			s.keys[s.slot(k)] = k
		}
	}
}
