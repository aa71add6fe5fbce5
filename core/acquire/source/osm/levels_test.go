package osm

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
)

// The table is refused if it is damaged, with the line.
func TestDamagedTable(t *testing.T) {
	for text, want := range map[string]string{
		"JP":                                 "line 1: ",
		"# x\n\njp 2":                        "line 3: ",
		"JP 2\nJP 2":                         "line 2: JP is there twice",
		"JP x":                               `"x" is no admin_level`,
		"JP 2; 4":                            `"4" is out of order or has no kind`,
		"JP 2; 4 a; 4 b":                     `"4 b" is out of order`,
		"JP 4; 4 a":                          `"4 a" is out of order`,
		"JP 2 ja en":                         "more than a language",
		"JP 2; 3 a; 4 a; 5 a; 6 a; 7 a; 8 a": "JP has 6 levels; 5 can be shown",
		"JP 99":                              `"99" is no admin_level`,
	} {
		if _, err := parseLevels(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}

func FuzzLevels(f *testing.F) {
	f.Add(levelTable())
	f.Add("PR 4 es also US; 6 state district; 8 city")
	f.Fuzz(func(t *testing.T, text string) {
		areas, err := parseLevels(text)
		for _, a := range areas {
			if err == nil && (len(a.levels) > 5 || a.code == "") {
				t.Errorf("%q gives %+v", text, a)
			}
			_ = a.title(0)
		}
	})
}

// Every level of the table is one of libpostal's (or the wiki's), and every
// country of that is here.
func TestLevelsAgainstLibpostal(t *testing.T) {
	file, err := os.Open("../../../../../shared/data/levels/osm_admin_levels_libpostal.csv")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no shared data: the table of libpostal is not there")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	areas, err := parseLevels(levelTable())
	if err != nil {
		t.Fatal(err)
	}
	byCode := map[string]area{}
	for _, a := range areas {
		byCode[a.code] = a
	}
	for _, row := range rows[1:] {
		a, ok := byCode[row[0]]
		if !ok {
			t.Errorf("%s is not in the table", row[0])
			continue
		}
		kinds := map[string]bool{}
		for i, kind := range row[1:] {
			if kind != "" {
				kinds[fmt.Sprint(i+2)] = true
			}
		}
		for _, l := range a.levels {
			if !kinds[fmt.Sprint(l.admin)] {
				t.Errorf("%s has no admin_level %d", a.code, l.admin)
			}
		}
		if !kinds[fmt.Sprint(a.own)] || row[a.own-1] != "country" {
			t.Errorf("%s is not at admin_level %d", a.code, a.own)
		}
	}
}
