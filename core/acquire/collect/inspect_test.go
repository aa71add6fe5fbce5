package collect

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zip"
	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/acquire/fetch"
	"github.com/shapes-desktop/shapes/core/acquire/source"
)

// inspectBytes is what a collector says of bytes.
func inspectBytes(t testing.TB, data []byte, e source.Expect, l Limits) error {
	t.Helper()
	path := filepath.Join(t.TempDir(), "part")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	k := &inspection{ctx: t.Context(), limits: l.withDefaults(), expect: &e, size: int64(len(data))}
	if p, err := k.look(f); err != nil || p != nil {
		return err
	}
	return k.inspect(f)
}

func reasonOfFlaw(t testing.TB, err error) Reason {
	t.Helper()
	if err == nil {
		return ""
	}
	f, ok := err.(*Flaw) //nolint:errorlint // it is wrapped later
	if !ok {
		t.Fatalf("%v is no flaw", err)
	}
	return f.Reason
}

const (
	emptyCollection = `{"type":"FeatureCollection","features":[]}`
	quotaText       = "This repository is over its data quota. Account responsible for LFS bandwidth should purchase more data packs to restore access."
)

func answerOf(remark string, elements ...string) string {
	if remark != "" {
		remark = fmt.Sprintf(`,"remark":%q`, remark)
	}
	return `{"version":0.6,"generator":"Overpass API","elements":[` + strings.Join(elements, ",") + "]" + remark + "}"
}

const relation = `{"type":"relation","id":1,"members":[{"type":"way","ref":2,"role":"outer","geometry":[{"lat":1,"lon":2},null]}],"tags":{"name":"X","admin_level":"8"}}`

// unshaped is a layer of two units, so many of which have no shape.
func unshaped(n int) string {
	return strings.Replace(string(layer("XYZ", 2)), `"geometry": {`, `"geometry": null, "lost": {`, n)
}

func marked(country, level string) source.Expect {
	return source.Expect{Format: source.GeoJSON, Marks: []source.Mark{
		{Keys: []string{"shapeGroup", "group"}, Value: country}, {Keys: []string{"shapeType"}, Value: level},
	}}
}

