package shape_test

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"pgregory.net/rapid"
)

// fieldCases are values at, below and above the bounds of every field, as Set
// reads them.
func fieldCases() map[string]struct{ good, bad []string } {
	pool := struct{ good, bad []string }{list("0", "1", "256"), list("-1", "257", "1.5", "", "many")}
	yes := struct{ good, bad []string }{list("true", "false"), list("", "perhaps", "2")}
	return map[string]struct{ good, bad []string }{
		"download.concurrency":                      {list("0", "1", "16"), list("-1", "17", "x", "99999999999999999999")},
		"download.timeout":                          {list("1s", "5m", "1h0m0s"), list("999ms", "1h0m1s", "0s", "-1s", "30", "")},
		"download.retries":                          {list("0", "10"), list("-1", "11")},
		"download.retryDelay":                       {list("0s", "1s", "5m0s"), list("-1ns", "5m1s")},
		"download.keep":                             yes,
		"download.originals":                        yes,
		"simplify1.concurrency":                     pool,
		"simplify1.algorithm":                       {list("douglas-peucker", "visvalingam"), list("", "Visvalingam", "dp")},
		"simplify1.minArea":                         {list("0", "0.5", "16777216"), list("-0.1", "16777216.5", "NaN", "Inf", "")},
		"simplify1.minVertexCountForAreaFilter":     {list("25"), list("3", "4", "24", "26", "10000", "10001")},
		"simplify1.aspectRatioThreshold":            {list("5"), list("0.9", "1", "4.9", "1000", "1001", "NaN")},
		"simplify1.filterMethod":                    {list("hybrid"), list("bbox", "polygon", "")},
		"simplify1.maxVertices":                     {list("0", "1", "1000000000"), list("-1", "1000000001")},
		"simplify2.concurrency":                     pool,
		"simplify2.tolerance":                       {list("0", "2", "64", "-0"), list("-0.01", "64.01", "NaN", "-Inf")},
		"simplify2.preserveTopology":                {list("true"), list("false", "maybe")},
		"simplify2.quantize":                        {list("4096"), list("0", "1", "4095", "4097", "65537")},
		"vectorTiles.concurrency":                   pool,
		"vectorTiles.minzoom":                       {list("0", "3", "18", "0:2,1:2,2:2,3:2,4:2,5:2"), list("-1", "19", "0:0,1:4", "6:1", "0:1,0:1", "1:", ":1", "a:b", "256")},
		"vectorTiles.maxzoom":                       {list("-1", "0", "18"), list("-2", "19", "deep")},
		"vectorTiles.extent":                        {list("4096"), list("0", "512", "8192")},
		"vectorTiles.buffer":                        {list("0", "80", "256"), list("-1", "257")},
		"vectorTiles.compression":                   {list("gzip"), list("none", "brotli", "zstd", "lzma", "")},
		"vectorTiles.tileCountThresholdForZoomStop": {list("1", "1000000000"), list("0", "1000000001")},
		"vectorTiles.layers":                        {list(""), list("adm0", "adm0,,adm1")},
		"vectorTiles.small":                         {list("fit", "keep", "drop"), list("", "Fit", "melt")},
		"keepIntermediates":                         yes,
	}
}

func list(s ...string) []string { return s }

func TestEveryFieldAtItsBounds(t *testing.T) {
	cases := fieldCases()
	for _, f := range shape.Fields() {
		t.Run(f.Name, func(t *testing.T) {
			values, ok := cases[f.Name]
			if !ok || len(values.good) == 0 || len(values.bad) == 0 {
				t.Fatal("the field has no cases here")
			}
			for _, value := range values.good {
				c := shape.Defaults()
				if err := shape.Set(&c, f.Name, value); err != nil {
					t.Errorf("set %q: %v", value, err)
				}
				if again := shape.Defaults(); shape.Set(&again, f.Name, f.Get(&c)) != nil || f.Get(&again) != f.Get(&c) {
					t.Errorf("%q is written as %q, which does not read back", value, f.Get(&c))
				}
			}
			for _, value := range values.bad {
				refuses(t, f, value)
			}
		})
		delete(cases, f.Name)
	}
	if len(cases) > 0 {
		t.Errorf("cases of fields that there are not: %v", cases)
	}
}

