package feature

import (
	"fmt"
	"sort"
)

// Code names a kind of fault. Codes are stable: they stand in statistics.
type Code string

// The faults that reading and tiling can survive.
const (
	FaultNullGeometry     Code = "null-geometry"       // no geometry at all; feature not drawn
	FaultNotPolygon       Code = "not-polygon"         // point or line; feature not drawn
	FaultUnclosedRing     Code = "unclosed-ring"       // closed
	FaultDuplicateVertex  Code = "duplicate-vertex"    // consecutive duplicates removed
	FaultDegenerateRing   Code = "degenerate-ring"     // fewer than 3 distinct points or no area; dropped
	FaultWinding          Code = "winding"             // a hole wound like its outer ring; turned
	FaultSelfIntersection Code = "self-intersection"   // ring crosses or touches along itself; rebuilt by even-odd
	FaultOverlappingParts Code = "overlapping-parts"   // parts of one feature overlap; merged
	FaultAntimeridian     Code = "antimeridian-split"  // crossed ±180; split
	FaultLatitude         Code = "latitude-clamped"    // beyond ±90 (or the Mercator limit); clamped
	FaultLongitude        Code = "longitude-wrapped"   // beyond ±180; wrapped
	FaultCoordinate       Code = "bad-coordinate"      // NaN, infinite or far out of range; ring dropped
	FaultAttribute        Code = "bad-attribute"       // unreadable value; attribute dropped
	FaultText             Code = "bad-text"            // bytes that are not text; replaced
	FaultDuplicateID      Code = "duplicate-id"        // id given twice; the later one gets an id of its own
	FaultEmptyFeature     Code = "empty-feature"       // nothing left after repair; feature not drawn
	FaultOverlap          Code = "overlap"             // two features of a layer cover the same ground; kept as it is
	FaultIncomplete       Code = "incomplete-relation" // an OpenStreetMap relation whose outline is not whole; feature not drawn
	FaultPanic            Code = "internal"            // a task failed by a defect of ours
)

// Fault is bad data that was survived: what, and where.
type Fault struct {
	Code    Code
	Layer   string
	Feature int     // index in its layer from 0, -1 if of no feature
	Lon     float64 // degrees; meaningful if HasPos
	Lat     float64
	HasPos  bool
	Detail  string // a short phrase, may be empty
}

func (f Fault) String() string {
	s := string(f.Code)
	if f.Layer != "" {
		s += " layer " + f.Layer
	}
	if f.Feature >= 0 {
		s += fmt.Sprintf(" feature %d", f.Feature)
	}
	if f.HasPos {
		s += fmt.Sprintf(" at %.6f,%.6f", f.Lon, f.Lat)
	}
	if f.Detail != "" {
		s += ": " + f.Detail
	}
	return s
}

// maxKeptFaults bounds the faults kept one by one for each code; counts go on.
const maxKeptFaults = 100

// Faults counts faults per code and keeps the first of each. The zero value
// is ready. It is not safe for concurrent use.
type Faults struct {
	counts map[Code]int
	kept   map[Code][]Fault
}

// Add records f.
func (fs *Faults) Add(f Fault) {
	if fs.counts == nil {
		fs.counts, fs.kept = map[Code]int{}, map[Code][]Fault{}
	}
	fs.counts[f.Code]++
	if len(fs.kept[f.Code]) < maxKeptFaults {
		fs.kept[f.Code] = append(fs.kept[f.Code], f)
	}
}

// Merge adds all of other.
func (fs *Faults) Merge(other *Faults) {
	for _, c := range other.Codes() {
		for _, f := range other.kept[c] {
			fs.Add(f)
		}
		fs.counts[c] += other.counts[c] - len(other.kept[c])
	}
}

// Count returns how many faults of code c were added.
func (fs *Faults) Count(c Code) int { return fs.counts[c] }

// Total returns how many faults were added.
func (fs *Faults) Total() int {
	n := 0
	for _, k := range fs.counts {
		n += k
	}
	return n
}

// Codes returns the codes seen, sorted.
func (fs *Faults) Codes() []Code {
	cs := make([]Code, 0, len(fs.counts))
	for c := range fs.counts {
		cs = append(cs, c)
	}
	sort.Slice(cs, func(i, j int) bool { return cs[i] < cs[j] })
	return cs
}

// Examples returns the first faults of code c (at most 100), in the order
// they were added. The slice is owned by fs.
func (fs *Faults) Examples(c Code) []Fault { return fs.kept[c] }
