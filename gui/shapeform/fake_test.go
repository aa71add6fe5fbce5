package shapeform

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

func clockNow() time.Time { return time.Date(2026, 3, 14, 15, 9, 26, 0, time.Local) }

// fakeEngine keeps working copies in memory.
type fakeEngine struct {
	fakeCatalog
	mu      sync.Mutex
	writes  []engine.Edit
	told    []string
	err     error // of Change
	finish  error // of Finish
	started chan struct{}
	hold    chan struct{} // Change waits for it, if set
}

func (f *fakeEngine) Change(_ context.Context, e *engine.Edit) error {
	if f.hold != nil {
		f.started <- struct{}{}
		<-f.hold
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return f.err
	}
	e.Changes, e.Dirty = []string{"name"}, true
	f.writes = append(f.writes, clone(*e))
	return nil
}

func (f *fakeEngine) note(verb, id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.told = append(f.told, verb+" "+id)
}

func (f *fakeEngine) Finish(_ context.Context, id string) (engine.Node, error) {
	f.note("finish", id)
	return engine.Node{ID: id, Name: "the node"}, f.finish
}

func (f *fakeEngine) KeepDraft(_ context.Context, id string) error { f.note("keep", id); return nil }

func (f *fakeEngine) Discard(_ context.Context, id string) error { f.note("discard", id); return nil }

func (f *fakeEngine) last() engine.Edit {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.writes) == 0 {
		return engine.Edit{}
	}
	return f.writes[len(f.writes)-1]
}

// newEdit is the working copy of a shape to be.
func newEdit() engine.Edit {
	e := engine.Edit{}
	e.Node, e.New = "n1", true
	e.Shape = &shape.Shape{Node: "n1", Source: shape.Sample, Config: shape.Defaults()}
	return e
}

// oldEdit is the working copy of a shape that is in the tree.
func oldEdit() engine.Edit {
	e := newEdit()
	e.New, e.Name, e.Description = false, "Provinces of Europe", "For the printed atlas."
	return e
}

func countries() []Country {
	list := []Country{
		{"JPN", "Japan", "日本"},
		{"ITA", "Italy", "イタリア"},
		{"FRA", "France", "フランス"},
		{"CIV", "Côte d'Ivoire", "コートジボワール"},
		{"BES", "Bonaire, Sint Eustatius and Saba", "ボネール、シント・ユースタティウスおよびサバ"},
	}
	for i := range 200 {
		list = append(list, Country{fmt.Sprintf("X%c%c", 'A'+i/26, 'A'+i%26), fmt.Sprintf("Land %03d", i), ""})
	}
	return list
}

// bench is a form with all around it.
type bench struct {
	*Form
	app    fyne.App
	w      fyne.Window
	engine *fakeEngine
	ends   []End
	said   []string
	logged []error
}

func newBench(t *testing.T, e engine.Edit, tasks *kit.Tasks) *bench {
	t.Helper()
	b := &bench{app: test.NewTempApp(t), engine: &fakeEngine{}}
	b.app.Settings().SetTheme(kit.NewTheme(kit.Light))
	b.w = test.NewTempWindow(t, widget.NewLabel("below"))
	b.w.Resize(fyne.NewSize(1280, 800))
	b.open(e, tasks)
	return b
}

func (b *bench) open(e engine.Edit, tasks *kit.Tasks) {
	b.Form = Open(Host{
		Window: b.w, Clipboard: b.app.Clipboard(), Tasks: tasks, Engine: b.engine,
		Countries: func(context.Context) ([]Country, error) { return countries(), nil },
		Done:      func(how End, _ engine.Node) { b.ends = append(b.ends, how) },
		Say:       func(s string) { b.said = append(b.said, s) },
		Log:       func(err error) { b.logged = append(b.logged, err) },
		Who:       "aiko", Now: clockNow,
	}, e)
}

// all lists the visible widgets of the dialog on top.
func all[T fyne.CanvasObject](b *bench) []T {
	var out []T
	top := b.w.Canvas().Overlays().Top()
	if top == nil {
		return nil
	}
	for _, o := range test.LaidOutObjects(top) {
		if x, ok := o.(T); ok {
			out = append(out, x)
		}
	}
	return out
}

func (b *bench) press(t *testing.T, word string) {
	t.Helper()
	for _, x := range all[*kit.Button](b) {
		if x.Text == word && x.Visible() && !x.Disabled() {
			test.Tap(x)
			return
		}
	}
	t.Fatalf("there is no button %q to press; there is %q", word, b.texts())
}

