package engine

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

// TestRunOfNaturalEarth fetches the original archive of 110m once, and makes
// tiles of two of its countries.
func TestRunOfNaturalEarth(t *testing.T) {
	h := newHosts(t)
	const path = "naturalearth.s3.amazonaws.com/110m_cultural/ne_110m_admin_0_countries.zip"
	h.files[path] = sharedSource(t, "naturalearth/ne_110m_admin_0_countries.v5.1.0.zip")
	e := openFetching(t, h)
	with := NewShape{
		Name: "NE", Source: shape.NaturalEarth, Variant: shape.Variant{Scale: "110m"},
		Selection: shape.Selection{"FRA": {0}, "XKX": {0}},
	}
	node, s := runFetched(t, e, with)
	if s.Status != completed || s.Features != 2 {
		t.Fatalf("session %s, %d features: %s %v", s.Status, s.Features, s.Reason, s.Samples)
	}
	if got := h.requests(); len(got) != 1 || got[0] != path {
		t.Errorf("asked for %q", got)
	}
	files, err := e.Cached(t.Context())
	if err != nil || len(files) != 1 || len(files[0].Nodes) != 1 || files[0].Nodes[0] != node {
		t.Errorf("cached %+v, %v", files, err)
	}
	with.Name = "Again"
	if _, s := runFetched(t, e, with); s.Status != completed {
		t.Errorf("second session %s: %s", s.Status, s.Reason)
	}
	if got := h.requests(); len(got) != 0 {
		t.Errorf("a second run asked for %q", got)
	}
	if _, err := e.Uncache(t.Context(), []string{files[0].SHA256}, false); !errors.Is(err, ErrInUse) {
		t.Errorf("removing a file in use: %v", err)
	}
}

// serveCameroon serves the API's records and the simplified layers.
func serveCameroon(t *testing.T, h *hosts) {
	t.Helper()
	var all []map[string]any
	if err := json.Unmarshal(sharedSource(t, "geoboundaries/api/current/gbOpen/ALL/ALL/index.json"), &all); err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		level, _ := r["boundaryType"].(string)
		if r["boundaryISO"] != "CMR" || level == "ADM3" {
			continue
		}
		record, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		h.files["www.geoboundaries.org/api/current/gbOpen/CMR/"+level+"/"] = record
		address, _ := r["simplifiedGeometryGeoJSON"].(string)
		h.files[strings.TrimPrefix(address, "https://")] = sharedSource(t, "geoboundaries/geoBoundaries-CMR-"+level+"_simplified.geojson")
	}
}

// TestRunOfGeoBoundaries follows the API's records to two levels of Cameroon,
// and finds the regions that departments lie in.
func TestRunOfGeoBoundaries(t *testing.T) {
	h := newHosts(t)
	serveCameroon(t, h)
	e := openFetching(t, h)
	node, s := runFetched(t, e, NewShape{
		Name: "Cameroon", Source: shape.GeoBoundaries, Variant: shape.Variant{Detail: "simplified"},
		Selection: shape.Selection{"CMR": {1, 2}},
	})
	if s.Status != completed || s.Features != 10+60 {
		t.Fatalf("session %s, %d features: %s %v", s.Status, s.Features, s.Reason, s.Samples)
	}
	tiles, err := e.OpenNode(t.Context(), node)
	if err != nil {
		t.Fatal(err)
	}
	defer tiles.Close()
	meta := tiles.Meta()
	for _, l := range meta.Layers {
		_, has := l.Fields[source.KeyParent]
		if want := l.ID == "adm2"; has != want {
			t.Errorf("layer %s has parents: %v, want %v", l.ID, has, want)
		}
	}
	if !strings.Contains(meta.Attribution, "geoBoundaries") {
		t.Errorf("attribution %q", meta.Attribution)
	}
}

// TestRunWhileTheAPIIsDown: the addresses of the bundled table will do.
func TestRunWhileTheAPIIsDown(t *testing.T) {
	h := newHosts(t)
	serveCameroon(t, h)
	h.down = "www.geoboundaries.org/"
	e := openFetching(t, h)
	cfg := shape.Defaults()
	cfg.Download.Retries = 0
	_, s := runFetched(t, e, NewShape{
		Name: "Cameroon", Source: shape.GeoBoundaries, Variant: shape.Variant{Detail: "simplified"},
		Selection: shape.Selection{"CMR": {1}}, Config: &cfg,
	})
	if s.Status != completed || s.Features != 10 {
		t.Fatalf("session %s, %d features: %s %v", s.Status, s.Features, s.Reason, s.Samples)
	}
}

