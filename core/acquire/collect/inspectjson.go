package collect

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/shapes-desktop/shapes/core/acquire/source"
)

// json reads a document of one of the JSON formats to its end, in memory that
// does not grow with it.
func (k *inspection) json(r io.Reader, format source.Format, units int) error {
	text := bufio.NewReaderSize(&patient{k.ctx, r}, 64<<10)
	if bom, _ := text.Peek(len(byteOrderMark)); string(bom) == byteOrderMark {
		_, _ = text.Discard(len(bom)) // they are in the buffer
	}
	g := &guard{r: text, max: k.limits.Text}
	w := &walk{
		dec:   jsontext.NewDecoder(g, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)),
		depth: k.limits.Depth, keys: k.expect.Keys, answer: format == source.Answer,
		marks: marksOf(k.expect.Marks), where: where{near: k.expect.Near},
	}
	g.dec = w.dec
	if err := w.document(format); err != nil {
		return w.explain(err)
	}
	if format == source.JSON {
		return nil
	}
	return w.counted(units)
}

// guard bounds what the decoder holds of one token.
type guard struct {
	r    io.Reader
	dec  *jsontext.Decoder
	read int64
	max  int64
}

var errLongToken = errors.New("a value is too long")

func (g *guard) Read(p []byte) (int, error) {
	if g.read-g.dec.InputOffset() > g.max {
		return 0, errLongToken
	}
	const step = 64 << 10
	if len(p) > step {
		p = p[:step] // so that the bound is not passed by much
	}
	n, err := g.r.Read(p)
	g.read += int64(n)
	return n, err
}

// walk goes through a document.
type walk struct {
	dec    *jsontext.Decoder
	depth  int
	keys   []string // of every unit
	answer bool     // of Overpass, not GeoJSON
	marks  []mark
	where  where

	kind   string // "type" of the document
	listed bool   // there was a list of units
	units  int    // so far
	drawn  int    // of which there is a shape
	remark string
}

// document reads the whole, and that nothing comes after it.
func (w *walk) document(format source.Format) error {
	var err error
	switch start := w.dec.PeekKind(); {
	case format == source.JSON:
		err = w.skip()
	case start != '{':
		if err = w.skip(); err == nil {
			err = flaw(Kind, "a JSON list came instead of %s", w.wanted())
		}
	default:
		err = w.object(w.member)
	}
	if err != nil {
		return err
	}
	if _, err := w.dec.ReadToken(); err != io.EOF {
		if err == nil {
			err = flaw(Syntax, "there is more after the end of the JSON")
		}
		return err
	}
	return nil
}

func (w *walk) wanted() string {
	if w.answer {
		return "an answer of Overpass"
	}
	return "a FeatureCollection"
}

// object reads an object, and calls member for each, which reads its value.
func (w *walk) object(member func(name string) error) error {
	if _, err := w.dec.ReadToken(); err != nil {
		return err
	}
	for {
		t, err := w.dec.ReadToken()
		if err != nil {
			return err
		}
		if t.Kind() == '}' {
			return nil
		}
		if err := member(t.String()); err != nil {
			return err
		}
	}
}

// member reads a member of the document.
func (w *walk) member(name string) error {
	switch {
	case name == "type" && !w.answer && w.dec.PeekKind() == '"':
		return w.text(&w.kind)
	case name == "remark" && w.answer && w.dec.PeekKind() == '"':
		return w.text(&w.remark)
	case name == "features" && !w.answer && w.dec.PeekKind() == '[':
		return w.list(w.feature)
	case name == "elements" && w.answer && w.dec.PeekKind() == '[':
		return w.list(w.element)
	}
	return w.skip()
}

func (w *walk) text(to *string) error {
	t, err := w.dec.ReadToken()
	if err == nil {
		*to = t.String()
	}
	return err
}

// list reads a list of objects.
func (w *walk) list(item func() error) error {
	w.listed = true
	if _, err := w.dec.ReadToken(); err != nil {
		return err
	}
	for {
		switch w.dec.PeekKind() {
		case ']':
			_, err := w.dec.ReadToken()
			return err
		case '{':
			if err := item(); err != nil {
				return err
			}
		default:
			if err := w.skip(); err != nil {
				return err
			}
			return flaw(Kind, "there is something else than an object between the units, after %d of them", w.units)
		}
	}
}

// feature reads a feature.
func (w *walk) feature() error {
	kind, has := "", []string(nil)
	err := w.object(func(name string) error {
		switch kind0 := w.dec.PeekKind(); {
		case name == "type" && kind0 == '"':
			return w.text(&kind)
		case name == "properties" && kind0 == '{':
			return w.names(&has)
		case name == "geometry" && kind0 == '{':
			w.drawn++
			return w.geometry()
		}
		return w.skip()
	})
	if err == nil && kind != "Feature" {
		err = flaw(Kind, "there is something else than a feature in the collection, after %d of them", w.units)
	}
	if err != nil {
		return err
	}
	return w.unit(has)
}

