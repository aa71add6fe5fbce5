package collect

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/source"
)

// inspectMemory is inspectBytes without a file.
func inspectMemory(t *testing.T, data []byte, e source.Expect) error {
	t.Helper()
	l := Limits{Text: 1 << 20, Unpacked: 1 << 20, Members: 100}
	k := &inspection{ctx: t.Context(), limits: l.withDefaults(), expect: &e, size: int64(len(data))}
	r := bytes.NewReader(data)
	if p, err := k.look(r); err != nil || p != nil {
		return err
	}
	if e.Format == source.Zip {
		return k.zip(r)
	}
	return k.json(r, e.Format, e.Units)
}

// onlyFlaws checks that bytes alone give no other kind of error.
func onlyFlaws(t *testing.T, err error) {
	t.Helper()
	var f *Flaw
	if err != nil && (!errors.As(err, &f) || f.Says == "") {
		t.Fatalf("%T: %v", err, err)
	}
}

// What passes is JSON for another reader too, with units in it.
func FuzzJSON(f *testing.F) {
	f.Add(layer("XYZ", 2))
	f.Add([]byte("\ufeff" + emptyCollection))
	f.Add([]byte(answerOf("runtime error: x", relation)))
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"shapeName":1}}],"features":[]}`))
	f.Add([]byte("[[[1e5,-0.0,\"\\ud800\"]]]"))
	f.Add(pointerTo(nil))
	near := source.Bounds{West: 170, South: -20, East: -170, North: -10}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, e := range []source.Expect{
			{Format: source.JSON},
			{Format: source.GeoJSON, Keys: []string{"shapeName"}},
			{Format: source.Answer},
			{Format: source.GeoJSON, Near: near},
			{Format: source.Answer, Near: near},
		} {
			err := inspectMemory(t, b, e)
			onlyFlaws(t, err)
			if _, pointer := readPointer(b); err != nil || pointer {
				continue
			}
			var doc any
			if err := json.Unmarshal(bytes.TrimPrefix(b, []byte(byteOrderMark)), &doc); err != nil {
				t.Fatalf("%s is no JSON: %v", e.Format, err)
			}
			if object, ok := doc.(map[string]any); e.Format != source.JSON && !ok {
				t.Fatalf("%s is no object but %v", e.Format, object)
			}
		}
	})
}

func FuzzZip(f *testing.F) {
	f.Add(zipped(f, "XYZ_1.json", string(layer("XYZ", 2))))
	f.Add(zipped(f, "ne.shp", shapes(180, 90), "ne.dbf", table(3, "NAME"), "__MACOSX/._x", ""))
	f.Add(zipped(f, "../x", strings.Repeat("x", 1000)))
	f.Add(asText(zipped(f, "a", "b")))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, member := range []string{"", "XYZ_1.json", "ne.shp"} {
			onlyFlaws(t, inspectMemory(t, b, source.Expect{Format: source.Zip, Member: member, Keys: []string{"NAME"}}))
		}
	})
}

func FuzzPointer(f *testing.F) {
	f.Add(pointerTo([]byte("x")))
	f.Add([]byte("version https://git-lfs.github.com/spec/v1\r\noid sha256:..\r\nsize -1\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, ok := readPointer(b); ok && (!isHash(p.sha256) || p.size < 0) {
			t.Fatalf("%+v", p)
		}
	})
}

// A pointer leads to the media host and nowhere else.
func FuzzMediaURL(f *testing.F) {
	for _, s := range []string{
		"https://github.com/o/r/raw/abc/a/b.geojson", "https://github.com/o/r/raw/abc/../../../x", "https://github.com/o/r/raw/abc/%2e%2e/x?y#z",
		"https://raw.githubusercontent.com/o/r/refs/heads/main/x", "https://cdn.jsdelivr.net/gh/o/r@v1/x", "https://example.org/x", "://",
	} {
		f.Add(s)
	}
	const media = "https://media.example/media/"
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := mediaURL(media, s)
		if !ok {
			return
		}
		u, err := url.Parse(got)
		if err != nil || u.Host != "media.example" || !strings.HasPrefix(got, media) || u.RawQuery != "" {
			t.Fatalf("%q → %q, %v", s, got, err)
		}
		if p := u.EscapedPath(); path.Clean(p) != p {
			t.Fatalf("%q → %q", s, got)
		}
	})
}

func TestWherePointersLead(t *testing.T) {
	const media = "https://media.githubusercontent.com/media"
	for from, want := range map[string]string{
		"https://github.com/wmgeolab/geoBoundaries/raw/9469f09/releaseData/gbOpen/SMR/ADM1/x.geojson": media + "/wmgeolab/geoBoundaries/9469f09/releaseData/gbOpen/SMR/ADM1/x.geojson",
		"https://github.com/o/r/raw/refs/heads/main/a%20b.zip":                                        media + "/o/r/refs/heads/main/a%20b.zip",
		"https://raw.githubusercontent.com/o/r/main/x.geojson":                                        media + "/o/r/main/x.geojson",
		"https://cdn.jsdelivr.net/gh/o/r@v5.1.2/geojson/x.geojson":                                    media + "/o/r/v5.1.2/geojson/x.geojson",
		"https://cdn.jsdelivr.net/gh/o/r/geojson/x.geojson":                                           "",
		"https://github.com/o/r/releases/x":                                                           "",
		"https://github.com/o/r/raw/main":                                                             "",
		"https://github.com.example.org/o/r/raw/main/x":                                               "",
		"https://github.com/o/r/raw/../../x/y":                                                        "",
		"https://media.githubusercontent.com/media/o/r/main/x":                                        "",
	} {
		if got, ok := mediaURL(media+"/", from); got != want || ok != (want != "") {
			t.Errorf("%s → %q, want %q", from, got, want)
		}
	}
}
