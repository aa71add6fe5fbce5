package admin

import (
	"fmt"
	"strconv"
	"strings"
)

// Bounds is a box of degrees. West is larger than East where it crosses the
// meridian of 180 degrees; the zero value is that of a place that is not known.
type Bounds struct{ West, South, East, North float64 }

// Bounds returns where the place lies, with all that Natural Earth counts to it,
// in whole degrees around it; the zero value where that is not known.
func (t *Table) Bounds(code string) Bounds { return t.bounds[code] }

// boundsColumns are those of the table, in order.
const boundsColumns = "code\twest\tsouth\teast\tnorth"

// parseBounds reads the text of the table of bounds. Errors name the line.
func parseBounds(text string) (map[string]Bounds, error) {
	out := map[string]Bounds{}
	err := eachRow(text, boundsColumns, func(line string) error {
		code, b, err := parseBox(line)
		if _, twice := out[code]; err == nil && twice {
			err = fmt.Errorf("%s is there twice", code)
		}
		out[code] = b
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func parseBox(line string) (code string, b Bounds, err error) {
	cells := strings.Split(line, "\t")
	if want := strings.Count(boundsColumns, "\t") + 1; len(cells) != want {
		return "", b, fmt.Errorf("%d cells, expected %d", len(cells), want)
	}
	var n [4]float64
	for i, most := range [...]int{180, 90, 180, 90} {
		degrees, err := strconv.Atoi(cells[i+1])
		if err != nil || degrees < -most || degrees > most {
			return "", b, fmt.Errorf("%q is no number of degrees up to %d", cells[i+1], most)
		}
		n[i] = float64(degrees)
	}
	b = Bounds{n[0], n[1], n[2], n[3]}
	if b.South >= b.North || b.West == b.East {
		return "", b, fmt.Errorf("%s has no area", cells[0])
	}
	return cells[0], b, nil
}