// element reads an element of an answer of Overpass. Relations are units.
func (w *walk) element() error {
	kind, has, drawn := "", []string(nil), false
	err := w.object(func(name string) error {
		switch kind0 := w.dec.PeekKind(); {
		case name == "type" && kind0 == '"':
			return w.text(&kind)
		case name == "tags" && kind0 == '{':
			return w.names(&has)
		case name == "members" && kind0 == '[':
			return w.members(&drawn)
		}
		return w.skip()
	})
	if err != nil || kind != "relation" {
		return err
	}
	if drawn {
		w.drawn++
	}
	return w.unit(has)
}

// members reads the members of a relation, and tells whether one has a shape.
func (w *walk) members(drawn *bool) error {
	return w.objects(func() error {
		return w.object(func(name string) error {
			if name != "geometry" || w.dec.PeekKind() != '[' {
				return w.skip()
			}
			*drawn = true
			return w.way()
		})
	})
}

// objects reads a list with fn, which is to read the object that comes next;
// what is no object is passed over.
func (w *walk) objects(fn func() error) error {
	if _, err := w.dec.ReadToken(); err != nil {
		return err
	}
	for {
		var err error
		switch w.dec.PeekKind() {
		case ']':
			_, err := w.dec.ReadToken()
			return err
		case '{':
			err = fn()
		default:
			err = w.skip()
		}
		if err != nil {
			return err
		}
	}
}

// names collects which attributes a unit has; only as many are looked at as may
// be of use in a message.
func (w *walk) names(has *[]string) error {
	if len(w.keys) == 0 && len(w.marks) == 0 {
		return w.skip()
	}
	return w.object(func(name string) error {
		if len(*has) < 20 || slices.Contains(w.keys, name) {
			*has = append(*has, name)
		}
		if w.dec.PeekKind() != '"' || !w.marked(name) {
			return w.skip()
		}
		var value string
		err := w.text(&value)
		w.see(name, value)
		return err
	})
}

// unit counts a unit that has the given attributes.
func (w *walk) unit(has []string) error {
	w.units++
	for _, k := range w.keys {
		if !slices.Contains(has, k) {
			return flaw(Drift, "unit %d has no attribute %s (it has %s): the source has changed the form of its data", w.units, k, someOf(has))
		}
	}
	return nil
}

func someOf(names []string) string {
	const most = 8
	if len(names) == 0 {
		return "none"
	}
	if len(names) > most {
		names = append(slices.Clone(names[:most]), "…")
	}
	return plain([]byte(strings.Join(names, ", ")))
}

// skip reads a value of any kind.
func (w *walk) skip() error {
	base := w.dec.StackDepth()
	for {
		if _, err := w.dec.ReadToken(); err != nil {
			return err
		}
		switch depth := w.dec.StackDepth(); {
		case depth > w.depth:
			return w.tooDeep()
		case depth <= base:
			return nil
		}
	}
}

func (w *walk) tooDeep() error {
	return flaw(Bound, "the JSON is nested more than %d levels deep", w.depth)
}

// counted judges a document that was read to its end.
func (w *walk) counted(units int) error {
	switch {
	case w.answer && w.remark != "" && !strings.HasPrefix(w.remark, "runtime remark"):
		return flaw(Remark, "the server could not finish the query%s", quoted(plain([]byte(w.remark))))
	case !w.answer && w.kind != "FeatureCollection" || !w.listed:
		return flaw(Kind, "JSON came that is not %s (its type is %q)", w.wanted(), plain([]byte(w.kind)))
	case w.units == 0:
		return flaw(NoUnits, "there is not one unit in the answer")
	case w.drawn == 0:
		return flaw(NoUnits, "none of the %d units in the answer has a shape", w.units)
	case units > 0 && w.units != units:
		return flaw(Units, "%d units came, but the source says that there are %d", w.units, units)
	}
	if err := w.foreign(); err != nil {
		return err
	}
	return w.where.elsewhere()
}

// explain turns errors of the decoder into flaws.
func (w *walk) explain(err error) error {
	var f *Flaw
	var syntax *jsontext.SyntacticError
	switch {
	case errors.As(err, &f):
		return err
	case errors.Is(err, errLongToken):
		return flaw(Bound, "the JSON has a single value of more bytes than are read, near byte %d", w.dec.InputOffset())
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return flaw(Cut, "the JSON ends in the middle, at byte %d: the rest is missing", w.dec.InputOffset())
	case errors.As(err, &syntax):
		return flaw(Syntax, "the JSON is damaged near byte %d", syntax.ByteOffset)
	}
	return err
}
