package ingest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// dbfTable reads the rows of a shapefile's attributes, in step with its
// records.
type dbfTable struct {
	c      *collector
	name   string
	r      *bufio.Reader
	closer io.Closer
	fields []dbfField
	rows   int // as declared
	next   int
	buf    []byte
	text   textDecoder
}

type dbfField struct {
	key      *key
	kind     byte
	at, size int
}

// openTable opens the set's .dbf; nil, with a fault, if it has none.
func openTable(c *collector, set shapefileSet) (*dbfTable, error) {
	f, err := set.open(".dbf")
	if errors.Is(err, os.ErrNotExist) {
		c.sum.Faults.Add(feature.Fault{
			Code: feature.FaultAttribute, Layer: c.layer, Feature: -1,
			Detail: "no .dbf beside the .shp: the features have no attributes",
		})
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	page, err := codePageFile(set)
	if err != nil {
		f.Close()
		return nil, err
	}
	t, err := newTable(c, f, dbfName(set.name), page)
	if err != nil {
		f.Close()
		return nil, err
	}
	t.closer = f
	return t, nil
}

func dbfName(shp string) string { return shp[:max(0, len(shp)-len(".shp"))] + ".dbf" }

// codePageFile returns what the set's .cpg says, "" if there is none.
func codePageFile(set shapefileSet) (string, error) {
	f, err := set.open(".cpg")
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, 64))
	return strings.TrimSpace(strings.TrimPrefix(string(b), "\ufeff")), err
}

func (t *dbfTable) close() { t.closer.Close() }

// newTable reads the header of a .dbf.
func newTable(c *collector, r io.Reader, name, page string) (*dbfTable, error) {
	t := &dbfTable{c: c, name: name, r: bufio.NewReaderSize(r, 64<<10)}
	var head [32]byte
	if err := t.full(head[:]); err != nil {
		return nil, err
	}
	t.rows = int(binary.LittleEndian.Uint32(head[4:]))
	headerSize, rowSize := int(binary.LittleEndian.Uint16(head[8:])), int(binary.LittleEndian.Uint16(head[10:]))
	if headerSize < 33 || rowSize < 1 {
		return nil, fmt.Errorf("%w: %s declares a header of %d and rows of %d bytes", ErrDamaged, name, headerSize, rowSize)
	}
	descriptors := make([]byte, headerSize-32)
	if err := t.full(descriptors); err != nil {
		return nil, err
	}
	var known bool
	if t.text, known = newTextDecoder(page, head[29]); !known {
		c.sum.Faults.Add(feature.Fault{
			Code: feature.FaultText, Layer: c.layer, Feature: -1,
			Detail: fmt.Sprintf("unknown code page %q of %s; read as UTF-8 or Windows-1252", page, name),
		})
	}
	t.buf = make([]byte, rowSize)
	return t, t.readFields(descriptors)
}

// readFields reads the 32-byte descriptions of the columns.
func (t *dbfTable) readFields(b []byte) error {
	at := 1 // after the deletion mark
	for ; len(b) >= 32 && b[0] != '\r'; b = b[32:] {
		name, _, _ := bytes.Cut(b[:11], []byte{0})
		text, _ := t.text.decode(bytes.TrimSpace(name))
		f := dbfField{key: t.c.keys.key(text), kind: b[11], at: at, size: int(b[16])}
		if f.kind == 'C' { // long texts keep their upper byte where others have decimals
			f.size += int(b[17]) << 8
		}
		if at += f.size; at > len(t.buf) {
			return fmt.Errorf("%w: column %s of %s lies beyond the row of %d bytes", ErrDamaged, f.key.name, t.name, len(t.buf))
		}
		t.fields = append(t.fields, f)
	}
	return nil
}

func (t *dbfTable) full(p []byte) error {
	_, err := io.ReadFull(t.r, p)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("%w: %s ends early, in row %d of %d; fetch or export it again", ErrDamaged, t.name, t.next, t.rows)
	}
	return err
}

// row reads the next row; its attributes are valid until the next call. A
// table with fewer rows than there are records gives a fault, not an error.
func (t *dbfTable) row() (attrs []feature.Attr, deleted bool, err error) {
	t.c.attrs.reset()
	if t.next >= t.rows {
		t.c.attrFault(feature.FaultAttribute, fmt.Sprintf("%s has %d rows only: no attributes", t.name, t.rows))
		return nil, false, nil
	}
	if err := t.full(t.buf); err != nil {
		return nil, false, err
	}
	t.next++
	if t.buf[0] == '*' {
		return nil, true, nil
	}
	for _, f := range t.fields {
		if f.key.wanted {
			t.field(f, t.buf[f.at:f.at+f.size])
		}
	}
	return t.c.attrs.list, false, nil
}

// field adds the value of one cell.
func (t *dbfTable) field(f dbfField, b []byte) {
	v, ok := feature.Value{}, true
	switch f.kind {
	case 'N', 'F':
		v, ok = t.number(f, b)
	case 'L':
		v, ok = logical(b)
	case 'D':
		v, ok = date(b)
	case 'I':
		if ok = len(b) == 4; ok {
			v = feature.IntValue(int64(int32(binary.LittleEndian.Uint32(b))))
		}
	case 'O', 'B':
		if ok = len(b) == 8; ok {
			v = feature.FloatValue(float(b))
			ok = !math.IsNaN(v.Float()) && !math.IsInf(v.Float(), 0)
		}
	case 'M', 'G', 'P':
		ok = false // a reference into another file
		if len(bytes.Trim(b, " \x00")) > 0 {
			t.c.attrFault(feature.FaultAttribute, f.key.name+" is a memo, which is not read; dropped")
		}
	default:
		v, ok = t.string(f, b)
	}
	if ok && t.c.attrs.add(f.key, v) {
		t.c.attrFault(feature.FaultAttribute, f.key.name+" is given twice; the later value is kept")
	}
}

func (t *dbfTable) string(f dbfField, b []byte) (feature.Value, bool) {
	b = bytes.TrimRight(b, " \x00")
	if len(b) == 0 {
		return feature.Value{}, false
	}
	text, clean := t.text.decode(b)
	if !clean {
		t.c.attrFault(feature.FaultText, f.key.name)
	}
	return feature.StringValue(t.c.keys.text(text)), true
}

func (t *dbfTable) number(f dbfField, b []byte) (feature.Value, bool) {
	b = bytes.Trim(b, " \x00")
	if len(b) == 0 || b[0] == '*' { // asterisks stand for overflow and for null
		return feature.Value{}, false
	}
	if i, err := strconv.ParseInt(string(b), 10, 64); err == nil {
		return feature.IntValue(i), true
	}
	v, err := strconv.ParseFloat(string(b), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		t.c.attrFault(feature.FaultAttribute, fmt.Sprintf("%s: %q is not a number; dropped", f.key.name, clip(string(b))))
		return feature.Value{}, false
	}
	return feature.FloatValue(v), true
}

func logical(b []byte) (feature.Value, bool) {
	if len(b) == 0 {
		return feature.Value{}, false
	}
	switch b[0] {
	case 'T', 't', 'Y', 'y':
		return feature.BoolValue(true), true
	case 'F', 'f', 'N', 'n':
		return feature.BoolValue(false), true
	}
	return feature.Value{}, false
}

// date turns YYYYMMDD into YYYY-MM-DD.
func date(b []byte) (feature.Value, bool) {
	if len(b) != 8 || countDigits(b) != 8 || string(b) == "00000000" {
		return feature.Value{}, false
	}
	s := string(b)
	return feature.StringValue(s[:4] + "-" + s[4:6] + "-" + s[6:]), true
}