// TestRunWhileTheAPIAnswersWithPages: those of 200 too.
func TestRunWhileTheAPIAnswersWithPages(t *testing.T) {
	h := newHosts(t)
	serveCameroon(t, h)
	h.files["www.geoboundaries.org/api/current/gbOpen/CMR/ADM1/"] = []byte("<!DOCTYPE html><html>We are back soon</html>")
	e := openFetching(t, h)
	_, s := runFetched(t, e, NewShape{
		Name: "Cameroon", Source: shape.GeoBoundaries, Variant: shape.Variant{Detail: "simplified"},
		Selection: shape.Selection{"CMR": {1}},
	})
	if s.Status != completed || s.Features != 10 {
		t.Fatalf("session %s, %d features: %s %v", s.Status, s.Features, s.Reason, s.Samples)
	}
}

// TestLayerThatFailsIsNotAskedForTwice: the bundled table leads to where the API
// has led already.
func TestLayerThatFailsIsNotAskedForTwice(t *testing.T) {
	h := newHosts(t)
	serveCameroon(t, h)
	h.down = "github.com/"
	e := openFetching(t, h)
	cfg := shape.Defaults()
	cfg.Download.Retries = 0
	_, s := runFetched(t, e, NewShape{
		Name: "Cameroon", Source: shape.GeoBoundaries, Variant: shape.Variant{Detail: "simplified"},
		Selection: shape.Selection{"CMR": {1}}, Config: &cfg,
	})
	if got := h.requests(); s.Status == completed || len(got) != 2 {
		t.Errorf("session %s, asked for %q", s.Status, got)
	}
}

// TestTakeFile: a file that was downloaded by hand stands for the download, and
// tiles of GADM do not leave the machine unasked.
func TestTakeFile(t *testing.T) {
	h := newHosts(t)
	e := openFetching(t, h)
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "gadm41_JPN_0.json")
	const text = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"GID_0":"JPN","COUNTRY":"Japan"},` +
		`"geometry":{"type":"MultiPolygon","coordinates":[[[[135,35],[135,36],[137,36],[137,35],[135,35]]]]}}]}`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	o := FetchOrder{Source: shape.GADM, Selection: shape.Selection{"JPN": {0}}}
	if _, err := e.TakeFile(ctx, o, path); !errors.Is(err, ErrConsent) {
		t.Fatalf("without consent: %v", err)
	}
	terms, err := e.Terms(ctx, o.Source, o.Variant, o.Selection)
	if err == nil {
		_, err = e.Accept(terms)
	}
	if err != nil || terms.Share {
		t.Fatalf("terms %+v, %v", terms, err)
	}
	if f, err := e.TakeFile(ctx, o, path); err != nil || f.File.AcceptedBy != UserName() {
		t.Fatalf("taken %+v, %v", f, err)
	}
	node, s := runFetched(t, e, NewShape{Name: "Japan", Source: shape.GADM, Selection: o.Selection})
	if s.Status != completed || s.Features != 1 || len(h.requests()) != 0 {
		t.Fatalf("session %s, %d features: %s %v", s.Status, s.Features, s.Reason, s.Samples)
	}
	out := filepath.Join(t.TempDir(), "japan.zip")
	if err := e.Export(ctx, []string{node}, out, ExportOptions{Tiles: true}); !errors.Is(err, ErrNoSharing) {
		t.Errorf("export: %v", err)
	}
	for _, o := range []ExportOptions{{}, {Tiles: true, Own: true}} {
		if err := e.Export(ctx, []string{node}, out, o); err != nil {
			t.Errorf("export %+v: %v", o, err)
		}
	}
}

// TestTakeFileForAShape: who has accepted the licence for a shape has accepted it.
func TestTakeFileForAShape(t *testing.T) {
	e := openFetching(t, newHosts(t))
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "gadm41_JPN_0.json")
	if err := os.WriteFile(path, []byte(`{"type":"FeatureCollection","features":[`+square(`"GID_0":"JPN","COUNTRY":"Japan"`, 135, 35, 2)+`]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	with := NewShape{Name: "Japan", Source: shape.GADM, Selection: shape.Selection{"JPN": {0}}}
	terms, err := e.Terms(ctx, with.Source, with.Variant, with.Selection)
	if err != nil {
		t.Fatal(err)
	}
	with.License = terms.Accept("ann", testDay)
	ed, err := e.New(ctx, tree.Root, with)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.AddFile(ctx, path); !errors.Is(err, ErrConsent) {
		t.Fatalf("accepted in a draft only: %v", err)
	}
	if _, err := e.Finish(ctx, ed.Node); err != nil {
		t.Fatal(err)
	}
	if f, err := e.AddFile(ctx, path); err != nil || f.File.AcceptedBy != "ann" {
		t.Fatalf("%+v, %v", f, err)
	}
}

