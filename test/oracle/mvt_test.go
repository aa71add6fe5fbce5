package oracle_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/mvt"
)

type fixture struct {
	Name        string
	Valid       bool
	Error       string
	Description string
}

// contradictions are the fixtures that the suite itself cannot mean.
func contradictions() map[string]string {
	return map[string]string{
		"003": "has the bytes of 016, which is valid",
		"057": "announces 536,870,911 points and has one, as 051, which is fatal",
	}
}

func TestMapboxFixtures(t *testing.T) {
	need(t, "node", "node_modules")
	dir := t.TempDir()
	run(t, "node", "mvt-fixtures.mjs", "dump", dir)
	text, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var index []fixture
	if err := json.Unmarshal(text, &index); err != nil {
		t.Fatal(err)
	}
	valid, invalid := 0, 0
	for _, f := range index {
		want := f.Valid
		if why, odd := contradictions()[f.Name]; odd {
			t.Logf("%s %s", f.Name, why)
			want = !want
		}
		if want {
			valid++
			writeJSON(t, dir, f)
			continue
		}
		invalid++
		raw := readTile(t, dir, f.Name)
		_, err := mvt.Decode(raw)
		_, jsonErr := mvt.AppendJSON(nil, raw)
		if err == nil || jsonErr == nil || err.Error() != jsonErr.Error() {
			t.Errorf("%s is invalid (%s): %v; %v", f.Name, f.Description, err, jsonErr)
		} else {
			t.Logf("%s (%s): %v", f.Name, f.Error, err)
		}
	}
	t.Logf("%d valid, %d invalid", valid, invalid)
	t.Log(run(t, "node", "mvt-fixtures.mjs", "compare", dir))
}

func readTile(t *testing.T, dir, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name+".mvt"))
	if err != nil {
		t.Fatal(err)
	}
	b, err = mvt.Gunzip(b, 64<<20)
	if err != nil {
		t.Fatal(name, err)
	}
	return b
}

// writeJSON decodes a valid tile for the comparison.
func writeJSON(t *testing.T, dir string, f fixture) {
	t.Helper()
	raw := readTile(t, dir, f.Name)
	if _, err := mvt.Decode(raw); err != nil {
		t.Errorf("%s is valid (%s): %v", f.Name, f.Description, err)
	}
	text, err := mvt.AppendJSON(nil, raw)
	if err != nil {
		t.Errorf("%s is valid (%s): %v", f.Name, f.Description, err)
		return
	}
	for ext, b := range map[string][]byte{".json": text, ".raw": raw} {
		if err := os.WriteFile(filepath.Join(dir, f.Name+ext), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
