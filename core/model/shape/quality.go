package shape

// The figures that tell how good features and tiles are. Each is measured, by
// who holds the geometry; this is what they mean.

// Complexity is how finely a feature is drawn: vertices per km of perimeter. 0
// if it has no perimeter.
func Complexity(vertices int, perimeterKm float64) float64 {
	if perimeterKm <= 0 {
		return 0
	}
	return float64(vertices) / perimeterKm
}

// Quality is how true a simplified feature is to its source: 1 less the share
// of the source's area by which the two differ (the area of their symmetric
// difference), not below 0. A source without area is matched by no area only.
func Quality(difference, source float64) float64 {
	if source <= 0 {
		if difference <= 0 {
			return 1
		}
		return 0
	}
	return unit(1 - difference/source)
}

// worstDeviation is where VisualQuality ends, in pixels.
const worstDeviation = 4

// VisualQuality is how true a tile looks: 1 where no vertex is off, 0 where one
// is off by four pixels or more. deviation is the greatest of all vertices, in
// pixels of a tile that is 256 pixels wide.
func VisualQuality(deviation float64) float64 { return unit(1 - deviation/worstDeviation) }

// heavyTile is where PerformanceScore ends, in bytes.
const heavyTile = 500_000

// PerformanceScore is how light a tile is: 1 for nothing, 0 from 500 KB of
// compressed bytes on.
func PerformanceScore(bytes int) float64 { return unit(1 - float64(bytes)/heavyTile) }

// unit cuts v to 0 … 1; what is no number becomes 0.
func unit(v float64) float64 {
	if !(v > 0) {
		return 0
	}
	return min(v, 1)
}
