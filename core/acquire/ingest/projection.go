package ingest

import (
	"fmt"

	"github.com/paulmach/orb"
	"github.com/wroge/wgs84"
)

// projection turns a point of some system into degrees on WGS 84.
type projection func(orb.Point) orb.Point

// epsg returns the projection of an EPSG code; nil for degrees on WGS 84 and
// on systems that agree with it to a metre or two.
func epsg(code int) (projection, error) {
	switch code {
	case 4326, 4979, 4258, 4269, 4612, 6668, 4283, 7844, 4674, 4171, 4019, 4167, 4490:
		return nil, nil
	case 900913, 102100, 102113:
		code = 3857
	}
	crs := numberedGrid(code)
	if crs == nil && isTabled(code) {
		crs = wgs84.EPSG().Code(code)
	}
	if crs == nil {
		return nil, fmt.Errorf("%w EPSG:%d; export the file as WGS 84 (EPSG:4326)", ErrProjection, code)
	}
	return toDegrees(crs), nil
}

// toDegrees makes a projection of one of the library's systems.
func toDegrees(crs wgs84.CoordinateReferenceSystem) projection {
	turn := wgs84.From(crs)
	return func(p orb.Point) orb.Point {
		lon, lat, _ := turn(p[0], p[1], 0)
		if lon != lon || lat != lat { // some formulas divide by the distance from their origin
			lon, lat, _ = turn(p[0]+0.001, p[1], 0)
		}
		return orb.Point{lon, lat}
	}
}

// isTabled tells the codes that are taken from the library's table: those
// whose method was measured to agree with PROJ.
func isTabled(code int) bool {
	switch code {
	case 3857, 3035, 2154, 3416, 31287, 4314, 4277, 6414:
		return true
	}
	return code >= 3942 && code <= 3950
}
