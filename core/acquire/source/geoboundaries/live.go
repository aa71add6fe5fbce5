package geoboundaries

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// Bounds of an answer of the API. The whole matrix of 2024 has 1.3 MB and 715
// records, a record 1.7 kB.
const (
	maxAnswer  = 32 << 20
	maxRecord  = 256 << 10
	maxRecords = 50_000
)

// MatrixRequest is what Live reads the answer of: all layers of a release. It
// serves no cell.
func MatrixRequest(release string) (source.Request, error) {
	if !slices.Contains(releases(), release) {
		return source.Request{}, fmt.Errorf("geoBoundaries has no release %q: %w", release, source.ErrVariant)
	}
	return source.Request{
		Source: shape.GeoBoundaries, Variant: shape.Variant{Release: release},
		URL:    api + release + "/ALL/ALL/",
		Name:   "geoBoundaries-" + release + "-ALL.json",
		Expect: source.Expect{Format: source.JSON, Max: maxAnswer},
	}, nil
}

// Live reads the API's answer to MatrixRequest. Records that cannot be used are
// told in Refused; an answer without a single good one is an error, so that it
// never takes the place of a catalogue. Date is the newest build of a record.
func Live(release string, answer []byte) (Matrix, error) {
	if !slices.Contains(releases(), release) {
		return Matrix{}, fmt.Errorf("geoBoundaries has no release %q: %w", release, source.ErrVariant)
	}
	records, err := readRecords(answer, maxAnswer)
	if err != nil {
		return Matrix{}, fmt.Errorf("the list of %s: %w", release, err)
	}
	m := Matrix{Release: release}
	for i, r := range records {
		l, err := r.layer()
		if err != nil {
			m.Refused = append(m.Refused, fmt.Sprintf("record %d: %v", i+1, err))
			continue
		}
		m.Layers = append(m.Layers, l)
		m.Date = max(m.Date, date(r.BuildDate.text(), "Jan 2, 2006", "Jan 02, 2006"))
	}
	if len(m.Layers) == 0 {
		return Matrix{}, fmt.Errorf("the list of %s has no layer that can be used; the one known so far stays", release)
	}
	m.Layers = settle(m.Layers)
	return m, nil
}

// record is an answer's record, as far as it is needed. Everything is text, but
// nothing promises that it stays so.
type record struct {
	ISO           value `json:"boundaryISO"`
	Type          value `json:"boundaryType"`
	Year          value `json:"boundaryYearRepresented"`
	Canonical     value `json:"boundaryCanonical"`
	Source        value `json:"boundarySource"`
	License       value `json:"boundaryLicense"`
	LicenseDetail value `json:"licenseDetail"`
	LicenseSource value `json:"licenseSource"`
	Updated       value `json:"sourceDataUpdateDate"`
	BuildDate     value `json:"buildDate"`
	Units         value `json:"admUnitCount"`
	MeanVertices  value `json:"meanVertices"`
	MeanPerimeter value `json:"meanPerimeterLengthKM"`
	Full          value `json:"gjDownloadURL"`
	Simplified    value `json:"simplifiedGeometryGeoJSON"`
}

// value is whatever stands in a field.
type value jsontext.Value

// UnmarshalJSON keeps v as it is.
func (v *value) UnmarshalJSON(b []byte) error {
	*v = slices.Clone(b)
	return nil
}

// text returns v as clean text: "" for what stands for nothing, and for lists
// and objects.
func (v value) text() string {
	switch jsontext.Value(v).Kind() {
	case '"':
		s, err := jsontext.AppendUnquote(nil, []byte(v))
		if err != nil {
			return ""
		}
		return present(clean(string(s)))
	case '0':
		return string(v)
	}
	return ""
}

// number returns v as a whole number, rounded; 0 for what is none, not positive,
// or beyond limit.
func (v value) number(limit float64) int {
	f, err := strconv.ParseFloat(v.text(), 64)
	if err != nil || !(f > 0 && f <= limit) {
		return 0
	}
	return int(f + 0.5)
}

var (
	errWebPage = errors.New("the server answered with a web page instead of data; try again later")
	errForm    = errors.New("the answer is not of the form that geoBoundaries documents")
	errNothing = errors.New("geoBoundaries answered that it has nothing there")
)