// TestAddFile recognises files by what is in them, and by their names.
func TestAddFile(t *testing.T) {
	h := newHosts(t)
	e := openFetching(t, h)
	ctx := t.Context()
	dir := t.TempDir()
	put := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const text = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{%s},` +
		`"geometry":{"type":"Polygon","coordinates":[[[135,35],[137,35],[137,36],[135,36],[135,35]]]}}]}`
	own := put("mine.geojson", []byte(strings.Replace(text, "%s", `"name":"x"`, 1)))
	if _, err := e.AddFile(ctx, own); !errors.Is(err, ErrUnknownFile) {
		t.Errorf("a file of one's own: %v", err)
	}
	gadm := put("download (2).json", []byte(strings.Replace(text, "%s", `"GID_0":"JPN","COUNTRY":"Japan"`, 1)))
	if _, err := e.AddFile(ctx, gadm); !errors.Is(err, ErrConsent) {
		t.Errorf("GADM without consent: %v", err)
	}
	renamed := put("world.zip", sharedSource(t, "naturalearth/ne_110m_admin_0_countries.v5.1.0.zip"))
	if _, err := e.AddFile(ctx, renamed); !errors.Is(err, ErrUnknownFile) || !strings.Contains(err.Error(), "ne_10m_admin_0_countries") {
		t.Errorf("an edition that nothing tells: %v", err)
	}
	ne := put("ne_110m_admin_0_countries.zip", sharedSource(t, "naturalearth/ne_110m_admin_0_countries.v5.1.0.zip"))
	f, err := e.AddFile(ctx, ne)
	if err != nil || !strings.Contains(f.File.URL, "110m") {
		t.Fatalf("Natural Earth: %+v, %v", f.File, err)
	}
	_, s := runFetched(t, e, NewShape{
		Name: "NE", Source: shape.NaturalEarth, Variant: shape.Variant{Scale: "110m"}, Selection: shape.Selection{"FRA": {0}},
	})
	if s.Status != completed || len(h.requests()) != 0 {
		t.Errorf("run of it: %s %s", s.Status, s.Reason)
	}
	cmr := put("geoBoundaries-CMR-ADM1_simplified.geojson", sharedSource(t, "geoboundaries/geoBoundaries-CMR-ADM1_simplified.geojson"))
	terms, err := e.Terms(ctx, shape.GeoBoundaries, shape.Variant{}, shape.Selection{"CMR": {1}})
	if err == nil {
		_, err = e.Accept(terms)
	}
	if err != nil {
		t.Fatal(err)
	}
	if f, err := e.AddFile(ctx, cmr); err != nil || len(f.Cells) != 1 || f.Cells[0] != (source.Cell{Country: "CMR", Level: 1}) {
		t.Errorf("geoBoundaries: %+v, %v", f, err)
	}
}

// TestLive: what a source lists now is offered, and still after a restart.
func TestLive(t *testing.T) {
	h := newHosts(t)
	h.files["www.geoboundaries.org/api/current/gbOpen/ALL/ALL/"] = []byte(`[{"boundaryID":"ATA-ADM1-1","boundaryName":"Antarctica",` +
		`"boundaryISO":"ATA","boundaryYearRepresented":"2030","boundaryType":"ADM1","boundaryLicense":"Public Domain","admUnitCount":"3",` +
		`"meanVertices":"10.0","sourceDataUpdateDate":"Thu Jan 19 07:31:04 2023","buildDate":"Dec 12, 2029",` +
		`"gjDownloadURL":"https://github.com/wmgeolab/geoBoundaries/raw/9469f09/releaseData/gbOpen/ATA/ADM1/geoBoundaries-ATA-ADM1.geojson",` +
		`"simplifiedGeometryGeoJSON":"https://github.com/wmgeolab/geoBoundaries/raw/9469f09/releaseData/gbOpen/ATA/ADM1/geoBoundaries-ATA-ADM1_simplified.geojson"}]`)
	dir := t.TempDir()
	rows := func(ask bool) int {
		e, err := Open(t.Context(), dir, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		e.UseNetwork(h.mirror())
		if ask {
			if _, err := e.Live(t.Context(), shape.GADM, shape.Variant{}); !errors.Is(err, ErrUsage) {
				t.Errorf("GADM: %v", err)
			}
			if table, err := e.Live(t.Context(), shape.GeoBoundaries, shape.Variant{}); err != nil || table.Layers != 1 {
				t.Fatalf("%+v, %v", table, err)
			}
		}
		m, err := e.Offers(t.Context(), shape.GeoBoundaries, shape.Variant{})
		if err != nil {
			t.Fatal(err)
		}
		return len(m.Rows)
	}
	if n := rows(false); n < 200 {
		t.Errorf("the bundled table has %d areas", n)
	}
	for _, ask := range []bool{true, false} {
		if n := rows(ask); n != 1 {
			t.Errorf("asked %v: %d areas", ask, n)
		}
	}
}

func TestParseMirrors(t *testing.T) {
	got, err := ParseMirrors([]string{"https://a.org/=http://127.0.0.1:80/x/"})
	if err != nil || got["https://a.org/"] != "http://127.0.0.1:80/x/" {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range []string{"", "https://a.org/", "https://a.org=https://b.org/", "https://a.org/=b/", "ftp://a.org/=https://b.org/"} {
		if _, err := ParseMirrors([]string{bad}); !errors.Is(err, ErrUsage) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestNothingIsFetchedWithoutConsent: no byte before the licence is accepted.
func TestNothingIsFetchedWithoutConsent(t *testing.T) {
	h := newHosts(t)
	e := openFetching(t, h)
	ctx := context.Background()
	sel := shape.Selection{"JPN": {1}}
	if _, err := e.Fetch(ctx, FetchOrder{Source: shape.GADM, Selection: sel}); !errors.Is(err, ErrConsent) {
		t.Fatalf("fetch without consent: %v", err)
	}
	ed, err := e.New(ctx, tree.Root, NewShape{Name: "Japan", Source: shape.GADM, Selection: sel})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Finish(ctx, ed.Node); err == nil {
		t.Fatal("a shape without consent was finished")
	}
	if got := h.requests(); len(got) != 0 {
		t.Fatalf("asked for %q", got)
	}
	terms, err := e.Terms(ctx, shape.GADM, shape.Variant{}, sel)
	if err == nil {
		_, err = e.Accept(terms)
	}
	if err != nil {
		t.Fatal(err)
	}
	all, err := e.Fetch(ctx, FetchOrder{Source: shape.GADM, Selection: sel})
	if err != nil || len(all) != 1 || all[0].Err == nil {
		t.Fatalf("fetch of what is not there: %v, %+v", err, all)
	}
	if len(h.requests()) == 0 {
		t.Fatal("nothing was asked for")
	}
}

// TestCellsThatThereAreNot names what a source has instead.
func TestCellsThatThereAreNot(t *testing.T) {
	e := openFetching(t, newHosts(t))
	_, err := e.Licenses(t.Context(), shape.GADM, shape.Variant{}, shape.Selection{"JPN": {5}})
	if !errors.Is(err, source.ErrNotOffered) || !strings.Contains(err.Error(), "Japan (JPN)") || !strings.Contains(err.Error(), "0, 1, 2") {
		t.Errorf("level 5 of Japan: %v", err)
	}
	_, err = e.Licenses(t.Context(), shape.NaturalEarth, shape.Variant{Scale: "1m"}, shape.Selection{"JPN": {0}})
	if !errors.Is(err, source.ErrVariant) {
		t.Errorf("scale 1m: %v", err)
	}
}
