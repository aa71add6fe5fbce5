package ingest

import (
	"errors"
	"fmt"
	"io"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// jsonReader reads GeoJSON, TopoJSON and answers of OpenStreetMap's servers
// (Overpass, Nominatim): one document, or several in a row
// (newline-delimited, or each after a record separator as in RFC 8142).
type jsonReader struct {
	*scanner
	c    *collector
	topo *topology // of the document, nil until it shows members of one
	over *overpass // likewise
	nest []byte    // scratch of nested attribute values
}

func readJSON(c *collector, r io.Reader) error {
	j := &jsonReader{scanner: newScanner(r, c.limits), c: c}
	c.sum.Format = "GeoJSON"
	c.singleLayer()
	err := j.documents()
	switch {
	case err == nil, c.isOurs(err), errors.Is(err, ErrFormat), errors.Is(err, ErrProjection), errors.Is(err, ErrDamaged), errors.Is(err, ErrNoFeatures):
		return err
	case errors.Is(err, errEnds):
		return fmt.Errorf("%w: the JSON ends early, at byte %d (%s); fetch or export it again", ErrDamaged, j.base+int64(j.end), c.lastWhole())
	case j.scanner.err != nil && errors.Is(err, j.scanner.err):
		return err
	}
	return fmt.Errorf("%w: %w (%s); fetch or export it again", ErrDamaged, err, c.lastWhole())
}

// documents reads the top-level values of the stream.
func (j *jsonReader) documents() error {
	if err := j.skipMark("\xef\xbb\xbf"); err != nil {
		return err
	}
	for n := 0; ; n++ {
		c, err := j.peek()
		if err == nil && c == 0x1e { // record separator
			j.pos++
			n--
			continue
		}
		if err == io.EOF && n > 0 {
			return nil
		}
		if err != nil {
			return j.want(err)
		}
		if j.topo != nil {
			return j.failf("%w: something follows the topology", ErrDamaged)
		}
		if err := j.document(); err != nil {
			return err
		}
	}
}

// skipMark takes the byte order mark if it is there.
func (j *jsonReader) skipMark(mark string) error {
	if _, err := j.peek(); err != nil {
		return j.want(err)
	}
	if j.end-j.pos >= len(mark) && string(j.buf[j.pos:j.pos+len(mark)]) == mark {
		j.pos += len(mark)
	}
	return nil
}

// object is what was found of one GeoJSON object, whatever order its members
// came in.
type object struct {
	typ         string
	hasFeatures bool
	id          feature.Value
	hasID       bool
	geo         geometry
	elements    bool // an Overpass answer's list
}

// document reads one top-level object and passes on the features in it.
func (j *jsonReader) document() error {
	var o object
	j.over = nil
	j.c.attrs.reset()
	j.c.keys.trim()
	if places, err := j.places(); places || err != nil {
		return err
	}
	if err := j.members(&o, true); err != nil {
		return err
	}
	if o.elements {
		return j.finishElements()
	}
	switch o.typ {
	case "FeatureCollection":
		if !o.hasFeatures {
			return fmt.Errorf("%w: a FeatureCollection without \"features\" before byte %d", ErrDamaged, j.offset())
		}
		return nil
	case "Topology":
		return j.topology()
	case "Feature", "Polygon", "MultiPolygon", "GeometryCollection",
		"Point", "MultiPoint", "LineString", "MultiLineString":
		return j.finishFeature(&o)
	}
	if o.hasFeatures {
		return nil // a FeatureCollection that does not say so
	}
	if o.typ == "" {
		return fmt.Errorf("%w: JSON without a \"type\", which is neither GeoJSON nor TopoJSON; %s", ErrFormat, readable)
	}
	return fmt.Errorf("%w: JSON of type %q, which is neither GeoJSON nor TopoJSON; %s", ErrFormat, clip(o.typ), readable)
}

func clip(s string) string { return s[:min(len(s), 40)] }

// members reads an object's members. top is set for a whole document.
func (j *jsonReader) members(o *object, top bool) error {
	return j.eachMember(func(name []byte) error {
		switch known, err := j.featureMember(o, name); {
		case known || err != nil:
			return err
		case top:
			return j.topMember(o, name)
		}
		return j.skip()
	})
}

// featureMember reads a member that a Feature or bare geometry may have.
func (j *jsonReader) featureMember(o *object, name []byte) (known bool, err error) {
	switch string(name) {
	case "type":
		o.typ, err = j.typeName()
	case "geometry":
		err = j.geometry(&o.geo)
	case "coordinates":
		err = j.coordinates(&o.geo)
	case "geometries":
		err = j.geometries(&o.geo)
	case "properties":
		err = j.properties()
	case "id":
		o.id, o.hasID, err = j.value()
	default:
		return false, nil
	}
	return true, err
}

// topMember reads a member that only a whole document has.
func (j *jsonReader) topMember(o *object, name []byte) error {
	switch string(name) {
	case "features":
		o.hasFeatures = true
		return j.features()
	case "crs":
		return j.crs()
	case "objects":
		return j.topologyPart().readObjects(j)
	case "arcs":
		return j.topologyPart().readArcs(j)
	case "transform":
		return j.topologyPart().readTransform(j)
	case "elements":
		if o.typ != "" {
			break // a member of its own in GeoJSON
		}
		o.elements = true
		return j.elements()
	case "osm3s":
		return j.stamp()
	case "remark":
		return j.remark()
	}
	return j.skip()
}

// typeName reads the value of "type".
func (j *jsonReader) typeName() (string, error) {
	c, err := j.peekValue()
	if err != nil {
		return "", err
	}
	if c != '"' {
		return "", j.skip()
	}
	b, err := j.text()
	return j.c.keys.text(b), err
}

// features streams the list of a FeatureCollection.
func (j *jsonReader) features() error {
	c, err := j.peekValue()
	if err != nil {
		return err
	}
	if c != '[' {
		return j.failf("%w: \"features\" is not a list", ErrDamaged)
	}
	return j.eachItem(func(int) error {
		var o object
		j.c.attrs.reset()
		j.c.keys.trim()
		if c, err := j.peekValue(); err != nil {
			return err
		} else if c != '{' {
			return j.failf("feature %d is not an object", j.c.inLayer)
		}
		if err := j.members(&o, false); err != nil {
			return err
		}
		return j.finishFeature(&o)
	})
}

// finishFeature resolves the geometry and id and passes the feature on.
func (j *jsonReader) finishFeature(o *object) error {
	if o.geo.typ == "" {
		o.geo.typ = o.typ // a bare geometry
	}
	j.resolve(&o.geo)
	id := j.featureID(o.id, o.hasID)
	return j.c.emit(id, j.c.attrs.list)
}

// maxSafeID is the greatest integer that JavaScript readers hold exactly.
const maxSafeID = 1<<53 - 1

// featureID returns the id if it can be a feature's number. Any other id
// becomes an attribute, so that it is not lost.
func (j *jsonReader) featureID(v feature.Value, has bool) uint64 {
	if !has {
		return 0
	}
	if v.Kind() == feature.Int && v.Int() > 0 && v.Int() <= maxSafeID {
		return uint64(v.Int())
	}
	for _, name := range []string{"id", "feature_id", "@id"} {
		k := j.c.keys.key([]byte(name))
		if !k.wanted {
			return 0
		}
		if !j.c.attrs.has(k) {
			j.c.attrs.add(k, v)
			return 0
		}
		if j.c.attrs.list[k.at].Value == v {
			return 0
		}
	}
	j.c.attrFault(feature.FaultAttribute, "the feature's id clashes with its attributes id, feature_id and @id; dropped")
	return 0
}
