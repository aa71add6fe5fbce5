package shape_test

import (
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// valid returns settings that are well.
func valid() *shape.Shape {
	return shape.New("n")
}

func long(n int) string { return strings.Repeat("ü", n) }

func tags(n int) []string {
	var out []string
	for i := range n {
		out = append(out, strings.Repeat("t", i%60+1)+string(rune('a'+i/60)))
	}
	return out
}

func TestEveryFieldOfAShape(t *testing.T) {
	local := func(files ...shape.File) func(*shape.Shape) {
		return func(s *shape.Shape) { s.Source, s.Files = shape.Local, files }
	}
	accepted := func(of shape.Source, who string) func(*shape.Shape) {
		return func(s *shape.Shape) {
			terms, _ := shape.TermsOf(of)
			s.Source, s.License = shape.GADM, terms.Accept(who, day(1))
		}
	}
	for name, c := range map[string]struct {
		change func(*shape.Shape)
		step   shape.Step
		want   []string
	}{
		"title at the bound":    {func(s *shape.Shape) { s.Metadata.Title = long(255) }, shape.StepName, nil},
		"title above":           {func(s *shape.Shape) { s.Metadata.Title = long(256) }, shape.StepName, list("metadata.title")},
		"title not UTF-8":       {func(s *shape.Shape) { s.Metadata.Title = "\xff" }, shape.StepName, list("metadata.title")},
		"attribution at bound":  {func(s *shape.Shape) { s.Metadata.Attribution = long(10_000) }, shape.StepName, nil},
		"attribution above":     {func(s *shape.Shape) { s.Metadata.Attribution = long(10_001) }, shape.StepName, list("metadata.attribution")},
		"tags at the bound":     {func(s *shape.Shape) { s.Metadata.Tags = tags(64) }, shape.StepName, nil},
		"tags above":            {func(s *shape.Shape) { s.Metadata.Tags = tags(65) }, shape.StepName, list("metadata.tags")},
		"tags twice, empty":     {func(s *shape.Shape) { s.Metadata.Tags = list("a", "a", "", long(64), long(65)) }, shape.StepName, list("metadata.tags[1]", "metadata.tags[2]", "metadata.tags[4]")},
		"no source":             {func(s *shape.Shape) { s.Source = "" }, shape.StepSource, list("source")},
		"unknown source":        {func(s *shape.Shape) { s.Source = "mars" }, shape.StepSource, list("source")},
		"local without files":   {local(), shape.StepSource, list("files")},
		"local":                 {local(shape.File{Path: abs("a"), Layer: "x"}, shape.File{Path: abs("a"), Layer: "y"}), shape.StepSource, nil},
		"relative, twice":       {local(shape.File{Path: "a"}, shape.File{Path: abs("b")}, shape.File{Path: abs("b")}), shape.StepSource, list("files[0]", "files[2]")},
		"layers":                {local(shape.File{Path: abs("a"), Layer: "a\tb"}, shape.File{Path: abs("a"), Layer: long(128)}), shape.StepSource, list("files[0]", "files[1]")},
		"too many files":        {local(make([]shape.File, 1025)...), shape.StepSource, list("files")},
		"files of no use":       {func(s *shape.Shape) { s.Files = []shape.File{{Path: abs("a")}} }, shape.StepSource, list("files")},
		"sample needs nothing":  {func(s *shape.Shape) {}, shape.StepLicense, nil},
		"local needs nothing":   {local(), shape.StepLicense, nil},
		"licence not accepted":  {func(s *shape.Shape) { s.Source = shape.GADM }, shape.StepLicense, list("license")},
		"accepted":              {accepted(shape.GADM, "ann"), shape.StepLicense, nil},
		"accepted another":      {accepted(shape.OpenStreetMap, "ann"), shape.StepLicense, list("license")},
		"accepted by nobody":    {accepted(shape.GADM, ""), shape.StepLicense, list("license")},
		"settings":              {func(s *shape.Shape) { s.Config = shape.Config{} }, shape.StepProcessing, nil},
		"style":                 {func(s *shape.Shape) { s.Style = shape.Style{Fill: "#00ffAA", Line: "#123456", Width: 64, Opacity: 1} }, shape.StepProcessing, list()},
		"style wrong":           {func(s *shape.Shape) { s.Style = shape.Style{Fill: "red", Line: "#12345g", Width: 64.1, Opacity: 1.1} }, shape.StepProcessing, list("style.fill", "style.line", "style.width", "style.opacity")},
		"style below":           {func(s *shape.Shape) { s.Style = shape.Style{Width: -1, Opacity: -0.1} }, shape.StepProcessing, list("style.width", "style.opacity")},
		"style without numbers": {func(s *shape.Shape) { s.Style = shape.Style{Width: math.NaN(), Opacity: math.NaN()} }, shape.StepProcessing, list("style.width", "style.opacity")},
		"selection":             {func(s *shape.Shape) { s.Selection = shape.Nothing() }, shape.StepSelection, list("selection")},
	} {
		t.Run(name, func(t *testing.T) {
			s := valid()
			c.change(s)
			bad := shape.InvalidFields(s.ValidateStep(c.step))
			var got []string
			for _, f := range bad {
				got = append(got, f.Field)
				if f.Step != c.step || f.Why == "" {
					t.Errorf("%+v", f)
				}
			}
			if name == "settings" {
				if len(got) < 10 {
					t.Error(got)
				}
			} else if !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
			for _, f := range bad { // the whole tells what the step tells
				if !slices.Contains(shape.InvalidFields(s.Validate()), f) {
					t.Errorf("Validate does not tell of %v", f)
				}
			}
		})
	}
	if err := valid().Validate(); err != nil {
		t.Error(err)
	}
}

// abs makes an absolute path on any system.
func abs(name string) string {
	dir, err := filepath.Abs(name)
	if err != nil {
		return "/" + name
	}
	return dir
}

func TestErrorReadsWell(t *testing.T) {
	s := valid()
	s.Config.VectorTiles.Buffer, s.Style.Fill = 300, strings.Repeat("x", 100)
	want := "vectorTiles.buffer 300: must be 0 to 256 tile units; style.fill " + strings.Repeat("x", 60) + "…: must be #rrggbb, or empty for the theme's"
	if err := s.Validate(); err == nil || err.Error() != want {
		t.Error(err)
	}
}

func TestSetSource(t *testing.T) {
	terms, _ := shape.TermsOf(shape.GADM)
	s := valid()
	s.Source, s.License = shape.GADM, terms.Accept("ann", day(1))
	if s.SetSource(shape.GADM); s.License == nil {
		t.Error("the same source lost its consent")
	}
	if s.SetSource(shape.Local); s.License != nil {
		t.Error("another source kept a consent")
	}
	s.Files = []shape.File{{Path: abs("a")}}
	if s.SetSource(shape.Sample); s.Files != nil || s.Source != shape.Sample {
		t.Error(s.Files)
	}
	if _, known := shape.TermsOf("mars"); known {
		t.Error("terms of an unknown source")
	}
}

// Whatever a user can set shows in Diff, and a copy shares nothing.
func TestDiffSeesEveryField(t *testing.T) {
	bookkeeping := list("Node", "Created", "Updated", "Version", "SourceData", "Session")
	full := func() *shape.Shape {
		s := valid()
		s.Files, s.Selection, s.SourceData = []shape.File{{Path: "/a"}}, shape.Selection{"JPN": {1}}, list("aa")
		s.License = &shape.Consent{Who: "ann", When: day(1)}
		s.Config.VectorTiles.MinZoom, s.Config.VectorTiles.Layers = map[uint8]uint8{0: 1}, list("x")
		s.Metadata.Tags = list("tag")
		return s
	}
	if got := shape.Diff(full(), full().Clone()); got != nil {
		t.Error(got)
	}
	var walk func(v reflect.Value, path string, s *shape.Shape)
	walk = func(v reflect.Value, path string, s *shape.Shape) {
		copied := s.Clone()
		switch v.Kind() {
		case reflect.Pointer, reflect.Struct:
			if v = reflect.Indirect(v); v.Type() == reflect.TypeOf(day(1)) {
				v.Set(reflect.ValueOf(day(9)))
				break
			}
			for i := range v.NumField() {
				walk(v.Field(i), path+"."+v.Type().Field(i).Name, s)
			}
			return
		case reflect.Slice:
			if v.Type().Elem().Kind() == reflect.Struct {
				walk(v.Index(0), path, s)
				return
			}
			v.Index(0).SetString(v.Index(0).String() + "x")
		case reflect.Map:
			v.SetMapIndex(v.MapKeys()[0], reflect.Zero(v.Type().Elem()))
		case reflect.String:
			v.SetString(v.String() + "x")
		case reflect.Bool:
			v.SetBool(!v.Bool())
		case reflect.Int, reflect.Int64:
			v.SetInt(v.Int() + 1)
		case reflect.Uint64:
			v.SetUint(v.Uint() + 1)
		case reflect.Float64:
			v.SetFloat(v.Float() + 1)
		}
		own := slices.Contains(bookkeeping, strings.Split(path, ".")[1])
		if got := shape.Diff(copied, s); len(got) != 1 && !own || own && got != nil {
			t.Errorf("%s was changed: %v", path, got)
		}
	}
	s := full()
	walk(reflect.ValueOf(s).Elem(), "Shape", s)
	if cmp.Equal(s, full()) {
		t.Error("nothing was changed")
	}
}

func TestDiffNames(t *testing.T) {
	a, b := valid(), valid()
	b.Config.VectorTiles.MinZoom = map[uint8]uint8{3: 0}
	b.Selection = shape.Selection{}
	if got := shape.Diff(a, b); got != nil {
		t.Error("other spellings:", got)
	}
	b.Selection, b.Config.VectorTiles.MaxZoom, b.Metadata.Title, b.Source = shape.Nothing(), 3, "x", shape.Local
	if diff := cmp.Diff(list("metadata.title", "source", "vectorTiles.maxzoom", "selection"), shape.Diff(a, b)); diff != "" {
		t.Error(diff)
	}
}

// Diff sees all that can be set, and a clone has all of it and shares nothing.
func TestDiffOfAllAndOfAClone(t *testing.T) {
	a, b := valid(), valid()
	terms, _ := shape.TermsOf(shape.GADM)
	b.Source, b.License, b.Files = shape.GADM, terms.Accept("ann", day(1)), []shape.File{{Path: abs("a")}}
	b.Metadata = shape.Metadata{Title: "t", Attribution: "a", Tags: list("x")}
	b.Style = shape.Style{Fill: "#000000", Line: "#111111", Width: 1, Opacity: 0.5}
	b.Selection, b.Template, b.ClearCache = shape.Selection{"JPN": {1}}, "tpl", true
	cases := fieldCases()
	for _, f := range shape.Fields() {
		good := cases[f.Name].good
		if err := shape.Set(&b.Config, f.Name, good[len(good)-1]); err != nil {
			t.Fatal(err)
		}
	}
	changed := shape.Diff(a, b)
	if len(changed) < 25 {
		t.Fatal("too little was changed:", changed)
	}
	c := b.Clone()
	if got := shape.Diff(b, c); got != nil {
		t.Error("a clone is not the same:", got)
	}
	b.Metadata.Tags[0], b.License.Who, b.Files[0].Path, b.Selection["JPN"][0] = "y", "bob", "b", 2
	if got := shape.Diff(c, b); len(got) != 4 {
		t.Error("memory is shared:", got)
	}
}
