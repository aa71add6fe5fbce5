package ingest

import (
	"fmt"
	"strconv"
	"strings"
)

// crs reads GeoJSON's old "crs" member and refuses systems that cannot be
// turned into degrees on WGS 84.
func (j *jsonReader) crs() error {
	c, err := j.peekValue()
	if err != nil {
		return err
	}
	if c != '{' {
		return j.skip() // null: the default
	}
	name, err := j.crsName(0)
	if err != nil || name == "" {
		return err
	}
	project, err := namedCRS(name)
	if err != nil {
		return err
	}
	if project != nil && (j.c.inLayer > 0 || j.c.shape.doneVertices > 0) {
		return fmt.Errorf("%w: the \"crs\" member (%s) comes after the features; put it before them", ErrProjection, clip(name))
	}
	j.c.project = project
	return nil
}

// crsName finds {"properties":{"name":…}} in an object.
func (j *jsonReader) crsName(level int) (name string, err error) {
	err = j.eachMember(func(key []byte) error {
		isProperties, isName := string(key) == "properties", string(key) == "name"
		c, err := j.peekValue()
		switch {
		case err != nil:
		case level == 0 && isProperties && c == '{':
			name, err = j.crsName(1)
		case level == 1 && isName && c == '"':
			var b []byte
			b, err = j.text()
			name = string(b)
		default:
			err = j.skip()
		}
		return err
	})
	return name, err
}

// namedCRS returns the projection behind a name such as
// urn:ogc:def:crs:EPSG::3857 or EPSG:4326; nil for degrees on WGS 84.
func namedCRS(name string) (projection, error) {
	upper := strings.ToUpper(name)
	if strings.HasSuffix(upper, "CRS84") || strings.HasSuffix(upper, "CRS84H") || upper == "WGS84" {
		return nil, nil
	}
	digits := upper[strings.LastIndexAny(upper, ":/")+1:]
	code, err := strconv.Atoi(digits)
	if err != nil || !strings.Contains(upper, "EPSG") {
		return nil, fmt.Errorf("%w %q; export the file as WGS 84 (EPSG:4326)", ErrProjection, clip(name))
	}
	return epsg(code)
}
