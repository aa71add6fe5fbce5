package shape

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Field is a setting of a Config as forms, commands and documents see it. All
// fields are listed once, by Fields: validation, Set and help share that list.
type Field struct {
	Name    string // stable, as in --set: "vectorTiles.maxzoom"
	Type    string // for people: "whole number", "number", "duration", "true or false", "choice", "levels", "list"
	Range   string // what it may be, with the unit: "0 to 256 tile units"
	Default string // as Get writes it
	Help    string // one line
	Choices []string
	// Only tells what the field must stay at until more is supported, for
	// people; "" if it is free.
	Only string

	get   func(*Config) string
	set   func(*Config, string) error // parses; leaves the range to why
	inner func(*Config) bool          // in range
	free  func(*Config) bool          // of Only; nil if there is none
}

// Get returns the field's value in c, in the form that Set reads.
func (f Field) Get(c *Config) string { return f.get(c) }

// why says what is wrong with the field's value in c, "" if nothing is.
func (f Field) why(c *Config) string {
	if !f.inner(c) {
		return "must be " + f.Range
	}
	if f.free != nil && !f.free(c) {
		return "not supported yet: " + f.Only
	}
	return ""
}

// only refuses what the pipeline cannot do yet, so that it is not ignored in
// silence. To support more is to remove the call.
func (f Field) only(free func(*Config) bool, words string) Field {
	f.free, f.Only = free, words
	return f
}

// fixed is only for a field that must stay at its default.
func (f Field) fixed() Field {
	defaults := Defaults()
	want := f.get(&defaults)
	return f.only(func(c *Config) bool { return f.get(c) == want }, "leave it at "+want)
}

// number is a type that a range can hold.
type number interface {
	int | float64 | time.Duration
}

// between is the test of a range; not-a-number is in none.
func between[T number](lo, hi T, at func(*Config) *T) func(*Config) bool {
	return func(c *Config) bool { v := *at(c); return v >= lo && v <= hi }
}

func wholeField(name, unit string, lo, hi int, help string, at func(*Config) *int) Field {
	return Field{
		Name: name, Type: "whole number", Help: help, Range: fmt.Sprintf("%d to %d%s", lo, hi, unit),
		get: func(c *Config) string { return strconv.Itoa(*at(c)) },
		set: func(c *Config, s string) (err error) {
			*at(c), err = strconv.Atoi(s)
			return err
		},
		inner: between(lo, hi, at),
	}
}

func numberField(name, unit string, lo, hi float64, help string, at func(*Config) *float64) Field {
	text := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	return Field{
		Name: name, Type: "number", Help: help, Range: text(lo) + " to " + text(hi) + unit,
		get: func(c *Config) string { return text(*at(c)) },
		set: func(c *Config, s string) error {
			v, err := strconv.ParseFloat(s, 64)
			*at(c) = v + 0 // no negative zero
			return err
		},
		inner: between(lo, hi, at),
	}
}

func durationField(name string, lo, hi time.Duration, help string, at func(*Config) *time.Duration) Field {
	return Field{
		Name: name, Type: "duration", Help: help, Range: fmt.Sprintf("%v to %v, such as 90s or 5m", lo, hi),
		get: func(c *Config) string { return at(c).String() },
		set: func(c *Config, s string) (err error) {
			*at(c), err = time.ParseDuration(s)
			return err
		},
		inner: between(lo, hi, at),
	}
}

func boolField(name, help string, at func(*Config) *bool) Field {
	return Field{
		Name: name, Type: "true or false", Help: help, Range: "true or false", Choices: []string{"true", "false"},
		get: func(c *Config) string { return strconv.FormatBool(*at(c)) },
		set: func(c *Config, s string) (err error) {
			*at(c), err = strconv.ParseBool(s)
			return err
		},
		inner: func(*Config) bool { return true },
	}
}

func choiceField[T ~string](name, help string, choices []T, at func(*Config) *T) Field {
	var names []string
	for _, c := range choices {
		names = append(names, string(c))
	}
	return Field{
		Name: name, Type: "choice", Help: help, Range: orList(names), Choices: names,
		get:   func(c *Config) string { return string(*at(c)) },
		set:   func(c *Config, s string) error { *at(c) = T(s); return nil },
		inner: func(c *Config) bool { return slices.Contains(choices, *at(c)) },
	}
}