func TestAnswersInJSON(t *testing.T) {
	geo := source.Expect{Format: source.GeoJSON, Units: 2, Keys: []string{"shapeName", "shapeID"}}
	any, index, overpass := source.Expect{Format: source.GeoJSON}, source.Expect{Format: source.JSON}, source.Expect{Format: source.Answer, Keys: []string{"name"}}
	good := string(layer("XYZ", 2))
	drifted := strings.ReplaceAll(good, "shapeName", "shapeName1")
	for name, c := range map[string]struct {
		expect source.Expect
		text   string
		want   Reason
		says   string
	}{
		"sound":                     {geo, good, "", ""},
		"byte order mark":           {geo, "\ufeff" + good, "", ""},
		"features before the type":  {any, `{"features":[{"geometry":{},"properties":null,"type":"Feature"}],"type":"FeatureCollection"}`, "", ""},
		"one of two has no shape":   {geo, unshaped(1), "", ""},
		"no unit has a shape":       {geo, unshaped(2), NoUnits, "none of the 2 units"},
		"of the country":            {marked("XYZ", "ADM1"), good, "", ""},
		"one of the country":        {marked("XYZ", "ADM1"), strings.Replace(good, `"shapeGroup": "XYZ"`, `"shapeGroup": "Z01"`, 1), "", ""},
		"of another country":        {marked("ABC", "ADM1"), good, Foreign, "no unit has the shapeGroup ABC, but there is: “XYZ”"},
		"of another level":          {marked("XYZ", "ADM2"), good, Foreign, "ADM2"},
		"of no country":             {marked("ABC", "ADM1"), strings.ReplaceAll(good, `"shapeGroup": "XYZ"`, `"shapeGroup": " "`), "", ""},
		"country is no text":        {marked("ABC", "ADM1"), strings.ReplaceAll(good, `"shapeGroup": "XYZ"`, `"shapeGroup": null`), "", ""},
		"nothing":                   {geo, "", Empty, ""},
		"blanks":                    {geo, " \r\n\t", Empty, ""},
		"None":                      {geo, "None\n", None, "not made"},
		"null":                      {geo, "null", None, ""},
		"page":                      {geo, "\n<!DOCTYPE html><html><head><title>503 Down</title></head>", Page, "“503 Down”"},
		"page of Overpass":          {overpass, `<?xml version="1.0"?><html><body><p>The data is made available under ODbL.</p><p><strong style="color:#FF0000">Error</strong>: runtime error: open64: 0 Success /osm3s_v0.7.57_osm_base Dispatcher_Client::request_read_and_idx::timeout.</p></body></html>`, Page, "Error : runtime error"},
		"XML of a store":            {geo, `<Error><Code>NoSuchKey</Code></Error>`, Page, "NoSuchKey"},
		"quota":                     {geo, quotaText, Quota, ""},
		"quota, as JSON":            {geo, `{"message":"` + quotaText + `"}`, Quota, ""},
		"budget":                    {geo, "batch response: This repository exceeded its LFS budget.", Quota, ""},
		"quota as a name":           {any, strings.Replace(good, "XYZ 0", quotaText+strings.Repeat("x", 500), 1), "", ""},
		"words":                     {geo, "Rate limit exceeded", Magic, "Rate limit exceeded"},
		"control characters":        {geo, "\x1b[31m\x00bad", Magic, "·[31m·bad"},
		"broken pointer":            {geo, "version https://git-lfs.github.com/spec/v1\noid sha256:zz\nsize 1\n", Pointer, ""},
		"cut in a number":           {geo, good[:len(good)-40], Cut, "ends in the middle"},
		"cut before the last brace": {geo, strings.TrimSuffix(good, "}\n"), Cut, ""},
		"only a brace":              {geo, "{", Cut, ""},
		"damaged":                   {geo, strings.Replace(good, `"geometry":`, `"geometry"`, 1), Syntax, "near byte"},
		"more behind the end":       {geo, good + "{}", Syntax, "more after the end"},
		"page behind the end":       {geo, good + "<html>", Syntax, ""},
		"list":                      {geo, "[]", Kind, ""},
		"geometries":                {geo, `{"type":"GeometryCollection","geometries":[]}`, Kind, "GeometryCollection"},
		"API error":                 {geo, `{"message":"not found"}`, Kind, ""},
		"no list of features":       {geo, `{"type":"FeatureCollection"}`, Kind, ""},
		"features are no list":      {geo, `{"type":"FeatureCollection","features":{}}`, Kind, ""},
		"number among features":     {geo, `{"type":"FeatureCollection","features":[1]}`, Kind, ""},
		"geometry among features":   {geo, `{"type":"FeatureCollection","features":[{"type":"Point","coordinates":[1,2]}]}`, Kind, ""},
		"no unit":                   {any, emptyCollection, NoUnits, ""},
		"too few units":             {geo, string(layer("XYZ", 1)), Units, "1 units came, but the source says that there are 2"},
		"too many units":            {geo, string(layer("XYZ", 3)), Units, ""},
		"drift":                     {geo, drifted, Drift, "unit 1 has no attribute shapeName (it has shapeName1,"},
		"drift in the last":         {geo, good[:len(good)/2] + strings.Replace(good[len(good)/2:], "shapeID", "id", 1), Drift, "unit 2"},
		"no attributes":             {geo, `{"type":"FeatureCollection","features":[{"type":"Feature","properties":null}]}`, Drift, "none"},
		"too deep":                  {index, strings.Repeat("[", 65) + strings.Repeat("]", 65), Bound, "64 levels"},
		"deep":                      {index, strings.Repeat("[", 64) + strings.Repeat("]", 64), "", ""},
		"much too deep":             {any, `{"type":"FeatureCollection","x":` + strings.Repeat("[", 1_000_000), Bound, ""},
		"long string":               {index, `["` + strings.Repeat("x", 3<<20) + `"]`, Bound, "single value"},
		"index":                     {index, `[{"boundaryID":"x"}]`, "", ""},
		"empty index":               {index, `[]`, "", ""},
		"cut index":                 {index, `[{"boundaryID":"x"`, Cut, ""},
		"Overpass":                  {overpass, answerOf("", relation), "", ""},
		"Overpass, no shape":        {overpass, answerOf("", strings.Replace(relation, "geometry", "bounds", 1)), NoUnits, "has a shape"},
		"Overpass, no members":      {overpass, answerOf("", `{"type":"relation","id":1,"members":[7,[],null],"tags":{"name":"X"}}`), NoUnits, "has a shape"},
		"Overpass, nothing":         {overpass, answerOf(""), NoUnits, ""},
		"Overpass, only nodes":      {overpass, answerOf("", `{"type":"node","id":1}`), NoUnits, ""},
		"Overpass, timed out":       {overpass, answerOf(`runtime error: Query timed out in "query" at line 4 after 2 seconds.`, relation), Remark, "timed out"},
		"Overpass, out of memory":   {overpass, answerOf("runtime error: Query run out of memory using about 2048 MB of RAM.", relation), Remark, ""},
		"Overpass, mere remark":     {overpass, answerOf("runtime remark: Test", relation), "", ""},
		"Overpass, unnamed":         {overpass, answerOf("", strings.Replace(relation, "name", "nom", 1)), Drift, ""},
		"Overpass, FeatureCollect.": {overpass, good, Kind, ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := inspectBytes(t, []byte(c.text), c.expect, Limits{Text: 2 << 20})
			if got := reasonOfFlaw(t, err); got != c.want || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q: %v, want %q", got, err, c.want)
			}
		})
	}
}

