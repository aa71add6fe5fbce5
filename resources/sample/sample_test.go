package sample_test

import (
	"encoding/json"
	"io"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/shapes-desktop/shapes/resources/sample"
)

// topology is the part of TopoJSON that the sample uses.
type topology struct {
	Type      string
	Transform struct{ Scale, Translate [2]float64 }
	Objects   map[string]struct{ Geometries []geometry }
	Arcs      [][][2]int
}

type geometry struct {
	Type       string
	ID         uint64
	Properties map[string]any
	Arcs       [][][]int
}

func (g geometry) text(key string) string {
	s, _ := g.Properties[key].(string)
	return s
}

// decoded reads the sample once for all tests, which do not change it.
var decoded = sync.OnceValues(func() (topo topology, err error) {
	r, err := sample.Open()
	if err != nil {
		return topo, err
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return topo, err
	}
	err = json.Unmarshal(data, &topo)
	return topo, err
})

func load(t *testing.T) topology {
	t.Helper()
	topo, err := decoded()
	if err != nil {
		t.Fatal(err)
	}
	return topo
}

func TestSizeStaysInBudget(t *testing.T) {
	if n := sample.Size(); n > 3_000_000 {
		t.Errorf("the sample takes %d bytes of the program, more than 3 MB", n)
	}
	n, err := io.Copy(io.Discard, sample.Gzipped())
	if err != nil || n != int64(sample.Size()) {
		t.Errorf("Gzipped gave %d bytes (%v), want %d", n, err, sample.Size())
	}
}

func TestCounts(t *testing.T) {
	topo := load(t)
	if topo.Type != "Topology" || len(topo.Objects) != 2 {
		t.Fatalf("type %q with %d objects", topo.Type, len(topo.Objects))
	}
	for layer, want := range map[string]int{sample.LayerCountries: 251, sample.LayerUnits: 4596} {
		if got := len(topo.Objects[layer].Geometries); got != want {
			t.Errorf("%s has %d features, want %d", layer, got, want)
		}
	}
}

func TestEveryFeatureHasItsOwnID(t *testing.T) {
	seen := map[uint64]string{}
	for _, object := range load(t).Objects {
		for _, g := range object.Geometries {
			code := g.text("code")
			if g.ID == 0 || g.ID >= 1<<53 {
				t.Errorf("%s: id %d is not a positive integer below 2^53", code, g.ID)
			}
			if want := sample.FeatureID(code); g.ID != want {
				t.Errorf("%s: id %d, FeatureID says %d", code, g.ID, want)
			}
			if other, taken := seen[g.ID]; taken {
				t.Errorf("%s and %s share id %d", code, other, g.ID)
			}
			seen[g.ID] = code
		}
	}
}

// The ids are stable: tiles that users keep refer to them.
func TestFeatureIDGolden(t *testing.T) {
	for code, want := range map[string]uint64{
		"JPN":      2371822316930834,
		"JPN-1835": 4860370739086959,
		"SOL+00?":  5687267140741258,
	} {
		if got := sample.FeatureID(code); got != want {
			t.Errorf("FeatureID(%q) = %d, want %d", code, got, want)
		}
	}
}

func TestUnitsHaveParents(t *testing.T) {
	topo := load(t)
	countries := byCode(topo.Objects[sample.LayerCountries].Geometries)
	children := map[string]int{}
	for _, g := range topo.Objects[sample.LayerUnits].Geometries {
		parent := g.text("parent_code")
		if _, ok := countries[parent]; !ok || g.text("adm0_a3") != parent {
			t.Errorf("%s: parent %q, adm0_a3 %q", g.text("code"), parent, g.text("adm0_a3"))
		}
		children[parent]++
	}
	for code := range countries {
		if children[code] == 0 {
			t.Errorf("%s has no units", code)
		}
	}
}

func byCode(gs []geometry) map[string]geometry {
	m := map[string]geometry{}
	for _, g := range gs {
		m[g.text("code")] = g
	}
	return m
}

