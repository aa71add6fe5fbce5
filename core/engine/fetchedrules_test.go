package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/pipeline/schedule"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// TestTilesKeepTheLicenceOfTheirFiles: settings that name another source since do
// not make tiles free that were made of GADM.
func TestTilesKeepTheLicenceOfTheirFiles(t *testing.T) {
	h := newHosts(t)
	serveGADM(h)
	e := openFetching(t, h)
	node, s := runFetched(t, e, NewShape{Name: "Belgium", Source: shape.GADM, Selection: shape.Selection{"BEL": {0}}})
	if s.Status != completed {
		t.Fatalf("%s: %s", s.Status, s.Reason)
	}
	if err := e.core(func(tx *kv.Tx) error {
		sh, _, err := shape.Shapes().Get(tx, kv.Key(nil).Str(node))
		if err != nil {
			return err
		}
		sh.SetSource(shape.Sample)
		return shape.Shapes().Put(tx, &sh)
	}); err != nil {
		t.Fatal(err)
	}
	if err := e.Restricted(t.Context(), []string{node}); !errors.Is(err, ErrNoSharing) {
		t.Errorf("tiles made of GADM under other settings: %v", err)
	}
}

// TestLayersThatMayNotBeShared: a layer's own licence counts, not only what is
// true of the whole source.
func TestLayersThatMayNotBeShared(t *testing.T) {
	h := newHosts(t)
	const record = `{"boundaryISO":"BEL","boundaryType":"ADM%d","boundaryLicense":%q,"admUnitCount":"3","buildDate":"Dec 12, 2029"}`
	h.files["www.geoboundaries.org/api/current/gbOpen/ALL/ALL/"] = fmt.Appendf(nil, "["+record+","+record+"]", 1, "Public Domain", 2, "Ask the king")
	e := openFetching(t, h)
	if _, err := e.Live(t.Context(), shape.GeoBoundaries, shape.Variant{}); err != nil {
		t.Fatal(err)
	}
	for level, may := range map[uint8]bool{1: true, 2: false} {
		s := &shape.Shape{Node: "n", Source: shape.GeoBoundaries, Selection: shape.Selection{"BEL": {level}}}
		err := e.coreView(func(tx *kv.Tx) error { return e.shareable(t.Context(), tx, s) })
		if errors.Is(err, ErrNoSharing) == may {
			t.Errorf("level %d: %v", level, err)
		}
	}
}

// TestTilesKeepTheLicenceThatWasTold: a record of the API told another licence
// when the file was fetched than the table has of its layer.
func TestTilesKeepTheLicenceThatWasTold(t *testing.T) {
	h := newHosts(t)
	serveCameroon(t, h)
	e := openFetching(t, h)
	node, s := runFetched(t, e, NewShape{
		Name: "Cameroon", Source: shape.GeoBoundaries, Variant: shape.Variant{Detail: "simplified"}, Selection: shape.Selection{"CMR": {0}},
	})
	if s.Status != completed {
		t.Fatalf("%s: %s", s.Status, s.Reason)
	}
	if err := e.Restricted(t.Context(), []string{node}); err != nil {
		t.Errorf("as it came: %v", err)
	}
	for license, may := range map[string]bool{"ODbL 1.0": true, "CC BY-NC 4.0": true, "Other: Ask the king": false, "Other: not stated": false} {
		if err := e.core(func(tx *kv.Tx) error {
			for f, err := range shape.SourceFiles().By(tx, "node", kv.Key(nil).Str(node)) {
				if err != nil {
					return err
				}
				f.License = license
				return shape.SourceFiles().Put(tx, &f)
			}
			return errors.New("the node has no file")
		}); err != nil {
			t.Fatal(err)
		}
		if err := e.Restricted(t.Context(), []string{node}); errors.Is(err, ErrNoSharing) == may {
			t.Errorf("%s: %v", license, err)
		}
	}
}

