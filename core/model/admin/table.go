package admin

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/shapes-desktop/shapes/resources/countries"
)

// Table is the countries of the world, to be looked up and searched. It never
// changes and may be used from any goroutine.
type Table struct {
	places []place // by English name
	byCode map[string]int
	bySet  [codings]map[string]int
	byAny  map[string]int // every code of every scheme
	bounds map[string]Bounds
}

// place is a country and its names as Search compares them.
type place struct {
	Country
	names []name
}

// World reads the table that comes with the program. It takes some
// ten milliseconds: keep it. An error means that the program file is damaged.
func World() (*Table, error) {
	rows, err := parse(countries.TSV())
	if err != nil {
		return nil, fmt.Errorf("read the table of countries (%s): %w; install the program again", countries.FileName, err)
	}
	t, err := newTable(rows)
	if err != nil {
		return nil, err
	}
	if t.bounds, err = parseBounds(countries.Bounds()); err != nil {
		return nil, fmt.Errorf("read the table of where countries lie (%s): %w; install the program again", countries.BoundsName, err)
	}
	for code := range t.bounds {
		if _, ok := t.byCode[code]; !ok {
			return nil, fmt.Errorf("the table %s knows where %q lies, which is no place; install the program again", countries.BoundsName, code)
		}
	}
	return t, nil
}

// newTable makes a table of rows, which no longer belong to the caller. A code
// that would stand for two places is an error.
func newTable(rows []Country) (*Table, error) {
	t := &Table{byCode: map[string]int{}, byAny: map[string]int{}}
	for s := range t.bySet {
		t.bySet[s] = map[string]int{}
	}
	for _, c := range rows {
		names := namesOf(c)
		if slices.ContainsFunc(names, func(n name) bool { return n.key == "" }) {
			return nil, fmt.Errorf("%s has a name without a letter", c.Code)
		}
		t.places = append(t.places, place{Country: c, names: names})
	}
	slices.SortFunc(t.places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.names[0].sortKey(), b.names[0].sortKey()), cmp.Compare(a.Code, b.Code))
	})
	for i := range t.places {
		if err := t.index(i); err != nil {
			return nil, err
		}
	}
	return t, t.checkWithin()
}

// index makes a place known by its codes.
func (t *Table) index(i int) error {
	c := t.places[i].Country
	t.byCode[c.Code] = i
	for _, code := range c.codes() {
		if code == "" {
			continue
		}
		if other, taken := t.byAny[code]; taken && other != i {
			return fmt.Errorf("the code %s stands for %s and for %s", code, t.places[other].Name, c.Name)
		}
		t.byAny[code] = i
	}
	for s := range Coding(codings) {
		if code := c.In(s); code != "" {
			t.bySet[s][code] = i
		}
	}
	return nil
}

// checkWithin refuses places within such as are not there, and circles.
func (t *Table) checkWithin() error {
	for _, p := range t.places {
		at := p.Country
		for steps := 0; at.Within != ""; steps++ {
			i, ok := t.byCode[at.Within]
			if !ok {
				return fmt.Errorf("%s is within %q, which is not in the table", at.Code, at.Within)
			}
			if steps == len(t.places) {
				return fmt.Errorf("%s is within itself", p.Code)
			}
			at = t.places[i].Country
		}
	}
	return nil
}

// All returns every place by English name, as an index lists them: letters
// without their accents, Åland among the As. The slice is the caller's.
func (t *Table) All() []Country {
	all := make([]Country, len(t.places))
	for i, p := range t.places {
		all[i] = p.Country
	}
	return all
}

// Get returns the place whose Code it is.
func (t *Table) Get(code string) (Country, bool) { return t.at(t.byCode, code) }

// Of returns the place that s calls code, in the very form that s has it.
func (t *Table) Of(s Coding, code string) (Country, bool) {
	if s >= codings {
		return Country{}, false
	}
	return t.at(t.bySet[s], code)
}

// Find returns the place that has the code in any scheme: ISO alpha-3, alpha-2
// or number, or a source's. Case, width, and zeros before a number do not
// matter. No code stands for two places.
func (t *Table) Find(code string) (Country, bool) {
	return t.at(t.byAny, plainCode(code))
}

func (t *Table) at(index map[string]int, code string) (Country, bool) {
	i, ok := index[code]
	if !ok {
		return Country{}, false
	}
	return t.places[i].Country, true
}

// plainCode returns what people type for a code as the table has it.
func plainCode(code string) string {
	code = strings.ToUpper(strings.TrimSpace(norm.NFKC.String(code)))
	if n := len(code); n > 0 && n < 3 && strings.Trim(code, "0123456789") == "" {
		return strings.Repeat("0", 3-n) + code
	}
	return code
}