// stored makes a zip of one member of which the header says what we like.
func stored(t *testing.T, h zip.FileHeader, data string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.CreateRaw(&h)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte(data)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// table is a dBASE table without rows in it, whatever it says.
func table(rows uint32, columns ...string) string {
	head := make([]byte, 32)
	binary.LittleEndian.PutUint32(head[4:], rows)
	binary.LittleEndian.PutUint16(head[8:], uint16(32+32*len(columns)+1))
	for _, c := range columns {
		field := make([]byte, 32)
		copy(field, c)
		head = append(head, field...)
	}
	return string(head) + "\r"
}

// asText is what becomes of bytes that a program takes for UTF-8.
func asText(b []byte) []byte { return bytes.ToValidUTF8(b, []byte("\uFFFD")) }

func TestArchives(t *testing.T) {
	inside := source.Expect{Format: source.Zip, Member: "XYZ_1.json", Units: 2, Keys: []string{"shapeName"}}
	any := source.Expect{Format: source.Zip}
	good := string(layer("XYZ", 2))
	sound := zipped(t, "XYZ_1.json", good)
	damaged := bytes.Replace(sound, []byte("XYZ_1.json"), []byte("XYZ_1.json"), 1)
	damaged[len("XYZ_1.json")+50] ^= 0xff
	for name, c := range map[string]struct {
		expect source.Expect
		data   []byte
		want   Reason
	}{
		"sound":                  {inside, sound, ""},
		"in a folder":            {inside, zipped(t, "XYZ/", "", "XYZ/xyz_1.JSON", good, "__MACOSX/XYZ/._xyz_1.json", "litter", ".DS_Store", "x"), ""},
		"only litter":            {any, zipped(t, "__MACOSX/._a", "x", "b/", ""), Member},
		"empty":                  {any, zipped(t), Member},
		"other member":           {inside, zipped(t, "ABC_1.json", good), Member},
		"up":                     {any, zipped(t, "a/../../b", "x"), Name},
		"up, by backslashes":     {any, zipped(t, `..\b`, "x"), Name},
		"absolute":               {any, zipped(t, "/etc/passwd", "x"), Name},
		"drive":                  {any, zipped(t, `C:\b`, "x"), Name},
		"dots are names":         {any, zipped(t, "a..b/...", "x"), ""},
		"JSON":                   {inside, []byte(good), Magic},
		"page":                   {inside, []byte("<html>"), Page},
		"cut":                    {inside, sound[:len(sound)-30], Cut},
		"only magic":             {inside, []byte("PK\x03\x04"), Cut},
		"mangled":                {inside, asText(sound), Mangled},
		"mangled from the start": {inside, []byte("\uFFFD\uFFFD\uFFFD"), Mangled},
		"damaged":                {inside, damaged, Syntax},
		"cut JSON inside":        {inside, zipped(t, "XYZ_1.json", good[:100]), Cut},
		"page inside":            {inside, zipped(t, "XYZ_1.json", "<html>"), Syntax},
		"too few inside":         {inside, zipped(t, "XYZ_1.json", string(layer("XYZ", 1))), Units},
		"drift inside":           {inside, zipped(t, "XYZ_1.json", strings.ReplaceAll(good, "shapeName", "name")), Drift},
		"encrypted":              {any, stored(t, zip.FileHeader{Name: "a", Flags: 1, CompressedSize64: 3, UncompressedSize64: 3}, "abc"), Magic},
		"unknown method":         {any, stored(t, zip.FileHeader{Name: "a", Method: 99, CompressedSize64: 3, UncompressedSize64: 3}, "abc"), Syntax},
		"wrong checksum":         {any, stored(t, zip.FileHeader{Name: "a", CRC32: 1, CompressedSize64: 3, UncompressedSize64: 3}, "abc"), Syntax},
		"bomb":                   {any, zipped(t, "a", strings.Repeat("\x00", 20<<20)), Bound},
		"declared too large":     {any, stored(t, zip.FileHeader{Name: "a", CompressedSize64: 3, UncompressedSize64: 1 << 62}, "abc"), Bound},
		"declared too small":     {any, lying(t), Syntax},
		"too many members":       {any, zipped(t, strings.Split(strings.Repeat("a||", 11), "|")[:22]...), Bound},
	} {
		t.Run(name, func(t *testing.T) {
			err := inspectBytes(t, c.data, c.expect, Limits{Members: 10})
			if got := reasonOfFlaw(t, err); got != c.want {
				t.Errorf("%q: %v, want %q", got, err, c.want)
			}
		})
	}
}

// lying is an archive of which a member becomes larger than it says.
func lying(t *testing.T) []byte {
	t.Helper()
	data := zipped(t, "a", strings.Repeat("abc", 1000))
	at := bytes.LastIndex(data, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(data[at+24:], 10)
	return data
}

// Nothing that a flaw was found in is kept, and what was there stays.
func TestABadAnswerNeverEntersTheCache(t *testing.T) {
	b := newBench(t)
	o := Order{Request: layerRequest()}
	for _, bad := range []string{"", "<html>", "None", quotaText, "[]", emptyCollection, string(layer("XYZ", 2))[:200], string(layer("XYZ", 5))} {
		b.fake.put(layerURL, []byte(bad))
		_, _, err := b.Get(t.Context(), o)
		if ReasonOf(err) == "" || fetch.KindOf(err) != fetch.Bad || !strings.Contains(err.Error(), "Nothing of it was kept.") {
			t.Errorf("%.20q: %v", bad, err)
		}
		b.sound(t, 0)
		b.noPartials(t)
	}
	data := layer("XYZ", 2)
	b.fake.put(layerURL, data)
	for name, e := range map[string]source.Expect{
		"size": {Format: source.GeoJSON, Size: 7},
		"hash": {Format: source.GeoJSON, SHA256: hash(nil)},
	} {
		o.Request.Expect = e
		if _, _, err := b.Get(t.Context(), o); ReasonOf(err) != Checksum {
			t.Errorf("%s: %v", name, err)
		}
	}
	o.Request.Expect = source.Expect{Format: source.GeoJSON, Size: int64(len(data)), SHA256: hash(data)}
	if _, _, err := b.Get(t.Context(), o); err != nil {
		t.Error(err)
	}
	b.sound(t, 1)
	b.noPartials(t)
}

// A sound answer that is cut anywhere is refused.
func TestCutAnywhere(t *testing.T) {
	texts := [][]byte{layer("XYZ", 2), zipped(t, "XYZ_1.json", string(layer("XYZ", 2)))}
	expects := []source.Expect{
		{Format: source.GeoJSON, Units: 2, Keys: []string{"shapeName"}},
		{Format: source.Zip, Member: "XYZ_1.json", Units: 2, Keys: []string{"shapeName"}},
	}
	rapid.Check(t, func(rt *rapid.T) {
		i := rapid.IntRange(0, 1).Draw(rt, "form")
		data := bytes.TrimSpace(texts[i])
		n := rapid.IntRange(0, len(data)-1).Draw(rt, "bytes")
		if err := inspectBytes(t, data[:n], expects[i], Limits{}); err == nil {
			rt.Errorf("%d of %d bytes are taken for the whole", n, len(data))
		}
	})
}

func TestRealAnswers(t *testing.T) {
	const dir = "../../../../shared/data/sources/"
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		t.Skip("skipped: the real answers are not here (../shared/data)")
	}
	gb := []string{"shapeName", "shapeID", "shapeGroup", "shapeType"}
	for _, c := range []struct {
		file   string
		expect source.Expect
		want   Reason
	}{
		{"geoboundaries/geoBoundaries-CMR-ADM1_simplified.geojson", source.Expect{Format: source.GeoJSON, Units: 10, Keys: gb}, ""},
		{"geoboundaries/geoBoundaries-CMR-ADM1_simplified.geojson", source.Expect{Format: source.GeoJSON, Units: 11, Keys: gb}, Units},
		{"geoboundaries/geoBoundaries-GHA-ADM1_simplified.geojson", source.Expect{Format: source.GeoJSON, Units: 16, Keys: gb}, ""},
		{"geoboundaries/geoBoundaries-HTI-ADM3.rounded.geojson", source.Expect{Format: source.GeoJSON, Units: 140, Keys: gb}, ""},
		{"geoboundaries/geoBoundaries-MAR-ADM1.geojson", source.Expect{Format: source.GeoJSON, Units: 12, Keys: gb}, Drift},
		{"geoboundaries/geoBoundaries-MAR-ADM1.geojson", source.Expect{Format: source.GeoJSON, Units: 12}, ""},
		{"geoboundaries/api/current/gbOpen/ALL/ALL/index.json", source.Expect{Format: source.JSON}, ""},
		{"naturalearth/ne_110m_admin_0_countries.v5.1.0.zip", source.Expect{Format: source.Zip, Member: "ne_110m_admin_0_countries.shp", Units: 177, Keys: []string{"ADM0_A3", "NAME"}}, ""},
		{"naturalearth/ne_110m_admin_0_countries.v5.1.1.rezipped-macosx.zip", source.Expect{Format: source.Zip, Member: "ne_110m_admin_0_countries.shp", Units: 177, Keys: []string{"ADM0_A3"}}, ""},
		{"naturalearth/ne_110m_admin_0_countries.v5.1.0.zip", source.Expect{Format: source.Zip, Member: "ne_110m_admin_1_states_provinces.shp"}, Member},
		{"naturalearth/ne_50m_admin_1_states_provinces.CORRUPT.zip", source.Expect{Format: source.Zip}, Mangled},
		{"osm/overpass-hebei.json", source.Expect{Format: source.Answer, Units: 1, Keys: []string{"name", "admin_level"}}, ""},
		{"osm/overpass-tokyodo.json", source.Expect{Format: source.Answer}, ""},
		{"osm/overpass-overpy-remark-runtime-error-01.json", source.Expect{Format: source.Answer}, Remark},
		{"osm/overpass-overpy-bad-request.html", source.Expect{Format: source.Answer}, Page},
		{"osm/overpass-504-timeout.reconstructed.html", source.Expect{Format: source.Answer}, Page},
		{"osm/overpass-429-rate_limited.reconstructed.html", source.Expect{Format: source.Answer}, Page},
	} {
		data, err := os.ReadFile(dir + c.file)
		if err != nil {
			t.Error(err)
			continue
		}
		err = inspectBytes(t, data, c.expect, Limits{})
		if got := reasonOfFlaw(t, err); got != c.want {
			t.Errorf("%s: %q (%v), want %q", c.file, got, err, c.want)
		} else if err != nil {
			t.Logf("%s: %v", c.file, err)
		}
	}
	data, err := os.ReadFile(dir + "geoboundaries/lfs-pointer-LIE-ADM1.geojson")
	if p, ok := readPointer(data); err != nil || !ok || p.size != 184678 {
		t.Errorf("pointer: %+v, %v", p, err)
	}
}