// refuses sets a value that cannot be: the error names the field, and nothing
// is changed.
func refuses(t *testing.T, f shape.Field, value string) {
	t.Helper()
	c := shape.Defaults()
	err := shape.Set(&c, f.Name, value)
	bad := shape.InvalidFields(err)
	if len(bad) != 1 || bad[0].Field != f.Name || bad[0].Value != value || bad[0].Step != shape.StepProcessing {
		t.Errorf("set %q: %#v", value, err)
		return
	}
	if why := bad[0].Why; why != "must be "+f.Range && !strings.HasPrefix(why, "not supported yet: ") {
		t.Errorf("set %q: %q does not tell the range", value, why)
	}
	if !cmp.Equal(c, shape.Defaults()) {
		t.Errorf("set %q changed the settings though it failed", value)
	}
}

func TestValidateNamesAllFields(t *testing.T) {
	var c shape.Config // nothing set
	c.Simplify1.AspectRatioThreshold = math.NaN()
	c.VectorTiles.MinZoom = map[uint8]uint8{9: 1}
	var got []string
	for _, f := range shape.InvalidFields(c.Validate()) {
		got = append(got, f.Field)
	}
	want := list("download.timeout", "simplify1.algorithm", "simplify1.minVertexCountForAreaFilter", "simplify1.aspectRatioThreshold",
		"simplify1.filterMethod", "simplify2.preserveTopology", "simplify2.quantize", "vectorTiles.minzoom", "vectorTiles.extent",
		"vectorTiles.compression", "vectorTiles.tileCountThresholdForZoomStop", "vectorTiles.small")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if err := shape.Defaults().Validate(); err != nil {
		t.Error("defaults:", err)
	}
}

func TestFieldsThatMustAgree(t *testing.T) {
	for _, c := range []struct {
		set  []string
		want string // field that is refused, "" if none
	}{
		{list("vectorTiles.maxzoom=4", "vectorTiles.minzoom=4"), ""},
		{list("vectorTiles.maxzoom=4", "vectorTiles.minzoom=5"), "vectorTiles.maxzoom"},
		{list("vectorTiles.maxzoom=-1", "vectorTiles.minzoom=18"), ""},
		{list("simplify1.minArea=4"), "simplify1.minArea"},
		{list("simplify1.minArea=4", "vectorTiles.small=drop"), ""},
		{list("vectorTiles.small=drop"), ""},
	} {
		cfg := shape.Defaults()
		for _, s := range c.set {
			if err := shape.Assign(&cfg, s); err != nil {
				t.Fatalf("%s: %v", s, err)
			}
		}
		bad := shape.InvalidFields(cfg.Validate())
		if got := fmt.Sprint(len(bad)); c.want == "" && got != "0" || c.want != "" && (got != "1" || bad[0].Field != c.want) {
			t.Errorf("%v: %v, want %q refused", c.set, bad, c.want)
		}
	}
}

func TestAssignSaysHowItIsWritten(t *testing.T) {
	for text, want := range map[string]string{
		"vectorTiles.maxzoom":    "name=value",
		"vectorTiles.maxZoom=3":  "there are download.concurrency, ",
		"vectorTiles.buffer=300": "vectorTiles.buffer 300: must be 0 to 256 tile units",
		"vectorTiles.extent=512": "vectorTiles.extent 512: not supported yet: leave it at 4096",
	} {
		c := shape.Defaults()
		if err := shape.Assign(&c, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", text, err, want)
		}
	}
	c := shape.Defaults()
	if err := shape.Assign(&c, " download.retries = 7 "); err != nil || c.Download.Retries != 7 {
		t.Error(c.Download.Retries, err)
	}
}

// The table leaves out nothing: whatever is changed in a Config shows in a
// field of it.
func TestTableCoversConfig(t *testing.T) {
	defaults := shape.Defaults()
	before := texts(&defaults)
	leaves := 0
	var walk func(v reflect.Value, path string)
	walk = func(v reflect.Value, path string) {
		if v.Kind() == reflect.Struct {
			for i := range v.NumField() {
				walk(v.Field(i), path+"."+v.Type().Field(i).Name)
			}
			return
		}
		leaves++
		old := reflect.ValueOf(v.Interface())
		switch v.Kind() {
		case reflect.Bool:
			v.SetBool(!v.Bool())
		case reflect.String:
			v.SetString(v.String() + "x")
		case reflect.Int, reflect.Int64:
			v.SetInt(v.Int() + 1)
		case reflect.Float64:
			v.SetFloat(v.Float() + 1)
		case reflect.Slice:
			v.Set(reflect.ValueOf([]string{"x"}))
		case reflect.Map:
			v.Set(reflect.ValueOf(map[uint8]uint8{1: 1}))
		default:
			t.Fatalf("%s: a %s, which this test does not know", path, v.Kind())
		}
		if slices.Equal(before, texts(&defaults)) {
			t.Errorf("%s is in no field of the table", path)
		}
		v.Set(old)
	}
	walk(reflect.ValueOf(&defaults).Elem(), "Config")
	if n := len(shape.Fields()); n != leaves {
		t.Errorf("%d fields in the table, %d in Config", n, leaves)
	}
}