// readRecords reads an answer: a record, or a list of some.
func readRecords(answer []byte, limit int) ([]record, error) {
	switch trimmed := strings.TrimSpace(string(answer[:min(len(answer), 64)])); {
	case len(answer) > limit:
		return nil, fmt.Errorf("the answer has %d bytes, more than the %d that it may have", len(answer), limit)
	case trimmed == "":
		return nil, errors.New("the answer is empty; try again later")
	case trimmed[0] == '<':
		return nil, errWebPage
	case trimmed[0] == '{':
		var one record
		if err := json.Unmarshal(answer, &one, lenient()); err != nil {
			return nil, fmt.Errorf("%w: %w", errForm, err)
		}
		return []record{one}, nil
	}
	return readList(answer)
}

// readList reads a list record by record, so that a hostile one cannot make
// millions of them.
func readList(answer []byte) ([]record, error) {
	d := jsontext.NewDecoder(bytes.NewReader(answer), lenient())
	if t, err := d.ReadToken(); err != nil || t.Kind() != '[' {
		return nil, errForm
	}
	var records []record
	for d.PeekKind() != ']' {
		if len(records) == maxRecords {
			return nil, fmt.Errorf("the answer has more than the %d records that it may have", maxRecords)
		}
		var one record
		if err := json.UnmarshalDecode(d, &one); err != nil {
			return nil, fmt.Errorf("%w: %w", errForm, err)
		}
		records = append(records, one)
	}
	if _, err := d.ReadToken(); err != nil {
		return nil, fmt.Errorf("%w: %w", errForm, err)
	}
	if _, err := d.ReadToken(); err != io.EOF {
		return nil, errForm
	}
	if len(records) == 0 {
		return nil, errNothing
	}
	return records, nil
}

func lenient() json.Options {
	return json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
}

// Bounds of numbers, at least 100 times the largest layer's.
const (
	maxUnits    = 1e8
	maxVertices = 1e9 // of a unit
	maxKM       = 1e9
)

// layer returns the layer that r is of.
func (r *record) layer() (Layer, error) {
	iso, level := r.ISO.text(), r.Type.text()
	n, ok := levelOf(level)
	if !isISO3(iso) || !ok {
		return Layer{}, fmt.Errorf("%q at %q is no country at a level", cut(iso), cut(level))
	}
	l := Layer{
		Country: iso, Level: n, Vintage: vintage(cut(r.Year.text())), Title: title(cut(r.Canonical.text())),
		Units: r.Units.number(maxUnits), MeanVertices: r.MeanVertices.number(maxVertices),
		License: cut(r.License.text()), LicenseDetail: cut(r.LicenseDetail.text()), LicenseSource: cut(r.LicenseSource.text()),
		Source: cut(unescape(r.Source.text())), Updated: date(r.Updated.text(), "Mon Jan 2 15:04:05 2006"),
		Commit: commitOf(r.Full.text()),
	}
	if n == 0 {
		l.Title = "" // the country's name, in one form or another
	}
	if km, err := strconv.ParseFloat(r.MeanPerimeter.text(), 64); err == nil && km > 0 && km*float64(l.Units) < maxKM {
		l.PerimeterKM = int(km*float64(l.Units) + 0.5)
	}
	return l, nil
}

// levelOf reads "ADM1".
func levelOf(s string) (uint8, bool) {
	rest, ok := strings.CutPrefix(s, "ADM")
	if !ok || len(rest) != 1 || rest[0] < '0' || rest[0] > '0'+shape.MaxLevel {
		return 0, false
	}
	return rest[0] - '0', true
}

func isISO3(s string) bool {
	return len(s) == 3 && !strings.ContainsFunc(s, func(r rune) bool { return r < 'A' || r > 'Z' })
}

// title is the level's name; geoBoundaries writes "Unknown" where it has none,
// and once its release's.
func title(s string) string {
	if s == "Unknown" || strings.HasPrefix(s, "gb") || strings.HasPrefix(s, "ADM") {
		return ""
	}
	return s
}

// vintage shortens "09-09-2017 to 24-08-2020" to its years.
func vintage(s string) string {
	from, to, isRange := strings.Cut(s, " to ")
	if !isRange {
		return s
	}
	a, errA := time.Parse("02-01-2006", from)
	b, errB := time.Parse("02-01-2006", to)
	switch {
	case errA != nil || errB != nil:
		return s
	case a.Year() == b.Year():
		return strconv.Itoa(a.Year())
	}
	return strconv.Itoa(a.Year()) + "-" + strconv.Itoa(b.Year())
}

// date returns s, in one of the forms, as "2006-01-02"; "" if it is in none.
func date(s string, forms ...string) string {
	for _, form := range forms {
		if t, err := time.Parse(form, s); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	return ""
}
