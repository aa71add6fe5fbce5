package parent

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/acquire/ingest"
	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// units reads a file of the shared data: areas, and an attribute of each.
func units(t *testing.T, name, key string) (areas []orb.MultiPolygon, values []string) {
	t.Helper()
	path := filepath.Join("../../../../../shared/data", filepath.FromSlash(name))
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		t.Skip("no real boundaries beside the repository: " + path)
	}
	_, err := ingest.ReadFile(context.Background(), path, ingest.Options{Attributes: []string{key}}, func(_ string, f feature.Feature) error {
		v, _ := f.Attr(key)
		areas, values = append(areas, f.Geometry), append(values, v.String())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return areas, values
}

// Natural Earth's provinces say which country they are of: geometry says the
// same of 4800 of 4855, and the others are known.
func TestNaturalEarth(t *testing.T) {
	const admin0 = "bench/ne_10m_admin_0_countries.geojson.gz"
	const admin1 = "bench/ne_10m_admin_1_states_provinces.geojson.gz"
	countries, codes := units(t, admin0, "adm0_a3")
	provinces, of := units(t, admin1, "adm0_a3")
	got := map[string]int{}
	for i, p := range Find(provinces, countries) {
		found := "none"
		if p != none {
			found = codes[p]
		}
		if found != of[i] {
			got[of[i]+" in "+found]++
		}
	}
	want := map[string]int{
		// Other codes for the same place, and areas that are countries in the one
		// file and not in the other.
		"PSE in PSX": 16, "SSD in SDS": 10, "SOM in SOL": 5, "CYP in CYN": 2, "FIN in ALD": 1, "KAZ in KAB": 1,
		"CHN in HKG": 1, "CHN in MAC": 1, "TKL in NZL": 1, "UKR in RUS": 2, " in CHN": 1, " in PHL": 1,
		// Islets that the countries do not have, farther than Reach from all they have.
		"MHL in none": 9, "BHS in none": 1, "MUS in none": 1, "CSI in none": 1,
		// The Matsu islands, which the countries do not have, lie off China's coast:
		// the nearest is a guess that only a list of the right country's parents
		// keeps from being wrong.
		"TWN in CHN": 1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Haiti's départements have these many arrondissements; La Gonâve is an island.
func TestHaiti(t *testing.T) {
	departments, names := units(t, "sources/geoboundaries/geoBoundaries-HTI-ADM1.rounded.geojson", "shapeISO")
	districts, _ := units(t, "sources/geoboundaries/geoBoundaries-HTI-ADM2.rounded.geojson", "shapeName")
	communes, _ := units(t, "sources/geoboundaries/geoBoundaries-HTI-ADM3.rounded.geojson", "shapeName")
	got := map[string]int{}
	found := Find(districts, departments)
	for i, p := range found {
		if p == none {
			t.Errorf("district %d lies nowhere", i)
			continue
		}
		got[names[p]]++
	}
	want := map[string]int{
		"HT-AR": 5, "HT-CE": 4, "HT-GA": 3, "HT-NI": 3, "HT-ND": 7,
		"HT-NE": 4, "HT-NO": 3, "HT-OU": 5, "HT-SD": 5, "HT-SE": 3,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// The way over the level between leads to the same place.
	direct := Find(communes, departments)
	for i, p := range Find(communes, districts) {
		if p == none || found[p] != direct[i] {
			t.Errorf("commune %d is in district %d, and in department %d", i, p, direct[i])
		}
	}
}