// orList writes "a, b or c".
func orList(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// maxLayers bounds the list of layers, maxLayerName a name in it, in bytes.
const (
	maxLayers    = 64
	maxLayerName = 255
)

func layersField(name, help string, at func(*Config) *[]string) Field {
	return Field{
		Name: name, Type: "list", Help: help, Range: fmt.Sprintf("up to %d names of 1 to %d bytes, with commas between", maxLayers, maxLayerName),
		get: func(c *Config) string { return strings.Join(*at(c), ",") },
		set: func(c *Config, s string) error {
			if *at(c) = nil; s != "" {
				*at(c) = strings.Split(s, ",")
			}
			return nil
		},
		inner: func(c *Config) bool {
			bad := func(l string) bool { return l == "" || len(l) > maxLayerName || strings.Contains(l, ",") }
			return len(*at(c)) <= maxLayers && !slices.ContainsFunc(*at(c), bad)
		},
	}
}

func zoomsField(name, help string, at func(*Config) *map[uint8]uint8) Field {
	return Field{
		Name: name, Type: "levels", Help: help,
		Range: fmt.Sprintf("a zoom 0 to %d, or level:zoom with commas between, such as 0:0,1:4; levels are 0 to %d", MaxZoom, MaxLevel),
		get:   func(c *Config) string { return printZooms(*at(c)) },
		set: func(c *Config, s string) (err error) {
			*at(c), err = parseZooms(s)
			return err
		},
		inner: func(c *Config) bool {
			for level, zoom := range *at(c) {
				if level > MaxLevel || zoom > MaxZoom {
					return false
				}
			}
			return true
		},
	}
}

// printZooms writes one number if all levels begin there, else those that do
// not begin at 0.
func printZooms(zooms map[uint8]uint8) string {
	if zoom, same := sameZoom(zooms); same {
		return strconv.Itoa(int(zoom))
	}
	levels := make([]uint8, 0, len(zooms))
	for level, zoom := range zooms {
		if zoom > 0 {
			levels = append(levels, level)
		}
	}
	slices.SortFunc(levels, cmp.Compare)
	parts := make([]string, len(levels))
	for i, level := range levels {
		parts[i] = fmt.Sprintf("%d:%d", level, zooms[level])
	}
	return strings.Join(parts, ",")
}

// sameZoom tells whether all levels begin at one zoom.
func sameZoom(zooms map[uint8]uint8) (uint8, bool) {
	for level := range uint8(MaxLevel + 1) {
		if zooms[level] != zooms[0] {
			return 0, false
		}
	}
	for level, zoom := range zooms {
		if level > MaxLevel && zoom > 0 {
			return 0, false
		}
	}
	return zooms[0], true
}

func parseZooms(s string) (map[uint8]uint8, error) {
	if zoom, err := parseByte(s); err == nil {
		return allLevelsAt(zoom), nil
	}
	zooms := map[uint8]uint8{}
	for part := range strings.SplitSeq(s, ",") {
		l, z, found := strings.Cut(part, ":")
		level, errLevel := parseByte(l)
		zoom, errZoom := parseByte(z)
		if !found || errLevel != nil || errZoom != nil {
			return nil, fmt.Errorf("%q is not level:zoom", part)
		}
		if _, twice := zooms[level]; twice {
			return nil, fmt.Errorf("level %d stands twice", level)
		}
		zooms[level] = zoom
	}
	return zooms, nil
}

// allLevelsAt has every level begin at zoom.
func allLevelsAt(zoom uint8) map[uint8]uint8 {
	if zoom == 0 {
		return nil
	}
	zooms := map[uint8]uint8{}
	for level := range uint8(MaxLevel + 1) {
		zooms[level] = zoom
	}
	return zooms
}

func parseByte(s string) (uint8, error) {
	v, err := strconv.ParseUint(s, 10, 8)
	return uint8(v), err
}
