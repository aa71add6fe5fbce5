package sourcetest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// testGolden: the codes of the samples' units are those of the golden file.
func testGolden(t *testing.T, c Case) {
	var b strings.Builder
	b.WriteString("# country:level | code | parent | iso_3166_2 | iso_a2 | iso_a3 | adm0_a3 | disputed | name | name_en | name_local | type | type_en\n")
	for _, s := range c.Samples {
		fmt.Fprintf(&b, "\n[%s]\n", s.Name)
		for _, u := range unitsOf(t, c, s) {
			disputed := ""
			if u.Disputed {
				disputed = "disputed"
			}
			fields := []string{
				fmt.Sprintf("%s:%d", u.Country, u.Level), u.Code, u.Parent, u.ISO31662, u.ISO2, u.ISO3, u.Adm0A3, disputed,
				u.Name, u.NameEn, u.NameLocal, u.Type, u.TypeEn,
			}
			b.WriteString(strings.TrimRight(strings.Join(fields, " | "), " |") + "\n")
		}
	}
	if c.Update {
		write(t, c.Golden, b.String())
		return
	}
	want, err := os.ReadFile(c.Golden)
	if err != nil {
		t.Fatalf("%v; write it with -update", err)
	}
	compareLines(t, c.Golden, strings.Split(b.String(), "\n"), strings.Split(string(want), "\n"))
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// compareLines tells of the first lines that differ.
func compareLines(t *testing.T, name string, got, want []string) {
	t.Helper()
	told := 0
	for i := range max(len(got), len(want)) {
		var g, w string
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			t.Errorf("%s:%d:\n got %s\nwant %s", name, i+1, g, w)
			if told++; told == 10 {
				t.Fatal("and so on; look at each, and write them anew with -update if all are meant")
			}
		}
	}
}
