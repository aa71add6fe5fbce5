package shape

// Variant is which of a source's editions is wanted, where it has several. A
// source knows some of the fields; "" is its own default.
type Variant struct {
	Scale     string `cbor:"1,keyasint,omitempty"` // Natural Earth: "10m", "50m", "110m"
	Worldview string `cbor:"2,keyasint,omitempty"` // Natural Earth: whose view of disputed borders, "jpn"
	Release   string `cbor:"3,keyasint,omitempty"` // geoBoundaries: "gbOpen", "gbHumanitarian", "gbAuthoritative"
	Detail    string `cbor:"4,keyasint,omitempty"` // geoBoundaries: "full", "simplified"
}

// Set gives the field that is called key a value, and reports whether there is
// such a field.
func (v *Variant) Set(key, value string) bool {
	switch key {
	case "scale":
		v.Scale = value
	case "worldview":
		v.Worldview = value
	case "release":
		v.Release = value
	case "detail":
		v.Detail = value
	default:
		return false
	}
	return true
}

// Get returns the field that is called key, "" if there is none.
func (v Variant) Get(key string) string {
	switch key {
	case "scale":
		return v.Scale
	case "worldview":
		return v.Worldview
	case "release":
		return v.Release
	case "detail":
		return v.Detail
	}
	return ""
}
