package preview

import "math"

// maxLat is the latitude at which the Web Mercator square ends.
const maxLat = 85.0511287798066

// point is a position or a direction, in whatever unit the context names.
type point struct{ x, y float64 }

// toWorld projects degrees to the unit square of Web Mercator: (0,0) is the
// north-west corner, x grows east, y grows south. Latitudes beyond the square
// are clamped to its edge.
func toWorld(lon, lat float64) point {
	lat = min(max(lat, -maxLat), maxLat)
	s := math.Sin(lat * math.Pi / 180)
	return point{
		x: lon/360 + 0.5,
		y: 0.5 - math.Log((1+s)/(1-s))/(4*math.Pi),
	}
}

// fromWorld is the inverse of toWorld. The longitude is brought into
// [-180, 180), so that copies of the world give the same answer.
func fromWorld(p point) (lon, lat float64) {
	lon = (p.x - math.Floor(p.x) - 0.5) * 360
	lat = math.Atan(math.Sinh(math.Pi*(1-2*p.y))) * 180 / math.Pi
	return lon, min(max(lat, -maxLat), maxLat)
}
