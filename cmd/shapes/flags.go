package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// The flag values here refuse what is out of range while the line is parsed,
// so that the message carries the flag's name and the range.

// intFlag is a whole number from min to max.
type intFlag struct{ value, min, max int }

func (f *intFlag) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil || n < f.min || n > f.max {
		return fmt.Errorf("must be a whole number from %d to %d", f.min, f.max)
	}
	f.value = n
	return nil
}

func (f *intFlag) String() string { return strconv.Itoa(f.value) }
func (f *intFlag) Type() string   { return "N" }

// floatFlag is a number from min to max.
type floatFlag struct{ value, min, max float64 }

func (f *floatFlag) Set(s string) error {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || !(x >= f.min && x <= f.max) {
		return fmt.Errorf("must be a number from %v to %v", number(f.min), number(f.max))
	}
	f.value = x
	return nil
}

func (f *floatFlag) String() string { return number(f.value) }
func (f *floatFlag) Type() string   { return "N" }

// number writes x without an exponent.
func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// choiceFlag is one word of a list.
type choiceFlag struct {
	value   string
	choices []string
}

func (f *choiceFlag) Set(s string) error {
	if !slices.Contains(f.choices, s) {
		return fmt.Errorf("must be one of %s", strings.Join(f.choices, ", "))
	}
	f.value = s
	return nil
}

func (f *choiceFlag) String() string { return f.value }
func (f *choiceFlag) Type() string   { return strings.Join(f.choices, "|") }

// addTo adds the flag to a command, with its choices as shell completions.
func (f *choiceFlag) addTo(c *cobra.Command, name, help string) {
	c.Flags().Var(f, name, help)
	complete := cobra.FixedCompletions(f.choices, cobra.ShellCompDirectiveNoFileComp)
	if err := c.RegisterFlagCompletionFunc(name, complete); err != nil {
		panic(err) // a name given twice: a defect of ours, found by any run
	}
}

// sizeFlag is the width and height of a picture in pixels.
type sizeFlag struct{ width, height int }

// maxSide bounds a picture: 8192 × 8192 pixels are 256 MB while drawn.
const maxSide = 8192

func (f *sizeFlag) Set(s string) error {
	w, h, ok := strings.Cut(s, "x")
	width, errW := strconv.Atoi(w)
	height, errH := strconv.Atoi(h)
	if !ok || errW != nil || errH != nil || min(width, height) < 1 || max(width, height) > maxSide {
		return fmt.Errorf("must be WIDTHxHEIGHT in pixels, each from 1 to %d, such as 1280x800", maxSide)
	}
	f.width, f.height = width, height
	return nil
}

func (f *sizeFlag) String() string { return fmt.Sprintf("%dx%d", f.width, f.height) }
func (f *sizeFlag) Type() string   { return "WxH" }

// positionFlag is a longitude and latitude in degrees.
type positionFlag struct {
	lon, lat float64
	set      bool
}

// maxLatitude is where the square of the Web Mercator world ends.
const maxLatitude = 85.0511

func (f *positionFlag) Set(s string) error {
	a, b, ok := strings.Cut(s, ",")
	lon, errLon := strconv.ParseFloat(strings.TrimSpace(a), 64)
	lat, errLat := strconv.ParseFloat(strings.TrimSpace(b), 64)
	// The comparisons are written so that NaN fails them.
	if !ok || errLon != nil || errLat != nil || !(math.Abs(lon) <= 180) || !(math.Abs(lat) <= maxLatitude) {
		return fmt.Errorf("must be LON,LAT in degrees: longitude from -180 to 180, latitude from -%v to %v", maxLatitude, maxLatitude)
	}
	f.lon, f.lat, f.set = lon, lat, true
	return nil
}

func (f *positionFlag) String() string {
	if !f.set {
		return ""
	}
	return number(f.lon) + "," + number(f.lat)
}
func (f *positionFlag) Type() string { return "LON,LAT" }

// tileFlag is the address of a tile.
type tileFlag struct {
	id  tile.ID
	set bool
}

func (f *tileFlag) Set(s string) error {
	bad := fmt.Errorf("must be z/x/y with z from 0 to %d, and x and y from 0 to 2^z-1", tile.MaxZoom)
	parts := strings.Split(s, "/")
	if len(parts) != 3 {
		return bad
	}
	var n [3]uint64
	for i, p := range parts {
		v, err := strconv.ParseUint(p, 10, 32)
		if err != nil {
			return bad
		}
		n[i] = v
	}
	if n[0] > tile.MaxZoom {
		return bad
	}
	id := tile.ID{Z: uint8(n[0]), X: uint32(n[1]), Y: uint32(n[2])}
	if !id.Valid() {
		return bad
	}
	f.id, f.set = id, true
	return nil
}

func (f *tileFlag) String() string {
	if !f.set {
		return ""
	}
	return f.id.String()
}
func (f *tileFlag) Type() string { return "z/x/y" }