func TestISOCodes(t *testing.T) {
	countries := byCode(load(t).Objects[sample.LayerCountries].Geometries)
	golden := []struct{ code, a2, a3 string }{
		{"FRA", "FR", "FRA"},
		{"NOR", "NO", "NOR"},
		{"KOS", "XK", "XKX"},
		{"TWN", "TW", "TWN"},
		{"SAH", "EH", "ESH"},
		{"PSX", "PS", "PSE"},
		{"SDS", "SS", "SSD"},
		{"ALD", "AX", "ALA"},
		{"HKG", "HK", "HKG"},
		{"MAC", "MO", "MAC"},
		{"NZL", "NZ", "NZL"},
		{"ATA", "AQ", "ATA"},
		{"NAM", "NA", "NAM"},
		{"JPN", "JP", "JPN"},
		{"GBR", "GB", "GBR"},
		{"CHN", "CN", "CHN"},
		{"SOL", "", ""},
		{"CYN", "", ""},
		{"KAS", "", ""},
		{"KAB", "", ""},
		{"PGA", "", ""},
		{"ATC", "", ""},
		{"CSI", "", ""},
		{"IOA", "", ""},
		{"CLP", "", ""},
		{"ESB", "", ""},
		{"WSB", "", ""},
		{"USG", "", ""},
	}
	for _, want := range golden {
		g := countries[want.code]
		if g.text("iso_a2") != want.a2 || g.text("iso_a3") != want.a3 {
			t.Errorf("%s: %q %q, want %q %q", want.code, g.text("iso_a2"), g.text("iso_a3"), want.a2, want.a3)
		}
	}
	seen := map[string]string{}
	none := 0
	for code, g := range countries {
		a2, a3 := g.text("iso_a2"), g.text("iso_a3")
		if a2 == "" && a3 == "" {
			none++
			continue
		}
		if len(a2) != 2 || len(a3) != 3 {
			t.Errorf("%s: %q %q", code, a2, a3)
		}
		if other, taken := seen[a2]; taken {
			t.Errorf("%s and %s are both %s", code, other, a2)
		}
		seen[a2] = code
	}
	if none != 12 {
		t.Errorf("%d countries without ISO codes, want the 12 of the golden list", none)
	}
}

func TestSubdivisionCodes(t *testing.T) {
	form := regexp.MustCompile(`^[A-Z]{2}-[A-Z0-9]{1,3}$`)
	units := byCode(load(t).Objects[sample.LayerUnits].Geometries)
	for code, g := range units {
		if iso, ok := g.Properties["iso_3166_2"]; ok && !form.MatchString(iso.(string)) {
			t.Errorf("%s: iso_3166_2 %q", code, iso)
		}
	}
	for code, want := range map[string]string{"ARG-1309": "AR-E", "CUB-1320": "CU-99", "KOS-5890": "", "SOL+00?": "", "MAC+00?": ""} {
		if got := units[code].text("iso_3166_2"); got != want {
			t.Errorf("%s: iso_3166_2 %q, want %q", code, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	topo := load(t)
	countries := topo.Objects[sample.LayerCountries].Geometries
	for _, g := range countries {
		for _, key := range []string{"name", "name_en", "name_local", "name_ja", "continent", "type"} {
			if g.text(key) == "" {
				t.Errorf("%s: no %s", g.text("code"), key)
			}
		}
	}
	for code, want := range map[string][3]string{
		"JPN": {"Japan", "日本", "日本"},
		"EGY": {"Egypt", "مصر", "エジプト"},
		"BEL": {"Belgium", "België / Belgique / Belgien", "ベルギー"},
		"TWN": {"Taiwan", "台灣", "台湾"},
		"KOS": {"Kosovo", "Kosovë / Косово / Kosovo", "コソボ"},
		"BTN": {"Bhutan", "འབྲུག", "ブータン"},
		"KNA": {"Saint Kitts and Nevis", "Saint Kitts and Nevis", "セントクリストファー・ネーヴィス"},
	} {
		g := byCode(countries)[code]
		if got := [3]string{g.text("name_en"), g.text("name_local"), g.text("name_ja")}; got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
	unnamed := map[string]bool{"ATA+99?": true, "KIR+99?": true, "AIA+99?": true, "RUS+99?": true}
	for _, g := range topo.Objects[sample.LayerUnits].Geometries {
		if named := g.text("name") != ""; named == unnamed[g.text("code")] {
			t.Errorf("%s: name %q", g.text("code"), g.text("name"))
		}
	}
}

func TestNoPlaceholderValues(t *testing.T) {
	for layer, object := range load(t).Objects {
		for _, g := range object.Geometries {
			for key, value := range g.Properties {
				s, isText := value.(string)
				if s == "-99" || s == "-1" || value == -99.0 || value == nil || (isText && s != strings.TrimSpace(s)) || (isText && s == "") {
					t.Errorf("%s %s: %s = %#v", layer, g.text("code"), key, value)
				}
			}
			if d := g.Properties["disputed"]; d != 0.0 && d != 1.0 {
				t.Errorf("%s: disputed %v", g.text("code"), d)
			}
		}
	}
}