func texts(c *shape.Config) []string {
	var out []string
	for _, f := range shape.Fields() {
		out = append(out, f.Get(c))
	}
	return out
}

func TestFieldsAreToldToPeople(t *testing.T) {
	for _, f := range shape.Fields() {
		if f.Help == "" || f.Range == "" || f.Type == "" || strings.HasPrefix(f.Help, strings.ToUpper(f.Help[:1])) {
			t.Errorf("%+v", f)
		}
	}
}

// drawConfig makes settings that are valid, some of them in a form that is not
// canonical.
func drawConfig(t *rapid.T) shape.Config {
	cases := fieldCases()
	c := shape.Defaults()
	for _, f := range shape.Fields() {
		if err := shape.Set(&c, f.Name, rapid.SampledFrom(cases[f.Name].good).Draw(t, f.Name)); err != nil {
			t.Fatal(err)
		}
	}
	c.VectorTiles.MaxZoom = rapid.IntRange(-1, shape.MaxZoom).Draw(t, "maxzoom")
	if first := int(c.VectorTiles.FirstZoom(0)); c.VectorTiles.MaxZoom >= 0 {
		c.VectorTiles.MaxZoom = max(first, c.VectorTiles.MaxZoom)
	}
	if c.Simplify1.MinArea > 0 {
		c.VectorTiles.Small = shape.SmallDrop
	}
	if rapid.Bool().Draw(t, "spelled out") && c.VectorTiles.MinZoom == nil {
		c.VectorTiles.MinZoom = map[uint8]uint8{rapid.Uint8Range(0, 5).Draw(t, "level"): 0}
	}
	return c
}

func TestTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawConfig(t)
		if err := c.Validate(); err != nil {
			t.Fatal(err)
		}
		again := shape.Defaults()
		for _, f := range shape.Fields() {
			if err := shape.Set(&again, f.Name, f.Get(&c)); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(c.Canonical(), again.Canonical()); diff != "" {
			t.Fatal(diff)
		}
		h1, err1 := c.Hash()
		h2, err2 := again.Hash()
		if h1 != h2 || err1 != nil || err2 != nil || len(h1) != 64 {
			t.Fatal(h1, h2, err1, err2)
		}
	})
}

// A hash tells settings apart exactly as their texts do.
func TestHashTellsSettingsApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawConfig(t), drawConfig(t)
		x, _ := a.Hash()
		y, _ := b.Hash()
		a, b = a.Canonical(), b.Canonical()
		if (x == y) != slices.Equal(texts(&a), texts(&b)) {
			t.Fatal(texts(&a), texts(&b))
		}
	})
}

func TestHashIsStable(t *testing.T) {
	got, err := shape.Defaults().Hash()
	if want := "49b9b3a167e1669995b25015a1eebc4a7eb22aad72939a6d67740e9a3420f767"; got != want || err != nil {
		t.Errorf("hash of the defaults is %s (%v), was %s: templates that are stored would not be found any more", got, err, want)
	}
}

func FuzzSet(f *testing.F) {
	for name, values := range fieldCases() {
		for _, v := range slices.Concat(values.good, values.bad) {
			f.Add(name, v)
		}
	}
	f.Fuzz(func(t *testing.T, name, value string) {
		c := shape.Defaults()
		if err := shape.Set(&c, name, value); err != nil {
			if !cmp.Equal(c, shape.Defaults()) {
				t.Fatal("changed, though:", err)
			}
			return
		}
		field, err := shape.FieldNamed(name)
		if err != nil {
			t.Fatal(err)
		}
		again := shape.Defaults()
		if err := shape.Set(&again, name, field.Get(&c)); err != nil || field.Get(&again) != field.Get(&c) {
			t.Fatalf("%s=%q is written as %q: %v", name, value, field.Get(&c), err)
		}
	})
}
