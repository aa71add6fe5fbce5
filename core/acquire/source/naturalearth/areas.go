package naturalearth

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shapes-desktop/shapes/core/model/admin"
)

// country returns the place that Natural Earth calls code.
func (p *Provider) country(code string) (admin.Country, bool) {
	return p.world.Of(admin.NaturalEarth, code)
}

// view is a point of view that borders are drawn from.
type view struct{ code, title string }

// readViews reads the table of views; titles are names of countries.
func (p *Provider) readViews() error {
	for _, item := range strings.Fields(views) {
		code, country, _ := strings.Cut(item, ":")
		title := map[string]string{"iso": "ISO 3166", "tlc": "Natural Earth: top-level countries"}[code]
		if country != "" {
			c, ok := p.world.Get(country)
			if !ok {
				return fmt.Errorf("the view %q is of the country %q, which is not known", code, country)
			}
			title = c.Name
		}
		p.views = append(p.views, view{code, title})
	}
	slices.SortFunc(p.views, func(a, b view) int { return strings.Compare(a.code, b.code) })
	return nil
}

// readAreas reads the tables of areas.
func (p *Provider) readAreas() error {
	unseen := map[string][]string{}
	for _, line := range strings.Fields(notACountry) {
		code, in, _ := strings.Cut(line, ":")
		unseen[code] = strings.Split(in, ",")
	}
	fifties, hundredTens := numbers(units50m), numbers(units110m)
	for _, item := range strings.Fields(units10m) {
		code, n, _ := strings.Cut(item, ":")
		units, err := strconv.Atoi(n)
		if err != nil {
			return fmt.Errorf("the number of units in %q: %w", item, err)
		}
		country, ok := p.country(code)
		if !ok {
			return fmt.Errorf("the area %q is of no country that is known", code)
		}
		a := area{code: code, country: country.Code, admin1: units > 0, units: units, unseen: unseen[code]}
		p.areas[ten] = append(p.areas[ten], a)
		if !listed(only10m, code) {
			a.units, a.admin1 = fifties[code], listed(units50m, code)
			p.areas[fifty] = append(p.areas[fifty], a)
		}
		if listed(all110m, code) {
			a.units, a.admin1 = hundredTens[code], listed(units110m, code)
			p.areas[hundredTen] = append(p.areas[hundredTen], a)
		}
	}
	return nil
}

// listed reports whether the list has the code, with or without a number.
func listed(list, code string) bool {
	return slices.ContainsFunc(strings.Fields(list), func(item string) bool {
		c, _, _ := strings.Cut(item, ":")
		return c == code
	})
}

// numbers reads a list of codes with numbers.
func numbers(list string) map[string]int {
	out := map[string]int{}
	for _, item := range strings.Fields(list) {
		code, n, _ := strings.Cut(item, ":")
		out[code], _ = strconv.Atoi(n) // a test reads the tables
	}
	return out
}
