package admin

import (
	"testing"

	"github.com/shapes-desktop/shapes/resources/countries"
)

func TestWherePlacesLie(t *testing.T) {
	w, err := World()
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]Bounds{
		"JPN": {122, 24, 154, 46}, "XKX": {20, 41, 22, 44}, "FJI": {174, -22, -178, -12}, "ATA": {-180, -90, 180, -60},
		"GLP": {}, "XCA": {}, "none": {}, // Natural Earth has them within others, or not at all
	} {
		if got := w.Bounds(code); got != want {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
	across := 0
	for _, c := range w.All() {
		b := w.Bounds(c.Code)
		if c.NaturalEarth != "" && c.ISO3 != "" && b == (Bounds{}) {
			t.Errorf("%s (%s) lies nowhere", c.Code, c.Name)
		}
		if b.West > b.East {
			across++
		}
	}
	if across != 6 { // FJI KIR NZL RUS UMI USA
		t.Errorf("%d places cross the meridian of 180 degrees", across)
	}
}

func TestBoundsThatCannotBeRight(t *testing.T) {
	const head = boundsColumns + "\n"
	for name, text := range map[string]string{
		"nothing": "", "no rows": head, "other columns": "code\twest\n", "too few": head + "JPN\t1\t2\t3\n", "no number": head + "JPN\t1\t2\t3\tx\n",
		"too far": head + "JPN\t1\t2\t3\t91\n", "upside down": head + "JPN\t1\t4\t3\t2\n", "a line": head + "JPN\t1\t2\t1\t3\n",
		"twice": head + "JPN\t1\t2\t3\t4\nJPN\t1\t2\t3\t4\n",
	} {
		if got, err := parseBounds(text); err == nil {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got, err := parseBounds(countries.Bounds()); err != nil || len(got) < 250 {
		t.Errorf("%d, %v", len(got), err)
	}
}

func FuzzParseBounds(f *testing.F) {
	f.Add(boundsColumns + "\nJPN\t122\t24\t154\t46\n")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := parseBounds(text)
		for code, b := range all {
			if err == nil && (b.South >= b.North || b.West < -180 || b.East > 180) {
				t.Errorf("%s: %v", code, b)
			}
		}
	})
}
