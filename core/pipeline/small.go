package pipeline

// maxSmallNames bounds the names kept for a layer and zoom; counts go on.
const maxSmallNames = 1000

// countSmall records what a zoom could not draw true to shape.
func (r *runner) countSmall(za *zoomArcs) {
	byLayer := make([]SmallUnit, len(r.u.layers))
	for _, i := range za.shown {
		byLayer[r.arr.world.Polys[i].Layer].Shown++
	}
	for _, i := range za.dropped {
		p := &r.arr.world.Polys[i]
		s := &byLayer[p.Layer]
		s.Dropped++
		if len(s.Names) < maxSmallNames {
			s.Names = append(s.Names, r.u.layers[p.Layer].units[p.Feature].name)
		}
	}
	for i, s := range byLayer {
		if s.Shown+s.Dropped > 0 {
			s.Zoom = za.zoom
			r.res.Layers[i].Small = append(r.res.Layers[i].Small, s)
		}
	}
}
