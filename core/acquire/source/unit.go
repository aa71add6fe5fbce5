package source

import (
	"hash/fnv"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// Unit is an administrative unit in the common schema: the same attributes
// whichever source it is from. Strings are as people read them, trimmed; ""
// where the source has none (never "-99", "NA" or "~").
type Unit struct {
	Cell
	Name      string // in the source's main language of names
	NameEn    string
	NameLocal string
	ISO2      string // alpha-2 of the country
	ISO3      string // alpha-3 of the country, "" where ISO has none
	ISO31662  string // of the unit, "JP-13"
	Code      string // the source's own id of the unit, as text; unique in the source and level
	Parent    string // Code of the unit above, "" if it is not known
	Adm0A3    string // the country as the source codes it
	Type      string // "prefecture", in the local language where there is one
	TypeEn    string
	Source    shape.Source
	Vintage   string
	Disputed  bool
}

// Attributes of the common schema, in the order in which they are written.
const (
	KeyName      = "name"
	KeyNameEn    = "name_en"
	KeyNameLocal = "name_local"
	KeyLevel     = "adm_level"
	KeyISO2      = "iso_a2"
	KeyISO3      = "iso_a3"
	KeyISO31662  = "iso_3166_2"
	KeyCode      = "code"
	KeyParent    = "parent_code"
	KeyAdm0A3    = "adm0_a3"
	KeyType      = "type"
	KeyTypeEn    = "type_en"
	KeySource    = "source"
	KeyVintage   = "vintage"
	KeyDisputed  = "disputed"
)

// Attrs returns the unit as attributes; those without a value are left out, as
// in a tile.
func (u *Unit) Attrs() []feature.Attr {
	out := make([]feature.Attr, 0, 15)
	text := func(key, v string) {
		if v != "" {
			out = append(out, feature.Attr{Key: key, Value: feature.StringValue(v)})
		}
	}
	number := func(key string, v int64) {
		out = append(out, feature.Attr{Key: key, Value: feature.IntValue(v)})
	}
	text(KeyName, u.Name)
	text(KeyNameEn, u.NameEn)
	text(KeyNameLocal, u.NameLocal)
	number(KeyLevel, int64(u.Level))
	text(KeyISO2, u.ISO2)
	text(KeyISO3, u.ISO3)
	text(KeyISO31662, u.ISO31662)
	text(KeyCode, u.Code)
	text(KeyParent, u.Parent)
	text(KeyAdm0A3, u.Adm0A3)
	text(KeyType, u.Type)
	text(KeyTypeEn, u.TypeEn)
	text(KeySource, string(u.Source))
	text(KeyVintage, u.Vintage)
	if u.Disputed {
		number(KeyDisputed, 1)
	}
	return out
}

// ID is the unit's feature id: stable, positive, below 2^53 (what JavaScript
// holds), a hash of source, level and code.
func (u *Unit) ID() uint64 {
	h := fnv.New64a()
	for _, s := range [...]string{string(u.Source), string('0' + rune(u.Level)), u.Code} {
		_, _ = h.Write([]byte(s)) // a hash takes everything
		_, _ = h.Write([]byte{0})
	}
	if id := h.Sum64() & (1<<53 - 1); id > 0 {
		return id
	}
	return 1
}
