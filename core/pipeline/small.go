package pipeline

// maxSmallNames bounds the names kept for a layer and zoom; counts go on.
const maxSmallNames = 1000

// countSmall counts, for each layer that has some, what a zoom could not draw
// true to shape.
func countSmall(u *Units, arr *arrangement, za *zoomArcs) []LayerStats {
	byLayer := make([]SmallUnit, len(u.layers))
	for _, i := range za.shown {
		byLayer[arr.world.Polys[i].Layer].Shown++
	}
	for _, i := range za.dropped {
		p := &arr.world.Polys[i]
		s := &byLayer[p.Layer]
		s.Dropped++
		if len(s.Names) < maxSmallNames {
			s.Names = append(s.Names, u.layers[p.Layer].units[p.Feature].name)
		}
	}
	var out []LayerStats
	for i, s := range byLayer {
		if s.Shown+s.Dropped > 0 {
			s.Zoom = za.zoom
			out = append(out, LayerStats{Layer: u.layers[i].name, Small: []SmallUnit{s}})
		}
	}
	return out
}
