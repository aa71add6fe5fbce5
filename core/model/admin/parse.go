package admin

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// columns are those of the table, in order.
const columns = "code\tiso3\tiso2\tnumeric\tname\tlocal\tjapanese\tcontinent\tne\tgb\tgadm\tosm\twithin\taliases"

// aliasMark parts the aliases in their cell.
const aliasMark = "|"

// parse reads the text of the table. Errors name the line.
func parse(text string) ([]Country, error) {
	if !utf8.ValidString(text) {
		return nil, errors.New("the text is not UTF-8")
	}
	var rows []Country
	err := eachRow(text, columns, func(line string) error {
		c, err := parseRow(line)
		if err == nil && len(rows) > 0 && rows[len(rows)-1].Code >= c.Code {
			err = fmt.Errorf("%s comes after %s: lines must be sorted by code, each code once", c.Code, rows[len(rows)-1].Code)
		}
		rows = append(rows, c)
		return err
	})
	if err != nil {
		return nil, err
	}
	return rows, nil
}

// eachRow calls fn with each line of a table but its comments and its header,
// which must be columns. Errors, also those of fn, name the line; a table
// without rows is one.
func eachRow(text, columns string, fn func(line string) error) error {
	number, header, rows := 0, false, 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "#"):
		case !header:
			if line != columns {
				return fmt.Errorf("line %d: the columns are %q, expected %q", number, line, columns)
			}
			header = true
		default:
			if err := fn(line); err != nil {
				return fmt.Errorf("line %d: %w", number, err)
			}
			rows++
		}
	}
	if rows == 0 {
		return errors.New("the table is empty")
	}
	return nil
}

func parseRow(line string) (Country, error) {
	cells := strings.Split(line, "\t")
	if want := strings.Count(columns, "\t") + 1; len(cells) != want {
		return Country{}, fmt.Errorf("%d cells, expected %d", len(cells), want)
	}
	for _, cell := range cells {
		if strings.TrimSpace(cell) != cell {
			return Country{}, fmt.Errorf("%q has space around it", cell)
		}
	}
	c := Country{
		Code: cells[0], ISO3: cells[1], ISO2: cells[2], Numeric: cells[3],
		Name: cells[4], Local: cells[5], Japanese: cells[6], Continent: Continent(cells[7]),
		NaturalEarth: cells[8], GeoBoundaries: cells[9], GADM: cells[10], OSM: cells[11],
		Within: cells[12],
	}
	if cells[13] != "" {
		c.Aliases = strings.Split(cells[13], aliasMark)
	}
	return c, check(c)
}

// check refuses a row that cannot be right.
func check(c Country) error {
	switch {
	case !isCode(c.Code, 3):
		return fmt.Errorf("%q is no code of a place", c.Code)
	case (c.ISO3 == "") != (c.ISO2 == "") || (c.ISO3 == "") != (c.Numeric == ""):
		return fmt.Errorf("%s has some ISO codes, not all", c.Code)
	case c.ISO3 != "" && (c.ISO3 != c.Code || !isCode(c.ISO2, 2) || !isCode(c.Numeric, 3) || strings.Trim(c.Numeric, "0123456789") != ""):
		return fmt.Errorf("%s: its ISO codes %q, %q, %q are not of the right form", c.Code, c.ISO3, c.ISO2, c.Numeric)
	case !slices.Contains(Continents(), c.Continent):
		return fmt.Errorf("%s: there is no continent %q", c.Code, c.Continent)
	}
	for _, s := range []string{c.NaturalEarth, c.GeoBoundaries, c.GADM} {
		if s != "" && !isCode(s, 3) {
			return fmt.Errorf("%s: %q is no source's code", c.Code, s)
		}
	}
	if c.OSM != "" && !isCode(c.OSM, 2) {
		return fmt.Errorf("%s: %q is no tag of OpenStreetMap", c.Code, c.OSM)
	}
	for _, n := range append([]string{c.Name, c.Local, c.Japanese}, c.Aliases...) {
		if n == "" || strings.TrimSpace(n) != n {
			return fmt.Errorf("%s: %q is no name", c.Code, n)
		}
	}
	return nil
}

// isCode tells whether s is n capital letters or digits.
func isCode(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for _, b := range []byte(s) {
		if (b < 'A' || b > 'Z') && (b < '0' || b > '9') {
			return false
		}
	}
	return true
}