func (b *bench) texts() string {
	var out []string
	for _, l := range all[*widget.Label](b) {
		out = append(out, l.Text)
	}
	for _, x := range all[*kit.Button](b) {
		out = append(out, "["+x.Text+"]")
	}
	return strings.Join(slices.DeleteFunc(out, func(s string) bool { return s == "" }), "\n")
}

// fakeCatalog has two sources: atlas, whose licence is free, and the
// geoBoundaries of a few countries.
type fakeCatalog struct {
	sources error
	offers  map[shape.Variant]error
	asked   []string
}

func license(name string) source.License {
	return source.License{
		Name: name, URL: "https://example.org/" + name, Text: "What " + name + " says.",
		Consent: true, ShareAlike: strings.HasPrefix(name, "ODbL"), NoSharing: name == "Closed", NonCommercial: name == "Closed",
	}
}

func (f *fakeCatalog) Sources() ([]source.About, error) {
	if f.sources != nil {
		return nil, f.sources
	}
	return []source.About{
		{Source: shape.NaturalEarth, Name: "Natural Earth", Summary: "Small scales.", Vintage: "5.1", License: source.License{Name: "Public domain"}, Choices: []source.Choice{
			{Key: "scale", Title: "Scale", Default: "10m", Values: []source.ChoiceValue{{Value: "10m", Title: "1:10 million"}, {Value: "110m", Title: "1:110 million"}}},
			{Key: "worldview", Title: "Borders as seen by", Values: []source.ChoiceValue{{Title: "Natural Earth"}, {Value: "jpn", Title: "Japan"}}},
		}},
		{Source: shape.GeoBoundaries, Name: "geoBoundaries", Summary: "Many levels.", Vintage: "20 Feb 2024", License: license("Open licences, by layer"), Policy: "Files are at a server."},
	}, nil
}

func offer(code string, level uint8, l source.License, bytes int64, cached bool) engine.CellOffer {
	return engine.CellOffer{Cached: cached, Offer: source.Offer{
		Cell: source.Cell{Country: code, Level: level}, Title: fmt.Sprintf("title %d", level),
		Vintage: "2019", Units: 47, Bytes: bytes, License: l, Sources: []string{"Maker of " + code},
	}}
}

func (f *fakeCatalog) Offers(_ context.Context, s shape.Source, v shape.Variant) (engine.Matrix, error) {
	f.asked = append(f.asked, fmt.Sprintf("%s %+v", s, v))
	if err := f.offers[v]; err != nil {
		return engine.Matrix{}, err
	}
	odbl, by, closed := license("ODbL 1.0"), license("CC BY 4.0"), license("Closed")
	rows := []engine.MatrixRow{
		{Country: admin.Country{Code: "FRA", Name: "France", Continent: admin.Europe}, Cells: []engine.CellOffer{offer("FRA", 0, by, 4e6, false), offer("FRA", 1, by, 5e6, true), offer("FRA", 3, closed, 0, false)}},
		{Country: admin.Country{Code: "JPN", Name: "Japan", Japanese: "日本", Continent: admin.Asia}, Cells: []engine.CellOffer{offer("JPN", 0, by, 1e6, false), offer("JPN", 1, odbl, 2e6, false)}},
		{Country: admin.Country{Code: "VAT", Name: "Vatican", Continent: admin.Europe}, Cells: []engine.CellOffer{offer("VAT", 0, by, 1e3, false)}},
	}
	if s == shape.NaturalEarth {
		for i := range rows {
			rows[i].Cells = rows[i].Cells[:1]
			rows[i].Cells[0].Bytes = 5e6
			rows[i].Cells[0].License = source.License{Name: "Public domain"}
		}
	}
	return engine.Matrix{Rows: rows}, nil
}

func (f *fakeCatalog) Places(query string) ([]admin.Country, error) {
	if query == "nippon" {
		return []admin.Country{{Code: "JPN"}, {Code: "ZZZ"}}, nil
	}
	return nil, nil
}

func (f *fakeCatalog) Terms(ctx context.Context, s shape.Source, v shape.Variant, sel shape.Selection) (shape.Terms, error) {
	t, _ := shape.TermsOf(s)
	m, err := f.Offers(ctx, s, v)
	t.Text += "\n\nOf what is selected, by number of layers: " + licenseWords(offersMatrix(m).uses(sel)) + "."
	return t, err
}

func (f *fakeCatalog) Accepted(shape.Source) (*shape.Consent, error) { return nil, nil }
