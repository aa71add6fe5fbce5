package admin_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"

	"github.com/shapes-desktop/shapes/core/model/admin"
)

// levels reads a table of what a source has. The tables lie beside the
// repository, not in it.
func levels(t *testing.T, file string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "..", "shared", "data", "levels", file))
	if os.IsNotExist(err) {
		t.Skip("skipped: no level tables beside the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil || len(lines) < 2 {
		t.Fatalf("%s: %v", file, err)
	}
	rows := make([]map[string]string, 0, len(lines)-1)
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, column := range lines[0] {
			row[column] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// known tells how many places have a code of s, and checks that each row's
// code is one of them.
func known(t *testing.T, s admin.Coding, rows []map[string]string, column string) (places int) {
	t.Helper()
	w := world(t)
	for _, row := range rows {
		if _, ok := w.Of(s, row[column]); !ok {
			t.Errorf("%s: no place for %s (%s)", s, row[column], row["name"])
		}
	}
	for _, c := range w.All() {
		if c.In(s) != "" {
			places++
		}
	}
	return places
}

func TestEveryLevelZeroOfNaturalEarth(t *testing.T) {
	rows := levels(t, "naturalearth_levels.csv")
	if n := known(t, admin.NaturalEarth, rows, "adm0_a3"); n != len(rows) {
		t.Errorf("%d places have a code of Natural Earth, which has %d", n, len(rows))
	}
	w := world(t)
	for _, row := range rows {
		c, _ := w.Of(admin.NaturalEarth, row["adm0_a3"])
		if c.ISO3 != "" && (row["iso_a3_eh"] != c.ISO3 || row["iso_a2_eh"] != c.ISO2) {
			t.Errorf("%s: Natural Earth has %s and %s, the table %s and %s", c.Code, row["iso_a3_eh"], row["iso_a2_eh"], c.ISO3, c.ISO2)
		}
		mustFind(t, w, row["name"], c.Code)
	}
}

func TestEveryLevelZeroOfGeoBoundaries(t *testing.T) {
	rows := levels(t, "geoboundaries_levels.csv")
	if n := known(t, admin.GeoBoundaries, rows, "iso3"); n != len(rows) {
		t.Errorf("%d places have a code of geoBoundaries, which has %d", n, len(rows))
	}
	w := world(t)
	for _, row := range rows {
		if row["iso3"] != "ATA" { // "Antartica"
			mustFind(t, w, row["name"], row["iso3"])
		}
	}
}

// disputedInGADM is how many of GADM's codes stand only inside the file of a
// country, not in its list: Z01 to Z09.
const disputedInGADM = 9

func TestEveryLevelZeroOfGADM(t *testing.T) {
	rows := levels(t, "gadm41_levels.csv")
	if n := known(t, admin.GADM, rows, "iso3"); n != len(rows)+disputedInGADM {
		t.Errorf("%d places have a code of GADM, which has %d and %d", n, len(rows), disputedInGADM)
	}
	w := world(t)
	for _, row := range rows {
		c, _ := w.Of(admin.GADM, row["iso3"])
		mustFind(t, w, row["name"], c.Code)
	}
}

func TestEveryCountryOfOpenStreetMap(t *testing.T) {
	known(t, admin.OSM, levels(t, "osm_admin_levels_libpostal.csv"), "iso2")
}

// mustFind checks that a source's name of a place finds it, first or with
// others of the same name.
func mustFind(t *testing.T, w *admin.Table, name, code string) {
	t.Helper()
	for i, c := range w.Search(name) {
		if c.Code == code && i < 4 {
			return
		}
	}
	t.Errorf("%q does not find %s", name, code)
}