// TestConsentOfAnotherIsNotImported: who opens a recipe has accepted nothing yet.
func TestConsentOfAnotherIsNotImported(t *testing.T) {
	e := openFetching(t, newHosts(t))
	terms, _ := shape.TermsOf(shape.GADM)
	for who, kept := range map[string]bool{"somebody else": false, UserName(): true} {
		ed, err := e.New(t.Context(), tree.Root, NewShape{
			Name: who, Source: shape.GADM, Selection: shape.Selection{"BEL": {0}}, License: terms.Accept(who, testDay),
		})
		if err == nil {
			_, err = e.Finish(t.Context(), ed.Node)
		}
		path := filepath.Join(t.TempDir(), "recipe.zip")
		if err == nil {
			err = e.Export(t.Context(), []string{ed.Node}, path, ExportOptions{})
		}
		if err != nil {
			t.Fatal(err)
		}
		in, err := e.Import(t.Context(), path, tree.Root, Rename)
		if err != nil || len(in.Nodes) != 1 {
			t.Fatalf("%+v, %v", in, err)
		}
		err = e.coreView(func(tx *kv.Tx) error {
			s, _, err := shape.Shapes().Get(tx, kv.Key(nil).Str(in.Nodes[0].ID))
			if (s.License != nil) != kept {
				t.Errorf("consent of %q came in: %v", who, s.License != nil)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestRequestOfATask: questions to OpenStreetMap share an address, so that a task
// is known by its cell.
func TestRequestOfATask(t *testing.T) {
	e := openFetching(t, newHosts(t))
	ses := &session.Session{Source: shape.OpenStreetMap, Selection: shape.Selection{"LIE": {0, 1}}}
	inputs, err := e.downloads(ses)
	if err != nil || len(inputs) != 2 {
		t.Fatalf("%d inputs, %v", len(inputs), err)
	}
	for i, in := range inputs {
		in.Config.Input = i
		if _, r, _, err := e.requestOf(ses, in.Config); err != nil || r.Cells[0].Level != uint8(i) {
			t.Errorf("input %d: %v", i, err)
		}
		in.Config.Input = 1 - i
		if _, _, _, err := e.requestOf(ses, in.Config); !errors.Is(err, schedule.ErrLost) {
			t.Errorf("input %d in another's place: %v", i, err)
		}
	}
}

// TestCellsWithoutUnitsAreTold: a file of many countries that lacks one of them.
func TestCellsWithoutUnitsAreTold(t *testing.T) {
	e := openFetching(t, newHosts(t))
	c, err := e.supply()
	if err != nil {
		t.Fatal(err)
	}
	p, requests, err := c.requests(shape.NaturalEarth, shape.Variant{Scale: "110m"}, shape.Selection{"FRA": {0}, "JPN": {0}})
	if err != nil {
		t.Fatal(err)
	}
	var faults feature.Faults
	u := units{p: p, req: &requests[0], faults: &faults, taken: map[source.Cell]bool{}}
	f := feature.Feature{Attrs: []feature.Attr{{Key: "ADM0_A3", Value: feature.StringValue("FRA")}, {Key: "NAME", Value: feature.StringValue("France")}}}
	if layer, ok := u.take("x", &f); !ok || layer != "adm0" {
		t.Fatalf("%q, %v", layer, ok)
	}
	u.missing(c)
	if faults.Total() != 1 || faults.Count(faultMissing) != 1 || !strings.Contains(faults.Examples(faultMissing)[0].Detail, "Japan") {
		t.Errorf("%d faults: %v", faults.Total(), faults.Examples(faultMissing))
	}
}

// TestCreditsAreThoseOfTheFiles: the table of a source may have changed since, and
// may lack what was fetched.
func TestCreditsAreThoseOfTheFiles(t *testing.T) {
	h := newHosts(t)
	serveGADM(h)
	e := openFetching(t, h)
	path := filepath.Join(t.TempDir(), "gadm41_BEL_0.json")
	if err := os.WriteFile(path, h.files[gadmFolder+"gadm41_BEL_0.json"], 0o600); err != nil {
		t.Fatal(err)
	}
	terms, _ := shape.TermsOf(shape.GADM)
	if _, err := e.Accept(terms); err != nil {
		t.Fatal(err)
	}
	f, err := e.AddFile(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	ses := &session.Session{ID: "s", Node: "n", Source: shape.GADM, Selection: shape.Selection{"BEL": {0}}}
	if err := e.eph(func(tx *kv.Tx) error { return e.board.Create(tx, ses) }); err != nil {
		t.Fatal(err)
	}
	if err := e.eph(func(tx *kv.Tx) error {
		s, err := e.board.Get(tx, ses.ID)
		if err != nil {
			return err
		}
		s.Selection = shape.Selection{"BEL": {5}} // which the table does not have
		s.Inputs = []string{"", f.File.SHA256}
		return session.Sessions().Put(tx, &s)
	}); err != nil {
		t.Fatal(err)
	}
	if got, err := e.credits(ses); err != nil || len(got) != 1 || got[0] != f.File.Attribution {
		t.Errorf("%q, %v", got, err)
	}
}
